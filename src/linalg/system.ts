// The right sides of systems of equations: vectors, matrices and stacks of them.
import { type Shape, showShape, type Tensor } from "../core/index.js";
import { broadcastTo, expandDims, squeeze } from "../ops/index.js";
import { sidesOf } from "./matrices.js";

/** Solves A x = b with `solve`, which takes stacks of equal counts, for a vector b [n] or matrices b [..., n, m]. */
export function systemOf(op: string, a: Tensor, b: Tensor, solve: (a: Tensor, b: Tensor) => Tensor): Tensor {
  const right = b.rank === 1 ? expandDims(b, 1) : b;
  const [rows] = sidesOf(a);
  if (right.rank < 2 || sidesOf(right)[0] !== rows) {
    throw new RangeError(
      `[${op}] a matrix of shape ${showShape(a.shape)} and a right side of shape ${showShape(b.shape)} do not fit. ` +
        `Reshape or transpose the right side to ${rows} numbers, or ${rows} rows of them.`,
    );
  }
  const stack = commonStack(op, a.shape.slice(0, -2), right.shape.slice(0, -2));
  const spread = (x: Tensor): Tensor => broadcastTo(x, [...stack, ...sidesOf(x)]);
  const x = solve(spread(a), spread(right));
  return b.rank === 1 ? squeeze(x, -1) : x;
}

/** The leading axes that both broadcast to. */
function commonStack(op: string, a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[i - rank + a.length] ?? 1;
    const right = b[i - rank + b.length] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new RangeError(
      `[${op}] stacks of shapes ${showShape(a)} and ${showShape(b)} do not broadcast. Reshape one of them.`,
    );
  });
}
