// Vectors with one number for each unit, laid along an axis of a weight.

import { quote, type Shape, showShape, type Tensor } from "../core/index.js";
import { reshape } from "../ops/index.js";

/** A vector along one axis of a tensor of `rank` axes, the others of size 1, so that it broadcasts. */
export function alongAxis(vector: Tensor, rank: number, axis: number): Tensor {
  return reshape(
    vector,
    Array.from({ length: rank }, (_, i) => (i === axis ? vector.size : 1)),
  );
}

/** All axes except one. */
export const otherAxes = (rank: number, axis: number): number[] =>
  Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis);

/** Throws unless a weight of this shape has this axis; `what` names the argument. */
export function checkAxis(op: string, what: string, axis: number, shape: Shape): void {
  if (Number.isInteger(axis) && axis >= 0 && axis < shape.length) return;
  throw new RangeError(
    `[${op}] ${what} ${quote(axis)} is no axis of a weight of shape ${showShape(shape)}. Axes run from 0 to ${shape.length - 1}.`,
  );
}
