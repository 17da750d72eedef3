// Comparisons against plain arithmetic on numbers, and slopes of errors that are known.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { compareCredit, creditSlope } from "../../src/credit/index.js";
import { tensor } from "../../src/index.js";

const double = (values: readonly number[]) => tensor([...values], { dtype: "float64" });
const numbers = fc.array(
  fc.integer({ min: -80, max: 80 }).map((n) => n / 8),
  { minLength: 1, maxLength: 12 },
);
const norm = (x: readonly number[]): number => Math.hypot(...x);

describe("compareCredit", () => {
  it("gives what the formulas give, for each parameter and for all as one vector", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(numbers, numbers), { minLength: 1, maxLength: 3 }), (pairs) => {
        const cut = pairs.map(([a, b]) => [a.slice(0, b.length), b.slice(0, a.length)]);
        const [credit, gradient] = [0, 1].map((side) => cut.map((pair) => double(pair[side])));
        const { parameters, ...whole } = compareCredit(credit, gradient);
        const all = [cut.flatMap(([a]) => a), cut.flatMap(([, b]) => b)];
        [...parameters, whole].forEach((found, i) => {
          const [a, b] = cut[i] ?? all;
          if (norm(b) === 0 || norm(a) === 0) return;
          expect(found.relativeError).toBeCloseTo(norm(a.map((x, j) => x - b[j])) / norm(b), 9);
          expect(found.cosine).toBeCloseTo(a.reduce((sum, x, j) => sum + x * b[j], 0) / norm(a) / norm(b), 9);
          const agree = a.filter((x, j) => Math.sign(x) === Math.sign(b[j])).length;
          expect(found.signAgreement).toBe(agree / a.length);
        });
      }),
    );
  });

  it("sees a wrong factor, a wrong sign, and zeros", () => {
    const gradient = { w: tensor([1, -2, 0]), b: tensor([4]) };
    const times = (factor: number) => ({ w: gradient.w.mul(factor), b: gradient.b.mul(factor) });
    expect(compareCredit(gradient, gradient)).toMatchObject({ relativeError: 0, largestError: 0, signAgreement: 1 });
    expect(compareCredit(times(1.5), gradient)).toMatchObject({ relativeError: 0.5, largestError: 0.5 });
    expect(compareCredit(times(1.5), gradient).cosine).toBeCloseTo(1, 12);
    expect(compareCredit(times(-1), gradient)).toMatchObject({ relativeError: 2, signAgreement: 0.25 });
    expect(compareCredit(times(0), gradient)).toMatchObject({ relativeError: 1, cosine: 0 });
    expect(compareCredit(gradient, times(0))).toMatchObject({ relativeError: Number.POSITIVE_INFINITY, cosine: 0 });
    expect(compareCredit(times(0), times(0))).toMatchObject({ relativeError: 0, cosine: 1, signAgreement: 1 });
    expect(compareCredit(gradient, gradient).parameters.map(({ path }) => path)).toEqual(["w", "b"]);
  });

  it("compares float32 with float64", () => {
    expect(compareCredit(tensor([0.5, 0.1]), double([0.5, 0.1])).relativeError).toBeLessThan(1e-8);
  });

  it("refuses trees that differ, and trees without a number", () => {
    const one = { w: tensor([1, 2]) };
    expect(() => compareCredit<object>(one, { v: tensor([1, 2]) })).toThrow(/"w" \[2\].*"v" \[2\].*the same structure/);
    expect(() => compareCredit<object>(one, { w: tensor([1]) })).toThrow(RangeError);
    expect(() => compareCredit<object>(one, { w: tensor([1, 2]), v: tensor([1]) })).toThrow(/has nothing where/);
    expect(() => compareCredit({}, {})).toThrow(/no number to compare/);
    expect(() => compareCredit({ w: 1 } as never, one as never)).toThrow(TypeError);
  });
});

describe("creditSlope", () => {
  const gradient = double([3, -1, 2]);
  const off = double([0.3, 0.5, -0.2]);

  it("is the power with which the error falls", () => {
    for (const power of [0, 1, 2, 3]) {
      const { slope, points } = creditSlope(
        (small) => gradient.add(off.mul(small ** power)),
        gradient,
        [1e-1, 1e-2, 1e-3],
      );
      expect(slope).toBeCloseTo(power, 5);
      expect(points.map(({ small }) => small)).toEqual([1e-1, 1e-2, 1e-3]);
      expect(points[0].comparison.relativeError).toBeCloseTo(
        (0.1 ** power * norm([0.3, 0.5, -0.2])) / norm([3, -1, 2]),
        9,
      );
    }
  });

  it("is NaN if the credit has no error", () => {
    expect(creditSlope(() => gradient, gradient, [1, 2]).slope).toBeNaN();
  });

  it("needs two different values above 0", () => {
    for (const smalls of [[], [1], [1, 1], [1, 0], [1, Number.NaN], [1, Number.POSITIVE_INFINITY]]) {
      expect(() => creditSlope(() => gradient, gradient, smalls)).toThrow(/`smalls`.*Give/);
    }
  });
});
