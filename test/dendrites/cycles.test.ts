// Neurons and dendrites in turn: when they stop, what is kept, and that it is the best network that was seen.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Cycle, type CyclesOptions, growWhileItHelps, withDendrites } from "../../src/dendrites/index.js";
import { bceWithLogits, Key, random, type Tensor, tensor } from "../../src/index.js";
import {
  activation,
  batchNorm,
  dense,
  type Examples,
  evaluate,
  examplesOf,
  type Network,
  network,
} from "../../src/nn/index.js";
import { adam, sgd } from "../../src/optim/index.js";

const numbers = (x: Tensor): number[] => Array.from(x.data());
const flat = network({ input: [3], layers: [dense(4), activation("tanh"), dense(2)] });

/** Examples of two classes that depend on the product of two inputs. */
function examplesFor(key: Key, count: number): Examples {
  const x = random.normal(key, [count, 3]);
  const labels = (x.toArray() as number[][]).map(([a, b]) => Number(a * b > 0));
  return examplesOf(x, tensor(labels, { dtype: "int32" }));
}

const key = Key.of(3);
const [examples, validation] = [examplesFor(key.fold(1), 40), examplesFor(key.fold(2), 40)];
const adams = { optimizer: adam({ lr: 0.02 }), growth: adam({ lr: 0.02 }) };

/** What the rule decides for scores that arrive in this order, in numbers alone. */
function decided(scores: Iterator<number>, { patience, tries, mostEpochs, mostDendrites }: Required<Limits>) {
  const better = (now: number, than: number): boolean => than - now > 1e-4 * Math.abs(than) && than - now > 1e-5;
  const phase = (): { best: number; epochs: number } => {
    let best = scores.next().value;
    let epochs = 0;
    for (let since = 0; since < patience && epochs < mostEpochs; ) {
      const now = scores.next().value;
      epochs++;
      since = better(now, best) ? 0 : since + 1;
      if (since === 0) best = now;
    }
    return { best, epochs };
  };
  let { best, epochs } = phase();
  const cycles = [{ dendrites: 0, epochs, accepted: true }];
  for (let [had, failed] = [0, 0]; had < mostDendrites && failed < tries; ) {
    const next = phase();
    const accepted = better(next.best, best);
    cycles.push({ dendrites: had + 1, epochs: next.epochs, accepted });
    if (accepted) [best, had, failed] = [next.best, had + 1, 0];
    else failed++;
  }
  ({ epochs } = cycles[0]);
  return cycles;
}

type Limits = Pick<CyclesOptions, "patience" | "tries" | "mostEpochs" | "mostDendrites">;

it("stops and accepts as the rule says, for any course of the score", () => {
  const few = examplesFor(key.fold(4), 2);
  const one = network({ input: [3], layers: [dense(2)] });
  const limits = fc.record({
    ...{ patience: fc.integer({ min: 1, max: 3 }), tries: fc.integer({ min: 1, max: 3 }) },
    ...{ mostEpochs: fc.integer({ min: 1, max: 4 }), mostDendrites: fc.integer({ min: 1, max: 3 }) },
  });
  fc.assert(
    fc.property(fc.nat(), limits, (seed, given) => {
      /** Scores that fall slowly, some by too little to count. */
      function* course(): Generator<number, never> {
        const draws = Key.of(seed);
        for (let i = 0; ; i++)
          yield 3 - 0.2 * Math.log2(1 + i) * draws.uniform(2 * i) - 1e-5 * draws.uniform(2 * i + 1);
      }
      const mine = course();
      const { cycles, tree } = growWhileItHelps(one, one.init(key), few, {
        ...{ ...given, ...adams, key, growthEpochs: 1, validation: few, score: () => mine.next().value },
      });
      expect(cycles.map(({ dendrites, epochs, accepted }) => ({ dendrites, epochs, accepted }))).toEqual(
        decided(course(), given),
      );
      expect(tree[0].length).toBe(cycles.filter(({ accepted }) => accepted).length - 1);
    }),
    { numRuns: 40 },
  );
});

describe("on examples that a linear network cannot tell apart", () => {
  const run = (net: Network, more: Partial<CyclesOptions> = {}) =>
    growWhileItHelps(net, net.init(key), examples, {
      ...{ ...adams, key, validation, patience: 3, growthEpochs: 20, tries: 2, mostDendrites: 3, ...more },
    });
  const linear = network({ input: [3], layers: [dense(2)] });

  it("keeps the first parameters to the bit where nothing learns", () => {
    const first = linear.init(key);
    const { tree, params, cycles } = growWhileItHelps(linear, first, examples, {
      ...{ optimizer: sgd({ lr: 0 }), growth: adam({ lr: 0.02 }), key, validation, patience: 2, tries: 2 },
    });
    expect(cycles.map(({ dendrites, epochs, accepted }) => [dendrites, epochs, accepted])).toEqual([
      [0, 2, true],
      [1, 2, false],
      [1, 2, false],
    ]);
    expect(tree).toEqual([[]]);
    expect(Object.values(params[0]).map(numbers)).toEqual(Object.values(first[0]).map(numbers));
  });

  it("gives the same bits again, and another key other ones", () => {
    const bits = (seed: number) => {
      const { params } = run(flat, { key: Key.of(seed), mostEpochs: 5 });
      return params.map((own) => Object.values(own).map(numbers));
    };
    expect(bits(1)).toEqual(bits(1));
    expect(bits(1)).not.toEqual(bits(2));
  });

  it("takes layers with a state along", () => {
    const net = network({ input: [3], layers: [dense(4), batchNorm(), activation("tanh"), dense(2)] });
    const { tree, params, states, cycles } = run(net, { mostEpochs: 4 });
    const { loss } = evaluate(withDendrites(net, tree), params, validation, { states });
    expect(loss).toBe(cycles.filter(({ accepted }) => accepted).at(-1)!.validation.loss);
    expect(numbers(states[1].mean).some((each) => each !== 0)).toBe(true);
  });
});

it("learns exclusive or with one linear neuron, and gives back the network with the best score that was seen", () => {
  const net = network({ input: [2], layers: [dense(1)] });
  const x = tensor([
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
  const all = examplesOf(x, tensor([[0], [1], [1], [0]]));
  const seen: Cycle[] = [];
  const loss = (found: Tensor, wanted: Tensor): Tensor => bceWithLogits(found, wanted).mean();
  const { tree, params, cycles } = growWhileItHelps(net, net.init(key), all, {
    ...{
      optimizer: adam({ lr: 0.1 }),
      growth: adam({ lr: 0.1 }),
      growthEpochs: 300,
      mostDendrites: 2,
      mostEpochs: 200,
    },
    ...{ validation: all, key, loss, onCycle: (cycle) => seen.push(cycle) },
  });
  const grown = withDendrites(net, tree);
  expect(numbers(grown.apply(params, x)).map((z) => z > 0)).toEqual([false, true, true, false]);
  expect(seen).toEqual(cycles);
  // Each that is accepted is better than those before it, and the last of them is what is given back.
  const accepted = cycles.filter((cycle) => cycle.accepted).map(({ validation }) => validation.loss);
  expect(accepted).toEqual([...accepted].sort((a, b) => b - a));
  // A linear neuron cannot do better than to say nothing.
  expect(accepted[0]).toBeGreaterThan(Math.log(2) - 1e-6);
  expect(evaluate(grown, params, all, { loss }).loss).toBe(accepted.at(-1));
});

describe("what cannot be is an error with its cure:", () => {
  const run = (options: object) => () =>
    growWhileItHelps(flat, flat.init(key), examples, { ...adams, key, validation, ...options });
  it("numbers, options and kinds", () => {
    for (const name of ["batchSize", "patience", "growthEpochs", "mostEpochs", "mostDendrites", "tries"]) {
      expect(run({ [name]: 0 })).toThrow(`\`${name}\` is 0. Give a whole number of at least 1`);
    }
    expect(run({ rounds: 1 })).toThrow(TypeError);
    expect(run({ key: 7 })).toThrow("`key` is a number, not a Key. Make one: Key.of(0)");
    expect(run({ growth: undefined })).toThrow("`growth` is undefined. Make one, such as adam");
    expect(run({ optimizer: 3 })).toThrow("[optimizer] `optimizer` is 3. Make one, such as adam");
    expect(run({ validation: undefined })).toThrow("`validation` is undefined. Make them with examplesOf()");
  });
  it("a network without weights", () => {
    const bare = network({ input: [3], layers: [activation("tanh")] });
    expect(() => growWhileItHelps(bare, bare.init(key), examples, { ...adams, key, validation })).toThrow(
      "no layer of the network has weights to give dendrites to",
    );
  });
});
