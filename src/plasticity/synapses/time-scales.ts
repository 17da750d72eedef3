// The chemicals' time scales: fixed ones, and the initial values of learned ones and of those that chemicals set
// themselves.
import type { Tensor } from "../../core/index.js";
import { add, div, exp, mul, neg } from "../../ops/index.js";
import type { PlasticityConfig } from "../rule/config.js";

/** Fixed time scales; by default those of `timeScales(config)`. */
export interface TimeScales {
  /** The share of itself that each chemical keeps in a step. */
  readonly y: readonly number[];
  /** How strongly each chemical is driven in a step. */
  readonly z: readonly number[];
}

/** The n-th root of `ratio` (at least 1) by Newton's method: the same bits on every engine, which `Math.pow` does not promise. */
export function root(ratio: number, n: number): number {
  let x = 1 + (ratio - 1) / n;
  // From above, Newton's steps fall monotonically; they have converged when they stop falling.
  for (;;) {
    let power = 1;
    for (let i = 1; i < n; i++) power *= x;
    const next = x - (power * x - ratio) / (n * power);
    if (!(next < x)) return x;
    x = next;
  }
}

/**
 * Time scales with tau from `tauMin` to `tauMax` (Recurrent Chemical Networks, equation 8, with the exponent i / (L - 1)
 * of the author's code): z_i = 1 / tau_i and y_i = 1 - z_i.
 */
export function timeLadder({ chemicals, tauMin, tauMax }: PlasticityConfig): { y: number[]; z: number[] } {
  const ratio = chemicals > 1 ? root(tauMax / tauMin, chemicals - 1) : 1;
  let tau = tauMin;
  const z: number[] = [];
  for (let i = 0; i < chemicals; i++) {
    z.push(1 / (i > 0 && i === chemicals - 1 ? tauMax : tau));
    tau *= ratio;
  }
  return { y: z.map((rate) => 1 - rate), z };
}

/**
 * How far a logit moves when the rule's number changes by 1. Adam moves all numbers of a rule by about the same amount,
 * a few 1e-4 per step. This suits P, whose size is 1e-3 to 1e-1, but a time constant changes noticeably only if its
 * logit moves by about 1.
 */
export const LOGIT_PER_NUMBER = 32;

/**
 * sigmoid(logit(x) - a) for x from 0 to 1, written x / (x + (1 - x) e^a). At a = 0 that is x to the bit, since x and 1
 * - x, rounded, still add up to 1; and if x is 1 (an infinite logit), the result is 1 for any a.
 */
export function shifted(x: Tensor, a: Tensor): Tensor {
  return div(x, add(mul(add(neg(x), 1), exp(a)), x));
}

/** Time scales whose logits are moved by what a rule learned. */
export function learnedFrom({ y, z }: { y: Tensor; z: Tensor }, tau: Tensor): { y: Tensor; z: Tensor } {
  const by = mul(tau, LOGIT_PER_NUMBER);
  return { y: shifted(y, by), z: shifted(z, neg(by)) };
}
