// Medians and quantiles: what stands at a place among the elements in rising order.

import { checkTensors } from "../autodiff/index.js";
import { quote, type Tensor } from "../core/index.js";
import { asFloat } from "./cast.js";
import { add, mul } from "./elementwise.js";
import { reduceTogether } from "./extremes.js";
import { sort } from "./order.js";
import { moveAxis } from "./permute.js";
import { any, whereNaN } from "./predicates.js";
import { reshape } from "./shape.js";
import { sliceAxis } from "./slice.js";
import type { Axes } from "./sum.js";
import { where } from "./where.js";

/**
 * The `q` quantile over `axes` (default: all), which disappear unless `keepDims`: q = 0 is the smallest, 1 the largest, and
 * between two elements it is interpolated along a line, as by default in NumPy, JAX and PyTorch. NaN if one is NaN. The
 * derivative goes to the one or two elements that make it. That of int32 is float32.
 *
 * @example quantile(tensor([1, 2, 3, 4]), 0.25) // 1.75
 * @throws RangeError if q is outside 0 to 1, or there are no elements.
 */
export function quantile(x: Tensor, q: number, axes?: Axes, keepDims = false): Tensor {
  return named("quantile", x, q, axes, keepDims);
}

/**
 * The middle element over `axes` (default: all), which disappear unless `keepDims`; of an even number of elements the mean of
 * the two in the middle, as in NumPy and JAX (PyTorch takes the smaller). NaN if one is NaN.
 *
 * @example median(tensor([3, 1, 2])) // 2
 */
export function median(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  return named("median", x, 0.5, axes, keepDims);
}

function named(op: string, x: Tensor, q: number, axes: Axes | undefined, keepDims: boolean): Tensor {
  checkTensors(op, [x]);
  if (!(q >= 0 && q <= 1)) throw new RangeError(`[${op}] q is ${quote(q)}. Give a number from 0 to 1.`);
  return reduceTogether(op, asFloat(x), axes, keepDims, (block, from, to) => {
    const [before, after] = [block.shape.slice(0, from), block.shape.slice(to)];
    const rows = moveAxis(reshape(block, [...before, -1, ...after]), from, -1);
    return atQuantile(op, rows, q);
  });
}

/** The quantile along the last axis, which disappears. */
function atQuantile(op: string, x: Tensor, q: number): Tensor {
  const last = x.rank - 1;
  const length = x.shape[last];
  if (length === 0) throw new RangeError(`[${op}] there are no elements along the axes. Give at least one.`);
  const sorted = sort(x);
  const at = (place: number): Tensor => reshape(sliceAxis(sorted, last, place, place + 1), x.shape.slice(0, -1));
  const place = q * (length - 1);
  const low = Math.floor(place);
  const share = place - low;
  const value = share === 0 ? at(low) : add(mul(at(low), 1 - share), mul(at(low + 1), share));
  return where(any(whereNaN(x), -1), Number.NaN, value);
}
