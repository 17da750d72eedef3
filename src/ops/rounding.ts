// Rounding to whole numbers. Every derivative is 0.

import { type AnyOp, apply } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { scalar } from "./broadcast.js";
import { unary } from "./unary.js";

const zero = (x: Tensor): Tensor => scalar(0, x);
/** Between two jumps: a difference across one says nothing about the derivative. */
const smooth = { low: 0.6, high: 0.9 };

/** The nearest integer; of two that are equally near, the even one, which `Math.round` does not choose. */
function nearestEven(x: number): number {
  return Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
}

// y = the largest integer that is not above x
const floorOp = unary({
  name: "floor",
  reference: Math.floor,
  derivative: zero,
  domain: smooth,
});
// y = the smallest integer that is not below x
const ceilOp = unary({
  name: "ceil",
  reference: Math.ceil,
  derivative: zero,
  domain: smooth,
});
// y = the nearest integer; at a half, the even one
const roundOp = unary({
  name: "round",
  reference: nearestEven,
  derivative: zero,
  domain: smooth,
});

/**
 * The largest integer that is not above x. Its derivative is 0.
 *
 * @example floor(tensor([1.7, -1.2])) // [1, -2]
 */
export const floor = (x: Tensor): Tensor => apply(floorOp, [x], undefined);
/**
 * The smallest integer that is not below x. Its derivative is 0.
 *
 * @example ceil(tensor([1.2, -1.2])) // [2, -1]
 */
export const ceil = (x: Tensor): Tensor => apply(ceilOp, [x], undefined);
/**
 * The nearest integer, at a half the even one, as in NumPy. Its derivative is 0.
 *
 * @example round(tensor([0.5, 1.5, 1.6])) // [0, 2, 2]
 */
export const round = (x: Tensor): Tensor => apply(roundOp, [x], undefined);

/** Every record of this file. */
export const roundingOps: readonly AnyOp[] = [floorOp, ceilOp, roundOp] as AnyOp[];
