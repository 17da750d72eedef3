// Along an axis in order: running sums, sorting.

import { type AnyOp, anyType, apply, checkTensors, type Op } from "../autodiff/index.js";
import { empty, kernelsOf, quote, type Shape, sizeOf, type Tensor } from "../core/index.js";
import { takeAlong } from "./gather.js";
import { axesOf } from "./sum.js";

/** Whether `a` comes after `b` in rising order, where NaN comes last and equals are in no order. */
export const isAfter = (a: number, b: number): boolean => a > b || (Number.isNaN(a) && !Number.isNaN(b));

function blocks(shape: Shape, axis: number): [number, number, number] {
  return [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
}

/** y[i] = x[0] + .. + x[i] along `axis`; backward, x[i] + .. + x[n - 1], which is its transpose. */
export const cumsumOp: Op<{ axis: number; backward: boolean }> = {
  name: "cumsum",
  types: anyType,
  batch: { stacked: ([x], _, { axis, backward }) => [apply(cumsumOp, [x], { axis: axis + 1, backward })] },
  shapes: ([x]) => [x.shape],
  forward: ([y], [x], { axis, backward }) =>
    kernelsOf(y).cumsum(y.address, x.address, ...blocks(x.shape, axis), Number(backward)),
  vjp: ([dy], { attributes: { axis, backward } }) => [apply(cumsumOp, [dy!], { axis, backward: !backward })],
  jvp: ([dx], { attributes }) => [dx && apply(cumsumOp, [dx], attributes)],
  reference: ([x], { axis, backward }) => {
    const [, length, inner] = blocks(x.shape, axis);
    const data = x.data.map((_, i) => {
      const place = Math.floor(i / inner) % length;
      let total = 0;
      for (let j = backward ? place : 0; j < (backward ? length : place + 1); j++)
        total += x.data[i + (j - place) * inner];
      return total;
    });
    return [{ shape: x.shape, data }];
  },
  domain: [
    { inputs: [{ shape: [3, 4] }], attributes: { axis: 1, backward: false } },
    { inputs: [{ shape: [2, 3, 2] }], attributes: { axis: 1, backward: true } },
  ],
};

/** The sums of `x` along `axis` (default 0) from its start up to each place, added one after another. */
export function cumsum(x: Tensor, axis = 0): Tensor {
  checkTensors("cumsum", [x]);
  const [at] = axesOf("cumsum", x, axis);
  return apply(cumsumOp, [x], { axis: at, backward: false });
}

interface Sorting {
  readonly axis: number;
  /** How many places to name, from the first. */
  readonly count: number;
  readonly descending: boolean;
}

/** y = the places of x in order along `axis`; integers, so no derivative passes. */
export const argsortOp: Op<Sorting> = {
  name: "argsort",
  types: { takes: "any", gives: "int32" },
  shapes: ([x], { axis, count }) => [x.shape.map((size, i) => (i === axis ? count : size))],
  forward: ([y], [x], { axis, count, descending }) => {
    const scratch = empty([2 * x.shape[axis]], "int32");
    const sizes = blocks(x.shape, axis);
    kernelsOf(x).argsort(y.address, x.address, scratch.address, ...sizes, count, Number(descending));
  },
  vjp: () => [undefined],
  jvp: () => [undefined],
  reference: ([x], { axis, count, descending }) => {
    const [outer, length, inner] = blocks(x.shape, axis);
    const data = new Float64Array(outer * count * inner);
    for (let o = 0; o < outer; o++) {
      for (let k = 0; k < inner; k++) {
        const value = (place: number): number => x.data[(o * length + place) * inner + k] * (descending ? -1 : 1);
        const order = Array.from({ length }, (_, i) => i).sort((a, b) => value(a) - value(b));
        for (let i = 0; i < count; i++) data[(o * count + i) * inner + k] = order[i];
      }
    }
    return [{ shape: x.shape.map((size, i) => (i === axis ? count : size)), data }];
  },
  domain: [],
};

/**
 * The places of the elements of `x` in rising order along `axis` (default: the last), int32; with `descending` in
 * falling order. The first of equals comes first, NaN last. No derivative passes.
 *
 * @example argsort(tensor([3, 1, 2])) // [1, 2, 0]
 */
export function argsort(x: Tensor, axis = -1, descending = false): Tensor {
  checkTensors("argsort", [x]);
  const [at] = axesOf("argsort", x, axis);
  return apply(argsortOp, [x], { axis: at, count: x.shape[at], descending });
}

/**
 * `x` in rising order along `axis` (default: the last); with `descending` in falling order. NaN comes last. Each
 * derivative returns to where its element came from: of equals, in the order in which they stood.
 *
 * @example sort(tensor([3, 1, 2])) // [1, 2, 3]
 */
export function sort(x: Tensor, axis = -1, descending = false): Tensor {
  checkTensors("sort", [x]);
  return takeAlong(x, argsort(x, axis, descending), axis);
}

/**
 * The `k` largest elements along `axis` (default: the last) in falling order, and their places (int32). Of equals the
 * first in x wins, and gets the derivative; NaN counts as smallest.
 *
 * @throws RangeError if the axis has fewer than `k` elements.
 * @example topK(tensor([1, 3, 2]), 2) // { values: [3, 2], indices: [1, 2] }
 */
export function topK(x: Tensor, k: number, axis = -1): { values: Tensor; indices: Tensor } {
  checkTensors("topK", [x]);
  const [at] = axesOf("topK", x, axis);
  if (!Number.isInteger(k) || k < 0 || k > x.shape[at]) {
    throw new RangeError(
      `[topK] k is ${quote(k)}; axis ${quote(axis)} has ${x.shape[at]} elements. Ask for 0 to ${x.shape[at]}.`,
    );
  }
  const indices = apply(argsortOp, [x], { axis: at, count: k, descending: true });
  return { values: takeAlong(x, indices, at), indices };
}

/** Every record of this file. */
export const orderOps = [cumsumOp, argsortOp] as unknown as readonly AnyOp[];
