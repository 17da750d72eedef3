// Whole parts of numbers and of quotients. Every derivative is 0.

import { checkTensors, stop } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { abs, div, mul, type Operand, operand, sign, sub } from "./elementwise.js";
import { mod } from "./power.js";
import { whereFinite } from "./predicates.js";
import { floor, round } from "./rounding.js";
import { equal, less, logicalAnd, where } from "./where.js";

/** `x` cut toward zero: `trunc(-1.7)` is -1. Its derivative is 0. */
export function trunc(x: Tensor): Tensor {
  checkTensors("trunc", [x]);
  return mul(sign(x), floor(abs(x)));
}

/**
 * The largest whole number q with q b <= a (for positive b), exact as Python's `a // b`: `floorDiv(1, 0.1)` is 9, since the
 * float32 nearest to 0.1 fits into 1 only 9 times, though the quotient rounds to 10. `a` is `q b + mod(a, b)`, but for
 * rounding. Division by 0 gives the infinities and NaN of `a / b`. Its derivative is 0.
 */
export function floorDiv(a: Tensor, b: Operand): Tensor {
  const divisor = operand(b, a);
  checkTensors("floorDiv", [a, divisor]);
  const [x, y] = [stop(a), stop(divisor)];
  // What is left after the remainder is taken off is a whole multiple of b, but for rounding.
  const whole = round(div(sub(x, mod(x, y)), y));
  const opposite = less(mul(sign(x), sign(y)), 0);
  const endless = logicalAnd(whereFinite(x), equal(abs(y), Number.POSITIVE_INFINITY));
  return where(endless, where(opposite, -1, 0), where(equal(y, 0), div(x, y), whole));
}
