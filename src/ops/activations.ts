// Activation functions: all but softsign are made of other ops, and all have derivatives of any order.

import { type AnyOp, apply, type Op } from "../autodiff/index.js";
import { kernelsOf, type Tensor } from "../core/index.js";
import { chain } from "./chain.js";
import { abs, add, expm1, greater, minimum, mul, neg, sigmoid, softplus, square, tanh } from "./elementwise.js";
import { reciprocal } from "./roots.js";
import { where } from "./where.js";

/**
 * x for x > 0, `slope` x (default 0.01) elsewhere; at 0 the derivative is `slope`.
 *
 * @example leakyRelu(tensor([-1, 2])) // [-0.01, 2]
 */
export function leakyRelu(x: Tensor, slope = 0.01): Tensor {
  return where(greater(x, 0), x, mul(x, slope));
}

/**
 * x for x > 0, `alpha` (eˣ - 1) elsewhere, alpha = 1 by default; at 0 the derivative is alpha.
 *
 * @example elu(tensor([-1, 2])) // [-0.6321, 2]
 */
export function elu(x: Tensor, alpha = 1): Tensor {
  // The exponential never sees a positive x, where its infinity would spoil the derivative.
  return where(greater(x, 0), x, mul(expm1(minimum(x, 0)), alpha));
}

/**
 * 1.0507 elu(x, 1.6733): keeps mean 0 and variance 1 through layers (Klambauer et al. 2017).
 *
 * @example selu(tensor([-1, 1])) // [-1.111, 1.051]
 */
export function selu(x: Tensor): Tensor {
  return mul(elu(x, 1.6732632423543772), 1.0507009873554805);
}

/**
 * x (1 + tanh(√(2/π) (x + 0.044715 x³))) / 2: the tanh form of Hendrycks and Gimpel 2016, as in GPT-2 and jax.nn.gelu.
 *
 * @example gelu(tensor([-1, 0, 1])) // [-0.1588, 0, 0.8412]
 */
export function gelu(x: Tensor): Tensor {
  const inner = mul(mul(x, add(mul(square(x), 0.044715), 1)), 0.7978845608028654);
  // Where the second factor is 0, so is the product, also at -Infinity.
  return chain(mul(x, 0.5), add(tanh(inner), 1));
}

/**
 * x sigmoid(x), also called swish; 0 at -Infinity.
 *
 * @example silu(tensor([-1, 1])) // [-0.2689, 0.7311]
 */
export const silu = (x: Tensor): Tensor => chain(x, sigmoid(x));

/**
 * log(sigmoid(x)), exact where sigmoid underflows.
 *
 * @example logSigmoid(tensor([0, -100])) // [-0.6931, -100]
 */
export const logSigmoid = (x: Tensor): Tensor => neg(softplus(neg(x)));

// y = x / (1 + |x|), y' = 1 / (1 + |x|)²
export const softsignOp: Op = {
  name: "softsign",
  batch: "elementwise",
  shapes: ([x]) => [x.shape],
  forward: ([y], [x]) => {
    kernelsOf(y).abs(y.address, x.address, x.size);
    kernelsOf(y).addScalar(y.address, y.address, x.size, 1);
    kernelsOf(y).div(y.address, x.address, y.address, 1, x.size, 0, 1, 0, 1);
  },
  vjp: ([dy], { inputs: [x] }) => [chain(dy!, softsignSlope(x))],
  jvp: ([dx], { inputs: [x] }) => [dx && chain(dx, softsignSlope(x))],
  reference: ([x]) => [{ shape: x.shape, data: x.data.map((value) => value / (1 + Math.abs(value))) }],
  domain: [{ inputs: [{ shape: [2, 3], low: 0.3, high: 3 }], attributes: undefined }],
};

const softsignSlope = (x: Tensor): Tensor => square(reciprocal(add(abs(x), 1)));
/**
 * x / (1 + |x|)
 *
 * @example softsign(tensor([-1, 3])) // [-0.5, 0.75]
 */
export const softsign = (x: Tensor): Tensor => apply(softsignOp, [x], undefined);

/** Every record of this file. */
export const activationOps: readonly AnyOp[] = [softsignOp] as AnyOp[];
