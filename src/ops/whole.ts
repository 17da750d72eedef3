// Whole parts of numbers and of quotients. Every derivative is 0.

import { type AnyOp, apply, checkTensors, type Op, stop } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { broadcastShapes, gridReference, runGrid } from "./broadcast.js";
import { abs, div, mul, type Operand, operand, sign, sub } from "./elementwise.js";
import { mod } from "./power.js";
import { whereFinite } from "./predicates.js";
import { floor, round } from "./rounding.js";
import { equal, less, logicalAnd, where } from "./where.js";

// q = the largest whole number that is not above a / b; int32 alone, whose `div` it is
const integerDivOp: Op = {
  name: "floorDiv",
  batch: "elementwise",
  types: { takes: "int32" },
  shapes: ([a, b]) => [broadcastShapes("floorDiv", a.shape, b.shape)],
  forward: ([y], [a, b]) => runGrid("div", y, a, b),
  vjp: () => [undefined, undefined],
  jvp: () => [undefined],
  reference: ([a, b]) => gridReference(a, b, (x, y) => Math.floor(x / y)),
  domain: [],
};

/**
 * `x` cut toward zero: `trunc(-1.7)` is -1. Its derivative is 0.
 *
 * @example trunc(tensor([1.7, -1.7])) // [1, -1]
 */
export function trunc(x: Tensor): Tensor {
  checkTensors("trunc", [x]);
  return mul(sign(x), floor(abs(x)));
}

/**
 * The largest whole number q with q b <= a (for positive b), exact as Python's `a // b`: `floorDiv(1, 0.1)` is 9, since the
 * float32 nearest to 0.1 fits into 1 only 9 times, though the quotient rounds to 10. `a` is `q b + mod(a, b)`, but for
 * rounding. Division by 0 gives the infinities and NaN of `a / b`. Its derivative is 0. int32 gives int32, where a
 * division by 0 is a RangeError.
 *
 * @example floorDiv(tensor([7, -7]), 2) // [3, -4]
 */
export function floorDiv(a: Tensor, b: Operand): Tensor {
  const divisor = operand(b, a);
  checkTensors("floorDiv", [a, divisor]);
  if (!a.type.isFloat) return apply(integerDivOp, [a, divisor], undefined);
  const [x, y] = [stop(a), stop(divisor)];
  // What is left after the remainder is taken off is a whole multiple of b, but for rounding.
  const whole = round(div(sub(x, mod(x, y)), y));
  const opposite = less(mul(sign(x), sign(y)), 0);
  const endless = logicalAnd(whereFinite(x), equal(abs(y), Number.POSITIVE_INFINITY));
  return where(endless, where(opposite, -1, 0), where(equal(y, 0), div(x, y), whole));
}

/** Every record of this file. */
export const wholeOps: readonly AnyOp[] = [integerDivOp] as AnyOp[];
