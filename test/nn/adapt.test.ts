// Small sets of parameters over a frozen network.
import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.js";
import { Key, leavesOf, type Tensor } from "../../src/core/index.js";
import {
  activation,
  adapt,
  biases,
  dense,
  everything,
  examplesOf,
  fit,
  gains,
  gates,
  lora,
  network,
  type Params,
  tauGate,
} from "../../src/nn/index.js";
import "../../src/float64/index.js";
import { crossEntropy, random, tensor, zeros } from "../../src/ops/index.js";
import { adam } from "../../src/optim/index.js";

const net = network({ input: [6], layers: [dense(8), activation("relu"), dense(5), activation("relu"), dense(3)] });
const params = net.init(Key.of(1));
const x = random.normal(Key.of(2), [20, 6]);
const labels = tensor(
  Array.from({ length: 20 }, (_, i) => i % 3),
  { dtype: "int32" },
);
const bitsOf = (p: Params): number[][] => leavesOf("test", p).map(({ tensor: each }) => Array.from(each.data()));
const sizeOf = (p: Params): number => leavesOf("test", p).reduce((sum, leaf) => sum + leaf.tensor.size, 0);
const logits = (adapter: Parameters<typeof adapt>[2], own?: Params): Tensor => {
  const adapted = adapt(net, params, adapter);
  return adapted.apply(own ?? adapted.init(Key.of(3)), x);
};

describe("adapt", () => {
  it.each([
    ["gains", gains(), 13],
    ["biases", biases(), 16],
    ["hard gates", gates({ hard: true }), 26],
    ["lora", lora({ rank: 2 }), 2 * (6 + 8 + 8 + 5 + 5 + 3)],
    ["everything", everything(), sizeOf(params)],
  ] as const)("%s begin as the network itself, with so many parameters", (_, adapter, count) => {
    expect(logits(adapter).toArray()).toEqual(net.apply(params, x).toArray());
    expect(sizeOf(adapt(net, params, adapter).init(Key.of(3)))).toBe(count);
  });

  it.each([
    ["gains", gains()],
    ["biases", biases()],
    ["gates", gates()],
    ["lora", lora({ rank: 1 })],
    ["everything", everything()],
  ] as const)("%s learn, and the frozen parameters keep their bits", (_, adapter) => {
    const before = bitsOf(params);
    const adapted = adapt(net, params, adapter);
    const how = { optimizer: adam({ lr: 0.05 }), epochs: 10, key: Key.of(4) };
    // biome-ignore lint/suspicious/noFocusedTests: this fit trains a network.
    const { epochs } = fit(adapted, adapted.init(Key.of(3)), examplesOf(x, labels), how);
    expect(epochs[9].loss).toBeLessThan(epochs[0].loss);
    expect(bitsOf(params)).toEqual(before);
  });

  it.each([
    [
      () => adapt(network({ input: [2], layers: [dense(2)] }), [params[4]], gates()),
      "nothing for gates to adapt. Give it activation",
    ],
    [() => adapt(net, params.slice(1), gains()), "parameters of 4 layers, but the network has 5"],
    [() => adapt(net, params, gains()).apply([], x), "parameters of 0 layers, but the network has 5"],
    [
      () => adapt(net, params, lora({ rank: 4 })),
      "`rank` is 4, but a dense layer of 5 x 3 has a lower one. Give at most 3",
    ],
    [() => lora({ rank: 0.5 }), "`rank` is 0.5"],
    [() => gates({ sharpness: 0 }).own(net.layers[1], {}, Key.of(0), {}), "`sharpness` is 0"],
  ])("refuses %#", (run, sentence) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(sentence);
  });
});

it("refuses parameters that are no list", () => {
  const run = () => adapt(net, params, gains()).apply({ 0: {} } as never, x);
  expect(run).toThrow(TypeError);
  expect(run).toThrow("what the layers' parameters are given as is {");
});

describe("in float64", () => {
  const double = network({ ...net.description, dtype: "float64" });
  const frozen = double.init(Key.of(1));
  const wide = random.normal(Key.of(2), [20, 6], { dtype: "float64" });

  it.each([
    ["gains", gains()],
    ["biases", biases()],
    ["gates", gates()],
    ["lora", lora({ rank: 2 })],
    ["everything", everything()],
  ] as const)("the gradient of %s is that of central differences, to 1e-5", (_, adapter) => {
    const adapted = adapt(double, frozen, adapter);
    // Away from the first values, at which thresholds lie on the kinks of rectified units.
    const own = adapted.init(Key.of(3)).map((layer, i) =>
      Object.fromEntries(
        Object.entries(layer).map(([name, value], j) => {
          const moved = random.normal(Key.of(5).fold(10 * i + j), value.shape, { dtype: "float64", std: 0.2 });
          return [name, value.add(moved)];
        }),
      ),
    );
    const loss = (p: Params): Tensor => crossEntropy(adapted.apply(p, wide), labels).mean();
    const found = grad(loss)(own);
    const h = 1e-6;
    own.forEach((layer, i) => {
      for (const [name, value] of Object.entries(layer)) {
        expect(value.dtype).toBe("float64");
        const numbers = Array.from(value.data());
        const at = (place: number, by: number): number => {
          const changed = numbers.map((each, k) => (k === place ? each + by : each));
          const other = tensor(changed, { shape: value.shape, dtype: "float64" });
          return loss(own.map((each, k) => (k === i ? { ...each, [name]: other } : each))).item();
        };
        const slopes = numbers.map((_each, place) => (at(place, h) - at(place, -h)) / (2 * h));
        const size = Math.max(...slopes.map(Math.abs));
        expect(size).toBeGreaterThan(1e-4);
        const off = slopes.map((slope, place) => Math.abs(slope - found[i][name].data()[place]));
        expect(Math.max(...off) / size).toBeLessThan(1e-5);
      }
    });
  });
});

describe("tauGate", () => {
  const layer = (options: Parameters<typeof tauGate>[0]) => network({ input: [4], layers: [tauGate(options)] });
  const z = tensor([[-1, 0.5, 2, -0.25]]);

  it("refuses thresholds and gains of other lengths, also of length 1", () => {
    const run = (threshold: Tensor, gain: Tensor) => () => layer({}).apply([{ threshold, gain }], z);
    expect(run(zeros([1]), zeros([4]))).toThrow("`threshold` has shape [1] for 4 units. Give shape [4]");
    expect(run(zeros([4]), zeros([3]))).toThrow("`gain` has shape [3] for 4 units");
  });

  it("nears hard gates as it gets sharper", () => {
    const own = [{ threshold: tensor([0.1, 0.2, 1.5, -0.5]), gain: tensor([1, 2, 0.5, 1]) }];
    const hard = layer({ hard: true }).apply(own, z).data();
    const off = [10, 30, 100, 300].map((sharpness) => {
      const soft = layer({ sharpness }).apply(own, z).data();
      return Array.from(soft, (value, i) => Math.abs(value - hard[i])).reduce((a, b) => Math.max(a, b));
    });
    for (let i = 1; i < off.length; i++) expect(off[i]).toBeLessThanOrEqual(off[i - 1]);
    expect(off[3]).toBeLessThan(1e-6);
    expect(off[0]).toBeGreaterThan(1e-4);
  });

  it("has the gradients of the formula, in float64 to 1e-12", () => {
    const [t, g, s] = [[0.1, 0.2, 1.9, -0.5], [1, 2, 0.5, 1], 10];
    const gated = network({ input: [4], layers: [tauGate({ sharpness: s })], dtype: "float64" });
    const wide = tensor([[-1, 0.5, 2, -0.25]], { dtype: "float64" });
    const own = { threshold: tensor(t, { dtype: "float64" }), gain: tensor(g, { dtype: "float64" }) };
    const found = grad((p: Params) => gated.apply(p, wide).sum())([own])[0];
    const rows = [-1, 0.5, 2, -0.25].map((v, i) => {
      const gate = 1 / (1 + Math.exp(-s * (v - t[i])));
      return { threshold: -g[i] * s * gate * (1 - gate) * Math.max(v, 0), gain: gate * Math.max(v, 0) };
    });
    for (const name of ["threshold", "gain"] as const) {
      for (const [i, value] of found[name].data().entries()) expect(value).toBeCloseTo(rows[i][name], 12);
    }
  });
});
