// How long the segments of a checkpointed loop are, against a count of what each length would store; and what a loop
// really stores, against its budget.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { segmentLength, segmentPlan } from "../../src/autodiff/segment-plan.js";
import { grad, loop, memory, type Tensor, tensor } from "../../src/index.js";
import { runs } from "../laws/settings.js";

/** Bytes stored at most with segments of `length` steps: a carry for each, and the tape of one. */
function stored(steps: number, length: number, stepBytes: number, carryBytes: number): number {
  let segments = 0;
  for (let at = 0; at < steps; at += length) segments++;
  return segments * carryBytes + length * stepBytes;
}

const costs = fc.tuple(
  fc.integer({ min: 1, max: 120 }),
  fc.integer({ min: 1, max: 1000 }),
  fc.integer({ min: 0, max: 1000 }),
);

describe("the length of a segment", () => {
  it("is the number of all steps if they fit, and otherwise the largest that fits", () => {
    fc.assert(
      fc.property(costs, fc.integer({ min: 0, max: 1000 }), ([steps, stepBytes, carryBytes], share) => {
        // From what no length fits to what fits everything.
        const budget = Math.round((share / 990) * steps * stepBytes);
        const length = segmentLength(steps, stepBytes, carryBytes, budget);
        const fitting = Array.from({ length: steps - 1 }, (_, i) => i + 1).filter(
          (candidate) => stored(steps, candidate, stepBytes, carryBytes) <= budget,
        );
        if (steps * stepBytes <= budget) expect(length).toBe(steps);
        else if (fitting.length > 0) expect(length).toBe(Math.max(...fitting));
        else expect(length).toBeLessThanOrEqual(steps);
      }),
      runs(2000),
    );
  });

  it("meets a budget to the byte", () => {
    fc.assert(
      fc.property(costs, fc.nat(), ([steps, stepBytes, carryBytes], pick) => {
        const length = 1 + (pick % steps);
        const exact = length === steps ? steps * stepBytes : stored(steps, length, stepBytes, carryBytes);
        const found = segmentLength(steps, stepBytes, carryBytes, exact);
        if (found !== steps) expect(stored(steps, found, stepBytes, carryBytes)).toBeLessThanOrEqual(exact);
        expect(found).toBeGreaterThanOrEqual(length);
      }),
      runs(1000),
    );
  });

  it("stores nearly the least possible if nothing fits", () => {
    fc.assert(
      fc.property(costs, ([steps, stepBytes, carryBytes]) => {
        const of = (length: number): number => stored(steps, length, stepBytes, carryBytes);
        const least = Math.min(...Array.from({ length: steps }, (_, i) => of(i + 1)));
        // The square root is rounded to a whole step, and the number of segments up to a whole one.
        expect(of(segmentLength(steps, stepBytes, carryBytes, -1))).toBeLessThanOrEqual(least + carryBytes + stepBytes);
      }),
      runs(1000),
    );
  });
});

describe("the plan of a loop", () => {
  it("runs the fewest steps again that a budget allows, with the fewest segments, and meets it to the byte", () => {
    const small = fc.tuple(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 0, max: 1000 }),
    );
    fc.assert(
      fc.property(small, fc.integer({ min: 0, max: 1000 }), ([steps, stepBytes, carryBytes], share) => {
        const budget = Math.round((share / 990) * steps * stepBytes);
        const { length, stored: last } = segmentPlan(steps, stepBytes, carryBytes, budget);
        const bytes = (length: number, last: number): number =>
          last === steps ? steps * stepBytes : stored(steps - last, length, stepBytes, carryBytes) + last * stepBytes;
        const plans = Array.from({ length: steps }, (_, i) => i + 1).flatMap((length) =>
          Array.from({ length: steps + 1 }, (_, last) => ({ length, last })),
        );
        const fitting = plans.filter((plan) => bytes(plan.length, plan.last) <= budget);
        if (fitting.length === 0) {
          expect(length).toBe(segmentLength(steps, stepBytes, carryBytes, budget));
          expect(last).toBe(length === steps ? steps : 0);
          return;
        }
        expect(bytes(length, last)).toBeLessThanOrEqual(budget);
        const most = Math.max(...fitting.map((plan) => plan.last));
        expect(last).toBe(most);
        const segments = (length: number): number => Math.ceil((steps - last) / length);
        const fewest = fitting.filter((plan) => plan.last === most).map((plan) => segments(plan.length));
        expect(segments(length)).toBe(Math.min(...fewest));
      }),
      runs(200),
    );
  });
});

describe("a loop with a budget of bytes", () => {
  it.each([64, 37, 100])(
    "of %i steps stores no more than its budget and one carry, and uses most of the budget",
    (count) => {
      const wide = tensor(new Float32Array(20_000));
      const carryBytes = 4 * wide.size;
      const peakOf = (checkpoint: "off" | { bytes: number }): number => {
        const before = memory.stats().arenaBytes;
        let most = 0;
        const body = (c: Tensor): Tensor => {
          const next = c.add(1).tanh().mul(0.5).exp();
          most = Math.max(most, memory.stats().arenaBytes - before);
          return next;
        };
        grad((w: Tensor) => loop(count, w, body, { checkpoint }).sum())(wide).dispose();
        return most;
      };
      const everything = peakOf("off");
      for (const share of [0.25, 0.3, 0.4, 0.5, 0.75]) {
        const budget = Math.floor(share * everything);
        const peak = peakOf({ bytes: budget });
        expect(peak, `of ${budget} bytes`).toBeLessThanOrEqual(budget + carryBytes);
        expect(peak, `of ${budget} bytes`).toBeGreaterThan(0.9 * budget);
      }
    },
  );
});
