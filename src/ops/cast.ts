// Between float32 and int32, and what is made of it: one-hot rows, triangles.

import { type AnyOp, apply, type Op } from "../autodiff/index.js";
import { type DType, kernels, showShape, type Tensor } from "../core/index.js";
import { arange, tri } from "./create.js";
import { expandDims } from "./permute.js";
import { equal, logicalNot, where } from "./where.js";

/** y = x cut toward zero, int32; constant almost everywhere */
export const toIntegerOp: Op = {
  name: "toInteger",
  dtype: "int32",
  shapes: ([x]) => [x.shape],
  forward: ([y], [x]) => kernels().toInteger(y.address, x.address, x.size),
  vjp: () => [undefined],
  jvp: () => [undefined],
  reference: ([x]) => [{ shape: x.shape, data: x.data.map(Math.trunc) }],
  domain: [],
};

/** y = the int32 x as float32; nothing to differentiate */
export const toFloatOp: Op = {
  name: "toFloat",
  integers: true,
  shapes: ([x]) => [x.shape],
  forward: ([y], [x]) => kernels().toFloat(y.address, x.address, x.size),
  vjp: () => [undefined],
  jvp: () => [undefined],
  reference: ([x]) => [x],
  domain: [],
};

/**
 * `x` as another type of element. Floats are cut toward zero, NaN becomes 0, and what does not fit into 32 bits the
 * nearest that does; integers beyond 2^24 are rounded. No derivative passes, but for a cast to the type x has: that is x.
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype) return x;
  return apply(dtype === "int32" ? toIntegerOp : toFloatOp, [x], undefined);
}

/**
 * Rows of zeros with a 1 at each of `indices` (int32): shape [...indices.shape, depth]. An index outside gives zeros.
 *
 * @throws TypeError unless the indices are int32.
 */
export function oneHot(indices: Tensor, depth: number): Tensor {
  if (indices.dtype !== "int32") {
    throw new TypeError(`[oneHot] indices are ${indices.dtype}; int32 is needed. Use cast(x, "int32").`);
  }
  return equal(cast(expandDims(indices, -1), "float32"), arange(depth));
}

/** The last two axes of `x` with zeros above the diagonal that begins in column `offset` (default 0). */
export function tril(x: Tensor, offset = 0): Tensor {
  return where(triangle("tril", x, offset), x, 0);
}

/** The last two axes of `x` with zeros below the diagonal that begins in column `offset` (default 0). */
export function triu(x: Tensor, offset = 0): Tensor {
  return where(logicalNot(triangle("triu", x, offset - 1)), x, 0);
}

function triangle(op: string, x: Tensor, offset: number): Tensor {
  if (x.rank < 2) throw new RangeError(`[${op}] shape ${showShape(x.shape)} has no two axes. Use reshape.`);
  return tri(x.shape[x.rank - 2], x.shape[x.rank - 1], offset);
}

/** Every record of this file. */
export const castOps = [toIntegerOp, toFloatOp] as unknown as readonly AnyOp[];
