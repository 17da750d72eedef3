// Vectors with one number for each unit, laid along an axis of a weight.

import type { Tensor } from "../core/index.js";
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
