// Layers, recurrent cells, attention and biological mechanisms in float64: everything in that type, what float32 gives but
// for rounding, and gradients to the digits of differences.
import { describe, expect, it } from "vitest";
import { bio } from "../../src/bio/index.js";
import { leavesOf, mapTensors } from "../../src/core/index.js";
import { float64 } from "../../src/float64/index.js";
import { cast, type DType, grad, Key, random, type Tensor, tensor } from "../../src/index.js";
import * as nn from "../../src/nn/index.js";
import { adam } from "../../src/optim/index.js";
import { relativeError } from "../laws/oracle.js";

const to = <T>(dtype: DType, tree: T): T => mapTensors(tree, (x) => (x.type.isFloat ? cast(x, dtype) : x));
const typesOf = (tree: unknown): Set<string> => new Set(leavesOf("test", tree).map(({ tensor: x }) => x.dtype));
const only = new Set(["float64"]);

/** Checks `f` at `params` in float64 against itself in float32, and its gradient against differences along a direction. */
function check<P>(f: (params: P, dtype: DType) => Tensor, params: P): void {
  expect(typesOf(params)).toEqual(only);
  const loss = (p: P): Tensor => f(p, "float64").square().mean();
  const [value, single] = [f(params, "float64"), f(to("float32", params), "float32")];
  expect(value.dtype).toBe("float64");
  expect(relativeError(single.data(), value.data())).toBeLessThan(1e-4);
  expect([...value.data()].every((x) => x === Math.fround(x))).toBe(false);
  const slope = grad(loss as never, { unused: "zero" })(params as never) as P;
  expect(typesOf(slope)).toEqual(only);
  const direction = mapTensors(params, (x) => random.normal(Key.of(x.size), x.shape, float64));
  const along = (by: number): number => {
    const moved = leavesOf("test", direction).map(({ tensor: x }) => x.mul(by));
    let at = 0;
    return loss(mapTensors(params, (x) => x.add(moved[at++]))).item();
  };
  const h = 1e-4;
  const wanted = (8 * (along(h) - along(-h)) - (along(2 * h) - along(-2 * h))) / (12 * h);
  const parts = leavesOf("test", slope).map(({ tensor: g }) => g);
  const got = leavesOf("test", direction).reduce((sum, { tensor: v }, i) => sum + v.mul(parts[i]).sum().item(), 0);
  expect(relativeError([got], [wanted])).toBeLessThan(1e-8);
}

const layers = [
  nn.conv2d(4, 3),
  nn.groupNorm(2),
  nn.activation("gelu"),
  nn.avgPool(2),
  nn.batchNorm(),
  nn.flatten(),
  nn.dense(6, { init: "orthogonal" }),
  nn.layerNorm(),
  nn.activation("tanh"),
  nn.dropout(0.3),
  nn.dense(5, { init: "heNormal" }),
  nn.rmsNorm(),
];
const description = { input: [6, 6, 1], layers };

describe("a network of float64", () => {
  const nets = { float64: nn.network({ ...description, ...float64 }), float32: nn.network(description) };
  const [params, states] = [nets.float64.init(Key.of(1)), nets.float64.states()];

  it("has parameters, states, results and gradients of that type", () => {
    expect(typesOf(states)).toEqual(only);
    const x = random.normal(Key.of(2), [4, 6, 6, 1], float64);
    check((p: nn.Params, dtype) => nets[dtype as "float64"].apply(p, cast(x, dtype)), params);
    const run = nets.float64.run(params, x, { training: true, key: Key.of(3) });
    expect(typesOf([run.y, run.states, run.activations])).toEqual(only);
  });

  it("is stored with its type, to the bit", () => {
    const again = nn.decodeNetwork(nn.encodeNetwork(nets.float64, params, {}, states));
    expect(again.net.description.dtype).toBe("float64");
    leavesOf("test", again.params).forEach(({ tensor: x }, i) => {
      expect(x.data()).toEqual(leavesOf("test", params)[i].tensor.data());
    });
  });

  it("refuses inputs of another type, and a type that is no float", () => {
    expect(() => nets.float64.apply(params, random.normal(Key.of(2), [4, 6, 6, 1]))).toThrow(
      '[network] a batch is float32, but the network is float64. Use cast(x, "float64")',
    );
    expect(() => nn.network({ ...description, dtype: "int32" as "float64" })).toThrow(
      '[network] `dtype` is "int32". Use "float32" or "float64".',
    );
  });

  it.each(["xavierUniform", "xavierNormal", "heUniform", "heNormal", "orthogonal", "normal", "zeros"] as const)(
    "initialise draws %s",
    (kind) => {
      const drawn = nn.initialise({ kind, gain: 0.7 }, Key.of(0), [40, 30], { fanIn: 40, fanOut: 30 }, float64);
      expect(drawn.dtype).toBe("float64");
      expect([...drawn.data()].every((x) => x === Math.fround(x))).toBe(kind === "zeros");
    },
  );
});

describe("cells and attention of float64", () => {
  const x = random.normal(Key.of(4), [3, 5, 4], float64);

  it.each([
    ["rnnCell", (dtype: "float32" | "float64") => nn.rnnCell(6, { dtype })],
    ["gruCell", (dtype: "float32" | "float64") => nn.gruCell(6, { dtype })],
    ["lstmCell", (dtype: "float32" | "float64") => nn.lstmCell(6, { dtype })],
  ] as const)("%s: parameters, states and sequences", (_, cell) => {
    expect(typesOf(cell("float64").state(3))).toEqual(only);
    check(
      (p: nn.LayerParams, dtype) =>
        nn.unroll(cell(dtype as "float64") as nn.Cell<nn.HiddenState>, p, cast(x, dtype)).outputs,
      cell("float64").init(Key.of(5), 4),
    );
  });

  it("attention with a mask and a causal one, of one head and of several", () => {
    const mask = tensor([[1, 0, 1, 1, 1]], { dtype: "int32" });
    for (const options of [{}, { causal: true }, { mask, causal: true }]) {
      const several = nn.multiHeadAttention(4, 2, float64);
      check((p: nn.LayerParams, dtype) => several.apply(p, cast(x, dtype), options), several.init(Key.of(6)));
      check(
        ([q, k]: readonly Tensor[], dtype) => nn.attention(q, k, cast(x, dtype), options),
        [x.mul(0.3), x.add(0.1)],
      );
    }
  });
});

it("the mechanisms of bio work in float64, and remember in it", () => {
  const net = nn.network({ input: [6], layers: [nn.dense(8), nn.activation("tanh"), nn.dense(4)], ...float64 });
  for (const distribution of ["lognormal", "gamma", "beta", "weight-adaptive", "temporal"] as const) {
    const options = {
      ...{ dale: true, fuzzy: { distribution, every: 1 }, volume: { every: 1 }, crystallize: { every: 1 } },
      ...{ scaleGrad: { every: 1 }, rejuvenate: { every: 1 }, homeostasis: { every: 1 } },
    };
    const alive = bio(net, options, adam({ lr: 1e-2 }));
    let params = alive.network.init(Key.of(0));
    let state = alive.init(params);
    const x = random.normal(Key.of(1), [7, 6], float64);
    for (let i = 0; i < 3; i++) {
      state = alive.observe(params, state, x);
      const slope = grad((p: nn.Params) => alive.network.apply(p, x).square().mean())(params);
      ({ params, state } = alive.step(params, slope, state));
    }
    expect(typesOf(params)).toEqual(only);
    const { step, observations, ...rest } = state;
    expect([...typesOf(rest)].filter((type) => type !== "int32")).toEqual(["float64"]);
    expect([step.item(), observations.item()]).toEqual([3, 3]);
  }
});
