// Numbers in float64 and tensors, side by side: what every comparison here is made of.
import type { Array64 } from "../autodiff/index.js";
import { checkKind, type DType, type Key, leavesOf, type Tensor, type TreeOf } from "../core/index.js";
import { sum, tensor } from "../ops/index.js";

/**
 * `count` numbers from `low` to `high` (default -1 to 1) drawn from a key, all exact in float32, so that both sides of a
 * comparison begin with the same ones.
 */
export function floats(key: Key, count: number, low = -1, high = 1): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => Math.fround(low + (high - low) * key.uniform(i)));
}

/** The float64 array as a tensor, rounded to float32 or cut to int32 unless `dtype` is float64. */
export const toTensor = ({ shape, data }: Array64, dtype: DType = "float32"): Tensor => tensor(data, { shape, dtype });

/** The tensor's numbers as a float64 array. */
export const toArray64 = (x: Tensor): Array64 => ({ shape: x.shape, data: Float64Array.from(x.data()) });

/** The sum of all products of two lists of arrays. */
export function dot(a: readonly Array64[], b: readonly Array64[]): number {
  return a.reduce((total, { data }, i) => data.reduce((partial, x, at) => partial + x * b[i].data[at], total), 0);
}

/** The sum of all products of two lists of tensors, shape []. */
export function projectionOf(values: readonly Tensor[], weights: readonly Tensor[]): Tensor {
  return values.map((value, i) => sum(value.mul(weights[i]))).reduce((a, b) => a.add(b));
}

/**
 * Largest difference, relative to the largest element of `wanted`; where all of it is zero, the difference itself.
 *
 * @example relativeError([1, 2.02], [1, 2]) // 0.01
 */
export function relativeError(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  checkKind("relativeError", "the first argument", got, "a list of numbers");
  checkKind("relativeError", "the second argument", wanted, "a list of numbers");
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let [difference, largest] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const off = Math.abs(got[i] - wanted[i]);
    // A NaN must not slip through a comparison.
    difference = off <= difference ? difference : Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
    largest = Math.max(largest, Math.abs(wanted[i]));
  }
  return largest < 1e-7 ? difference : difference / largest;
}

const words = (x: Tensor): Uint32Array => new Uint32Array(x.data().buffer);

/** The bits of tensors as lists of unsigned words, for comparisons that forgive nothing. */
export function bitsOf(tensors: readonly Tensor[]): number[][] {
  return tensors.map((x) => [...words(x)]);
}

/**
 * Whether two tensors, or trees of tensors, are the same: structure, shapes, element types and every bit. 0 and -0
 * differ, a NaN equals a NaN of the same bits.
 *
 * @example equalBits({ w: tensor([1, 2]) }, { w: tensor([1, 2]) }) // true
 */
export function equalBits<A extends TreeOf<A>, B extends TreeOf<B>>(a: A, b: B): boolean {
  const [left, right] = [leavesOf("equalBits", a), leavesOf("equalBits", b)];
  if (left.length !== right.length) return false;
  return left.every(({ tensor: x, path }, i) => {
    const { tensor: y, path: other } = right[i];
    if (path !== other || x.dtype !== y.dtype || String(x.shape) !== String(y.shape)) return false;
    const theirs = words(y);
    return words(x).every((word, at) => word === theirs[at]);
  });
}
