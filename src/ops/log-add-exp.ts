// The logarithm of a sum of two exponentials.

import { checkTensors } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { abs, add, type Operand, operand, softplus, sub } from "./elementwise.js";
import { equal, greaterEqual, logicalAnd, where } from "./where.js";

/**
 * log(eᵃ + eᵇ), element by element with broadcasting; nothing overflows on the way. Its derivatives are the shares of the
 * two exponentials in the sum, one half each where a = b.
 */
export function logAddExp(a: Tensor, b: Operand): Tensor {
  const other = operand(b, a);
  checkTensors("logAddExp", [a, other]);
  const first = greaterEqual(a, other);
  const [high, low] = [where(first, a, other), where(first, other, a)];
  // Two equal infinities are no distance apart; their difference would be NaN.
  const same = logicalAnd(equal(high, low), equal(abs(high), Number.POSITIVE_INFINITY));
  return add(high, softplus(where(same, 0, sub(low, high))));
}
