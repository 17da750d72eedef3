import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { threefry2x32 } from "../../src/core/key.js";
import { Key, random } from "../../src/index.js";
import { runs } from "../laws/settings.js";

const seeds = fc.nat(Number.MAX_SAFE_INTEGER);
const words = (key: Key): [number, number] => [key.hi, key.lo];

describe("threefry2x32", () => {
  // The known-answer tests of the Random123 library, threefry2x32 with 20 rounds (kat_vectors).
  it.each([
    [0, 0, 0, 0, 0x6b200159, 0x99ba4efe],
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7],
    [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0],
  ])("of key (%i, %i), counter (%i, %i)", (k0, k1, c0, c1, x, y) => {
    expect(threefry2x32(k0, k1, c0, c1)).toEqual([x, y]);
  });
});

describe("Key", () => {
  it("has the same words as JAX: jax.random.split(jax.random.key(0))", () => {
    const root = Key.of(0);
    expect(words(root)).toEqual([0, 0]);
    expect(root.split().map(words)).toEqual([
      [1797259609, 2579123966],
      [928981903, 3453687069],
    ]);
    expect(words(root.fold(1))).toEqual([928981903, 3453687069]);
  });

  it("draws the same numbers as JAX: jax.random.uniform and normal of key(0), normal of key(42)", () => {
    expect(random.uniform(Key.of(0), []).item()).toBeCloseTo(0.947667, 6);
    expect(random.normal(Key.of(0), []).item()).toBeCloseTo(1.6226422, 5);
    expect(random.normal(Key.of(42), []).item()).toBeCloseTo(-0.028304616, 6);
  });

  it("takes seeds up to 2^53 - 1 and nothing else", () => {
    expect(words(Key.of(2 ** 32 + 5))).toEqual([1, 5]);
    expect(words(Key.of(Number.MAX_SAFE_INTEGER))).toEqual([2 ** 21 - 1, 2 ** 32 - 1]);
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN]) expect(() => Key.of(seed)).toThrow("[Key.of] a seed is a whole");
    for (const index of [-1, 0.5, 2 ** 32]) expect(() => Key.of(0).fold(index)).toThrow("[Key.fold] an index is");
  });

  it("reads what it writes", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const key = Key.of(seed);
        expect(key.toString()).toMatch(/^[0-9a-f]{16}$/);
        expect(words(Key.parse(key.toString()))).toEqual(words(key));
      }),
      runs(100),
    );
    for (const text of ["", "0123456789abcde", "0123456789abcdeg", "0123456789ABCDEF"]) {
      expect(() => Key.parse(text)).toThrow("[Key.parse]");
    }
  });

  it("draws the same numbers for a tensor as one by one, whatever the shape", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 40 }), (seed, n) => {
        const key = Key.of(seed);
        expect([...random.uniform(key, [n]).data()]).toEqual(Array.from({ length: n }, (_, i) => key.uniform(i)));
        expect([...random.uniform(key, [2, n]).data()].slice(0, n)).toEqual([...random.uniform(key, [n]).data()]);
      }),
      runs(60),
    );
  });

  it("folds to different keys", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const children = Key.of(seed).split(200).map(String);
        expect(new Set([...children, String(Key.of(seed))]).size).toBe(201);
      }),
      runs(20),
    );
  });

  it("splits into whole numbers of keys, and 0 without a sign is the seed of 0 with one", () => {
    for (const odd of [1.5, -1, Number.NaN, 2 ** 33, "2", null]) {
      expect(() => Key.of(1).split(odd as never)).toThrow("[Key.split] a count is a whole number from 0 to 2^32 - 1");
    }
    expect(Key.of(1).split(0)).toEqual([]);
    expect(Key.of(-0)).toEqual(Key.of(0));
  });

  it("draws each order of four equally often, with each item first and last", () => {
    const counts = new Map<string, number>();
    const draws = 24_000;
    for (let seed = 0; seed < draws; seed++) {
      const order = Key.of(7).fold(seed).permutation(4).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // Five standard deviations of a count, and the sum of all squares: 23 degrees of freedom, p below 1e-6 beyond 70.
    const each = draws / 24;
    for (const [order, count] of counts) expect(Math.abs(count - each), order).toBeLessThan(5 * Math.sqrt(each));
    expect([...counts.values()].reduce((sum, count) => sum + (count - each) ** 2 / each, 0)).toBeLessThan(70);
  });

  it("draws whole numbers below their bound, each of them, and permutations of all of them", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 12 }), (seed, bound) => {
        const key = Key.of(seed);
        const drawn = Array.from({ length: 40 * bound }, (_, i) => key.integer(i, bound));
        expect(new Set(drawn)).toEqual(new Set(Array.from({ length: bound }, (_, i) => i)));
        expect(key.permutation(bound).sort((a, b) => a - b)).toEqual(Array.from({ length: bound }, (_, i) => i));
      }),
      runs(60),
    );
  });
});
