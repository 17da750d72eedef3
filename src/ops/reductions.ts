// Reductions made of other ops: products, spread, length, log-sum-exp. Derivatives of any order follow.

import { stop } from "../autodiff/index.js";
import { showShape, sizeOf, type Tensor } from "../core/index.js";
import { scalar } from "./broadcast.js";
import { abs, add, div, exp, greater, log, mul, sqrt, square, sub } from "./elementwise.js";
import { max, reduceTogether } from "./extremes.js";
import { concat } from "./join.js";
import { mean } from "./mean.js";
import { pow } from "./power.js";
import { reshape } from "./shape.js";
import { sliceAxis } from "./slice.js";
import { broadcastTo } from "./stretch.js";
import { type Axes, axesOf, sum } from "./sum.js";
import { equal, where } from "./where.js";

/**
 * The product over `axes` (default: all), which disappear unless `keepDims`: halves are multiplied with halves, in one
 * fixed order. Derivatives are right where elements are 0. An empty product is 1.
 */
export function prod(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  return reduceTogether("prod", x, axes, keepDims, (block, from, to) => {
    const rest = [...block.shape.slice(0, from), ...block.shape.slice(to)];
    let length = sizeOf(block.shape.slice(from, to));
    if (length === 0) return broadcastTo(scalar(1), rest);
    let result = reshape(block, [sizeOf(block.shape.slice(0, from)), length, sizeOf(block.shape.slice(to))]);
    while (length > 1) {
      const half = length >> 1;
      const halves = mul(sliceAxis(result, 1, 0, half), sliceAxis(result, 1, half, 2 * half));
      result = length % 2 === 0 ? halves : concat([halves, sliceAxis(result, 1, length - 1, length)], 1);
      length -= half;
    }
    return reshape(result, rest);
  });
}

/**
 * The mean squared distance from the mean over `axes` (default: all), which disappear unless `keepDims`. The sum of
 * squares is divided by the count less `ddof` (default 0; 1 for an unbiased estimate).
 *
 * @throws RangeError if `ddof` leaves nothing to divide by.
 */
export function variance(x: Tensor, axes?: Axes, keepDims = false, ddof = 0): Tensor {
  const count = axesOf("variance", x, axes).reduce((product, axis) => product * x.shape[axis], 1);
  if (count <= ddof) {
    throw new RangeError(`[variance] ${count} elements of shape ${showShape(x.shape)} less ddof ${ddof} leave none.`);
  }
  return div(sum(square(sub(x, mean(x, axes, true))), axes, keepDims), count - ddof);
}

/** √s with derivative 0, not infinity, at 0. */
function root(s: Tensor): Tensor {
  const positive = greater(s, 0);
  return where(positive, sqrt(where(positive, s, 1)), mul(s, 0));
}

/** The root of `variance`; its derivative where all elements are equal is taken as 0. */
export function std(x: Tensor, axes?: Axes, keepDims = false, ddof = 0): Tensor {
  return root(variance(x, axes, keepDims, ddof));
}

/**
 * The length of `x` as a vector over `axes` (default: all): of order 2 (the default) the root of the sum of squares, of
 * order 1 the sum of sizes, of order Infinity the largest size, else (sum |x|^p)^(1/p). The derivative at 0 is taken
 * as 0 for orders 1 and 2.
 *
 * @throws RangeError for an order below 1.
 */
export function norm(x: Tensor, axes?: Axes, keepDims = false, order = 2): Tensor {
  if (!(order >= 1)) throw new RangeError(`[norm] order ${order}: a norm has an order of at least 1, or Infinity.`);
  if (order === 2) return root(sum(square(x), axes, keepDims));
  if (order === 1) return sum(abs(x), axes, keepDims);
  if (order === Number.POSITIVE_INFINITY) return max(abs(x), axes, keepDims);
  return pow(sum(pow(abs(x), order), axes, keepDims), 1 / order);
}

/**
 * log(sum(eˣ)) over `axes` (default: all), which disappear unless `keepDims`. The largest element is taken out first, so
 * nothing overflows; of nothing but -Infinity it is -Infinity.
 */
export function logSumExp(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  const largest = stop(max(x, axes, true));
  const shift = where(equal(abs(largest), Number.POSITIVE_INFINITY), 0, largest);
  const total = log(sum(exp(sub(x, shift)), axes, keepDims));
  return add(total, reshape(shift, total.shape));
}
