// Evolution strategies against what they estimate, and what must not change their answer.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key, scope, type Tensor, tensor } from "../../src/index.js";
import { adam, cmaEs, evolution, persistentEvolution } from "../../src/optim/index.js";
import { centredRanks, orderOf } from "../../src/optim/population.js";

const numbers = (x: Tensor): number[] => Array.from(x.data());
const losses = (members: number, f: (index: number) => number): number[] =>
  Array.from({ length: members }, (_, i) => f(i));

interface Params {
  readonly w: Tensor;
  readonly b: Tensor;
}
const params: Params = {
  w: tensor([
    [0.5, -1],
    [2, 0.25],
  ]),
  b: tensor([1, -2, 3]),
};
const dot = ({ w, b }: Params, slope: readonly number[]): number =>
  [...numbers(w), ...numbers(b)].reduce((sum, x, i) => sum + x * slope[i], 0);
const flat = ({ w, b }: Params): number[] => [...numbers(w), ...numbers(b)];

describe("evolution", () => {
  it("has pairs on both sides of the parameters, and estimates a linear loss by its noises alone", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 5 }), (seed, pairs) => {
        const [sigma, key] = [0.5, Key.of(seed)];
        const strategy = evolution({ sigma, pairs, shaping: "none" });
        const slope = Array.from({ length: 7 }, (_, i) => key.fold(99).uniform(i) - 0.5);
        const members = losses(strategy.members, (i) => i).map((i) => flat(strategy.member(params, key, i)));
        const noises = losses(pairs, (i) => i).map((pair) =>
          flat(params).map((x, i) => (members[2 * pair][i] - x) / sigma),
        );
        for (let pair = 0; pair < pairs; pair++) {
          flat(params).forEach((x, i) => {
            expect(members[2 * pair][i] + members[2 * pair + 1][i]).toBeCloseTo(2 * x, 5);
          });
        }
        const found = flat(
          strategy.gradient(
            params,
            key,
            losses(strategy.members, (i) => dot(strategy.member(params, key, i), slope)),
          ),
        );
        // (1 / pairs) sum of noise (noise . slope)
        found.forEach((each, i) => {
          const wanted = noises.reduce(
            (sum, noise) => sum + (noise[i] * noise.reduce((s, x, j) => s + x * slope[j], 0)) / pairs,
            0,
          );
          expect(each).toBeCloseTo(wanted, 3);
        });
      }),
      { numRuns: 30 },
    );
  });

  it("is right in the mean over many pairs", () => {
    const slope = [1, -2, 0.5, 0, 3, -1, 0.25];
    const strategy = evolution({ sigma: 0.1, pairs: 4000, shaping: "none" });
    const key = Key.of(5);
    const found = flat(
      strategy.gradient(
        params,
        key,
        losses(strategy.members, (i) => scope(() => dot(strategy.member(params, key, i), slope))),
      ),
    );
    // The standard error is |slope| / sqrt(pairs), about 0.06.
    found.forEach((each, i) => {
      expect(Math.abs(each - slope[i])).toBeLessThan(0.3);
    });
  });

  it("by ranks, does not see what keeps the order, and sees nothing in equal losses", () => {
    const strategy = evolution({ sigma: 0.1, pairs: 6 });
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 50, noNaN: true }), { minLength: 12, maxLength: 12 }), (all) => {
        const key = Key.of(2);
        const [one, other] = [all, all.map((x) => x * 4 - 1000)].map((each) =>
          flat(strategy.gradient(params, key, each)),
        );
        // What differs by less than rounding may become equal.
        if (new Set(all.map((x) => x * 4 - 1000)).size === new Set(all).size) expect(other).toEqual(one);
      }),
      { numRuns: 50 },
    );
    expect(
      flat(
        strategy.gradient(
          params,
          Key.of(1),
          losses(12, () => 7),
        ),
      ).every((x) => x === 0),
    ).toBe(true);
    expect(
      flat(
        strategy.gradient(
          params,
          Key.of(1),
          losses(12, (i) => (i === 0 ? Infinity : i)),
        ),
      ).every(Number.isFinite),
    ).toBe(true);
  });

  it("learns with any optimizer", () => {
    const strategy = evolution({ sigma: 0.1, pairs: 8 });
    const optimizer = adam({ lr: 0.1 });
    const loss = (p: Params): number => flat(p).reduce((sum, x) => sum + (x - 1) * (x - 1), 0);
    let now = { params, state: optimizer.init(params) };
    for (let step = 0; step < 100; step++) {
      const key = Key.of(step);
      now = scope(() => {
        const grads = strategy.gradient(
          now.params,
          key,
          losses(16, (i) => loss(strategy.member(now.params, key, i))),
        );
        return optimizer.step(now.params, grads, now.state);
      });
    }
    expect(loss(now.params)).toBeLessThan(0.05 * loss(params));
  });
});

describe("persistentEvolution", () => {
  it("credits each loss to all unrolls before it, where a strategy of its own for each unroll sees one", () => {
    // The state of a member is the sum of its parameters so far, and the loss of unroll t is weight_t times it: the whole slope
    // is the sum of t weight_t.
    const [weights, pairs] = [[1, -2, 3, 0.5], 3000];
    const strategy = persistentEvolution({ sigma: 0.2, pairs });
    const single = evolution({ sigma: 0.2, pairs, shaping: "none" });
    const start = { x: tensor([0.3]) };
    let state = strategy.init(start);
    const sums = new Array<number>(strategy.members).fill(0);
    let [persistent, truncated] = [0, 0];
    weights.forEach((weight, t) => {
      const key = Key.of(t);
      const all = sums.map((_, i) => {
        sums[i] += scope(() => strategy.member(start, key, i).x.item());
        return weight * sums[i];
      });
      const { grads, state: next } = strategy.gradient(start, key, all, state);
      state = next;
      persistent += grads.x.item();
      truncated += single.gradient(start, key, all).x.item();
    });
    expect(Math.abs(persistent - (1 - 4 + 9 + 2))).toBeLessThan(0.7);
    expect(Math.abs(truncated - (1 - 2 + 3 + 0.5))).toBeLessThan(0.7);
  });
});

describe("cmaEs", () => {
  const start = { a: tensor([2, -1, 1.5]), b: tensor([[-2], [1], [0.5]]) };
  const all = ({ a, b }: typeof start): number[] => [...numbers(a), ...numbers(b)];
  /** A long valley that lies across all axes: its axes are 1 to 1000 times as steep. */
  const valley = (p: typeof start): number => {
    const x = all(p);
    const mean = x.reduce((sum, each) => sum + each, 0) / 6;
    return x.reduce((sum, each, i) => sum + 1000 ** (i / 5) * (each - 2 * mean) ** 2, 0);
  };
  const evolved = (generations: number, loss: (p: typeof start) => number, key = Key.of(3)) => {
    const strategy = cmaEs({ sigma: 1 });
    let now = { params: start, state: strategy.init(start) };
    for (let generation = 0; generation < generations; generation++) {
      const own = key.fold(generation);
      const found = losses(strategy.members(start), (i) => loss(strategy.member(now.params, now.state, own, i)));
      // Through JSON and back: nothing else is remembered.
      now = strategy.step(now.params, JSON.parse(JSON.stringify(now.state)), own, found);
    }
    return now;
  };

  it("goes down a narrow valley", () => {
    expect(valley(start)).toBeGreaterThan(100);
    expect(valley(evolved(150, valley).params)).toBeLessThan(1e-6);
  });
  it("does not see what keeps the order of losses", () => {
    const [one, other] = [valley, (p: typeof start) => Math.sqrt(valley(p)) * 3 - 7].map((loss) => evolved(20, loss));
    expect(other.state).toEqual(one.state);
  });
  it("takes an infinite loss as the worst, and as many numbers as it says", () => {
    const [strategy, key] = [cmaEs({ sigma: 1, members: 6 }), Key.of(4)];
    const state = strategy.init(params);
    const step = (worst: number) => strategy.step(params, state, key, [3, 1, worst, 2, 5, 4]).state;
    expect(step(Infinity)).toEqual(step(6));
    expect(cmaEs({ sigma: 1 }).init({ x: tensor(new Float32Array(2000)) }).mean.length).toBe(2000);
  });

  it("remembers by its paths where the mean has moved", () => {
    const strategy = cmaEs({ sigma: 0.5, members: 8 });
    const before = strategy.init(params);
    const { state } = strategy.step(params, before, Key.of(5), [1, 2, 3, 4, 5, 6, 7, 8]);
    const moved = state.mean.map((x, i) => x - before.mean[i]);
    // At first the population is round, so both paths are the move itself, but for its length.
    for (const path of [state.path, state.sizePath]) {
      const factor = path[0] / moved[0];
      expect(factor).toBeGreaterThan(0);
      path.forEach((x, i) => void expect(x).toBeCloseTo(factor * moved[i], 9));
    }
  });

  it("gives the mean as the parameters, in their form", () => {
    const { params: mean, state } = evolved(3, valley);
    expect(all(mean)).toEqual(state.mean.map(Math.fround));
    expect(mean.b.shape).toEqual([3, 1]);
  });
});

describe("wrong options, members and losses are errors with their cure:", () => {
  const key = Key.of(0);
  const [es, pes, cma] = [
    evolution({ sigma: 1, pairs: 2 }),
    persistentEvolution({ sigma: 1, pairs: 2 }),
    cmaEs({ sigma: 1 }),
  ];
  const wrong: readonly [string, () => unknown][] = [
    ["`sigma` is 0: give a number above 0", () => evolution({ sigma: 0, pairs: 2 })],
    ["`pairs` is 0.5: give a whole number from 1", () => persistentEvolution({ sigma: 1, pairs: 0.5 })],
    ['`shaping` is "rank": give ranks or none', () => evolution({ sigma: 1, pairs: 2, shaping: "rank" as never })],
    ["there is no member 4: give a whole number from 0 to 3", () => es.member(params, key, 4)],
    ["there are 3 losses for 4 members", () => es.gradient(params, key, [1, 2, 3])],
    ["the loss of member 1 is NaN", () => es.gradient(params, key, [1, Number.NaN, 3, 4])],
    [
      "the loss of member 3 is Infinity: give finite",
      () => pes.gradient(params, key, [1, 2, 3, Infinity], pes.init(params)),
    ],
    ["the state has undefined pairs, not 2", () => pes.gradient(params, key, [1, 2, 3, 4], {} as never)],
    [
      "`pairs` is 500001: give a whole number from 1 to 500000",
      () => persistentEvolution({ sigma: 1, pairs: 500_001 }),
    ],
    [
      "the parameters have 2001 numbers: 1 to 2000 are possible. Use evolution()",
      () => cma.init({ x: tensor(new Float32Array(2001)) }),
    ],
    ["the parameters have 0 numbers: 1 to 2000 are possible", () => cma.init({ x: tensor(new Float32Array(0)) })],
    ["the state has 1 pairs, not 2", () => pes.gradient(params, key, [1, 2, 3, 4], { noise: [params] })],
    [
      "the parameters have 3000 numbers: 1 to 2000 are possible. Use evolution()",
      () => cma.init({ x: tensor(new Float32Array(3000)) }),
    ],
    [
      "the state is of 1 numbers, the parameters have 2",
      () => cma.member(tensor([1, 2]), cma.init(tensor([1])), key, 0),
    ],
    ["`members` is 2: give a whole number from 4", () => cmaEs({ sigma: 1, members: 2 })],
    ["a parameter is int32", () => es.member(tensor([1], { dtype: "int32" }), key, 0)],
  ];
  it.each(wrong)("%s", (message, call) => {
    expect(call).toThrow(message);
  });
});

it("losses that are infinite can be ranked, and cannot be taken as they are", () => {
  for (const pairs of [1, 3]) {
    const all = Array.from({ length: 2 * pairs }, (_, i) => (i === 0 ? Infinity : i));
    const byRanks = evolution({ sigma: 0.1, pairs });
    expect(flat(byRanks.gradient(params, Key.of(1), all)).every(Number.isFinite)).toBe(true);
    const asTheyAre = evolution({ sigma: 0.1, pairs, shaping: "none" });
    expect(() => asTheyAre.gradient(params, Key.of(1), all)).toThrow("the loss of member 0 is Infinity: give finite");
    for (const strategy of [byRanks, asTheyAre]) {
      expect(() => strategy.gradient(params, Key.of(1), all.fill(Number.NaN))).toThrow("the loss of member 0 is NaN");
    }
  }
});

it("ranks run from -0.5 to 0.5, as many losses below as above count, whatever order they stand in and equal or not", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 30, size: "max" }), (all) => {
      // By the definition: half of the difference between those that are less and those that are more.
      const wanted = all.map((x) => {
        const [below, above] = [all.filter((y) => y < x).length, all.filter((y) => y > x).length];
        return all.length === 1 ? -0.5 : (below - above) / 2 / (all.length - 1);
      });
      centredRanks(all).forEach((rank, i) => {
        expect(rank).toBeCloseTo(wanted[i], 12);
      });
    }),
  );
});

it("losses are put in order, of equal ones the first first, and infinite ones are the last", () => {
  const loss = fc.oneof(fc.constantFrom(0, 1, Infinity, -Infinity), fc.double({ noNaN: true }));
  fc.assert(
    fc.property(fc.array(loss, { maxLength: 30, size: "max" }), (all) => {
      const order = orderOf(all);
      expect([...order].sort((a, b) => a - b)).toEqual(all.map((_, i) => i));
      for (let k = 1; k < order.length; k++) {
        const [a, b] = [order[k - 1], order[k]];
        expect(all[a] < all[b] || (all[a] === all[b] && a < b)).toBe(true);
      }
    }),
  );
});
