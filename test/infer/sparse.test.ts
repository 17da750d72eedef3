// The least of a quadratic with an L1 term, against the conditions that hold there and nowhere else, since it is convex.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { leastOf, type Quadratic } from "../../src/infer/sparse.js";

const number = fc.double({ min: -3, max: 3, noNaN: true });
const rows = (count: number, width: number) =>
  fc.array(fc.array(number, { minLength: width, maxLength: width }), { minLength: count, maxLength: count });

/** The curvature of least squares with these rows, and with terms that are hardly more than copies of others if asked for. */
const curvatureOf = (table: readonly (readonly number[])[], ridge: number): Float64Array => {
  const count = table[0].length;
  return Float64Array.from({ length: count * count }, (_, at) => {
    const [k, l] = [Math.floor(at / count), at % count];
    return table.reduce((sum, row) => sum + row[k] * row[l], 0) + (k === l ? ridge : 0);
  });
};

/** By how much the conditions of Karush, Kuhn and Tucker fail, relative to the penalty. */
function excess({ curvature, slope, l1 }: Quadratic, at: readonly number[]): number {
  const failures = at.map((x, k) => {
    const pull = at.reduce((sum, y, l) => sum - curvature[k * at.length + l] * y, slope[k]);
    return x === 0 ? Math.max(0, Math.abs(pull) - l1) : Math.abs(pull - l1 * Math.sign(x));
  });
  return Math.max(...failures) / l1;
}

describe("leastOf", () => {
  it("is where no change helps, from wherever it begins, also where terms are alike", () => {
    const problem = fc
      .integer({ min: 1, max: 6 })
      .chain((count) =>
        fc.tuple(
          rows(7, count),
          rows(2, count),
          fc.constantFrom(1, 1e-4),
          fc.double({ min: 0.05, max: 20, noNaN: true }),
        ),
      );
    fc.assert(
      fc.property(problem, ([table, [slope, from], ridge, l1]) => {
        const quadratic = { curvature: curvatureOf(table, ridge), slope: slope.map((x) => 5 * x), l1 };
        expect(excess(quadratic, leastOf(quadratic, from))).toBeLessThan(1e-5);
      }),
      { numRuns: 300 },
    );
  });

  it("shrinks each coefficient by itself where terms are independent", () => {
    const slope = [3, -3, 0.5, -0.5, 1];
    const curvature = Float64Array.from({ length: 25 }, (_, at) => (at % 6 === 0 ? 2 : 0));
    const at = leastOf({ curvature, slope, l1: 1 }, [0, 0, 7, 0, -7]);
    expect(at.map((x) => x + 0)).toEqual([1, -1, 0, 0, 0]);
  });
});
