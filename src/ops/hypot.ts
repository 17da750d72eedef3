// The length of a vector of two numbers.

import { type AnyOp, apply } from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { binary } from "./binary.js";
import { chain } from "./chain.js";
import { chainOver, type Operand, operand } from "./elementwise.js";

// y = √(a² + b²), dy/da = a / y, 0 at the origin
const hypotOp = binary({
  name: "hypot",
  reference: Math.hypot,
  pull: [(d, a, _, y) => chain(d, chainOver(a, y)), (d, _, b, y) => chain(d, chainOver(b, y))],
  domain: { low: 0.3, high: 2 },
});

/** √(a² + b²); nothing overflows or vanishes on the way. Its derivative at the origin is 0. */
export const hypot = (a: Tensor, b: Operand): Tensor => apply(hypotOp, [a, operand(b, a)], undefined);

/** Every record of this file. */
export const hypotOps = [hypotOp] as unknown as readonly AnyOp[];
