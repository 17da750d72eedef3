// Matrices of a given rank and norm, and effective ranks.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key } from "../../src/core/index.js";
import { effectiveRank, lowRank, svd } from "../../src/linalg/index.js";
import { diag, matmul, norm, outer, random, tensor, transpose, zeros } from "../../src/ops/index.js";

const sizes = fc.tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 12 }), fc.nat(1000));
const numbersOf = (x: { data(): ArrayLike<number> }): number[] => Array.from(x.data());

describe("lowRank", () => {
  it("has the rank that is asked for, and the norm of the matrix", () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: 0, max: 1, noNaN: true }), ([m, n, seed], part) => {
        const most = Math.min(m, n);
        const rank = 1 + Math.floor(part * (most - 1));
        const a = random.normal(Key.of(seed), [m, n]);
        const b = lowRank(a, rank);
        const s = numbersOf(svd(b).s);
        expect(s.slice(rank).every((x) => x < 1e-6 * s[0])).toBe(true);
        expect(norm(b).item() / norm(a).item()).toBeCloseTo(1, 6);
        expect(norm(lowRank(a, rank, { norm: 2.5 })).item()).toBeCloseTo(2.5, 5);
      }),
    );
  });

  it("keeps the singular vectors and the ratios of the singular values that are left", () => {
    const a = random.normal(Key.of(3), [6, 4]);
    const [before, after] = [svd(a), svd(lowRank(a, 2))];
    const [s, t] = [numbersOf(before.s), numbersOf(after.s)];
    expect(t[1] / t[0]).toBeCloseTo(s[1] / s[0], 5);
    const turned = matmul(transpose(before.u), after.u).toArray() as number[][];
    for (const i of [0, 1]) expect(Math.abs(turned[i][i])).toBeCloseTo(1, 5);
  });

  it("is the matrix itself at full rank", () => {
    const a = random.normal(Key.of(4), [3, 5]);
    expect(norm(lowRank(a, 3).sub(a)).item()).toBeLessThan(1e-6);
  });

  it.each([
    [() => lowRank(zeros([3, 5]), 4), "[lowRank] `rank` is 4, but a 3 x 5 matrix has a rank of at most 3"],
    [() => lowRank(zeros([3, 5]), 0.5), "Give a whole number from 1 to 3"],
    [() => lowRank(zeros([3, 5]), 2), "the matrix is zero"],
    [() => lowRank(zeros([2, 3, 5]), 2), "shape [2, 3, 5] is a stack of matrices"],
    [() => lowRank(tensor([1, 2]), 1), "is not a matrix"],
    [() => lowRank(tensor([[1]]), 1, { norm: 0 }), "`norm` is 0. Give a finite number above 0"],
  ])("refuses %#", (run, sentence) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(sentence);
  });
});

describe("effectiveRank", () => {
  it("is 1 for an outer product and the number of equal singular values, whatever the scale", () => {
    fc.assert(
      fc.property(sizes, fc.double({ min: 0.01, max: 100, noNaN: true }), ([m, n, seed], scale) => {
        const [left, right] = Key.of(seed).split();
        const one = outer(random.normal(left, [m]), random.normal(right, [n])).mul(scale);
        expect(effectiveRank(one).item()).toBeCloseTo(1, 3);
        const equal = diag(tensor(Array.from({ length: n }, (_, i) => (i < Math.ceil(n / 2) ? scale : 0))));
        expect(effectiveRank(equal).item()).toBeCloseTo(Math.ceil(n / 2), 3);
      }),
    );
  });

  it("is that of the formula", () => {
    const s = [3, 1, 0.5];
    const shares = s.map((x) => x / 4.5);
    const wanted = Math.exp(-shares.reduce((sum, p) => sum + p * Math.log(p), 0));
    expect(effectiveRank(diag(tensor(s))).item()).toBeCloseTo(wanted, 5);
  });
});
