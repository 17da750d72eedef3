// A weight is read twice in a step, as W yPre and W' y, so its cotangent is two outer products and perhaps a matrix.
// The step kernels take it in that form, which avoids the matrix that a plain backward pass would write and read again.
import type { OuterProduct } from "../../autodiff/index.js";
import { emptyLike, kernelsOf, type Tensor } from "../../core/index.js";

/** Addresses for a kernel; 0 for a missing one. */
export interface Factors {
  readonly dense: number;
  readonly lA: number;
  readonly rA: number;
  readonly lB: number;
  readonly rB: number;
}

/** The first two outer products as vectors; any further ones are added to the matrix, in order. */
export function factorsOf(weights: Tensor, dense: Tensor | undefined, products: readonly OuterProduct[]): Factors {
  const [a, b, ...more] = products;
  let matrix = dense;
  if (more.length > 0) {
    matrix = emptyLike(weights);
    if (dense) kernelsOf(matrix).copy(matrix.address, dense.address, dense.bytes);
    else kernelsOf(matrix).fill(matrix.address, matrix.size, 0);
    for (const { left, right } of more) {
      kernelsOf(matrix).outerAdd(matrix.address, left.address, right.address, left.size, right.size);
    }
  }
  return {
    dense: matrix?.address ?? 0,
    lA: a?.left.address ?? 0,
    rA: a?.right.address ?? 0,
    lB: b?.left.address ?? 0,
    rB: b?.right.address ?? 0,
  };
}
