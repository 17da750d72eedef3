// The layers one by one: their arithmetic against PyTorch's and float64, their derivatives against differences, and what
// chance may do in them.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { leavesOf } from "../../src/core/index.js";
import { crossEntropy, Key, random, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import * as nn from "../../src/nn/index.js";
import { adam } from "../../src/optim/index.js";
import { checkGrads } from "../../src/testing/index.js";
import { relativeError } from "../laws/oracle.js";

interface Golden {
  readonly x: number[];
  readonly y: number[];
  readonly params: Record<string, number[]>[];
  readonly logits: number[];
  readonly loss: number;
  readonly grads: Record<string, number[]>[];
  readonly after: Record<string, number[]>[];
}
const golden: Golden = JSON.parse(readFileSync(join(import.meta.dirname, "golden.json"), "utf8"));

const net = nn.network({
  input: [8, 8, 2],
  layers: [
    nn.conv2d(3, 3, { padding: "same" }),
    nn.activation("relu"),
    nn.maxPool(2),
    nn.conv2d(4, [2, 3], { stride: [1, 2], padding: [1, 2], dilation: [2, 1], bias: false }),
    nn.activation("tanh"),
    nn.avgPool([2, 3], { stride: 1, padding: 1 }),
    nn.flatten(),
    nn.layerNorm(),
    nn.dense(3),
  ],
});
const numbers = (tree: unknown): Tensor[] => leavesOf("test", tree).map((leaf) => leaf.tensor);
/** The golden trees have the layers with parameters only. */
const placed = (layers: readonly Record<string, number[]>[]): nn.Params => {
  const list = [...layers];
  return net.init(Key.of(0)).map((own) => {
    if (Object.keys(own).length === 0) return {};
    const given = Object.entries(list.shift()!);
    return Object.fromEntries(given.map(([name, values]) => [name, tensor(values)]));
  });
};
const expectNear = (got: unknown, wanted: unknown, tolerance: number): void => {
  const [a, b] = [numbers(got), numbers(wanted)];
  expect(a.map(({ shape }) => shape)).toEqual(b.map(({ shape }) => shape));
  a.forEach((x, i) => {
    expect(relativeError(x.data(), Float64Array.from(b[i].data())), `leaf ${i}`).toBeLessThan(tolerance);
  });
};

describe("a network of every layer, in PyTorch", () => {
  const x = tensor(golden.x);
  const y = tensor(golden.y, { dtype: "int32" });

  it("has the same logits, loss and gradients", () => {
    const params = placed(golden.params);
    expectNear([net.apply(params, x)], [tensor(golden.logits)], 1e-6);
    const { value, grad } = valueAndGrad((p: nn.Params) => crossEntropy(net.apply(p, x), y).mean())(params);
    expect(value.item()).toBeCloseTo(golden.loss, 6);
    expectNear(grad, placed(golden.grads), 1e-5);
  });

  it("has learned the same after five steps of Adam", () => {
    const options = { optimizer: adam({ lr: 0.01 }), epochs: 5, batchSize: 5, key: Key.of(0) };
    const { params, epochs } = nn.fit(net, placed(golden.params), nn.examplesOf(x, y), options);
    expect(epochs[0].loss).toBeCloseTo(golden.loss, 5);
    expectNear(params, placed(golden.after), 1e-4);
  });
});

describe("derivatives agree with differences", () => {
  const images = random.normal(Key.of(1), [2, 6, 6, 2]);
  it.each<[string, nn.LayerDescription[]]>([
    ["dense", [nn.flatten(), nn.dense(3)]],
    ["dense without a bias, along the last axis", [nn.dense(3, { bias: false })]],
    ["conv2d", [nn.conv2d(3, 3, { padding: 1 })]],
    ["conv2d with stride and dilation", [nn.conv2d(2, 2, { stride: 2, dilation: [1, 3], padding: "same" })]],
    ["avgPool", [nn.conv2d(2, 1), nn.avgPool(2, { padding: 1 })]],
    ["maxPool", [nn.conv2d(2, 1), nn.maxPool(3, { stride: 1 })]],
    ["layerNorm", [nn.conv2d(3, 1), nn.layerNorm()]],
    ["dropout", [nn.conv2d(2, 1), nn.dropout(0.4)]],
    ["activations", (["gelu", "silu", "softplus", "sigmoid", "softmax"] as const).map(nn.activation)],
  ])("%s", (name, layers) => {
    const small = nn.network({ input: [6, 6, 2], layers });
    const params = small.init(Key.of(2));
    const options = { training: true, key: Key.of(3) };
    const weights = random.uniform(Key.of(4), [2, ...small.output], { low: -1 });
    const loss = (p: { params: nn.Params; x: Tensor }): Tensor =>
      small.apply(p.params, p.x, options).mul(weights).sum();
    // The kink of a largest element is no place for differences: a small step stays on one side.
    const step = name === "maxPool" ? { step: 2 ** -9 } : {};
    expect(() => checkGrads(loss, { params, x: images }, { tolerance: 5e-3, ...step })).not.toThrow();
  });
});

describe("layer norm", () => {
  it("matches its formula in float64, and gives mean 0 and variance 1", () => {
    const one = nn.network({ input: [5, 33], layers: [nn.layerNorm({ eps: 1e-3 })] });
    const x = random.normal(Key.of(1), [4, 5, 33], { mean: 3, std: 2 });
    const scale = random.normal(Key.of(2), [33]);
    const bias = random.normal(Key.of(3), [33]);
    const values = x.data();
    const wanted = Float64Array.from(values, (value, i) => {
      const row = Array.from(values.slice(i - (i % 33), i - (i % 33) + 33));
      const mean = row.reduce((sum, each) => sum + each, 0) / 33;
      const variance = row.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 33;
      return ((value - mean) / Math.sqrt(variance + 1e-3)) * scale.data()[i % 33] + bias.data()[i % 33];
    });
    expect(relativeError(one.apply([{ scale, bias }], x).data(), wanted)).toBeLessThan(2e-6);
    const plain = one.apply(one.init(Key.of(0)), x);
    expect(Math.max(...plain.mean(-1).abs().data())).toBeLessThan(1e-6);
    expect(Math.max(...plain.variance(-1).sub(1).abs().data())).toBeLessThan(2e-3);
  });

  it("gives the bias for rows of one number each, with finite derivatives", () => {
    const one = nn.network({ input: [4], layers: [nn.layerNorm()] });
    const loss = (x: Tensor) =>
      one
        .apply(one.init(Key.of(0)), x)
        .square()
        .sum();
    const { value, grad } = valueAndGrad(loss)(tensor([[2, 2, 2, 2]]));
    expect(value.item()).toBe(0);
    expect(grad.toArray()).toEqual([[0, 0, 0, 0]]);
  });
});

describe("dropout", () => {
  const one = (rate: number) => nn.network({ input: [1000], layers: [nn.dropout(rate)] });
  const ones = tensor(new Float32Array(100_000).fill(1), { shape: [100, 1000] });

  it.each([0.1, 0.5, 0.9])("of rate %f drops that share, and keeps the mean", (rate) => {
    const y = Array.from(
      one(rate)
        .apply([{}], ones, { training: true, key: Key.of(5) })
        .data(),
    );
    const kept = y.filter((value) => value !== 0);
    // Six standard deviations of a binomial.
    const room = 6 * Math.sqrt((rate * (1 - rate)) / y.length);
    expect(Math.abs(kept.length / y.length - (1 - rate))).toBeLessThan(room);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / (1 - rate))]));
    expect(Math.abs(y.reduce((sum, value) => sum + value, 0) / y.length - 1)).toBeLessThan(room / (1 - rate));
  });

  it("does nothing outside training or at rate 0, and drops other units for another key and in another layer", () => {
    const dropped = (net: nn.Network, key: Key, layer = -1): number[] =>
      [
        ...net
          .activations(net.init(Key.of(0)), ones, { training: true, key })
          .at(layer)!
          .data(),
      ].slice(0, 200);
    const twice = nn.network({ input: [1000], layers: [nn.dropout(0.5), nn.dropout(0.5)] });
    expect(dropped(one(0), Key.of(1))).toEqual(Array(200).fill(1));
    expect([...one(0.5).apply([{}], ones).data().slice(0, 200)]).toEqual(Array(200).fill(1));
    expect(dropped(one(0.5), Key.of(1))).toEqual(dropped(one(0.5), Key.of(1)));
    expect(dropped(one(0.5), Key.of(1))).not.toEqual(dropped(one(0.5), Key.of(2)));
    // Where the second layer dropped the same places, all that is left would be 4.
    const first = dropped(twice, Key.of(1), 0);
    expect(dropped(twice, Key.of(1)).filter((value, i) => value === 0 && first[i] !== 0).length).toBeGreaterThan(20);
  });
});
