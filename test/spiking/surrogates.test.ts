// Surrogates: the step is a step, and its derivative is the curve that stands in for it, in both modes and twice.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grad, jvp } from "../../src/autodiff/index.js";
import { scope, type Tensor } from "../../src/core/index.js";
import { float64 } from "../../src/float64/index.js";
import { full, sum, tensor } from "../../src/ops/index.js";
import { type SurrogateKind, spikeFunction } from "../../src/spiking/index.js";

/** The curves as published, in double precision, with what their size is by default. */
const published: readonly [SurrogateKind, number, (x: number, size: number) => number][] = [
  ["rectangular", 0.5, (x, width) => (Math.abs(x) < width ? 1 / (2 * width) : 0)],
  ["fastSigmoid", 25, (x, slope) => 1 / (1 + slope * Math.abs(x)) ** 2],
  ["arctan", 2, (x, slope) => slope / 2 / (1 + ((Math.PI / 2) * slope * x) ** 2)],
  ["sigmoid", 4, (x, slope) => (slope * Math.exp(-slope * x)) / (1 + Math.exp(-slope * x)) ** 2],
];
const above = fc.double({ min: -3, max: 3, noNaN: true });
const derivative = (kind: SurrogateKind, size: number | undefined, x: number): number =>
  scope(() => {
    const spike = spikeFunction(size === undefined ? kind : { kind, size });
    return grad((y: Tensor) => sum(spike(y)))(tensor([x], float64)).item();
  });

describe("a spike", () => {
  it("is 1 above the threshold, and 0 at and below it", () => {
    for (const [kind] of published) {
      expect(scope(() => Array.from(spikeFunction(kind)(tensor([-1, -1e-30, 0, 1e-30, 1])).data()))).toEqual([
        0, 0, 0, 1, 1,
      ]);
    }
  });

  it.each(published)("has the derivative of the curve: %s", (kind, usual, curve) => {
    fc.assert(
      fc.property(above, fc.option(fc.double({ min: 0.1, max: 30, noNaN: true }), { nil: undefined }), (x, size) => {
        const expected = curve(x, size ?? usual);
        expect(Math.abs(derivative(kind, size, x) - expected)).toBeLessThanOrEqual(1e-12 * (1 + expected));
      }),
    );
  });

  it.each(published)(
    "has the same derivative forward, and a second one where the curve is smooth: %s",
    (kind, usual, curve) => {
      fc.assert(
        fc.property(above, (x) => {
          // Off the corners of the curves, where a difference is none.
          fc.pre(Math.abs(x) > 0.05 && Math.abs(Math.abs(x) - 0.5) > 0.05);
          scope(() => {
            const spike = spikeFunction(kind);
            const at = tensor([x], float64);
            const { tangent } = jvp(spike, at, full([1], 1, float64));
            expect(tangent.item()).toBe(derivative(kind, undefined, x));
            const slopes = (y: Tensor): Tensor => grad((z: Tensor) => sum(spike(z)))(y);
            const second = grad((y: Tensor) => sum(slopes(y)), { unused: "zero" })(at).item();
            const h = 1e-5;
            const difference = (curve(x + h, usual) - curve(x - h, usual)) / (2 * h);
            expect(Math.abs(second - difference)).toBeLessThanOrEqual(1e-5 * (1 + Math.abs(difference)));
          });
        }),
        { numRuns: 50 },
      );
    },
  );

  it("can be a smooth curve, whose derivative is its own", () => {
    scope(() => {
      const spike = spikeFunction({ kind: "smooth", size: 2 });
      expect(spike(tensor([0], float64)).item()).toBe(0.5);
      expect(grad((y: Tensor) => sum(spike(y)))(tensor([0], float64)).item()).toBe(0.5);
    });
  });

  it("is refused with an unknown curve, or with a size out of its range", () => {
    expect(() => spikeFunction("triangle" as never)).toThrow(
      '[spikeFunction] there is no surrogate "triangle". Use rectangular, fastSigmoid, arctan, sigmoid, smooth.',
    );
    for (const size of [0, -1, Number.NaN, Infinity]) {
      expect(() => spikeFunction({ kind: "arctan", size })).toThrow(/Give a finite number above 0/);
    }
  });
});
