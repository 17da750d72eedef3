// The logarithm of a sum of two exponentials.

import { type AnyOp, apply } from "../autodiff/index.js";
import { emptyLike, kernelsOf, type Tensor } from "../core/index.js";
import { binary } from "./binary.js";
import { runGrid } from "./broadcast.js";
import { chain } from "./chain.js";
import { abs, type Operand, operand, sigmoid, sub } from "./elementwise.js";
import { equal, logicalAnd, where } from "./where.js";

// y = log(eᵃ + eᵇ) = max(a, b) + log(1 + e^-|a - b|), dy/da = sigmoid(a - b)
const logAddExpOp = binary({
  name: "logAddExp",
  run: (y, a, b) => {
    const kernels = kernelsOf(y);
    const [distance, same] = [emptyLike(y), emptyLike(y)];
    runGrid("sub", distance, a, b);
    kernels.abs(distance.address, distance.address, y.size);
    kernels.neg(distance.address, distance.address, y.size);
    // Two equal infinities are no distance apart; their difference is NaN.
    runGrid("equal", same, a, b);
    kernels.fill(y.address, y.size, 0);
    kernels.where(distance.address, same.address, y.address, distance.address, y.size);
    kernels.softplus(distance.address, distance.address, y.size, 1);
    runGrid("maximum", y, a, b);
    kernels.add(y.address, y.address, distance.address, 1, y.size, 0, 1, 0, 1);
  },
  reference: (a, b) => Math.max(a, b) + Math.log1p(Math.exp(a === b ? 0 : -Math.abs(a - b))),
  pull: [(d, a, b) => chain(d, shareOf(a, b)), (d, a, b) => chain(d, shareOf(b, a))],
  domain: { low: -3, high: 3 },
});

/** The share of eᵃ in eᵃ + eᵇ; a half where both are the same infinity. */
function shareOf(a: Tensor, b: Tensor): Tensor {
  const same = logicalAnd(equal(a, b), equal(abs(a), Number.POSITIVE_INFINITY));
  return sigmoid(where(same, 0, sub(a, b)));
}

/**
 * log(eᵃ + eᵇ), element by element with broadcasting; nothing overflows on the way. Its derivatives are the shares of the
 * two exponentials in the sum, one half each where a = b.
 *
 * @example logAddExp(tensor([0, 1000]), tensor([0, 1000])) // [0.6931, 1001]
 */
export const logAddExp = (a: Tensor, b: Operand): Tensor => apply(logAddExpOp, [a, operand(b, a)], undefined);

/** Every record of this file. */
export const logAddExpOps = [logAddExpOp] as unknown as readonly AnyOp[];
