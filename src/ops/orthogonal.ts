// Random orthogonal matrices.

import { fromNumbers, type Key, type Shape, showShape, sizeOf, type Tensor } from "../core/index.js";
import type { OfType } from "./create.js";
import { checkDraw, parametersOf } from "./draw-options.js";
import { random } from "./random.js";

/**
 * A matrix of orthonormal rows or, if these are more, columns; `shape` is seen as a matrix of the last axis against all others.
 * Gram and Schmidt's orthonormalisation of normal columns, each projected twice, which is enough (Giraud et al. 2005).
 * The lengths are positive, so the result is uniform over all such matrices (Mezzadri 2007, section 5).
 */
export function orthogonal(key: Key, shape: Shape, options: OfType = {}): Tensor {
  const own = checkDraw("random.orthogonal", key, shape);
  const { dtype = "float32" } = parametersOf("random.orthogonal", options, {});
  if (shape.length < 2) {
    throw new RangeError(`[random.orthogonal] weights of shape ${showShape(shape)}: at least two axes are needed.`);
  }
  const columns = shape[shape.length - 1];
  const rows = sizeOf(shape) / columns;
  const [length, count] = [Math.max(rows, columns), Math.min(rows, columns)];
  const basis: Float64Array[] = [];
  for (let draw = 0; basis.length < count; draw++) {
    const vector = Float64Array.from(random.normal(key.fold(draw), [length], { dtype }).data());
    for (let pass = 0; pass < 2; pass++) for (const other of basis) project(vector, other);
    const size = Math.sqrt(inner(vector, vector));
    // Only a draw that lies among its predecessors to the last bits has no length: take the next.
    if (size > 1e-6) basis.push(vector.map((x) => x / size));
  }
  const data = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) data[i * columns + j] = rows >= columns ? basis[j][i] : basis[i][j];
  }
  return fromNumbers(data, own, dtype);
}

/** Takes from `vector` its part along `unit`. */
function project(vector: Float64Array, unit: Float64Array): void {
  const along = inner(vector, unit);
  for (let i = 0; i < vector.length; i++) vector[i] -= along * unit[i];
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
