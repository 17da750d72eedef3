// Systems of linear equations by LU factorisation with partial pivoting.
import { apply, checkTensors, type Op, sumOf } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { broadcastTo, eye, matmul } from "../ops/index.js";
import { forEachMatrix } from "./kernels.js";
import { checkSquare, countOf, sidesOf, timesLeft, timesRight, which } from "./matrices.js";
import { byMatrix, solved } from "./reference.js";
import { systemOf } from "./system.js";

/** x with A x = b, or A'x = b, for stacks of matrices A (n, n) and right sides b (n, m). */
export const solveOp: Op<{ transposed: boolean }> = {
  name: "solve",
  shapes: ([, b]) => [b.shape],
  forward: ([x], [a, b], { transposed }) => {
    const [n, m] = sidesOf(b);
    forEachMatrix(countOf(b.shape), [x], [a, b], n, (kernels, { inputs, outputs, room }, index) => {
      if (kernels.lu(inputs[0], room, n) === 0) {
        throw new RangeError(
          `[solve] ${which(a.shape, index)} is singular. Add a small number to its diagonal, or use lstsq.`,
        );
      }
      kernels.luSolve(inputs[0], room, inputs[1], n, m, transposed);
      kernels.copy(outputs[0], inputs[1], n * m);
    });
  },
  vjp: ([dx], { inputs: [a], outputs: [x], attributes: { transposed }, needs }) => {
    const db = apply(solveOp, [a, dx!], { transposed: !transposed });
    return [needs(0) ? (transposed ? timesRight(x, db) : timesRight(db, x)).neg() : undefined, db];
  },
  jvp: ([da, db], { inputs: [a], outputs: [x], attributes }) => {
    const product = da && (attributes.transposed ? timesLeft(da, x) : matmul(da, x));
    return [apply(solveOp, [a, sumOf(product?.neg(), db)!], attributes)];
  },
  reference: ([a, b], { transposed }) =>
    byMatrix([a, b], ([matrix, right]) => {
      const [n, m] = sidesOf(b);
      return [{ shape: [n, m], data: solved(matrix, right, n, m, transposed) }];
    }),
  domain: [false, true].map((transposed) => ({
    inputs: [{ shape: [2, 3, 3], diagonal: [2, -2.5, 3] }, { shape: [2, 3, 3] }],
    attributes: { transposed },
  })),
};

/**
 * The solution x of A x = b for a square matrix A [..., n, n] and b [n] or [..., n, m], in the shape of b. Leading axes are
 * stacks of systems, and broadcast. The method is LU factorisation with partial pivoting.
 *
 * @throws RangeError if shapes do not fit, or A is singular.
 * @example
 * const x = solve(tensor([[2, 1], [1, 3]]), tensor([3, 5])); // [0.8, 1.4]
 */
export function solve(a: Tensor, b: Tensor): Tensor {
  checkTensors("solve", [a, b]);
  checkSquare("solve", a);
  return systemOf("solve", a, b, (left, right) => apply(solveOp, [left, right], { transposed: false }));
}

/**
 * The inverse of a square matrix [..., n, n], or of each in a stack. To solve equations, use `solve`, which is faster and
 * more exact.
 *
 * @throws RangeError if a matrix is not square, or singular.
 * @example inverse(tensor([[2, 0], [0, 4]])) // [[0.5, 0], [0, 0.25]]
 */
export function inverse(a: Tensor): Tensor {
  checkTensors("inverse", [a]);
  checkSquare("inverse", a);
  return inverseOf(a, false);
}

/** A^-1, or A'^-1 with `transposed`, for stacks of square matrices. Throws a RangeError if one is singular. */
export function inverseOf(a: Tensor, transposed: boolean): Tensor {
  return apply(solveOp, [a, broadcastTo(eye(a.shape[a.rank - 1], undefined, 0, a), a.shape)], { transposed });
}
