// Batch normalisation, the layer with a state: its formula in float64, its derivatives, and its running statistics on
// their way through training, evaluation, files, scan and living synapses.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bio, loadBio, saveBio } from "../../src/bio/index.js";
import { leavesOf } from "../../src/core/index.js";
import { grad, Key, random, scan, scope, type Tensor, tensor } from "../../src/index.js";
import { decode, encode } from "../../src/io/index.js";
import * as nn from "../../src/nn/index.js";
import { adam, sgd } from "../../src/optim/index.js";
import { checkGrads } from "../../src/testing/index.js";
import { bitsOf, relativeError } from "../laws/oracle.js";

const bits = (tree: unknown): number[][] => bitsOf(leavesOf("test", tree).map(({ tensor }) => tensor));
const one = (input: readonly number[], options = {}) => nn.network({ input, layers: [nn.batchNorm(options)] });
const training = { training: true };

/** Mean and variance (over n) of each of `width` columns, in float64. */
function columns(values: ArrayLike<number>, width: number): { mean: number[]; variance: number[]; n: number } {
  const n = values.length / width;
  const of = (f: (x: number, c: number) => number): number[] =>
    Array.from({ length: width }, (_, c) => {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += f(values[i * width + c], c);
      return sum / n;
    });
  const mean = of((x) => x);
  return { mean, variance: of((x, c) => (x - mean[c]) ** 2), n };
}

describe("batch normalisation", () => {
  it("gives results worked out by hand: two units, three examples, a momentum of 1/4", () => {
    const net = one([2], { momentum: 0.25, eps: 1 });
    const x = tensor([
      [1, 0],
      [2, 0],
      [6, 9],
    ]); // means 3 and 3, variances 14/3 and 18 over n, 7 and 27 over n - 1
    const [a, b] = [Math.sqrt(14 / 3 + 1), Math.sqrt(19)];
    const { y, states } = net.run([{ scale: tensor([2, 1]), bias: tensor([0, 5]) }], x, training);
    const wanted = [-4 / a, 5 - 3 / b, -2 / a, 5 - 3 / b, 6 / a, 5 + 6 / b];
    expect(relativeError(y.data(), wanted)).toBeLessThan(1e-6);
    expect([...states[0].mean.data()]).toEqual([0.75, 0.75]);
    expect([...states[0].variance.data()]).toEqual([0.75 + 7 / 4, 0.75 + 27 / 4]);
    // Outside training the running statistics are used, and stay.
    const later = net.run([{ scale: tensor([2, 1]), bias: tensor([0, 5]) }], x, { states });
    const [c, d] = [Math.sqrt(3.5), Math.sqrt(8.5)];
    const still = [0.5 / c, 5 - 0.75 / d, 2.5 / c, 5 - 0.75 / d, 10.5 / c, 5 + 8.25 / d];
    expect(relativeError(later.y.data(), still)).toBeLessThan(1e-6);
    expect(bits(later.states)).toEqual(bits(states));
  });

  it("matches its formula in float64 over examples and positions, and so do its statistics, batch after batch", () => {
    const sizes = fc.tuple(fc.integer({ min: 2, max: 5 }), fc.constantFrom([3], [2, 4], [3, 2, 2]), fc.nat(1000));
    fc.assert(
      fc.property(sizes, fc.constantFrom(0.1, 0.5, 1), ([count, input, seed], momentum) =>
        scope(() => {
          const net = one(input, { momentum, eps: 1e-3 });
          const width = input[input.length - 1];
          const [ks, kb, kx] = Key.of(seed).split(3);
          const params = [{ scale: random.normal(ks, [width]), bias: random.normal(kb, [width]) }];
          const [scale, bias] = [params[0].scale.data(), params[0].bias.data()];
          let states = net.states();
          const running = { mean: Array(width).fill(0), variance: Array(width).fill(1) };
          for (let step = 0; step < 3; step++) {
            const x = random.normal(kx.fold(step), [count, ...input], { mean: 2, std: 3 });
            const found = net.run(params, x, { training: true, states });
            const { mean, variance, n } = columns(x.data(), width);
            const wanted = Float64Array.from(x.data(), (value, i) => {
              const c = i % width;
              return ((value - mean[c]) / Math.sqrt(variance[c] + 1e-3)) * scale[c] + bias[c];
            });
            expect(relativeError(found.y.data(), wanted)).toBeLessThan(1e-5);
            for (let c = 0; c < width; c++) {
              running.mean[c] += momentum * (mean[c] - running.mean[c]);
              running.variance[c] += momentum * ((variance[c] * n) / (n - 1) - running.variance[c]);
            }
            states = found.states;
            expect(relativeError(states[0].mean.data(), running.mean)).toBeLessThan(1e-5);
            expect(relativeError(states[0].variance.data(), running.variance)).toBeLessThan(1e-5);
          }
        }),
      ),
      { numRuns: 30 },
    );
  });

  it.each([true, false])("has the derivatives that differences give (training: %s)", (training) => {
    const net = nn.network({ input: [4, 2], layers: [nn.dense(3), nn.batchNorm(), nn.activation("tanh")] });
    const weights = random.normal(Key.of(1), [5, 4, 3]);
    const states = [{}, { mean: tensor([0.5, -1, 0]), variance: tensor([2, 0.5, 1]) }, {}];
    const loss = ({ params, x }: { params: nn.Params; x: Tensor }): Tensor =>
      net.apply(params, x, { training, states }).mul(weights).sum();
    const at = { params: net.init(Key.of(2)), x: random.normal(Key.of(3), [5, 4, 2]) };
    expect(() => checkGrads(loss, at, { tolerance: 5e-3 })).not.toThrow();
  });

  it("refuses inputs that have no variance, and invalid options", () => {
    const net = one([3]);
    expect(() => net.apply(net.init(Key.of(0)), tensor([[1, 2, 3]]), training)).toThrow(
      "[batchNorm] a batch with one value per unit",
    );
    expect(() => one([3], { momentum: 0 })).toThrow(
      "[batchNorm] `momentum` is 0. Give a number above 0 and at most 1.",
    );
    expect(() => one([3], { eps: Number.NaN })).toThrow("[batchNorm] `eps` is NaN. Give a finite number above 0.");
    expect(() => one([])).toThrow("[batchNorm] items of shape [] have no axis.");
    expect(() => net.apply(net.init(Key.of(0)), tensor([[1, 2, 3]]), { states: [] })).toThrow(
      "[network] there are states of 0 layers, but the network has 1. Pass what states() or run gave.",
    );
  });
});

describe("running statistics", () => {
  const net = nn.network({ input: [4], layers: [nn.dense(6), nn.batchNorm(), nn.activation("tanh"), nn.dense(3)] });
  const points = random.normal(Key.of(1), [50, 4], { mean: 1, std: 2 });
  const labels = tensor(
    (points.toArray() as number[][]).map((row) => row.indexOf(Math.max(...row.slice(0, 3)))),
    { dtype: "int32" },
  );
  const examples = nn.examplesOf(points, labels);
  const options = { optimizer: adam({ lr: 0.03 }), batchSize: 10, epochs: 4, key: Key.of(2) };

  it("are those that run gives batch by batch, and evaluate uses them", () => {
    const { params, states, epochs } = nn.fit(net, net.init(Key.of(0)), examples, { ...options, validation: examples });
    expect(Object.keys(states[1])).toEqual(["mean", "variance"]);
    const inside = nn.evaluate(net, params, examples, { states, batchSize: 10 });
    expect(epochs.at(-1)!.validation).toEqual(inside);
    expect(inside.metrics.accuracy).toBeGreaterThan(0.6);
    expect(nn.evaluate(net, params, examples, { states: net.states() }).loss).not.toBeCloseTo(inside.loss, 3);
    expect(() => nn.evaluate(net, params, examples)).toThrow("[evaluate] the network has layers with a state");

    // With one batch an epoch and no learning the statistics are a plain recursion.
    const still = { optimizer: sgd({ lr: 0 }), batchSize: 50, epochs: 3, key: Key.of(2) };
    const fitted = nn.fit(net, net.init(Key.of(0)), examples, still);
    const [hidden] = net.activations(net.init(Key.of(0)), points);
    const { mean } = columns(hidden.data(), 6);
    const wanted = mean.map((m) => m * (1 - 0.9 ** 3));
    expect(relativeError(fitted.states[1].mean.data(), wanted)).toBeLessThan(1e-5);
  });

  it("are saved, and training continues from them to the same bits", () => {
    const whole = nn.fit(net, net.init(Key.of(0)), examples, options);
    const first = nn.initialState(net, net.init(Key.of(0)), options);
    const run = nn.train(net, first, examples, options);
    let part = first;
    for (let step = 0; step < 7; step++) part = run.next().value as typeof first;
    const file = encode((part as unknown as { state: typeof first }).state);
    const rest = nn.fit(net, decode(file, first).tree, examples, options);
    expect(bits(rest.state)).toEqual(bits(whole.state));

    const { params, states } = whole;
    const read = nn.decodeNetwork(nn.encodeNetwork(net, params, { about: "mine" }, states));
    expect(bits([read.params, read.states])).toEqual(bits([params, states]));
    expect(read.metadata).toEqual({ about: "mine" });
    expect(bits(read.net.apply(read.params, points, { states: read.states }))).toEqual(
      bits(net.apply(params, points, { states })),
    );
  });

  it("can be a carry: scan over batches gives the same as one run after another", () => {
    const batches = points.reshape([5, 10, 4]);
    const params = net.init(Key.of(0));
    let states = net.states();
    for (let i = 0; i < 5; i++) states = net.run(params, batches.row(i), { training: true, states }).states;
    const [carry] = scan(5, net.states(), (carry: nn.States, step) => {
      const { y, states } = net.run(params, batches.row(step), { training: true, states: carry });
      return [states, y.mean()] as const;
    });
    expect(bits(carry)).toEqual(bits(states));
  });

  it("work together with Bio Transformations, also with split synapses, and are not touched by optimizers", () => {
    const mechanisms = { split: { gamma: 2 }, homeostasis: { every: 2 }, rejuvenate: { every: 3 }, dale: true };
    const alive = bio(net, mechanisms, adam({ lr: 0.01 }));
    const run = () =>
      nn.fit(alive.network, alive.network.init(Key.of(0)), examples, {
        ...options,
        optimizer: alive,
        hook: alive.hook,
      });
    const { params, state, states } = run();
    expect(bits(run().state)).toEqual(bits(state));
    expect(alive.sites.map(({ path }) => path)).toEqual(["[0].weight", "[3].weight"]);
    expect(Object.keys(states[1])).toEqual(["mean", "variance"]);
    expect(leavesOf("test", state.optimizer).some(({ path }) => path.endsWith("variance"))).toBe(false);
    const saved = saveBio(alive, params, state.optimizer as never);
    expect(bits(loadBio(saved, adam({ lr: 0.01 })).params)).toEqual(bits(params));
  });
});

describe("batch normalisation in PyTorch", () => {
  /** What test/nn/batch-norm.py wrote: three batches in training, then one in evaluation. */
  interface Step {
    readonly training: boolean;
    readonly x: never;
    readonly weights: never;
    readonly y: never;
    readonly grad: never;
    readonly scaleGrad: never;
    readonly biasGrad: never;
    readonly mean: number[];
    readonly variance: number[];
  }
  interface Case {
    readonly name: string;
    readonly momentum: number;
    readonly eps: number;
    readonly scale: number[];
    readonly bias: number[];
    readonly steps: readonly Step[];
  }
  const file = readFileSync(join(import.meta.dirname, "batch-norm.json"), "utf8");
  const { cases } = JSON.parse(file) as { cases: Case[] };
  it("has cases for units and for images", () => {
    expect(cases.map(({ name, steps }) => [name, steps.map(({ training }) => training)])).toEqual([
      ["units", [true, true, true, false]],
      ["images", [true, true, true, false]],
    ]);
  });

  it.each(cases)("has the same outputs, statistics and gradients: $name", ({ momentum, eps, scale, bias, steps }) => {
    const params = [{ scale: tensor(scale), bias: tensor(bias) }];
    const wide = (values: unknown): Float64Array => Float64Array.from([values].flat(9) as number[]);
    let states: nn.States | undefined;
    for (const step of steps) {
      const x = tensor(step.x);
      const net = one(x.shape.slice(1), { momentum, eps });
      states ??= net.states();
      const before = states;
      const { training } = step;
      const after = net.run(params, x, { training, states: before });
      states = after.states;
      const loss = (p: nn.Params, x: Tensor): Tensor =>
        net.apply(p, x, { training, states: before }).mul(tensor(step.weights)).sum();
      const [{ scale: byScale, bias: byBias }] = grad(loss)(params, x) as nn.Params;
      const byX = grad((x: Tensor) => loss(params, x))(x);
      const pairs: [Tensor, unknown][] = [
        [after.y, step.y],
        [states[0].mean, step.mean],
        [states[0].variance, step.variance],
        [byScale, step.scaleGrad],
        [byBias, step.biasGrad],
        [byX, step.grad],
      ];
      for (const [ours, theirs] of pairs) expect(relativeError(ours.data(), wide(theirs))).toBeLessThan(1e-5);
    }
  });
});
