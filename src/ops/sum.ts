// Sums over axes, in any choice of them.
import { checkTensors } from "../autodiff/index.js";
import { checkKind, quote, showShape, type Tensor } from "../core/index.js";
import { reshape } from "./shape.js";
import { sumBlock } from "./stretch.js";

/** Axes to reduce: one, several, or (the default) all; negative ones count from the end. */
export type Axes = number | readonly number[];

/** The axes as different whole numbers from 0, in rising order. */
export function axesOf(op: string, x: Tensor, axes: Axes | undefined): number[] {
  const all = axes === undefined ? x.shape.map((_, i) => i) : typeof axes === "number" ? [axes] : axes;
  checkKind(op, "axes", all, "a list");
  const list = [...all];
  const positive = list.map((axis) => {
    if (!Number.isInteger(axis) || axis < -x.rank || axis >= x.rank) {
      throw new RangeError(
        `[${op}] axis ${quote(axis)} is outside shape ${showShape(x.shape)}. Axes run from ${-x.rank} to ${x.rank - 1}.`,
      );
    }
    return axis < 0 ? axis + x.rank : axis;
  });
  if (new Set(positive).size < positive.length) throw new RangeError(`[${op}] axes ${quote(list)} name an axis twice.`);
  return positive.sort((a, b) => a - b);
}

/**
 * The sum over `axes` (default: all), which disappear unless `keepDims`. An empty sum is 0.
 *
 * @example sum(tensor([[1, 2], [3, 4]]), 0) // [4, 6]
 */
export function sum(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  checkTensors("sum", [x]);
  const list = axesOf("sum", x, axes);
  const kept = x.shape.map((size, axis) => (list.includes(axis) ? 1 : size));
  let result = x;
  while (list.length > 0) {
    // A run of neighbouring axes is one reduction.
    const to = list.pop()! + 1;
    let from = to - 1;
    while (list.at(-1) === from - 1) from = list.pop()!;
    result = sumBlock(result, from, to);
  }
  return keepDims ? reshape(result, kept) : result;
}
