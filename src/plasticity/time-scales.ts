// Time scales that are learned, or set by the chemicals themselves, start exactly at the fixed ones.
import type { Tensor } from "../core/index.js";
import { add, div, expm1, mul, neg } from "../ops/index.js";

/**
 * sigmoid(logit(x) + a) for x from 0 to 1, written x / (1 + (1 - x) (e^-a - 1)): at a = 0 that is x to the bit, and
 * where x is 1, an infinite logit, it is 1 whatever a.
 */
export function shifted(x: Tensor, a: Tensor): Tensor {
  return div(x, add(mul(add(neg(x), 1), expm1(neg(a))), 1));
}
