// Padding: with a number, or with what stands at or near the edge.

import { apply, checkTensors } from "../autodiff/index.js";
import { checkKind, checkShape, quote, showShape, type Tensor } from "../core/index.js";
import { take } from "./gather.js";
import { placeOp } from "./slice.js";

/** For each way to fill, the place in 0 .. n - 1 that place `i` outside is taken from. */
const MODES = {
  edge: (i: number, n: number) => Math.min(Math.max(i, 0), n - 1),
  wrap: (i: number, n: number) => ((i % n) + n) % n,
  reflect: (i: number, n: number) => {
    const period = Math.max(2 * (n - 1), 1);
    const at = ((i % period) + period) % period;
    return at < n ? at : period - at;
  },
  symmetric: (i: number, n: number) => {
    const at = ((i % (2 * n)) + 2 * n) % (2 * n);
    return at < n ? at : 2 * n - 1 - at;
  },
};

/**
 * What is put around: "edge" repeats the outermost element, "reflect" mirrors at it (c b | a b c | b a), "symmetric" mirrors
 * beside it (b a | a b c | c b), "wrap" goes on at the other end (b c | a b c | a b).
 */
export type PadMode = keyof typeof MODES;

/**
 * `x` with more elements around it: `widths` has the counts before and after for each axis, or one pair for all axes. They
 * are `fill` (default 0), or come from x itself in one of the modes of NumPy's `pad`, also where the widths exceed x.
 *
 * @example pad(tensor([1, 2, 3]), [[2, 1]], "reflect") // [3, 2, 1, 2, 3, 2]
 * @throws RangeError if the pairs do not fit the rank, a count is not a whole number of at least 0, the mode is unknown, or
 * there is nothing to take elements from.
 */
export function pad(x: Tensor, widths: readonly (readonly [number, number])[], fill: number | PadMode = 0): Tensor {
  checkTensors("pad", [x]);
  checkKind("pad", "widths", widths, "a list");
  for (const pair of widths) checkKind("pad", "a pair of widths", pair, "a list");
  const pairs = widths.length === 1 ? x.shape.map(() => widths[0]) : widths;
  if (pairs.length !== x.rank) {
    throw new RangeError(
      `[pad] ${pairs.length} pairs of widths for shape ${showShape(x.shape)}. Give one [before, after] an axis, or one for all.`,
    );
  }
  const odd = pairs.flat().find((width) => !Number.isInteger(width) || width < 0);
  if (odd !== undefined) {
    throw new RangeError(`[pad] width ${quote(odd)}: widths are whole numbers of at least 0. Use slice to cut.`);
  }
  const shape = x.shape.map((size, axis) => size + pairs[axis][0] + pairs[axis][1]);
  checkShape("pad", shape);
  if (typeof fill === "number") {
    const begin = pairs.map(([before]) => before);
    return apply(placeOp, [x], { begin, step: x.shape.map(() => 1), shape, fill });
  }
  if (!Object.hasOwn(MODES, fill)) {
    throw new RangeError(`[pad] mode ${quote(fill)} is unknown. Use a number, or ${Object.keys(MODES).join(", ")}.`);
  }
  const from = MODES[fill];
  return pairs.reduce((result, [before, after], axis) => {
    const size = x.shape[axis];
    if (before + after === 0) return result;
    if (size === 0) {
      throw new RangeError(`[pad] axis ${axis} of shape ${showShape(x.shape)} is empty: there is nothing to repeat.`);
    }
    const places = Array.from({ length: shape[axis] }, (_, i) => from(i - before, size));
    return take(result, places, axis);
  }, x);
}
