// Reciprocals and roots.

import { type AnyOp, apply } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { mul, neg, sqrt, square } from "./elementwise.js";
import { unary } from "./unary.js";

const positive = { low: 0.3, high: 3 };

// y = 1 / x, y' = -y²
export const reciprocalOp = unary({
  name: "reciprocal",
  reference: (x) => 1 / x,
  derivative: (_, y) => neg(square(y)),
  domain: positive,
});
// y = x^(1/3), y' = (1 / y)² / 3, whose derivatives of every order are one power of 1 / y: none is an infinity times 0
const cbrtOp = unary({
  name: "cbrt",
  reference: Math.cbrt,
  derivative: (_, y) => mul(square(reciprocal(y)), 1 / 3),
  domain: positive,
});

/**
 * 1 / x
 *
 * @example reciprocal(tensor([2, 4])) // [0.5, 0.25]
 */
export const reciprocal = (x: Tensor): Tensor => apply(reciprocalOp, [x], undefined);
/**
 * 1 / √x
 *
 * @example rsqrt(tensor([4, 16])) // [0.5, 0.25]
 */
export const rsqrt = (x: Tensor): Tensor => reciprocal(sqrt(x));
/**
 * The cube root, negative for negative x; its derivative at 0 is infinite.
 *
 * @example cbrt(tensor([8, -27])) // [2, -3]
 */
export const cbrt = (x: Tensor): Tensor => apply(cbrtOp, [x], undefined);

/** Every record of this file. */
export const rootOps: readonly AnyOp[] = [reciprocalOp, cbrtOp] as AnyOp[];
