// Labels that shift along a stream.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key } from "../../src/core/index.js";
import { conceptShift } from "../../src/data/index.js";

describe("conceptShift", () => {
  it("exchanges exactly two labels at a time, after every so many samples, and loses none", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 12 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(999),
        (classes, every, seed) => {
          const shift = conceptShift(Key.of(seed), { classes, every });
          const all = Array.from({ length: classes }, (_, c) => c);
          expect(shift.labels(every - 1)).toEqual(all);
          for (let swap = 1; swap < 6; swap++) {
            const [before, after] = [shift.labels(swap * every - 1), shift.labels(swap * every)];
            expect([...after].sort((a, b) => a - b)).toEqual(all);
            const changed = all.filter((c) => before[c] !== after[c]);
            expect(changed.length).toBe(2);
            // The same exchange once more undoes it.
            expect([after[changed[0]], after[changed[1]]]).toEqual([before[changed[1]], before[changed[0]]]);
          }
        },
      ),
    );
  });

  it("depends on the key and the sample alone, and chooses every pair as often", () => {
    const options = { classes: 4, every: 3 };
    const [ahead, slow] = [conceptShift(Key.of(5), options), conceptShift(Key.of(5), options)];
    const late = ahead.labels(3000);
    for (let i = 0; i < 3000; i += 7) slow.labels(i);
    expect(slow.labels(3000)).toEqual(late);
    const pairs = new Map<string, number>();
    for (let i = 1; i <= 6000; i++) {
      const [before, after] = [ahead.labels(3 * i - 1), ahead.labels(3 * i)];
      const pair = String(before.filter((label, c) => label !== after[c]).sort());
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    expect(pairs.size).toBe(6);
    for (const count of pairs.values()) expect(Math.abs(count - 1000)).toBeLessThan(5 * Math.sqrt((6000 * 5) / 36));
  });

  it("never shifts if it is told so", () => {
    expect(conceptShift(Key.of(0), { classes: 3, every: Number.POSITIVE_INFINITY }).labels(1e9)).toEqual([0, 1, 2]);
  });

  it.each([
    [() => conceptShift(Key.of(0), { classes: 1, every: 5 }), "`classes` is 1: give a whole number of at least 2"],
    [() => conceptShift(Key.of(0), { classes: 3, every: 0.5 }), "`every` is 0.5: give a whole number of samples"],
    [() => conceptShift(Key.of(0), { classes: 3, every: 5 }).labels(-1), "samples are numbered from 0"],
  ])("refuses %#", (run, sentence) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(sentence);
  });
});
