// Blocks of neighbouring axes, over which reductions run.
import type { Shape } from "../core/index.js";

/** The neighbouring axes `from` to `to` (excluded). */
export interface Block {
  readonly from: number;
  readonly to: number;
}

/** How many elements the axes before the block, in the block and after it have. */
export const sizesAround = (shape: Shape, { from, to }: Block): [before: number, block: number, after: number] => [
  product(shape, 0, from),
  product(shape, from, to),
  product(shape, to, shape.length),
];

/** The product of the sizes `from` to `to` (excluded). Not `sizeOf` of a slice: the slice would be garbage for each op. */
function product(shape: Shape, from: number, to: number): number {
  let size = 1;
  for (let axis = from; axis < to; axis++) size *= shape[axis];
  return size;
}

/** The shape without the axes of the block. */
export function withoutBlock(shape: Shape, { from, to }: Block): Shape {
  const rest = shape.slice(0, from);
  for (let axis = to; axis < shape.length; axis++) rest.push(shape[axis]);
  return rest;
}

/** The shape with the size 1 for each axis of the block. */
export const onesInBlock = (shape: Shape, { from, to }: Block): Shape =>
  shape.map((size, axis) => (axis >= from && axis < to ? 1 : size));
