// The error function.

import { type AnyOp, apply } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { exp, mul, neg, square } from "./elementwise.js";
import { unary } from "./unary.js";

/** 2 / √π */
const TWO_OVER_ROOT_PI = 1.1283791670955126;

/** erf x for the tests, by Kummer's series, all of whose terms are positive. */
function erfReference(x: number): number {
  if (Math.abs(x) > 10) return Math.sign(x);
  let [term, total] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return TWO_OVER_ROOT_PI * Math.exp(-x * x) * total;
}

// y = erf x, y' = 2 / √π e^(-x²)
const erfOp = unary({
  name: "erf",
  reference: erfReference,
  derivative: (x) => mul(exp(neg(square(x))), TWO_OVER_ROOT_PI),
  domain: { low: -2, high: 2 },
});

/**
 * The error function 2/√π ∫₀ˣ e^(-t²) dt.
 *
 * @example erf(tensor([0, 1])) // [0, 0.8427]
 */
export const erf = (x: Tensor): Tensor => apply(erfOp, [x], undefined);

/** Every record of this file. */
export const erfOps: readonly AnyOp[] = [erfOp] as AnyOp[];
