// Time scales that are learned, or set by the chemicals themselves, start exactly at the fixed ones.
import type { Tensor } from "../core/index.js";
import { add, div, exp, mul, neg } from "../ops/index.js";

/**
 * How far a logit moves for 1 of a rule's number. Adam moves all of a rule's numbers alike, a few 1e-4 a step, which suits
 * P, whose size is 1e-3 to 1e-1, while a time constant changes only when its logit moves by about 1.
 */
export const LOGIT = 32;

/**
 * sigmoid(logit(x) - a) for x from 0 to 1, written x / (x + (1 - x) e^a). At a = 0 that is x to the bit, since x and
 * 1 - x, rounded, still add up to 1; and where x is 1, an infinite logit, it is 1 whatever a.
 */
export function shifted(x: Tensor, a: Tensor): Tensor {
  return div(x, add(mul(add(neg(x), 1), exp(a)), x));
}
