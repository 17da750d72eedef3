// What claims are measured by does not depend on the order of the results, and pairs nothing that saw other images.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import type { Result } from "../../src/runs/index.js";
import {
  boundedLaw,
  bySeed,
  contains,
  differenceOf,
  isAbove,
  isAtLeast,
  isAtMost,
  isBelow,
  largestOf,
  type Measured,
  meanOf,
  oneMoreOf,
  pairsOf,
  smallestOf,
} from "../../src/studies/index.js";

interface Row {
  readonly arm: string;
  readonly value: number;
}

const result = (arm: string, seed: number, value: number, images = "a"): Result<Row> => ({
  cell: { kind: "test", config: { arm }, seed, data: { source: "x", prefix: "y", hash: images } },
  ...{ numerics: 1, row: { arm, value }, seconds: 0 },
});

const of = (results: readonly Result<Row>[], arm: string) =>
  bySeed(results, ({ row }) => (row.arm === arm ? row.value : undefined));

const value = fc.double({ min: -10, max: 10, noNaN: true });
const runs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 8 });
const all = (pairs: readonly (readonly [number, number])[]): Result<Row>[] =>
  pairs.flatMap(([one, other], seed) => [result("one", seed, one), result("other", seed, other)]);

describe("numbers by seed", () => {
  it("give the same means, intervals and differences for any order of the results", () => {
    const shuffled = fc.tuple(runs, fc.infiniteStream(fc.nat())).map(([pairs, order]) => {
      const given = all(pairs);
      const at = given.map(() => order.next().value);
      return [given, [...given.keys()].sort((a, b) => at[a] - at[b]).map((i) => given[i])] as const;
    });
    fc.assert(
      fc.property(shuffled, ([given, other]) => {
        const measured = (results: readonly Result<Row>[]) => [
          ...[meanOf, oneMoreOf, largestOf, smallestOf].map((measure) => measure(of(results, "one"))),
          differenceOf(of(results, "one"), of(results, "other")),
        ];
        expect(measured(other)).toEqual(measured(given));
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  it("are paired by seed: the difference is that of the pairs, and changes sign if the sides are swapped", () => {
    fc.assert(
      fc.property(runs, (pairs) => {
        const results = all(pairs);
        const [one, other] = [of(results, "one"), of(results, "other")];
        const { value: ours = Number.NaN, low = 0, high = 0, seeds } = differenceOf(one, other) as Measured;
        const wanted = pairs.reduce((sum, [a, b]) => sum + (a - b) / pairs.length, 0);
        expect(ours).toBeCloseTo(wanted, 9);
        expect(seeds).toBe(pairs.length);
        const back = differenceOf(other, one) as Measured;
        expect(back.value).toBeCloseTo(-ours, 9);
        expect(-(back.high ?? 0)).toBeCloseTo(low, 6);
        expect(high).toBeGreaterThanOrEqual(low);
        // A seed that the other side lacks changes nothing.
        const extra = [...one, { seed: 99, value: 1000, images: "a" }];
        expect(differenceOf(extra, other)).toEqual(differenceOf(one, other));
      }),
      { seed: 2, numRuns: 60 },
    );
  });

  it("are not paired or combined if the images differ", () => {
    const results = [0, 1, 2, 3, 4, 5].flatMap((seed) => [result("one", seed, 1), result("other", seed, 0, "b")]);
    expect(pairsOf(of(results, "one"), of(results, "other"))).toEqual([[], []]);
    expect(differenceOf(of(results, "one"), of(results, "other"))?.open).toBe("no seed of both saw the same images");
    const mixed = [...results.filter(({ row }) => row.arm === "one"), result("one", 0, 5, "b")];
    expect(meanOf(of(mixed, "one"))?.open).toBe("the seeds saw different images");
    expect(oneMoreOf(of(mixed, "one"))?.open).toBe("the seeds saw different images");
  });

  it("refuse two results of one seed, and give nothing for no results", () => {
    expect(() => of([result("one", 1, 0), result("one", 1, 0)], "one")).toThrow(InputError);
    for (const measure of [meanOf, oneMoreOf, largestOf, smallestOf]) expect(measure([])).toBeUndefined();
    expect(differenceOf(of([result("one", 0, 1)], "one"), [])).toBeUndefined();
  });
});

describe("verdicts", () => {
  const measured = (low: number, high: number, seeds = 5): Measured => ({ value: (low + high) / 2, low, high, seeds });

  it("are open with fewer than five seeds, whatever the interval", () => {
    for (const seeds of [1, 2, 3, 4]) {
      for (const verdict of [
        isAbove(measured(1, 2, seeds)),
        isBelow(measured(-2, -1, seeds)),
        contains(measured(0, 2, seeds), 1),
      ])
        expect(verdict).toBe("open");
    }
    expect(isAbove({ value: 3, seeds: 9 })).toBe("open");
  });

  it("are decided if the whole interval lies on one side of the bound, and open if it contains the bound", () => {
    expect([isAbove(measured(1, 2)), isAbove(measured(-2, -1)), isAbove(measured(-1, 2))]).toEqual([
      ...["holds", "does not hold", "open"],
    ]);
    expect([isBelow(measured(1, 2)), isBelow(measured(-2, -1)), isBelow(measured(-1, 2))]).toEqual([
      ...["does not hold", "holds", "open"],
    ]);
    expect([isAbove(measured(1, 2), 1.5), isAbove(measured(1, 2), 3)]).toEqual(["open", "does not hold"]);
    expect([contains(measured(1, 2), 1.5), contains(measured(1, 2), 2.5)]).toEqual(["holds", "does not hold"]);
    // An interval contains its ends, and touches a bound that is one of them.
    expect([contains(measured(1, 2), 1), contains(measured(1, 2), 2)]).toEqual(["holds", "holds"]);
    expect([isAbove(measured(1, 2), 1), isBelow(measured(1, 2), 2)]).toEqual(["open", "open"]);
    expect([isAbove(measured(1, 2), 2), isBelow(measured(1, 2), 1)]).toEqual(["open", "open"]);
  });

  it("on laws are never open, and NaN breaks a law", () => {
    expect(isAtMost({ value: 0, seeds: 1 }, 0)).toBe("holds");
    expect(isAtMost({ value: 1e-9, seeds: 1 }, 0)).toBe("does not hold");
    expect(isAtMost({ value: Number.NaN, seeds: 1 }, 1)).toBe("does not hold");
    expect(isAtLeast({ value: 0, seeds: 1 }, 0)).toBe("holds");
    expect(isAtLeast({ value: -1e-9, seeds: 1 }, 0)).toBe("does not hold");
    expect(isAtLeast({ value: Number.NaN, seeds: 1 }, -1)).toBe("does not hold");
  });

  it("on bounds are open with fewer seeds than asked for", () => {
    expect([2, 3].map((seeds) => isAtLeast({ value: 1, seeds }, 0, 3))).toEqual(["open", "holds"]);
    expect([2, 3].map((seeds) => isAtMost({ value: -1, seeds }, 0, 3))).toEqual(["open", "holds"]);
  });

  it("of a bounded law are about the largest number of the rows that have one", () => {
    const law = boundedLaw<Row>("small", "Numbers are small", 2, ({ arm, value }) =>
      arm === "one" ? value : undefined,
    );
    const measuredOf = (...values: number[]) =>
      law.measure([...values.map((value, seed) => result("one", seed, value)), result("other", 9, 100)]);
    expect(law.source).toBe("law");
    expect(measuredOf()).toBeUndefined();
    expect(measuredOf(1, -5, 2)).toEqual({ value: 2, seeds: 3 });
    expect([2, 2.5].map((value) => law.holds(measuredOf(value)!))).toEqual(["holds", "does not hold"]);
  });

  it("use the largest number of all seeds, or the smallest one", () => {
    const values = of([result("one", 0, 3), result("one", 1, -1), result("one", 1, 4, "b")], "one");
    expect([largestOf(values), smallestOf(values)]).toEqual([
      { value: 4, seeds: 2 },
      { value: -1, seeds: 2 },
    ]);
  });
});
