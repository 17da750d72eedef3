// Exact chances against numbers computed elsewhere, against sums over all patterns, and against what must hold of them.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  corticalGrid,
  falseMatch,
  falseMatches,
  falseMatchOfAny,
  falseMatchOfUnion,
  leastThreshold,
  medianFalseMatches,
  missedMatch,
  optimalThreshold,
  overlapChances,
  Rational,
  unionSize,
} from "../../src/sparse/index.js";
import {
  allowance,
  falseMatchNumbers,
  medianNumbers,
  missedNumbers,
  unionNumbers,
} from "../../src/studies/sparse-representations/reference.js";

const near = (ours: Rational, given: number): void =>
  expect(Math.abs(ours.toNumber() - given), String(given)).toBeLessThanOrEqual(allowance(given));

describe("probabilities computed elsewhere", () => {
  it("agree for false matches", () => {
    for (const [cells, active, synapses, threshold, chance] of falseMatchNumbers) {
      near(falseMatch({ cells, active, synapses, threshold }), chance);
    }
  });

  it("agree for unions", () => {
    for (const [cells, active, synapses, threshold, chance, patterns] of unionNumbers) {
      near(falseMatchOfUnion({ cells, active, synapses, threshold, patterns }), chance);
    }
  });

  it("agree for missed patterns", () => {
    for (const [silenced, chance] of missedNumbers) {
      near(missedMatch({ active: 64, synapses: 24, threshold: 12, silenced }), chance);
    }
  });

  it("agree for the medians over 420 cortical sizes, which fall below 1e-9 at a threshold of 10", () => {
    const { cells, activePerThousand, synapses } = corticalGrid;
    expect(cells.length * activePerThousand.length * synapses.length).toBe(420);
    const medians = medianFalseMatches(corticalGrid);
    for (const [threshold, chance] of medianNumbers) near(medians[threshold], chance);
    expect(optimalThreshold(corticalGrid, 1e-9)).toBe(10);
  });

  it("are for the nearest number of active cells, where a share of them is not whole", () => {
    for (const [share, active] of [
      [5, 1],
      [6, 2],
      [7, 2],
      [10, 3],
    ]) {
      const medians = medianFalseMatches({ cells: [250], activePerThousand: [share], synapses: [4] });
      const exact = falseMatches({ cells: 250, active, synapses: 4 });
      expect(medians.map((each, i) => each.compare(exact[i]))).toEqual(exact.map(() => 0));
    }
  });
});

/** Any overlap of few cells. */
const overlaps = (most: number) =>
  fc
    .integer({ min: 1, max: most })
    .chain((cells) =>
      fc.record({ cells: fc.constant(cells), active: fc.nat({ max: cells }), synapses: fc.nat({ max: cells }) }),
    );

const ONE = new Rational(1n);

describe("what must hold for probabilities", () => {
  it("they agree with a count of all patterns", () => {
    fc.assert(
      fc.property(overlaps(10), ({ cells, active, synapses }) => {
        const patterns = Array.from({ length: 2 ** cells }, (_, bits) => bits).filter((b) => bitsOf(b) === active);
        for (let threshold = 0; threshold <= synapses; threshold++) {
          const hits = patterns.filter((b) => bitsOf(b & (2 ** synapses - 1)) >= threshold);
          const counted = new Rational(BigInt(hits.length), BigInt(patterns.length));
          expect(falseMatch({ cells, active, synapses, threshold }).compare(counted)).toBe(0);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("those of all overlaps add up to exactly 1, and a threshold of 0 is certain to be reached", () => {
    fc.assert(
      fc.property(overlaps(200), (overlap) => {
        const chances = overlapChances(overlap);
        expect(chances.length).toBe(Math.min(overlap.active, overlap.synapses) + 1);
        expect(chances.reduce((sum, chance) => sum.plus(chance)).compare(ONE)).toBe(0);
        expect(falseMatch({ ...overlap, threshold: 0 }).compare(ONE)).toBe(0);
      }),
    );
  });

  it("they fall with the threshold, and grow with synapses and active cells", () => {
    fc.assert(
      fc.property(overlaps(120), ({ cells, active, synapses }) => {
        const tails = falseMatches({ cells, active, synapses });
        tails.forEach((tail, threshold) => {
          if (threshold > 0) expect(tail.compare(tails[threshold - 1])).toBeLessThanOrEqual(0);
        });
        const threshold = Math.floor(synapses / 2);
        const more = (change: object): number =>
          falseMatch({ cells, active, synapses, threshold, ...change }).compare(tails[threshold]);
        if (synapses < cells) expect(more({ synapses: synapses + 1 })).toBeGreaterThanOrEqual(0);
        if (active < cells) expect(more({ active: active + 1 })).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("a learned pattern is never missed if no cell is silent, always if all are, and more often the more are", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), fc.nat(), (active, s, t) => {
        const synapses = 1 + (s % active);
        const threshold = 1 + (t % synapses);
        const chances = Array.from({ length: active + 1 }, (_, silenced) =>
          missedMatch({ active, synapses, threshold, silenced }),
        );
        expect(chances[0].numerator).toBe(0n);
        expect(chances[active].compare(ONE)).toBe(0);
        chances.forEach((chance, i) => {
          if (i > 0) expect(chance.compare(chances[i - 1])).toBeGreaterThanOrEqual(0);
        });
      }),
    );
  });

  it("a union has at least one pattern's synapses, and its bound for separate segments is at most 1", () => {
    fc.assert(
      fc.property(overlaps(300), fc.integer({ min: 1, max: 50 }), ({ cells, active, synapses }, patterns) => {
        const size = unionSize({ cells, synapses, patterns });
        const expected = cells * (1 - (1 - synapses / cells) ** patterns);
        expect(Math.abs(size - expected)).toBeLessThan(0.5 + 1e-6);
        const match = { cells, active, synapses, threshold: Math.ceil(synapses / 3), patterns };
        expect(falseMatchOfUnion(match).compare(falseMatch(match))).toBeGreaterThanOrEqual(0);
        const any = falseMatchOfAny(match);
        expect(any.compare(ONE)).toBeLessThanOrEqual(0);
        expect(any.compare(falseMatch(match))).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("the least threshold is the first whose probability is small enough", () => {
    fc.assert(
      fc.property(overlaps(60), fc.double({ min: 0, max: 1, noNaN: true }), (overlap, bound) => {
        const found = leastThreshold(overlap, bound);
        const chances = falseMatches(overlap).map((chance) => chance.toNumber());
        const expected = chances.findIndex((chance) => chance <= bound);
        expect(found).toBe(expected < 0 ? undefined : expected);
      }),
    );
  });
});

describe("refusals", () => {
  const match = { cells: 100, active: 10, synapses: 8, threshold: 4 };
  it.each([
    [() => falseMatch({ ...match, threshold: 9 }), /`threshold` is 9, .*8 synapses never reaches\. Make it at most 8/],
    [
      () => falseMatch({ ...match, threshold: -1 }),
      /`threshold` is -1\. Make it a whole number from 0 to `synapses` \(8\)/,
    ],
    [() => falseMatch({ ...match, threshold: Number.NaN }), /`threshold` is NaN/],
    [() => falseMatch({ ...match, active: 101 }), /`active` is 101\. Make it a whole number from 0 to `cells` \(100\)/],
    [() => falseMatch({ ...match, synapses: 1.5 }), /`synapses` is 1\.5/],
    [() => falseMatch({ ...match, cells: 0 }), /`cells` is 0/],
    [() => missedMatch({ active: 10, synapses: 11, threshold: 1, silenced: 0 }), /`synapses` is 11\..*`active` \(10\)/],
    [() => missedMatch({ active: 10, synapses: 8, threshold: 1, silenced: 11 }), /`silenced` is 11/],
    [
      () => unionSize({ cells: 10, synapses: 2, patterns: 0 }),
      /`patterns` is 0\. Make it a whole number from 1 to 10000/,
    ],
    [() => leastThreshold(match, 2), /`falseMatch` is 2\. Make it a number from 0 to 1/],
    [() => medianFalseMatches({ cells: [], activePerThousand: [5], synapses: [20] }), /a list of the grid is empty/],
  ])("say what is wrong and what to do (%#)", (call, message) => {
    expect(call).toThrow(message);
  });
});

function bitsOf(word: number): number {
  let count = 0;
  for (let left = word; left > 0; left >>>= 1) count += left & 1;
  return count;
}
