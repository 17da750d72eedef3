// Learning rates that samples act on.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key } from "../../src/core/index.js";
import { affectedRate, homeostasis, randomRegulation } from "../../src/optim/index.js";

const options = fc.record({
  classes: fc.integer({ min: 2, max: 12 }),
  step: fc.double({ min: 1e-6, max: 1, noNaN: true }),
});
const rates = fc.double({ min: 1e-8, max: 10, noNaN: true });

describe("homeostasis", () => {
  it("changes the rate by one step or stops at 1e-8, and only if the expected rate scores better", () => {
    fc.assert(
      fc.property(options, rates, fc.nat(), fc.nat(), fc.double(), fc.double(), (given, rate, p, a, now, then) => {
        const [predicted, actual] = [p % given.classes, a % given.classes];
        const asked: number[] = [];
        const score = (tried: number): number => {
          asked.push(tried);
          return asked.length === 1 ? then : now;
        };
        const found = homeostasis(rate, { ...given, predicted, actual, score });
        expect(asked).toEqual([affectedRate(rate, predicted, given), rate]);
        expect(found.taken).toBe(then > now);
        if (!found.taken) expect(found.rate).toBe(rate);
        else if (2 * actual >= given.classes) expect(found.rate).toBe(rate + given.step);
        else expect(found.rate).toBe(Math.max(1e-8, rate - given.step));
        expect(found.rate).toBeGreaterThanOrEqual(1e-8);
      }),
    );
  });

  it("the random control takes half of all effects, whatever they are", () => {
    const taken = Array.from({ length: 2000 }, (_, i) =>
      randomRegulation(0.5, { classes: 4, step: 0.1, actual: i % 4, key: Key.of(1).fold(i) }),
    );
    const share = taken.filter((each) => each.taken).length / taken.length;
    expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / 2000));
    for (const [i, { rate, taken: yes }] of taken.entries())
      expect(rate).toBe(yes ? 0.5 + (i % 4 < 2 ? -0.1 : 0.1) : 0.5);
  });

  it.each([
    [() => affectedRate(0.1, 3, { classes: 3, step: 1 }), "label 3 is none of 3 classes"],
    [() => affectedRate(0.1, 0, { classes: 1, step: 1 }), "`classes` is 1: give a whole number of at least 2"],
    [() => affectedRate(0, 0, { classes: 2, step: 1 }), "`rate` is 0: give a number above 0"],
    [() => affectedRate(0.1, 0, { classes: 2, step: Number.NaN }), "`step` is NaN"],
  ])("refuses %#", (run, sentence) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(sentence);
  });
});
