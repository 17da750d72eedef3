// Sums over axes. The order of summation is fixed by the kernel: see assembly/reduce.ts.

import { apply, type Op } from "../autodiff/index.js";
import { kernels, type Shape, showShape, sizeOf, type Tensor } from "../core/index.js";
import { broadcastTo } from "./broadcast.js";
import { reshape } from "./shape.js";

/** The shape seen as (before, axes from..to, after). */
function blocks(shape: Shape, from: number, to: number): [number, number, number] {
  return [sizeOf(shape.slice(0, from)), sizeOf(shape.slice(from, to)), sizeOf(shape.slice(to))];
}

/** y = the sum of x over the neighbouring axes `from` to `to` (excluded), which disappear. */
export const sumOp: Op<{ from: number; to: number }> = {
  name: "sum",
  shapes: ([x], { from, to }) => [[...x.shape.slice(0, from), ...x.shape.slice(to)]],
  forward: ([y], [x], { from, to }) => kernels().sum(y.address, x.address, ...blocks(x.shape, from, to)),
  vjp: ([dy], { inputs: [x], attributes: { from, to } }) => {
    const kept = x.shape.map((size, axis) => (axis >= from && axis < to ? 1 : size));
    return [broadcastTo(reshape(dy!, kept), x.shape)];
  },
  jvp: ([dx], { attributes: { from, to } }) => [dx && sumBlock(dx, from, to)],
  reference: ([x], { from, to }) => {
    const [before, middle, after] = blocks(x.shape, from, to);
    const data = new Float64Array(before * after);
    for (let i = 0; i < before; i++) {
      for (let j = 0; j < middle; j++) {
        for (let k = 0; k < after; k++) data[i * after + k] += x.data[(i * middle + j) * after + k];
      }
    }
    return [{ shape: [...x.shape.slice(0, from), ...x.shape.slice(to)], data }];
  },
  domain: [
    { inputs: [{ shape: [3, 4] }], attributes: { from: 0, to: 2 } },
    { inputs: [{ shape: [3, 4] }], attributes: { from: 0, to: 1 } },
    { inputs: [{ shape: [2, 3, 5] }], attributes: { from: 1, to: 2 } },
    { inputs: [{ shape: [3, 5] }], attributes: { from: 1, to: 2 } },
  ],
};

/** The sum over the axes `from` to `to` (excluded). */
export function sumBlock(x: Tensor, from: number, to: number): Tensor {
  return apply(sumOp, [x], { from, to });
}

/** Axes to reduce: one, several, or (the default) all; negative ones count from the end. */
export type Axes = number | readonly number[];

/** The axes as different whole numbers from 0, in rising order. */
export function axesOf(op: string, x: Tensor, axes: Axes | undefined): number[] {
  const list = axes === undefined ? x.shape.map((_, i) => i) : typeof axes === "number" ? [axes] : [...axes];
  const positive = list.map((axis) => {
    if (!Number.isInteger(axis) || axis < -x.rank || axis >= x.rank) {
      throw new RangeError(
        `[${op}] axis ${axis} is outside shape ${showShape(x.shape)}. Axes run from ${-x.rank} to ${x.rank - 1}.`,
      );
    }
    return axis < 0 ? axis + x.rank : axis;
  });
  if (new Set(positive).size < positive.length) throw new RangeError(`[${op}] axes [${list}] name an axis twice.`);
  return positive.sort((a, b) => a - b);
}

/** The sum over `axes` (default: all), which disappear unless `keepDims`. An empty sum is 0. */
export function sum(x: Tensor, axes?: Axes, keepDims = false): Tensor {
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
