// Training: it learns, it has the same bits twice and after a stop, a hook sees and changes every step, and nothing grows.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leavesOf } from "../../src/core/index.js";
import { Key, memory, random, scope, type Tensor, tensor } from "../../src/index.js";
import { decode, encode } from "../../src/io/index.js";
import * as nn from "../../src/nn/index.js";
import {
  accuracy,
  activation,
  dense,
  dropout,
  evaluate,
  examplesOf,
  type Hook,
  initialState,
  network,
  type Params,
  type Progress,
  subset,
  train,
} from "../../src/nn/index.js";
import { adam, linear, sgd } from "../../src/optim/index.js";
import { bitsOf } from "../laws/oracle.js";

const net = network({ input: [4], layers: [dense(12), activation("tanh"), dropout(0.1), dense(3)] });
const points = random.normal(Key.of(1), [50, 4]);
/** Which of the first three numbers is the largest. */
const labels = tensor(
  (points.toArray() as number[][]).map((row) => row.indexOf(Math.max(...row.slice(0, 3)))),
  { dtype: "int32" },
);
const examples = examplesOf(points, labels);
const key = Key.of(2);
const options = { optimizer: adam({ lr: 0.03 }), batchSize: 8, epochs: 3, key };
const begin = (): Params => net.init(Key.of(0));
const bits = (tree: unknown): number[][] => bitsOf(leavesOf("test", tree).map(({ tensor }) => tensor));
/** Drives `train` to its end or for so many steps. */
const drive = (run: ReturnType<typeof train>, steps = Number.POSITIVE_INFINITY) => {
  for (let done = 0; ; done++) {
    const { value, done: over } = run.next();
    if (over) return value;
    if (done + 1 === steps) return value.state;
  }
};

describe("fit", () => {
  it("learns, reports its progress, and validates", () => {
    const seen: Progress[] = [];
    const { params, epochs, state } = nn.fit(net, begin(), subset(examples, [...Array(40).keys()]), {
      ...options,
      epochs: 30,
      validation: subset(examples, [40, 41, 42, 43, 44, 45, 46, 47, 48, 49]),
      onProgress: (progress) => seen.push(progress),
    });
    expect(epochs).toHaveLength(30);
    expect(epochs.at(-1)!.metrics.accuracy).toBeGreaterThan(0.9);
    expect(epochs.at(-1)!.validation!.metrics.accuracy).toBeGreaterThan(0.6);
    expect(epochs[0].loss).toBeGreaterThan(3 * epochs.at(-1)!.loss);
    expect(seen).toHaveLength(30 * 5);
    expect(seen[7]).toMatchObject({ epoch: 1, epochs: 30, step: 3, steps: 5 });
    expect(state.step.item()).toBe(150);
    expect(bits(params)).toEqual(bits(state.params));
  });

  it("has the same bits the second time, and other bits for another key", () => {
    const run = (k: Key): number[][] => bits(nn.fit(net, begin(), examples, { ...options, key: k }).params);
    expect(run(key)).toEqual(run(key));
    expect(run(key)).not.toEqual(run(Key.of(3)));
  });

  it("continues from a file to the bits of a training that was never stopped, wherever it was stopped", () => {
    const whole = bits(nn.fit(net, begin(), examples, options).state);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), (steps) => {
        const first = initialState(net, begin(), options);
        const file = encode(drive(train(net, first, examples, options), steps));
        const { tree } = decode(file, first);
        expect(bits(nn.fit(net, tree, examples, options).state)).toEqual(whole);
      }),
      { numRuns: 6 },
    );
  });

  it("accepts an optimizer for each step: a schedule", () => {
    const rate = linear(0.1, 0, 21);
    const run = nn.fit(net, begin(), examples, { ...options, optimizer: (k) => sgd({ lr: rate(k) }) });
    const constant = nn.fit(net, begin(), examples, { ...options, optimizer: sgd({ lr: 0.1 }) });
    expect(bits(run.params)).not.toEqual(bits(constant.params));
    // The rate of the last step was all but 0: one more epoch at 0 changes nothing.
    const after = nn.fit(net, run.state, examples, { ...options, epochs: 4, optimizer: (k) => sgd({ lr: rate(k) }) });
    expect(bits(after.params)).toEqual(bits(run.params));
  });

  it("accepts user-defined losses and metrics, for targets that are numbers", () => {
    const line = network({ input: [4], layers: [dense(1)] });
    const wanted = points.matmul(tensor([[1], [-2], [0.5], [0]])).add(3);
    const { epochs, params } = nn.fit(line, line.init(Key.of(0)), examplesOf(points, wanted), {
      ...{ optimizer: adam({ lr: 0.1 }), epochs: 60, batchSize: 10, key },
      loss: (y, t) => y.sub(t).square().mean(),
      metrics: { worst: (y, t) => y.sub(t).abs().max().item() },
    });
    expect(epochs.at(-1)!.loss).toBeLessThan(1e-4);
    expect(epochs.at(-1)!.metrics.worst).toBeLessThan(0.1);
    expect(params[0].bias.item()).toBeCloseTo(3, 1);
  });

  it("keeps nothing but what it returns", () => {
    const start = begin();
    const { persistentBytes, live } = memory.stats();
    const fitted = nn.fit(net, start, examples, options);
    for (const { tensor } of leavesOf("made", fitted.state)) tensor.dispose();
    expect(memory.stats()).toMatchObject({ persistentBytes, live, arenaBytes: 0 });
    expect(start[0].weight.alive).toBe(true);
  });
});

describe("the order of examples", () => {
  it("differs in each epoch, and each epoch has every example once", () => {
    const seen: number[] = [];
    const watched = {
      ...examples,
      batch: (indices: readonly number[]) => {
        seen.push(...indices);
        return examples.batch(indices);
      },
    };
    nn.fit(net, begin(), watched, options);
    const epochs = [0, 1, 2].map((epoch) => seen.slice(50 * epoch, 50 * (epoch + 1)));
    expect(seen).toHaveLength(150);
    for (const order of epochs) expect([...order].sort((a, b) => a - b)).toEqual([...Array(50).keys()]);
    expect(new Set(epochs.map(String)).size).toBe(3);
  });
});

describe("a hook", () => {
  /** Halves every update, counts the steps, and looks at everything it is told. */
  const halving = (seen: number[][] = []): Hook<{ readonly count: Tensor }> => ({
    watches: true,
    init: () => ({ count: tensor(0) }),
    step: ({ before, after, grads, optimizer, state, step, epoch, activations, key: own }) => {
      seen.push([step, epoch, activations.length, activations[1].shape[1], own.hi]);
      expect(bits(grads).map((leaf) => leaf.length)).toEqual(bits(before).map((leaf) => leaf.length));
      const params = after.map((layer, i) =>
        Object.fromEntries(
          Object.entries(layer).map(([name, now]) => [name, before[i][name].add(now.sub(before[i][name]).mul(0.5))]),
        ),
      );
      return { params, optimizer, state: { count: state.count.add(1) } };
    },
  });

  it("that does nothing leaves every bit as it is", () => {
    const nothing: Hook<readonly []> = {
      init: () => [],
      step: ({ after, optimizer, state }) => ({ params: after, optimizer, state }),
    };
    expect(bits(nn.fit(net, begin(), examples, { ...options, hook: nothing }).state)).toEqual(
      bits(nn.fit(net, begin(), examples, options).state),
    );
  });

  it("acts on the update: halving it equals half the learning rate, to the bit, and its state is kept", () => {
    const seen: number[][] = [];
    const half = nn.fit(net, begin(), examples, {
      ...options,
      optimizer: sgd({ lr: 0.25 }),
      hook: halving(seen),
    });
    const plain = nn.fit(net, begin(), examples, { ...options, optimizer: sgd({ lr: 0.125 }) });
    const [a, b] = [half, plain].map(({ params }) =>
      leavesOf("test", params).flatMap((leaf) => [...leaf.tensor.data()]),
    );
    a.forEach((x, i) => {
      expect(x).toBeCloseTo(b[i], 5);
    });
    expect(half.state.hook.count.item()).toBe(21);
    expect(seen.map(([step]) => step)).toEqual([...Array(21).keys()]);
    expect(seen.at(-1)!.slice(1, 4)).toEqual([2, 4, 12]);
    expect(new Set(seen.map((each) => each[4])).size).toBe(21);
  });
});

describe("evaluate", () => {
  it("gives the mean over all examples, whatever the batches", () => {
    const params = begin();
    const one = evaluate(net, params, examples, { batchSize: 50 });
    const outputs = net.apply(params, points);
    expect(one.metrics.accuracy).toBe(accuracy(outputs, labels));
    for (const batchSize of [1, 7, 49, 1000]) {
      const other = evaluate(net, params, examples, { batchSize });
      expect(other.metrics.accuracy).toBeCloseTo(one.metrics.accuracy, 12);
      expect(other.loss).toBeCloseTo(one.loss, 6);
    }
  });
});

describe("invalid calls", () => {
  it("are refused with the fact and the cure", () => {
    const refused =
      (change: object, data = examples) =>
      () =>
        nn.fit(net, begin(), data, { ...options, ...change });
    expect(refused({ epochs: 0 })).toThrow("[train] `epochs` is 0. Give a whole number from 1 up.");
    expect(refused({ batchSize: 1.5 })).toThrow("[train] `batchSize` is 1.5");
    expect(refused({}, subset(examples, []))).toThrow("[train] there are no examples");
    expect(refused({}, examplesOf(points.reshape([50, 2, 2]), labels))).toThrow("examples have shape [2, 2]");
    expect(refused({ optimizer: sgd({ lr: 3e38 }) })).toThrow(
      /\[train\] the loss is (NaN|Infinity) at step \d+ \(epoch/,
    );
    expect(() => evaluate(net, begin(), examples, { batchSize: 0 })).toThrow("[evaluate] `batchSize` is 0");
    expect(() => examplesOf(points, tensor([1]))).toThrow("Give both the same number of items");
    expect(() => scope(() => examples.batch([50]).x.shape)).toThrow(
      "there is no example 50. Give whole numbers from 0 to 49",
    );
  });
});
