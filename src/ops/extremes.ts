// The largest and the smallest, and where they are.

import { type AnyOp, anyType, apply, checkTensors, type Op } from "../autodiff/index.js";
import { kernelsOf, showShape, sizeOf, type Tensor } from "../core/index.js";
import { type Block, onesInBlock, sizesAround, withoutBlock } from "./blocks.js";
import { chain } from "./chain.js";
import { div, reversed } from "./elementwise.js";
import { moveAxis, transpose } from "./permute.js";
import { reshape } from "./shape.js";
import { sumBlock } from "./stretch.js";
import { type Axes, axesOf } from "./sum.js";
import { equal } from "./where.js";

/** Where x is the largest of its block, among the elements that count. */
function hitsOf([x, counted]: readonly Tensor[], y: Tensor, block: Block): Tensor {
  const hits = equal(x, reshape(y, onesInBlock(x.shape, block)));
  return counted ? chain(hits, counted) : hits;
}

/** d, a number a block, over how many of its block are the largest. */
const shared = (d: Tensor, hits: Tensor, { from, to }: Block): Tensor => div(d, sumBlock(hits, from, to));

/**
 * y = the largest of x over the neighbouring axes `from` to `to` (excluded); equals share the derivative. A second input,
 * 1 and 0, says which elements count in this: those that are -Infinity only because they stand outside do not.
 */
export const maxOp: Op<Block> = {
  name: "max",
  types: anyType,
  shapes: ([x], block) => {
    if (sizeOf(x.shape.slice(block.from, block.to)) === 0) {
      throw new RangeError(`[max] shape ${showShape(x.shape)} has no elements to compare along the axes.`);
    }
    return [withoutBlock(x.shape, block)];
  },
  forward: ([y], [x], { from, to }) => kernelsOf(y).max(y.address, x.address, ...sizesAround(x.shape, { from, to })),
  vjp: ([dy], { inputs, outputs: [y], attributes: block }) => {
    const [x] = inputs;
    const hits = hitsOf(inputs, y, block);
    return [chain(hits, reshape(shared(dy!, hits, block), onesInBlock(x.shape, block)))];
  },
  jvp: ([dx], { inputs, outputs: [y], attributes: block }) => {
    if (!dx) return [undefined];
    const hits = hitsOf(inputs, y, block);
    return [shared(sumBlock(chain(hits, dx), block.from, block.to), hits, block)];
  },
  reference: ([x], block) => {
    const { from, to } = block;
    const [middle, inner] = [sizeOf(x.shape.slice(from, to)), sizeOf(x.shape.slice(to))];
    const shape = withoutBlock(x.shape, block);
    const data = new Float64Array(sizeOf(shape)).fill(Number.NEGATIVE_INFINITY);
    x.data.forEach((value, i) => {
      const at = Math.floor(i / (middle * inner)) * inner + (i % inner);
      data[at] = Math.max(data[at], value);
    });
    return [{ shape, data }];
  },
  domain: [
    { inputs: [{ shape: [3, 4] }], attributes: { from: 0, to: 2 } },
    { inputs: [{ shape: [2, 3, 5] }], attributes: { from: 1, to: 2 } },
    { inputs: [{ shape: [3, 5] }], attributes: { from: 1, to: 2 } },
  ],
};

/** `reduce` over `axes`, made neighbours first, so that it sees all their elements at once. */
export function reduceTogether(
  op: string,
  x: Tensor,
  axes: Axes | undefined,
  keepDims: boolean,
  reduce: (x: Tensor, from: number, to: number) => Tensor,
): Tensor {
  const list = axesOf(op, x, axes);
  if (list.length === 0) return x;
  const others = x.shape.map((_, axis) => axis).filter((axis) => !list.includes(axis));
  const neighbours = list.at(-1)! - list[0] === list.length - 1;
  const [from, block] = neighbours ? [list[0], x] : [others.length, transpose(x, [...others, ...list])];
  const result = reduce(block, from, from + list.length);
  return keepDims
    ? reshape(
        result,
        x.shape.map((size, axis) => (list.includes(axis) ? 1 : size)),
      )
    : result;
}

/**
 * The largest element over `axes` (default: all), which disappear unless `keepDims`; NaN if one is NaN. Where several
 * are the largest, they share the derivative equally.
 *
 * @throws RangeError if there is nothing to compare.
 * @example max(tensor([[1, 3], [4, 2]]), 1) // [3, 4]
 */
export function max(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  checkTensors("max", [x]);
  return reduceTogether("max", x, axes, keepDims, (block, from, to) => apply(maxOp, [block], { from, to }));
}

/**
 * The smallest element over `axes` (default: all), as `max`.
 *
 * @example min(tensor([[1, 3], [4, 2]]), 1) // [1, 2]
 */
export function min(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  return reversed(max(reversed(x), axes, keepDims));
}

/** y = the place of the largest in each row; an integer, so no derivative passes. */
export const argmaxOp: Op = {
  name: "argmax",
  batch: "leading",
  types: { takes: "any", gives: "int32" },
  shapes: ([x]) => {
    if (x.rank === 0 || x.shape[x.rank - 1] === 0) {
      throw new RangeError(`[argmax] shape ${showShape(x.shape)} has no elements to compare along the axis.`);
    }
    return [x.shape.slice(0, -1)];
  },
  forward: ([y], [x]) => kernelsOf(x).argmax(y.address, x.address, y.size, x.shape[x.rank - 1]),
  vjp: () => [undefined],
  jvp: () => [undefined],
  reference: ([x]) => {
    const cols = x.shape[x.shape.length - 1];
    const rows = Array.from({ length: x.data.length / cols }, (_, i) => x.data.slice(i * cols, (i + 1) * cols));
    return [{ shape: x.shape.slice(0, -1), data: Float64Array.from(rows, (row) => row.indexOf(Math.max(...row))) }];
  },
  domain: [],
};

/**
 * The place of the largest element along `axis`, int32; without an axis, its place in row-major order. Of equals the
 * first; the first NaN, if there is one. No derivative passes.
 *
 * @example argmax(tensor([[1, 3], [4, 2]]), 1) // [1, 0]
 */
export function argmax(x: Tensor, axis?: number, keepDims = false): Tensor {
  checkTensors("argmax", [x]);
  if (axis === undefined) return argmax(reshape(x, [x.size]), 0);
  const [at] = axesOf("argmax", x, axis);
  const found = apply(argmaxOp, [moveAxis(x, at, -1)], undefined);
  return keepDims ? reshape(found, onesInBlock(x.shape, { from: at, to: at + 1 })) : found;
}

/**
 * The place of the smallest element along `axis`, int32, as `argmax`.
 *
 * @example argmin(tensor([[1, 3], [4, 2]]), 1) // [0, 1]
 */
export const argmin = (x: Tensor, axis?: number, keepDims = false): Tensor => argmax(reversed(x), axis, keepDims);

/** Every record of this file. */
export const extremeOps = [maxOp, argmaxOp] as unknown as readonly AnyOp[];
