// Networks as plain trees: what a description says, what it refuses, and that the tree is one that every transform takes.
import { describe, expect, it } from "vitest";
import { crossEntropy, InputError, Key, random, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import {
  activation,
  avgPool,
  conv2d,
  dense,
  dropout,
  flatten,
  type LayerKind,
  layerNorm,
  maxPool,
  type NetworkDescription,
  network,
  type Params,
} from "../../src/nn/index.js";
import { bitsOf } from "../laws/oracle.js";

const everything: NetworkDescription = {
  input: [12, 12, 1],
  layers: [
    conv2d(4, 3, { padding: "same", init: "heNormal" }),
    activation("relu"),
    maxPool(2),
    avgPool([2, 2]),
    layerNorm(),
    flatten(),
    dropout(0.5),
    dense(5, { init: { kind: "orthogonal", gain: 2 }, bias: false }),
  ],
};
const images = random.uniform(Key.of(1), [3, 12, 12, 1]);
const labels = tensor([0, 4, 2], { dtype: "int32" });
const tensorsOf = (params: Params): Tensor[] => params.flatMap((layer) => Object.values(layer));

describe("a network", () => {
  it("knows the shape of every layer, and which parameters are synapses", () => {
    const net = network(everything);
    expect(net.layers.map(({ output }) => output)).toEqual([
      ...[[12, 12, 4], [12, 12, 4], [6, 6, 4], [3, 3, 4], [3, 3, 4], [36], [36], [5]],
    ]);
    expect(net.output).toEqual([5]);
    const synapses = net.layers.map((layer) => layer.synapses);
    expect(synapses[0]).toEqual({
      ...{ parameter: "weight", shape: [3, 3, 1, 4], presynaptic: 2, postsynaptic: 3, fanIn: 9, fanOut: 36 },
      initialiser: { kind: "heNormal" },
    });
    expect(synapses.at(-1)).toEqual({
      ...{ parameter: "weight", shape: [36, 5], presynaptic: 0, postsynaptic: 1, fanIn: 36, fanOut: 5 },
      initialiser: { kind: "orthogonal", gain: 2 },
    });
    expect(synapses.slice(1, -1).every((each) => each === undefined)).toBe(true);
    expect(net.init(Key.of(0)).map((layer) => Object.keys(layer))).toEqual([
      ...[["weight", "bias"], [], [], [], ["scale", "bias"], [], [], ["weight"]],
    ]);
  });

  it("is the same network after a round trip through JSON, to the bit", () => {
    const run = (description: NetworkDescription): number[][] => {
      const net = network(description);
      const params = net.init(Key.of(3));
      const loss = (p: Params) => crossEntropy(net.apply(p, images, { training: true, key: Key.of(4) }), labels).mean();
      const { value, grad } = valueAndGrad(loss)(params);
      return bitsOf([value, ...tensorsOf(params), ...tensorsOf(grad)]);
    };
    expect(run(JSON.parse(JSON.stringify(everything)))).toEqual(run(everything));
  });

  it("returns the activations of all layers, the last of which is the result", () => {
    const net = network(everything);
    const params = net.init(Key.of(0));
    const all = net.activations(params, images);
    expect(all.map(({ shape }) => shape.slice(1))).toEqual(net.layers.map(({ output }) => output));
    expect(bitsOf([all.at(-1) as Tensor])).toEqual(bitsOf([net.apply(params, images)]));
    expect(Math.min(...all[1].data())).toBe(0);
  });

  it("accepts a user-defined kind of layer with parameters", () => {
    const shift: LayerKind<{ kind: "shift"; by: number }> = {
      options: ["by"],
      shape: (_, input) => input,
      init: ({ by }, input) => ({ shift: random.uniform(Key.of(by), input) }),
      apply: (_, params, x) => x.add(params.shift),
    };
    const net = network({ input: [3], layers: [dense(2), { kind: "shift", by: 7 }] }, { shift });
    const params = net.init(Key.of(0));
    const x = random.uniform(Key.of(5), [4, 3]);
    const { grad } = valueAndGrad((p: Params) => net.apply(p, x).sum())(params);
    expect(grad[1].shift.toArray()).toEqual([4, 4]);
  });

  it.each<[string, NetworkDescription, ErrorConstructor | typeof InputError, string]>([
    ["a kind", { input: [3], layers: [{ kind: "dens" }] }, InputError, 'layer 0 is of the kind "dens"'],
    [
      "an option",
      { input: [3], layers: [dense(2), { kind: "flatten", to: 1 }] },
      InputError,
      "layer 1 (flatten) has no",
    ],
    ["a width", { input: [3], layers: [dense(1.5)] }, RangeError, "[dense] `units` is 1.5"],
    ["an image", { input: [9], layers: [dense(4), conv2d(1, 3)] }, RangeError, "items have shape [4]"],
    ["a window", { input: [4, 4, 1], layers: [maxPool(5)] }, RangeError, "[maxPool] a window of 5 does not fit"],
    ["a kernel", { input: [4, 4, 1], layers: [conv2d(1, 0)] }, RangeError, "a side of `kernel` is 0"],
    ["a rate", { input: [4], layers: [dropout(1)] }, RangeError, "[dropout] `rate` is 1"],
    ["a rate below 0", { input: [4], layers: [dropout(-0.1)] }, RangeError, "[dropout] `rate` is -0.1"],
    ["items without an axis", { input: [], layers: [dense(2)] }, RangeError, "[dense] items are single numbers"],
    ["eps", { input: [4], layers: [layerNorm({ eps: 0 })] }, RangeError, "[layerNorm] `eps` is 0"],
    ["a function", { input: [4], layers: [activation("rely" as "relu")] }, RangeError, 'no function "rely"'],
    [
      "an initialiser",
      { input: [4], layers: [dense(2, { init: "he" as "heNormal" })] },
      RangeError,
      'initialiser "he"',
    ],
    ["a gain", { input: [4], layers: [dense(2, { init: { kind: "normal", gain: Number.NaN } })] }, RangeError, "gain"],
    ["a shape", { input: [2.5], layers: [] }, RangeError, "[network]"],
  ])("refuses an invalid setting and names the layer: %s", (_, description, kind, text) => {
    expect(() => network(description)).toThrow(kind);
    expect(() => network(description)).toThrow(text);
  });

  it("refuses parameters and batches that do not fit, and dropout without a key", () => {
    const net = network(everything);
    const params = net.init(Key.of(0));
    expect(() => net.apply(params.slice(1), images)).toThrow("parameters of 7 layers, but the network has 8");
    expect(() => net.apply(params, images.reshape([3, 144]))).toThrow("Reshape it to [n, 12, 12, 1]");
    expect(() => net.apply(params, images, { training: true })).toThrow("[dropout] training needs a key");
  });
});
