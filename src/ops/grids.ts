// Grids of coordinates, repeated items, and products over chosen axes.

import { checkTensors } from "../autodiff/index.js";
import { kindOf, quote, showShape, sizeOf, type Tensor } from "../core/index.js";
import { matmul } from "./batch.js";
import { take } from "./gather.js";
import { transpose } from "./permute.js";
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

/**
 * The product of `a` and `b` summed over pairs of axes, as NumPy's `tensordot`: with a number n (default 2) the last n axes
 * of a and the first n of b; with two lists, axis `axes[0][i]` of a and `axes[1][i]` of b. The axes that remain, those of a
 * first, are the shape of the result.
 *
 * @example tensordot(x, w, [[-1], [0]]) // [.., k] and [k, ..]
 * @throws RangeError if the axes are not there, or their sizes differ.
 */
export function tensordot(
  a: Tensor,
  b: Tensor,
  axes: number | readonly [readonly number[], readonly number[]] = 2,
): Tensor {
  checkTensors("tensordot", [a, b]);
  const [left, right] = typeof axes === "number" ? pairsOf(a, b, axes) : axes;
  const of = (x: Tensor, list: readonly number[]): number[] => {
    axesOf("tensordot", x, list);
    return list.map((axis) => (axis < 0 ? axis + x.rank : axis));
  };
  const [inA, inB] = [of(a, left), of(b, right)];
  if (inA.length !== inB.length || inA.some((axis, i) => a.shape[axis] !== b.shape[inB[i]])) {
    throw new RangeError(
      `[tensordot] axes ${quote(left)} of shape ${showShape(a.shape)} and ${quote(right)} of shape ${showShape(b.shape)} differ. ` +
        "Name as many axes of both, of the same sizes.",
    );
  }
  const others = (x: Tensor, used: number[]): number[] => x.shape.map((_, i) => i).filter((i) => !used.includes(i));
  const [rows, columns] = [others(a, inA), others(b, inB)];
  const inner = sizeOf(inA.map((axis) => a.shape[axis]));
  const sizes = [rows.map((axis) => a.shape[axis]), columns.map((axis) => b.shape[axis])];
  const product = matmul(
    reshape(transpose(a, [...rows, ...inA]), [sizeOf(sizes[0]), inner]),
    reshape(transpose(b, [...inB, ...columns]), [inner, sizeOf(sizes[1])]),
  );
  return reshape(product, sizes.flat());
}

function pairsOf(a: Tensor, b: Tensor, count: number): [number[], number[]] {
  if (!Number.isInteger(count) || count < 0 || count > Math.min(a.rank, b.rank)) {
    throw new RangeError(
      `[tensordot] ${quote(count)} axes of shapes ${showShape(a.shape)} and ${showShape(b.shape)}. ` +
        `Ask for 0 to ${Math.min(a.rank, b.rank)}.`,
    );
  }
  return [Array.from({ length: count }, (_, i) => a.rank - count + i), Array.from({ length: count }, (_, i) => i)];
}
