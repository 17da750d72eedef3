import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parallelChart, placesOn } from "../../src/report/parallel.js";

const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 2 });

describe("parallel coordinates", () => {
  it("places values between the ends of their axis, in their order", () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const places = placesOn({ name: "x", values });
        for (const [i, a] of values.entries()) {
          expect(places[i] >= 0 && places[i] <= 1).toBe(true);
          for (const [j, b] of values.entries()) if (a < b) expect(places[i]).toBeLessThanOrEqual(places[j]);
        }
        if (new Set(values).size > 1) expect([Math.min(...places), Math.max(...places)]).toEqual([0, 1]);
      }),
    );
  });

  it("uses logarithms where numbers differ by a factor of 100", () => {
    expect(placesOn({ name: "lr", values: [1e-4, 1e-3, 1e-2] })[1]).toBeCloseTo(0.5, 12);
    expect(placesOn({ name: "n", values: [1, 2, 3] })).toEqual([0, 0.5, 1]);
    expect(placesOn({ name: "n", values: [0, 500, 1000] })).toEqual([0, 0.5, 1]);
  });

  it("places words by the alphabet, and a single value in the middle", () => {
    expect(placesOn({ name: "kind", values: ["c", "a", "b", "a"] })).toEqual([1, 0, 0.5, 0]);
    expect(placesOn({ name: "n", values: [3, 3] })).toEqual([0.5, 0.5]);
  });

  it("draws a line for each trial, the best last, and names its axes", () => {
    const axes = [
      { name: "lr", values: [0.1, 0.2, 0.3] },
      { name: "kind <b>", values: ["a", "b", "a"] },
      { name: "accuracy", values: [0.5, 0.25, 1 / 3] },
    ];
    const svg = parallelChart({ axes });
    expect([...svg.matchAll(/stroke-opacity="([\d.]+)"/g)].map(([, opacity]) => Number(opacity))).toEqual([
      expect.closeTo(0.12),
      expect.closeTo(0.38),
      expect.closeTo(0.9),
    ]);
    for (const text of ["lr", "kind &lt;b&gt;", "accuracy", "0.3333"]) expect(svg).toContain(`>${text}<`);
  });
});
