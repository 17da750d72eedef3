// Between float32 and int32.

import { type AnyOp, apply, checkTensors, type Op } from "../autodiff/index.js";
import { type DType, kernelsOf, type Tensor } from "../core/index.js";

/** y = x cut toward zero, int32; constant almost everywhere */
export const toIntegerOp: Op = {
  name: "toInteger",
  batch: "elementwise",
  dtype: "int32",
  shapes: ([x]) => [x.shape],
  forward: ([y], [x]) => kernelsOf(x).toInteger(y.address, x.address, x.size),
  vjp: () => [undefined],
  jvp: () => [undefined],
  reference: ([x]) => [{ shape: x.shape, data: x.data.map(Math.trunc) }],
  domain: [],
};

/** y = the int32 x as float32; nothing to differentiate */
export const toFloatOp: Op = {
  name: "toFloat",
  batch: "elementwise",
  integers: true,
  shapes: ([x]) => [x.shape],
  forward: ([y], [x]) => kernelsOf(y).toFloat(y.address, x.address, x.size),
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
  checkTensors("cast", [x]);
  if (x.dtype === dtype) return x;
  return apply(dtype === "int32" ? toIntegerOp : toFloatOp, [x], undefined);
}

/** Every record of this file. */
export const castOps = [toIntegerOp, toFloatOp] as unknown as readonly AnyOp[];
