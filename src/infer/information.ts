// Fisher's information about coefficients in units of their own, in its main directions: what data can tell apart.
import { fromNumbers, scope } from "../core/index.js";
import "../float64/index.js";
import { eigh } from "../linalg/index.js";

/** Information with a diagonal of 1, as directions. */
export interface Directions {
  /** What each coefficient is divided by: the root of its information. */
  readonly scale: readonly number[];
  /** How much is known in each direction, from the least. */
  readonly values: readonly number[];
  /** The directions, each with a part for every coefficient. */
  readonly vectors: readonly (readonly number[])[];
}

/** The directions of this information. A coefficient about which nothing is known has a scale of 0 and no part in any. */
export function directionsOf(fisher: Float64Array, count: number): Directions {
  if (count === 0) return { scale: [], values: [], vectors: [] };
  const scale = Array.from({ length: count }, (_, k) => Math.sqrt(fisher[k * count + k]));
  const unit = Array.from(fisher, (x, at) => {
    const size = scale[Math.floor(at / count)] * scale[at % count];
    return size > 0 ? x / size : 0;
  });
  return scope(() => {
    const { values, vectors } = eigh(fromNumbers(unit, [count, count], "float64"));
    const [roots, columns] = [Array.from(values.data()), vectors.data()];
    const order = roots.map((_, i) => i).sort((a, b) => roots[a] - roots[b]);
    return {
      scale,
      values: order.map((i) => roots[i]),
      vectors: order.map((i) => Array.from({ length: count }, (_, k) => columns[k * count + i])),
    };
  });
}

/** The solution of (F + damping diag F) x = b. */
export function solved({ scale, values, vectors }: Directions, b: ArrayLike<number>, damping = 0): number[] {
  const scaled = scale.map((size, k) => (size > 0 ? b[k] / size : 0));
  const out = scale.map(() => 0);
  values.forEach((value, d) => {
    const along = vectors[d].reduce((sum, x, k) => sum + x * scaled[k], 0) / Math.max(value + damping, 1e-14);
    vectors[d].forEach((x, k) => {
      out[k] += x * along;
    });
  });
  return out.map((x, k) => (scale[k] > 0 ? x / scale[k] : 0));
}

/** The standard errors: roots of the diagonal of the inverse. */
export function errorsOf({ scale, values, vectors }: Directions): number[] {
  return scale.map(
    (size, k) =>
      Math.sqrt(values.reduce((sum, value, d) => sum + vectors[d][k] ** 2 / Math.max(value, 1e-14), 0)) / size,
  );
}
