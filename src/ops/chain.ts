// The product of the chain rule.

import { type AnyOp, apply } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { binary } from "./binary.js";

// y = a b, and 0 where either is 0: what the chain rule multiplies. A derivative that is cut off does not come back where
// the next factor is infinite, such as that of √ at 0 behind a relu; 0 times infinity would be NaN.
export const chainOp = binary({
  name: "chain",
  reference: (a, b) => (a === 0 || b === 0 ? 0 : a * b),
  pull: [(d, _, b) => chain(d, b), (d, a) => chain(d, a)],
  domain: { low: -3, high: 3 },
});

/** a b, and 0 where either is 0, whatever the other: the product of the chain rule. For rules of ops. */
export const chain = (a: Tensor, b: Tensor): Tensor => apply(chainOp, [a, b], undefined);

/** Every record of this file. */
export const chainOps = [chainOp] as unknown as readonly AnyOp[];
