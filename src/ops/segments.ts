// Sums over groups, counts, and places: which numbers a tensor holds, and where.

import { type AnyOp, apply, checkTensors, type Op } from "../autodiff/index.js";
import { checkOptions, fromNumbers, quote, sameShape, showShape, type Tensor } from "../core/index.js";
import { at } from "./at.js";
import { full, ones, zeros } from "./create.js";
import { div, maximum } from "./elementwise.js";
import { type Indices, placeAddOp, take } from "./gather.js";
import { isAfter } from "./order.js";
import { reshape } from "./shape.js";
import { stridesOf } from "./strided.js";
import { axesOf } from "./sum.js";

/** Throws for what stands for examples of a `vmap`: their results would have shapes of their own, and could not be one tensor. */
function checkAlone(op: string, x: Tensor): void {
  if (x.storage === x) return;
  throw new TypeError(
    `[${op}] the shape of its result depends on numbers, and under vmap each example would have another. ` +
      `Call ${op} outside of vmap, on one example after the other.`,
  );
}

/** The ids as int32, one for each item of x along its first axis, and how many groups there are. */
function groupsOf(op: string, x: Tensor, ids: Indices, count: number): Tensor {
  checkTensors(op, [x]);
  const groups = Array.isArray(ids) ? fromNumbers(ids, [ids.length], "int32") : (ids as Tensor);
  checkTensors(op, [groups]);
  if (groups.dtype !== "int32")
    throw new TypeError(`[${op}] ids are ${groups.dtype}; int32 is needed. Use cast(x, "int32").`);
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`[${op}] count is ${quote(count)}. Give the number of groups, a whole number of at least 0.`);
  }
  if (x.rank === 0 || groups.rank !== 1 || groups.size !== x.shape[0]) {
    throw new RangeError(
      `[${op}] ids of shape ${showShape(groups.shape)} do not fit shape ${showShape(x.shape)}. Give one for each item of the first axis.`,
    );
  }
  const odd = groups.elements.find((id) => id < 0 || id >= count);
  if (odd !== undefined)
    throw new RangeError(`[${op}] id ${odd} is outside the ${count} groups. Ids run from 0 to ${count - 1}.`);
  return groups;
}

/**
 * The sums of the items of `x` along its first axis by group: item i goes to group `ids[i]`. Shape [count, ...]; an empty
 * group is 0. Items are added in their order.
 *
 * @example segmentSum(tensor([1, 2, 3]), [0, 1, 0], 2) // [4, 2]
 * @throws RangeError for an id outside the groups, or ids that do not fit.
 */
export function segmentSum(x: Tensor, ids: Indices, count: number): Tensor {
  return apply(placeAddOp, [x, groupsOf("segmentSum", x, ids, count)], { axis: 0, size: count });
}

/**
 * The means of the items of `x` by group, as `segmentSum`; an empty group is 0.
 *
 * @example segmentMean(tensor([1, 2, 3]), [0, 1, 0], 2) // [2, 2]
 */
export function segmentMean(x: Tensor, ids: Indices, count: number): Tensor {
  const groups = groupsOf("segmentMean", x, ids, count);
  const summed = (items: Tensor): Tensor => apply(placeAddOp, [items, groups], { axis: 0, size: count });
  const [sums, sizes] = [summed(x), maximum(summed(ones(groups.shape, x)), 1)];
  return div(
    sums,
    reshape(
      sizes,
      sums.shape.map((size, axis) => (axis === 0 ? size : 1)),
    ),
  );
}

/**
 * The largest of the items of `x` by group, as `segmentSum`; an empty group is -Infinity. Of equals the first gets the derivative.
 *
 * @example segmentMax(tensor([1, 2, 3]), [0, 1, 0], 2) // [3, 2]
 */
export function segmentMax(x: Tensor, ids: Indices, count: number): Tensor {
  const groups = groupsOf("segmentMax", x, ids, count);
  return at(full([count, ...x.shape.slice(1)], Number.NEGATIVE_INFINITY, x), groups).max(x);
}

/**
 * How often each of the numbers 0 .. n - 1 is among `ids` (int32, any shape), as floats; with `weights` of the same shape the
 * sums of those. n is the largest id plus 1, or `length`, if that is more.
 *
 * @throws RangeError for negative ids, or weights of another shape.
 * @example bincount(tensor([0, 2, 2], { dtype: "int32" }), { length: 4 }) // [1, 0, 2, 0]
 */
export function bincount(ids: Tensor, options: { readonly weights?: Tensor; readonly length?: number } = {}): Tensor {
  checkOptions("bincount", options, ["weights", "length"]);
  const { weights, length = 0 } = options;
  checkTensors("bincount", weights ? [ids, weights] : [ids]);
  checkAlone("bincount", ids);
  if (!Number.isInteger(length) || length < 0) {
    throw new RangeError(`[bincount] length is ${quote(length)}. Give a whole number of at least 0.`);
  }
  if (weights && !sameShape(weights.shape, ids.shape)) {
    throw new RangeError(
      `[bincount] weights of shape ${showShape(weights.shape)} do not fit ids of shape ${showShape(ids.shape)}. Make them equal.`,
    );
  }
  const n = Array.from(ids.elements).reduce((most, id) => Math.max(most, id + 1), length);
  const flat = ids.rank === 1 ? ids : fromNumbers(ids.data(), [ids.size], ids.dtype);
  if (ids.size === 0) return zeros([n]);
  const terms = weights ? reshape(weights, [ids.size]) : ones([ids.size]);
  return apply(placeAddOp, [terms, groupsOf("bincount", terms, flat, n)], { axis: 0, size: n });
}

/** y = where each value would go into a rising vector: how many of its elements are less (or, on the right, not greater). */
const searchsortedOp: Op<{ right: boolean }> = {
  name: "searchsorted",
  types: { takes: "any", gives: "int32" },
  shapes: ([_, values]) => [values.shape],
  forward: ([y], [sorted, values], { right }) => insertions(y.elements, sorted.elements, values.elements, right),
  vjp: () => [undefined, undefined],
  jvp: () => [undefined],
  reference: ([sorted, values], { right }) => [
    {
      shape: values.shape,
      data: values.data.map((v) => sorted.data.filter((x) => (right ? x <= v : x < v)).length),
    },
  ],
  domain: [],
};

function insertions(
  out: { [i: number]: number },
  sorted: ArrayLike<number>,
  values: ArrayLike<number>,
  right: boolean,
): void {
  for (let i = 0; i < values.length; i++) {
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (right ? !isAfter(sorted[middle], values[i]) : isAfter(values[i], sorted[middle])) low = middle + 1;
      else high = middle;
    }
    out[i] = low;
  }
}

/**
 * The places (int32) at which `values` of any shape would be put into the rising vector `sorted` to keep its order: with
 * `side` "left" (the default) before equal elements, with "right" behind them. NaN goes last. No derivative passes.
 *
 * @example searchsorted(tensor([1, 2, 2, 3]), tensor([2])) // [1]
 * @throws RangeError unless `sorted` is a vector, or for another side. Whether it rises is not checked.
 */
export function searchsorted(sorted: Tensor, values: Tensor, side: "left" | "right" = "left"): Tensor {
  checkTensors("searchsorted", [sorted, values]);
  if (sorted.rank !== 1)
    throw new RangeError(`[searchsorted] shape ${showShape(sorted.shape)} is not a vector. Reshape it to one axis.`);
  if (side !== "left" && side !== "right")
    throw new RangeError(`[searchsorted] side ${quote(side)} is unknown. Use "left" or "right".`);
  return apply(searchsortedOp, [sorted, values], { right: side === "right" });
}

/** What `unique` finds. */
export interface Unique {
  /** The different numbers, rising; NaN, at most once, last. */
  readonly values: Tensor;
  /** For each element of the tensor the place of its number in `values`: int32, of the shape of the tensor. */
  readonly inverse: Tensor;
  /** How often each number occurs: int32. */
  readonly counts: Tensor;
}

/**
 * The different numbers of `x`, with where they are and how often. The sizes depend on the numbers, so it reads them: it is a
 * constant to every derivative.
 *
 * @example unique(tensor([3, 1, 3])) // { values: [1, 3], inverse: [1, 0, 1], counts: [1, 2] }
 */
export function unique(x: Tensor): Unique {
  checkTensors("unique", [x]);
  checkAlone("unique", x);
  // Typed arrays sort NaN last; -0 and 0 are one number.
  const data = Array.from(x.data(), (value) => value + 0);
  const sorted = Float64Array.from(data).sort();
  const values = [...sorted].filter((value, i) => i === 0 || !(value === sorted[i - 1] || Number.isNaN(sorted[i - 1])));
  const places = new Map(values.map((value, i) => [value, i]));
  const inverse = data.map((value) => places.get(value) as number);
  const counts = new Int32Array(values.length);
  for (const place of inverse) counts[place]++;
  return {
    values: fromNumbers(values, [values.length], x.dtype),
    inverse: fromNumbers(inverse, x.shape, "int32"),
    counts: fromNumbers(counts, [values.length], "int32"),
  };
}

/**
 * The places of all elements of `x` that are not 0 (NaN is not 0), in row-major order: int32 of shape [found, rank], a row of
 * indices for each. It reads the numbers, so it is a constant to every derivative.
 *
 * @example nonzero(tensor([[0, 2], [3, 0]])) // [[0, 1], [1, 0]]
 */
export function nonzero(x: Tensor): Tensor {
  checkTensors("nonzero", [x]);
  checkAlone("nonzero", x);
  const strides = stridesOf(x.shape);
  const found: number[] = [];
  let count = 0;
  x.data().forEach((value: number, flat: number) => {
    if (value === 0) return;
    count++;
    for (let axis = 0; axis < x.rank; axis++) found.push(Math.floor(flat / strides[axis]) % x.shape[axis]);
  });
  return fromNumbers(found, [count, x.rank], "int32");
}

/**
 * The items of `x` along `axis` (default 0) where the vector `condition`, a mask or a list, is not 0: NumPy's `compress`. How
 * many there are depends on the numbers of the condition, so it reads them; the derivative passes to the items.
 *
 * @example compress(tensor([1, 0, 1]), tensor([5, 6, 7])) // [5, 7]
 * @throws RangeError unless the condition is a vector as long as the axis.
 */
export function compress(condition: Tensor | readonly (boolean | number)[], x: Tensor, axis = 0): Tensor {
  checkTensors("compress", Array.isArray(condition) ? [x] : [condition as Tensor, x]);
  if (!Array.isArray(condition)) checkAlone("compress", condition as Tensor);
  const [along] = axesOf("compress", x, axis);
  const chosen: ArrayLike<boolean | number> = Array.isArray(condition) ? condition : (condition as Tensor).data();
  const isVector = Array.isArray(condition) || (condition as Tensor).rank === 1;
  if (!isVector || chosen.length !== x.shape[along]) {
    const shape = Array.isArray(condition) ? [condition.length] : (condition as Tensor).shape;
    throw new RangeError(
      `[compress] a condition of shape ${showShape(shape)} does not fit axis ${axis} of shape ${showShape(x.shape)}. Give a vector with an answer for each item.`,
    );
  }
  const places = Array.from(chosen, (answer, i) => (answer === 0 || answer === false ? -1 : i)).filter(
    (place) => place >= 0,
  );
  return take(x, places, along);
}

/** Every record of this file. */
export const segmentOps = [searchsortedOp] as unknown as readonly AnyOp[];
