// Our sines and cosines against those of the engine.
import fc from "fast-check";
import { expect, it } from "vitest";
import { sinesAndCosines } from "../../src/control/angles.js";

function both(angle: number): [number, number] {
  const [sines, cosines] = [new Float64Array(1), new Float64Array(1)];
  sinesAndCosines(Float64Array.of(angle), sines, cosines);
  return [sines[0], cosines[0]];
}

it("are within two units of the last place of 1", () => {
  const angle = fc.oneof(
    fc.double({ min: -10, max: 10, noNaN: true }),
    fc.double({ min: -1e5, max: 1e5, noNaN: true }),
  );
  fc.assert(
    fc.property(angle, (x) => {
      const [s, c] = both(x);
      expect(Math.abs(s - Math.sin(x))).toBeLessThanOrEqual(2 ** -52);
      expect(Math.abs(c - Math.cos(x))).toBeLessThanOrEqual(2 ** -52);
    }),
    { numRuns: 3000 },
  );
});

it("are NaN for NaN, and exact at 0", () => {
  expect(both(0)).toEqual([0, 1]);
  expect(both(Number.NaN)).toEqual([Number.NaN, Number.NaN]);
});
