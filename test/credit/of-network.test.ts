// Predictive coding for networks of `synaptape/nn`: its credit is the gradient of the mean loss, and `fit` and `bio` take it.
import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.js";
import { bio } from "../../src/bio/index.js";
import { Key, scope, type Tensor, treeMap } from "../../src/core/index.js";
import {
  compareCredit,
  inferenceLearning,
  networkCredit,
  type PredictiveAlgorithm,
  zil,
} from "../../src/credit/index.js";
import { float64 } from "../../src/float64/index.js";
import * as nn from "../../src/nn/index.js";
import {
  activation,
  batchNorm,
  conv2d,
  dense,
  dropout,
  type Examples,
  flatten,
  type LayerDescription,
  maxPool,
  type Network,
  network,
  type Params,
} from "../../src/nn/index.js";
import { crossEntropy, mean, random, square, sub, sum, tensor } from "../../src/ops/index.js";
import { adam } from "../../src/optim/index.js";

const deep = (dtype: "float32" | "float64", ...last: LayerDescription[]): Network =>
  network({
    ...{ input: [6, 6, 1], dtype },
    layers: [
      conv2d(3, 3),
      activation("tanh"),
      maxPool(2),
      flatten(),
      dense(5),
      activation("sigmoid"),
      dense(4),
      ...last,
    ],
  });
const labelled = (net: Network, n: number): { x: Tensor; y: Tensor } => ({
  x: random.normal(Key.of(1), [n, ...net.description.input], { dtype: net.description.dtype ?? "float32" }),
  y: random.integers(Key.of(2), [n], { high: net.output[0] }),
});

describe("credit for a network", () => {
  it("is the gradient of the mean cross-entropy, through convolutions and pooling too", () => {
    scope(() => {
      const net = deep("float64");
      const params = net.init(Key.of(0));
      const { x, y } = labelled(net, 7);
      const gradient = grad((p: Params) => mean(crossEntropy(net.apply(p, x), y)))(params);
      const { relativeError } = compareCredit(networkCredit(net, zil)(params, x, y), gradient);
      expect(relativeError).toBeLessThan(1e-12);
    });
  });

  it("is that of half the mean squared distance, and dropout takes no part", () => {
    scope(() => {
      const net = network({ input: [3], layers: [dense(6), activation("relu"), dropout(0.5), dense(2)], ...float64 });
      const params = net.init(Key.of(0));
      const [x, y] = [random.normal(Key.of(1), [5, 3], float64), random.normal(Key.of(2), [5, 2], float64)];
      const gradient = grad((p: Params) => mean(sum(square(sub(net.apply(p, x), y)), 1)).mul(0.5))(params);
      const credit = networkCredit(net, zil, { loss: "squared" })(params, x, y);
      expect(compareCredit(credit, gradient).relativeError).toBeLessThan(1e-12);
    });
  });

  it("is what another algorithm with options makes of it", () => {
    scope(() => {
      const net = network({ input: [3], layers: [dense(6), activation("tanh"), dense(2)], ...float64 });
      const params = net.init(Key.of(0));
      const { x, y } = labelled(net, 4);
      const gradient = grad((p: Params) => mean(crossEntropy(net.apply(p, x), y)))(params);
      const error = (outputWeight: number): number => {
        const assign: PredictiveAlgorithm = (...given) => inferenceLearning(...given, { outputWeight, steps: 1000 });
        return compareCredit(networkCredit(net, assign)(params, x, y), gradient).relativeError;
      };
      const [near, far] = [error(1e-4), error(1e-3)];
      expect(far / near).toBeGreaterThan(9);
      expect(far / near).toBeLessThan(11);
    });
  });

  it.each([
    ["adam", () => adam({ lr: 0.01 })],
    ["bio", (net: Network) => bio(net, { dale: true, crystallize: { every: 1 } }, adam({ lr: 0.01 }))],
  ] as const)("is taken by fit where a gradient is, with %s", (_, optimizerFor) => {
    const net = deep("float64");
    const { x, y } = labelled(net, 20);
    const examples: Examples = {
      ...{ count: 20, shape: [6, 6, 1] },
      batch: (indices) => ({
        x: x.take(tensor(Array.from(indices), { dtype: "int32" }), 0),
        y: y.take(tensor(Array.from(indices), { dtype: "int32" }), 0),
      }),
    };
    const optimizer = optimizerFor(net);
    const drawn = net.init(Key.of(0));
    const start = "convert" in optimizer ? optimizer.convert(drawn) : drawn;
    const how = { optimizer: optimizer as never, epochs: 3, batchSize: 8, key: Key.of(3) };
    const byGradient = nn.fit(net, start, examples, how);
    const byCredit = nn.fit(net, start, examples, { ...how, credit: networkCredit(net, zil) });
    scope(() => {
      const moved = treeMap((a: Tensor, b: Tensor) => sub(a, b), byGradient.params, start);
      const other = treeMap((a: Tensor, b: Tensor) => sub(a, b), byCredit.params, start);
      expect(compareCredit(other, moved).relativeError).toBeLessThan(1e-8);
    });
    expect(byCredit.epochs.map(({ metrics }) => metrics)).toEqual(byGradient.epochs.map(({ metrics }) => metrics));
  });

  it("is refused for layers that look at the whole batch, no layers, and what is no algorithm", () => {
    const with32 = deep("float32", batchNorm());
    expect(() => networkCredit(with32, zil)).toThrow("[networkCredit] layer 7 (batchNorm) has a state of its own");
    expect(() => networkCredit(network({ input: [2], layers: [] }), zil)).toThrow("the network has no layers");
    expect(() => networkCredit(deep("float32"), undefined as never)).toThrow(TypeError);
    expect(() => networkCredit(deep("float32"), zil, { loss: "hinge" as never })).toThrow('there is no `loss` "hinge"');
  });
});
