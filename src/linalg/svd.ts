// Singular values and vectors. Their derivatives: J. Townsend, Differentiating the singular value decomposition (2016).
import { applyAll, checkTensors, type Op, sumOf } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { matmul } from "../ops/index.js";
import { inverseGaps } from "./eigen.js";
import { forEachMatrix } from "./kernels.js";
import {
  checkMatrix,
  countOf,
  diagonalOf,
  flipped,
  reciprocalOrZero,
  scaleColumns,
  scaleRows,
  sidesOf,
  timesLeft,
  timesRight,
  withDiagonal,
} from "./matrices.js";
import { byMatrix, singular } from "./reference.js";

/** X - B B'X: the part of the columns of X that is orthogonal to those of B. */
const beside = (b: Tensor, x: Tensor): Tensor => x.sub(matmul(b, timesLeft(b, x)));

/** X - X'. */
const skew = (x: Tensor): Tensor => x.sub(flipped(x));

/** U (m, n), s (n) and V (n, n) with A = U diag(s) V' for A (m, n), m >= n. */
export const svdOp: Op = {
  name: "svd",
  shapes: ([a]) => {
    const [, n] = sidesOf(a);
    const stack = a.shape.slice(0, -2);
    return [a.shape, [...stack, n], [...stack, n, n]];
  },
  forward: ([u, s, v], [a]) => {
    const [m, n] = sidesOf(a);
    forEachMatrix(countOf(a.shape), [u, s, v], [a], 0, (kernels, { inputs, outputs }) => {
      kernels.svd(inputs[0], outputs[1], outputs[2], m, n);
      kernels.copy(outputs[0], inputs[0], m * n);
    });
  },
  vjp: ([du, ds, dv], { outputs: [u, s, v] }) => {
    const gaps = inverseGaps(s.square());
    const left = du && scaleColumns(gaps.mul(skew(timesLeft(u, du))), s);
    const right = dv && scaleRows(s, gaps.mul(skew(timesLeft(v, dv))));
    const inner = sumOf(sumOf(ds && withDiagonal(ds), left), right);
    const within = inner && timesRight(matmul(u, inner), v);
    const above = du && timesRight(beside(u, scaleColumns(du, reciprocalOrZero(s))), v);
    return [sumOf(within, above)];
  },
  jvp: ([da], { outputs: [u, s, v] }) => {
    const p = matmul(timesLeft(u, da!), v);
    const gaps = inverseGaps(s.square());
    const [byRight, byLeft] = [scaleColumns(p, s), scaleColumns(flipped(p), s)];
    const rotationU = gaps.mul(byRight.add(flipped(byRight)));
    const rotationV = gaps.mul(byLeft.add(flipped(byLeft)));
    const above = beside(u, scaleColumns(matmul(da!, v), reciprocalOrZero(s)));
    return [matmul(u, rotationU).add(above), diagonalOf(p), matmul(v, rotationV)];
  },
  reference: ([a]) => {
    const [m, n] = sidesOf(a);
    return byMatrix([a], ([matrix]) => singular(matrix, m, n));
  },
  domain: [
    { inputs: [{ shape: [2, 3, 3], diagonal: [4, 0.5, 8] }], attributes: undefined },
    { inputs: [{ shape: [4, 2], diagonal: [3, 6] }], attributes: undefined },
  ],
};

/**
 * The thin singular value decomposition A = U diag(s) V' of a matrix, or of each in a stack [..., m, n], with
 * k = min(m, n): `u` [..., m, k] and `v` [..., n, k] have orthonormal columns, and `s` [..., k] is descending and not negative.
 * In each column of `u` (of `v`, if m < n), the first element of at least half the largest size is positive.
 *
 * If singular values are equal or zero, derivatives are correct only for results that do not depend on the choice of their
 * vectors. The method is one-sided Jacobi rotations, which find small singular values with many correct digits.
 *
 * @throws RangeError if `a` is not a matrix.
 * @example svd(tensor([[3, 0], [0, 1]])).s // [3, 1]
 */
export function svd(a: Tensor): { u: Tensor; s: Tensor; v: Tensor } {
  checkTensors("svd", [a]);
  checkMatrix("svd", a);
  const [m, n] = sidesOf(a);
  const [left, s, right] = applyAll(svdOp, [m >= n ? a : flipped(a)], undefined);
  return m >= n ? { u: left, s, v: right } : { u: right, s, v: left };
}
