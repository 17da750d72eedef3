// Ones at certain places: one-hot rows, and the triangles of matrices.

import { checkTensors } from "../autodiff/index.js";
import { showShape, type Tensor } from "../core/index.js";
import { cast } from "./cast.js";
import { arange, type OfType, tri } from "./create.js";
import { expandDims } from "./permute.js";
import { equal, logicalNot, where } from "./where.js";

/**
 * Rows of zeros with a 1 at each of `indices` (int32): shape [...indices.shape, depth], float32 unless `dtype` says
 * float64. An index outside gives zeros.
 *
 * @throws TypeError unless the indices are int32.
 * @example oneHot(tensor([2, 0], { dtype: "int32" }), 3) // [[0, 0, 1], [1, 0, 0]]
 */
export function oneHot(indices: Tensor, depth: number, { dtype = "float32" }: OfType = {}): Tensor {
  checkTensors("oneHot", [indices]);
  if (indices.dtype !== "int32") {
    throw new TypeError(`[oneHot] indices are ${indices.dtype}; int32 is needed. Use cast(x, "int32").`);
  }
  return equal(cast(expandDims(indices, -1), dtype), arange(depth, undefined, 1, dtype));
}

/**
 * The last two axes of `x` with zeros above the diagonal that begins in column `offset` (default 0).
 *
 * @example tril(ones([2, 2])) // [[1, 0], [1, 1]]
 */
export function tril(x: Tensor, offset = 0): Tensor {
  checkTensors("tril", [x]);
  return where(triangle("tril", x, offset), x, 0);
}

/**
 * The last two axes of `x` with zeros below the diagonal that begins in column `offset` (default 0).
 *
 * @example triu(ones([2, 2])) // [[1, 1], [0, 1]]
 */
export function triu(x: Tensor, offset = 0): Tensor {
  checkTensors("triu", [x]);
  return where(logicalNot(triangle("triu", x, offset - 1)), x, 0);
}

function triangle(op: string, x: Tensor, offset: number): Tensor {
  if (x.rank < 2) throw new RangeError(`[${op}] shape ${showShape(x.shape)} has no two axes. Use reshape.`);
  return tri(x.shape[x.rank - 2], x.shape[x.rank - 1], offset, x.type.isFloat ? x : {});
}
