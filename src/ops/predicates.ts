// Questions with the answers 1 and 0, and what replaces numbers that are not finite. No derivative passes an answer.

import { checkTensors } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { checkOptions } from "../core/index.js";
import { abs, greater } from "./elementwise.js";
import { type Axes, sum } from "./sum.js";
import { equal, less, notEqual, where } from "./where.js";

/**
 * 1 where `x` is NaN, else 0. No derivative passes.
 *
 * @example isNaN(tensor([1, Infinity, NaN])) // [0, 0, 1]
 */
export function whereNaN(x: Tensor): Tensor {
  checkTensors("isNaN", [x]);
  return notEqual(x, x);
}

/**
 * 1 where `x` is neither NaN nor infinite, else 0. No derivative passes.
 *
 * @example isFinite(tensor([1, Infinity, NaN])) // [1, 0, 0]
 */
export function whereFinite(x: Tensor): Tensor {
  checkTensors("isFinite", [x]);
  if (!x.type.isFloat) return equal(x, x);
  return less(abs(x), Number.POSITIVE_INFINITY);
}

/**
 * Whether any element over `axes` (default: all) is not 0: 1 or 0, also for NaN, which is not 0. The axes disappear unless
 * `keepDims`. Of nothing it is 0. No derivative passes.
 *
 * @example any(tensor([[0, 2], [0, 0]]), 1) // [1, 0]
 */
export function any(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  checkTensors("any", [x]);
  return greater(sum(notEqual(x, 0), axes, keepDims), 0);
}

/**
 * Whether all elements over `axes` (default: all) differ from 0: 1 or 0; NaN is not 0. The axes disappear unless
 * `keepDims`. Of nothing it is 1. No derivative passes.
 *
 * @example all(tensor([[1, 2], [0, 1]]), 1) // [1, 0]
 */
export function all(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  checkTensors("all", [x]);
  return equal(sum(equal(x, 0), axes, keepDims), 0);
}

/** Options of `nanToNum`. */
export interface NanToNumOptions {
  /** What stands for NaN; 0 by default. */
  readonly nan?: number;
  /** What stands for Infinity; the largest number of the type of `x` by default. */
  readonly posInf?: number;
  /** What stands for -Infinity; minus the largest number of the type of `x` by default. */
  readonly negInf?: number;
}

/**
 * `x` with finite numbers in place of NaN and the infinities. The derivative passes where x is finite, and is 0 elsewhere.
 *
 * @example nanToNum(tensor([1, NaN]), { nan: 0 }) // [1, 0]
 */
export function nanToNum(x: Tensor, options: NanToNumOptions = {}): Tensor {
  checkTensors("nanToNum", [x]);
  checkOptions("nanToNum", options, ["nan", "posInf", "negInf"]);
  const { largest } = x.type.limits;
  const { nan = 0, posInf = largest, negInf = -largest } = options;
  if (!x.type.isFloat) return x;
  const infinite = where(greater(x, 0), posInf, where(less(x, 0), negInf, nan));
  return where(whereFinite(x), x, infinite);
}
