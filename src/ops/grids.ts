// Grids of coordinates, and repeated items.

import { checkTensors } from "../autodiff/index.js";
import { kindOf, quote, showShape, type Tensor } from "../core/index.js";
import { take } from "./gather.js";
import { reshape } from "./shape.js";
import { broadcastTo } from "./stretch.js";
import { axesOf } from "./sum.js";

/**
 * Coordinates of a grid: for n vectors, n tensors of one shape with an axis for each vector. With `indexing` "xy" (the
 * default, as in NumPy and JAX) the first vector runs along the columns and the second along the rows; with "ij" the axes
 * are in the order of the vectors.
 *
 * @example meshgrid([arange(3), arange(2)]) // two tensors of shape [2, 3]
 */
export function meshgrid(vectors: readonly Tensor[], indexing: "xy" | "ij" = "xy"): Tensor[] {
  if (!Array.isArray(vectors)) {
    throw new TypeError(
      `[meshgrid] the first argument is ${kindOf(vectors)}, not a list of vectors. Write meshgrid([x, y]).`,
    );
  }
  checkTensors("meshgrid", vectors);
  if (indexing !== "xy" && indexing !== "ij") {
    throw new RangeError(`[meshgrid] indexing ${quote(indexing)} is unknown. Use "xy" or "ij".`);
  }
  const odd = vectors.find(({ rank }) => rank > 1);
  if (odd) throw new RangeError(`[meshgrid] shape ${showShape(odd.shape)} is not a vector. Reshape it to one axis.`);
  const place = (i: number): number => (indexing === "xy" && i < 2 && vectors.length > 1 ? 1 - i : i);
  const shape = vectors.map((_, axis) => vectors[place(axis)].size);
  return vectors.map((vector, i) => {
    const lined = reshape(
      vector,
      shape.map((_, axis) => (axis === place(i) ? vector.size : 1)),
    );
    return broadcastTo(lined, shape);
  });
}

/**
 * Each item of `x` along `axis` (default 0) `counts` times in a row: one count for all, or one for each item. `tile` repeats
 * the whole instead.
 *
 * @example repeat(tensor([1, 2]), 2) // [1, 1, 2, 2]
 * @throws RangeError for counts that are not whole numbers of at least 0, or do not fit the axis.
 */
export function repeat(x: Tensor, counts: number | readonly number[], axis = 0): Tensor {
  checkTensors("repeat", [x]);
  const [at] = axesOf("repeat", x, axis);
  const length = x.shape[at];
  const perItem = typeof counts === "number" ? new Array<number>(length).fill(counts) : counts;
  if (!Array.isArray(perItem) || perItem.length !== length) {
    throw new RangeError(
      `[repeat] counts ${quote(counts)} do not fit axis ${quote(axis)} of size ${length}. Give one count, or one for each item.`,
    );
  }
  const odd = [counts].flat().find((count) => !Number.isInteger(count) || count < 0);
  if (odd !== undefined) throw new RangeError(`[repeat] count ${quote(odd)}: counts are whole numbers of at least 0.`);
  return take(
    x,
    perItem.flatMap((count, i) => new Array<number>(count).fill(i)),
    at,
  );
}
