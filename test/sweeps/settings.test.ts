import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, Key } from "../../src/index.js";
import { draw, grid, withSettings } from "../../src/sweeps/index.js";

const values = fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 4 });
const spaces = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), values);

describe("grid", () => {
  it("has every combination once, and the last setting varies fastest", () => {
    fc.assert(
      fc.property(spaces, (space) => {
        const trials = grid(space);
        const lists = Object.values(space);
        expect(trials.length).toBe(lists.reduce((product, { length }) => product * length, 1));
        // A combination read as a number, each setting's place a digit, counts up from 0.
        const numbers = trials.map((trial) =>
          Object.entries(space).reduce(
            (sum, [name, list]) => sum * list.length + list.indexOf(trial[name] as number),
            0,
          ),
        );
        expect(numbers).toEqual(trials.map((_, i) => i));
      }),
    );
  });

  it.each([
    ["no values", { lr: [] }, /"lr" has no values/],
    ["a value twice", { lr: [1, 2, 1] }, /"lr" has the value 1 twice/],
    ["the same list twice", { hidden: [[1], [1]] }, /twice/],
    ["what JSON cannot hold", { lr: [Number.NaN] }, /lr is NaN, which JSON cannot hold/],
    [
      "too many combinations",
      Object.fromEntries(["a", "b", "c"].map((name) => [name, Array.from({ length: 60 }, (_, i) => i)])),
      /216000 trials/,
    ],
  ])("refuses %s", (_, space, sentence) => {
    expect(() => grid(space)).toThrow(InputError);
    expect(() => grid(space)).toThrow(sentence);
  });
});

describe("draw", () => {
  const space = {
    rate: { low: 1e-4, high: 1e-1, scale: "log" },
    part: { low: -1, high: 1 },
    count: { low: 2, high: 5, whole: true },
    steps: { low: 1, high: 1000, scale: "log", whole: true },
    kind: ["x", "y", "z"],
  } as const;
  const trials = draw(Key.of(3), 3000, space);
  const numbers = (name: keyof typeof space): number[] => trials.map((trial) => trial[name] as number);

  it("depends on the key and the place of a trial alone, so that more trials keep the first ones", () => {
    expect(draw(Key.of(3), 40, space)).toEqual(trials.slice(0, 40));
    expect(draw(Key.of(4), 40, space)).not.toEqual(trials.slice(0, 40));
  });

  it("stays within ranges, reaches the ends of whole ones, and keeps four digits", () => {
    for (const x of numbers("rate")) expect(x >= 1e-4 && x <= 1e-1 && Number(x.toPrecision(4)) === x).toBe(true);
    for (const x of numbers("part")) expect(x >= -1 && x <= 1).toBe(true);
    expect([...new Set(numbers("count"))].sort()).toEqual([2, 3, 4, 5]);
    expect(numbers("steps").every((x) => Number.isInteger(x) && x >= 1 && x <= 1000)).toBe(true);
    expect(new Set(trials.map(({ kind }) => kind))).toEqual(new Set(space.kind));
  });

  it("draws the logarithm of a logarithmic range uniformly, and other ranges as they are", () => {
    // The share below the middle is a half; its standard error over 3,000 draws is 0.009.
    const below = (name: keyof typeof space, middle: number): number =>
      numbers(name).filter((x) => x < middle).length / trials.length;
    expect(Math.abs(below("rate", 10 ** -2.5) - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(below("part", 0) - 0.5)).toBeLessThan(0.04);
    expect(Math.abs(below("count", 4) - 0.5)).toBeLessThan(0.04);
  });

  it.each([
    ["an empty range", { low: 1, high: 1 }, /goes from 1 to 1/],
    ["no finite range", { low: 0, high: Infinity }, /goes from 0 to Infinity/],
    ["a logarithm of 0", { low: 0, high: 1, scale: "log" }, /has no logarithm/],
    ["another scale", { low: 1, high: 2, scale: "cubic" }, /has the scale "cubic"/],
    ["fractions as ends of whole numbers", { low: 0.5, high: 2, whole: true }, /whole numbers/],
  ])("refuses %s", (_, range, sentence) => {
    expect(() => draw(Key.of(0), 1, { lr: range as never })).toThrow(sentence);
  });

  it.each([0, -1, 1.5, Number.NaN, 100_001])("refuses %d trials", (count) => {
    expect(() => draw(Key.of(0), count, space)).toThrow(/whole number from 1 to 100000/);
  });
});

describe("withSettings", () => {
  const base = { lr: 1, inner: { deep: { x: 2 }, list: [1, 2] } };

  it("changes what the paths name in a copy", () => {
    const changed = withSettings(base, { lr: 5, "inner.deep.x": 7, "inner.list": [3] });
    expect(changed).toEqual({ lr: 5, inner: { deep: { x: 7 }, list: [3] } });
    expect(base).toEqual({ lr: 1, inner: { deep: { x: 2 }, list: [1, 2] } });
  });

  it("refuses a path through what has no settings of its own", () => {
    expect(() => withSettings(base, { "lr.x": 1 })).toThrow(/there is no setting "lr.x": "lr" has no settings/);
    expect(() => withSettings(base, { "constructor.prototype.x": 1 })).toThrow(InputError);
  });

  it("never touches a prototype", () => {
    const changed = withSettings(base, JSON.parse('{"__proto__": {"polluted": 1}}'));
    expect(Object.getPrototypeOf(changed)).toBe(Object.prototype);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
