// The Cholesky factor of a positive definite matrix. Its derivatives: I. Murray, Differentiation of the Cholesky
// decomposition (2016), equations 8 and 10.
import { apply, checkTensors, type Op } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { matmul } from "../ops/index.js";
import { forEachMatrix } from "./kernels.js";
import { checkSquare, countOf, flipped, halfLower, sidesOf, symmetric, timesLeft, which } from "./matrices.js";
import { byMatrix, choleskyFactor } from "./reference.js";
import { triangularOp } from "./triangular.js";

/** X with T X = B or T'X = B for a lower triangle T. */
const under = (t: Tensor, b: Tensor, transposed: boolean): Tensor =>
  apply(triangularOp, [t, b], { lower: true, transposed });

/** L with L L' = (A + A') / 2. */
export const choleskyOp: Op = {
  name: "cholesky",
  shapes: ([a]) => [a.shape],
  forward: ([l], [a]) => {
    const [n] = sidesOf(a);
    forEachMatrix(countOf(a.shape), [l], [a], 0, (kernels, { inputs, outputs }, index) => {
      const row = kernels.cholesky(inputs[0], n);
      if (row >= 0) {
        throw new RangeError(
          `[cholesky] ${which(a.shape, index)} is not positive definite: the factor has no positive number on the diagonal of row ${row}. ` +
            "Add a small number to its diagonal, or use eigh.",
        );
      }
      kernels.copy(outputs[0], inputs[0], n * n);
    });
  },
  // With P the half lower triangle of L' dL: dA = L'^-1 P L^-1, made symmetric.
  vjp: ([dl], { outputs: [l] }) => {
    const right = flipped(under(l, halfLower(timesLeft(l, dl!)), true));
    return [symmetric(under(l, right, true))];
  },
  // dL = L times the half lower triangle of L^-1 dA L'^-1.
  jvp: ([da], { outputs: [l] }) => {
    const right = flipped(under(l, symmetric(da!), false));
    return [matmul(l, halfLower(under(l, right, false)))];
  },
  reference: ([a]) => byMatrix([a], ([matrix]) => [{ shape: sidesOf(a), data: choleskyFactor(matrix, sidesOf(a)[0]) }]),
  domain: [{ inputs: [{ shape: [2, 3, 3], diagonal: [3, 4, 5] }], attributes: undefined }],
};

/**
 * The lower triangle L with L L' = A of a symmetric positive definite matrix, or of each in a stack [..., n, n]. If A is not
 * symmetric, the mean of A and A' is factored, so the gradient is symmetric.
 *
 * @throws RangeError if a matrix is not square, or not positive definite.
 * @example cholesky(tensor([[4, 2], [2, 5]])) // [[2, 0], [1, 2]]
 */
export function cholesky(a: Tensor): Tensor {
  checkTensors("cholesky", [a]);
  checkSquare("cholesky", a);
  return apply(choleskyOp, [a], undefined);
}
