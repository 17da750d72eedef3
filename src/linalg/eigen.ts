// Eigenvalues and eigenvectors of symmetric matrices. Their derivatives: M. Giles, An extended collection of matrix
// derivative results for forward and reverse mode algorithmic differentiation (2008), section 3.1.
import { applyAll, checkTensors, type Op, sumOf } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { expandDims, matmul, sub } from "../ops/index.js";
import { forEachMatrix } from "./kernels.js";
import {
  checkSquare,
  countOf,
  diagonalOf,
  reciprocalOrZero,
  sidesOf,
  symmetric,
  timesLeft,
  timesRight,
  withDiagonal,
} from "./matrices.js";
import { byMatrix, symmetricEigen } from "./reference.js";

/**
 * 1 / (d[j] - d[i]) in row i and column j, and 0 where both are equal. There, the eigenvectors may be any basis of their
 * space, and a result has a derivative only if it does not depend on this choice. For such a result, 0 is correct.
 */
export function inverseGaps(d: Tensor): Tensor {
  return reciprocalOrZero(sub(expandDims(d, -2), expandDims(d, -1)));
}

/** Values and vectors of (A + A') / 2. */
export const eighOp: Op = {
  name: "eigh",
  shapes: ([a]) => [a.shape.slice(0, -1), a.shape],
  forward: ([values, vectors], [a]) => {
    const [n] = sidesOf(a);
    forEachMatrix(countOf(a.shape), [values, vectors], [a], 0, (kernels, { inputs, outputs }) =>
      kernels.eigh(inputs[0], outputs[0], outputs[1], n),
    );
  },
  // dA = V (diag dw + F * V'dV) V', F the inverse gaps.
  vjp: ([dw, dv], { outputs: [w, v] }) => {
    const inner = sumOf(dw && withDiagonal(dw), dv && inverseGaps(w).mul(timesLeft(v, dv)))!;
    return [symmetric(timesRight(matmul(v, inner), v))];
  },
  // With P = V' dA V: dw = its diagonal, dV = V (F * P).
  jvp: ([da], { outputs: [w, v] }) => {
    const p = matmul(timesLeft(v, symmetric(da!)), v);
    return [diagonalOf(p), matmul(v, inverseGaps(w).mul(p))];
  },
  reference: ([a]) => {
    const [n] = sidesOf(a);
    return byMatrix([a], ([matrix]) => symmetricEigen(matrix, n));
  },
  domain: [{ inputs: [{ shape: [2, 3, 3], diagonal: [-3, 1, 5] }], attributes: undefined }],
};

/**
 * The eigenvalues [..., n] in ascending order, and the eigenvectors as the columns of [..., n, n], of a symmetric matrix or
 * of each in a stack [..., n, n]: A = V diag(values) V'. In each vector, the first element of at least half the largest size
 * is positive. If A is not symmetric, the mean of A and A' is used, so the gradient is symmetric.
 *
 * If eigenvalues are equal, derivatives are correct only for results that do not depend on the choice of their vectors, such
 * as the projection on their space or the sum of the eigenvalues. The method is Jacobi rotations, for n up to some hundreds.
 *
 * @throws RangeError if a matrix is not square.
 * @example eigh(tensor([[2, 0], [0, 3]])).values // [2, 3]
 */
export function eigh(a: Tensor): { values: Tensor; vectors: Tensor } {
  checkTensors("eigh", [a]);
  checkSquare("eigh", a);
  const [values, vectors] = applyAll(eighOp, [a], undefined);
  return { values, vectors };
}
