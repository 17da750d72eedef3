// The products of the rows of a matrix with one another.
import { apply, checkTensors, type Op } from "../autodiff/index.js";
import { type Tensor, withScratch } from "../core/index.js";
import { add, matmul } from "../ops/index.js";
import { multiply } from "../ops/internal.js";
import { checkMatrix, countOf, flipped, sidesOf, timesRight } from "./matrices.js";

/** Rows that are multiplied at once. Fewer leave out more of what is known by symmetry, and cost more calls of kernels. */
const STRIP = 16;

/** Y = A A'. What lies below the diagonal is copied from above it, so half of the products are left out. */
export const gramOp: Op = {
  name: "gram",
  shapes: ([a]) => {
    const [rows] = sidesOf(a);
    return [[...a.shape.slice(0, -2), rows, rows]];
  },
  forward: ([y], [a]) => {
    const { type } = a;
    const { bytes, kernels } = type;
    const [rows, terms] = sidesOf(a);
    withScratch(bytes * STRIP * rows, (strip) => {
      for (let i = 0; i < countOf(a.shape); i++) {
        for (let row = 0; row < rows; row += STRIP) {
          const [high, wide] = [Math.min(STRIP, rows - row), rows - row];
          const from = a.addressOf((i * rows + row) * terms);
          multiply(type, strip, from, from, high, wide, terms, { a: false, b: true });
          const corner = y.addressOf((i * rows + row) * rows + row);
          kernels.copyStrided(corner, strip, 1, high, wide, 0, rows, 1, 0, wide, 1);
          kernels.copyStrided(corner, strip, 1, wide, high, 0, rows, 1, 0, 1, wide);
        }
      }
    });
  },
  vjp: ([dy], { inputs: [a] }) => [matmul(add(dy!, flipped(dy!)), a)],
  jvp: ([da], { inputs: [a] }) => {
    const half = timesRight(da!, a);
    return [add(half, flipped(half))];
  },
  reference: ([{ shape, data }]) => {
    const [rows, terms] = sidesOf({ shape });
    const product = (i: number, j: number): number => {
      let sum = 0;
      for (let k = 0; k < terms; k++) sum += data[i * terms + k] * data[j * terms + k];
      return sum;
    };
    const made = Float64Array.from({ length: countOf(shape) * rows * rows }, (_, at) => {
      const row = Math.floor(at / rows);
      return product(row, row - (row % rows) + (at % rows));
    });
    return [{ shape: [...shape.slice(0, -1), rows], data: made }];
  },
  domain: [
    { inputs: [{ shape: [3, 5] }], attributes: undefined },
    { inputs: [{ shape: [2, 4, 2] }], attributes: undefined },
  ],
};

/**
 * The Gram matrix A A' [..., m, m] of a matrix [m, n], or of each in a stack [..., m, n]: the products of its rows with one
 * another. It is exactly symmetric, has the bits of `matmul(a, a, { b: true })`, and takes about half the time.
 *
 * @throws RangeError if `a` is not a matrix.
 * @example gram(tensor([[1, 2], [3, 4]])) // [[5, 11], [11, 25]]
 */
export function gram(a: Tensor): Tensor {
  checkTensors("gram", [a]);
  checkMatrix("gram", a);
  return apply(gramOp, [a], undefined);
}
