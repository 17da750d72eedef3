// The effect of mechanisms: its sign, and that runs are paired by seed whatever order they come in.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { effectOf, type Outcome } from "../../src/studies/internal.js";

const outcome = (arm: string, seed: number, accuracy: number): Outcome => ({
  ...{ arm, seed, accuracy, frozen: null, reborn: null, violations: null, spread: 0 },
});

describe("the effect of an arm", () => {
  it("is its accuracy minus the accuracy without mechanisms, seed by seed", () => {
    const plain = [outcome("none", 0, 0.8), outcome("none", 1, 0.6)];
    const better = [outcome("dale", 0, 0.9), outcome("dale", 1, 0.75)];
    expect(effectOf("dale", better, plain).effect.mean).toBeCloseTo(0.125, 12);
    expect(effectOf("dale", plain, better).effect.mean).toBeCloseTo(-0.125, 12);
  });

  it("does not depend on the order of the runs", () => {
    const run = fc.record({
      with: fc.double({ min: 0, max: 1, noNaN: true }),
      without: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(run, { minLength: 2, maxLength: 6 }), fc.infiniteStream(fc.nat()), (runs, order) => {
        const ours = runs.map((each, seed) => outcome("dale", seed, each.with));
        const plain = runs.map((each, seed) => outcome("none", seed, each.without));
        const shuffled = [...plain].map((each) => ({ each, at: order.next().value })).sort((a, b) => a.at - b.at);
        const { effect } = effectOf(
          "dale",
          ours,
          shuffled.map(({ each }) => each),
        );
        const wanted = runs.reduce((sum, each) => sum + each.with - each.without, 0) / runs.length;
        expect(effect.mean).toBeCloseTo(wanted, 12);
        expect(effect).toEqual(effectOf("dale", ours, plain).effect);
      }),
      { seed: 20261128, numRuns: 50 },
    );
  });
});
