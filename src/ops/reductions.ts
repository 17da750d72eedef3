// Reductions made of other ops: spread, length, log-sum-exp. Derivatives of any order follow. Those of int32 are float32.

import { checkTensors, stop } from "../autodiff/index.js";
import { quote, showShape, type Tensor } from "../core/index.js";
import { asFloat } from "./cast.js";
import { abs, add, div, exp, greater, log, mul, sqrt, square, sub } from "./elementwise.js";
import { max } from "./extremes.js";
import { mean } from "./mean.js";
import { pow } from "./power.js";
import { reshape } from "./shape.js";
import { type Axes, axesOf, sum } from "./sum.js";
import { equal, less, logicalAnd, where } from "./where.js";

/**
 * The mean squared distance from the mean over `axes` (default: all), which disappear unless `keepDims`. The sum of
 * squares is divided by the count less `ddof` (default 0; 1 for an unbiased estimate).
 *
 * @throws RangeError if `ddof` leaves nothing to divide by.
 * @example variance(tensor([1, 2, 3])) // 0.6667
 */
export function variance(x: Tensor, axes?: Axes, keepDims = false, ddof = 0): Tensor {
  checkTensors("variance", [x]);
  const count = axesOf("variance", x, axes).reduce((product, axis) => product * x.shape[axis], 1);
  if (count <= ddof) {
    throw new RangeError(
      `[variance] ${count} elements of shape ${showShape(x.shape)} less ddof ${quote(ddof)} leave none.`,
    );
  }
  return div(sum(square(sub(asFloat(x), mean(x, axes, true))), axes, keepDims), count - ddof);
}

/**
 * What to divide `x` by over `axes`, so that neither powers of its sizes nor the sums of these overflow or vanish. For
 * squares a power of two, 1 for sizes that need none: no bit changes. A constant to every derivative, in which it cancels.
 */
export function unitOf(x: Tensor, axes: Axes | undefined, order = 2): Tensor {
  const largest = stop(max(abs(x), axes, true));
  const ordinary = logicalAnd(greater(largest, 0), less(largest, Number.POSITIVE_INFINITY));
  if (order !== 2) return where(ordinary, largest, 1);
  // Squares from 1 / edge^2 to edge^2 are far from the ends of the type, and so are those of all others in units.
  const [edge, unit] = x.type.name === "float64" ? [2 ** 400, 2 ** 700] : [2 ** 50, 2 ** 90];
  const large = logicalAnd(ordinary, greater(largest, edge));
  return where(large, unit, where(logicalAnd(ordinary, less(largest, 1 / edge)), 1 / unit, 1));
}

/** `f` of `x` in such units, for an `f` of the order of x itself. */
function inUnits(x: Tensor, axes: Axes | undefined, order: number, f: (x: Tensor) => Tensor): Tensor {
  if (x.size === 0) return f(x);
  const unit = unitOf(x, axes, order);
  const length = f(div(x, unit));
  return mul(length, reshape(unit, length.shape));
}

/** √s with derivative 0, not infinity, at 0. */
function root(s: Tensor): Tensor {
  const positive = greater(s, 0);
  return where(positive, sqrt(where(positive, s, 1)), mul(s, 0));
}

/**
 * The root of `variance`; its derivative where all elements are equal is taken as 0.
 *
 * @example std(tensor([1, 2, 3])) // 0.8165
 */
export function std(x: Tensor, axes?: Axes, keepDims = false, ddof = 0): Tensor {
  checkTensors("std", [x]);
  return inUnits(asFloat(x), axes, 2, (x) => root(variance(x, axes, keepDims, ddof)));
}

/**
 * The length of `x` as a vector over `axes` (default: all): of order 2 (the default) the root of the sum of squares, of
 * order 1 the sum of sizes, of order Infinity the largest size, else (sum |x|^p)^(1/p). The derivative at 0 is taken
 * as 0. Of large and small numbers too nothing overflows or vanishes on the way.
 *
 * @throws RangeError for an order below 1.
 * @example norm(tensor([3, 4])) // 5
 */
export function norm(x: Tensor, axes?: Axes, keepDims = false, order = 2): Tensor {
  checkTensors("norm", [x]);
  if (!(order >= 1))
    throw new RangeError(`[norm] order ${quote(order)}: a norm has an order of at least 1, or Infinity.`);
  if (order === 1) return sum(abs(asFloat(x)), axes, keepDims);
  if (order === Number.POSITIVE_INFINITY) return max(abs(asFloat(x)), axes, keepDims);
  return inUnits(asFloat(x), axes, order, (x) =>
    order === 2 ? root(sum(square(x), axes, keepDims)) : pow(sum(pow(abs(x), order), axes, keepDims), 1 / order),
  );
}

/**
 * log(sum(eˣ)) over `axes` (default: all), which disappear unless `keepDims`. The largest element is taken out first, so
 * nothing overflows; of nothing, and of nothing but -Infinity, it is -Infinity.
 *
 * @example logSumExp(tensor([0, 1])) // 1.313
 */
export function logSumExp(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  checkTensors("logSumExp", [x]);
  const floats = asFloat(x);
  if (axesOf("logSumExp", x, axes).some((axis) => x.shape[axis] === 0)) return log(sum(floats, axes, keepDims));
  const largest = stop(max(floats, axes, true));
  const shift = where(equal(abs(largest), Number.POSITIVE_INFINITY), 0, largest);
  const total = log(sum(exp(sub(floats, shift)), axes, keepDims));
  return add(total, reshape(shift, total.shape));
}
