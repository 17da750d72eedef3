// Blocks of neighbouring axes, over which reductions run.
import { type Shape, sizeOf } from "../core/index.js";

/** The neighbouring axes `from` to `to` (excluded). */
export interface Block {
  readonly from: number;
  readonly to: number;
}

/** How many elements the axes before the block, in the block and after it have. */
export const sizesAround = (shape: Shape, { from, to }: Block): [before: number, block: number, after: number] => [
  sizeOf(shape.slice(0, from)),
  sizeOf(shape.slice(from, to)),
  sizeOf(shape.slice(to)),
];

/** The shape without the axes of the block. */
export const withoutBlock = (shape: Shape, { from, to }: Block): Shape => [...shape.slice(0, from), ...shape.slice(to)];

/** The shape with the size 1 for each axis of the block. */
export const onesInBlock = (shape: Shape, { from, to }: Block): Shape =>
  shape.map((size, axis) => (axis >= from && axis < to ? 1 : size));
