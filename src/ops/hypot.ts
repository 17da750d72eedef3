// The length of a vector of two numbers.

import { type AnyOp, apply } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { binary } from "./binary.js";
import { runGrid } from "./broadcast.js";
import { chain } from "./chain.js";
import { chainOver, mul, neg, type Operand, operand } from "./elementwise.js";

// y = √(a² + b²), dy/da = a / y, 0 at the origin
const hypotOp = binary({
  name: "hypot",
  reference: Math.hypot,
  pull: [(d, a, b) => chain(d, share(a, b)), (d, a, b) => chain(d, share(b, a))],
  domain: { low: 0.3, high: 2 },
});

// y = a / √(a² + b²) = a / r, dy/da = (b / r)² / r, dy/db = -(a / r)(b / r) / r: the derivative of a quotient, (1 - y²) / r,
// would lose all digits where y is almost 1
const shareOp = binary({
  name: "hypotShare",
  run: (y, a, b) => {
    runGrid("hypot", y, a, b);
    runGrid("chainOver", y, a, y);
  },
  reference: (a, b) => (a === 0 ? 0 : a / Math.hypot(a, b)),
  pull: [(d, a, b) => chain(d, turn(share(b, a), a, b)), (d, a, b, y) => neg(chain(d, turn(y, a, b)))],
  domain: { low: 0.3, high: 2 },
});

/** x (b / r) / r; multiplied last, since a square of a small share is less than floats hold where the result is not. */
const turn = (x: Tensor, a: Tensor, b: Tensor): Tensor => mul(x, chainOver(share(b, a), hypot(a, b)));

/** a / √(a² + b²), 0 at the origin. */
const share = (a: Tensor, b: Tensor): Tensor => apply(shareOp, [a, b], undefined);

/**
 * √(a² + b²); nothing overflows or vanishes on the way. Its derivative at the origin is 0.
 *
 * @example hypot(tensor([3, 5]), tensor([4, 12])) // [5, 13]
 */
export const hypot = (a: Tensor, b: Operand): Tensor => apply(hypotOp, [a, operand(b, a)], undefined);

/** Every record of this file. */
export const hypotOps = [hypotOp, shareOp] as unknown as readonly AnyOp[];
