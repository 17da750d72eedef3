// A tensor with some of its items replaced, added to or raised: what `x[index] = y` is where tensors do not change.

import { type AnyOp, apply, checkTensors, type Op } from "../autodiff/index.js";
import { checkOptions, fromNumbers, quote, type Shape, sameShape, showShape, sizeOf, Tensor } from "../core/index.js";
import { scalar } from "./broadcast.js";
import { add, maximum, minimum, type Operand, reversed } from "./elementwise.js";
import { type Indices, scatterAdd, take, takeAlong } from "./gather.js";
import { inside } from "./inside.js";
import { concat } from "./join.js";
import { isAfter } from "./order.js";
import { reshape } from "./shape.js";
import { broadcastTo } from "./stretch.js";
import { axesOf } from "./sum.js";
import { where } from "./where.js";

/** y[place] = size + the last i with indices[i] = place, or the place itself: where an item comes from after all are set. */
const lastWritesOp: Op<{ size: number }> = {
  name: "lastWrites",
  types: { takes: "int32" },
  shapes: (_, { size }) => [[size]],
  forward: ([y], [indices], { size }) => lastWrites(y.elements, indices.elements, size),
  vjp: () => [undefined],
  jvp: () => [undefined],
  reference: ([indices], { size }) => {
    const data = new Float64Array(size);
    lastWrites(data, indices.data, size);
    return [{ shape: [size], data }];
  },
  domain: [],
};

function lastWrites(out: { [i: number]: number }, indices: ArrayLike<number>, size: number): void {
  for (let i = 0; i < size; i++) out[i] = i;
  for (let i = 0; i < indices.length; i++) out[indices[i]] = size + i;
}

interface Rows {
  readonly axis: number;
  /** How many items there are before the updates. */
  readonly size: number;
}

/**
 * y = for each element of the first `size` items of x along `axis` the place of the largest among itself and the updates
 * behind them that go to its item: itself at a tie, then the first; the first NaN before all.
 */
const largestWritesOp: Op<Rows> = {
  name: "largestWrites",
  types: { takes: "any", indices: [1], gives: "int32" },
  shapes: ([x], { axis, size }) => [x.shape.with(axis, size)],
  forward: ([y], [x, indices], rows) => largestWrites(y.elements, x.elements, x.shape, indices.elements, rows),
  vjp: () => [undefined, undefined],
  jvp: () => [undefined],
  reference: ([x, indices], rows) => {
    const shape = x.shape.with(rows.axis, rows.size);
    const data = new Float64Array(sizeOf(shape));
    largestWrites(data, x.data, x.shape, indices.data, rows);
    return [{ shape, data }];
  },
  domain: [],
};

function largestWrites(
  out: { [i: number]: number },
  x: ArrayLike<number>,
  shape: Shape,
  indices: ArrayLike<number>,
  { axis, size }: Rows,
): void {
  const [outer, length, inner] = [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1))];
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++) {
      const from = (place: number): number => x[(o * length + place) * inner + k];
      const to = (place: number): number => (o * size + place) * inner + k;
      for (let place = 0; place < size; place++) out[to(place)] = place;
      for (let i = 0; i < indices.length; i++) {
        const target = to(indices[i]);
        const [best, next] = [from(out[target]), from(size + i)];
        if (isAfter(next, best)) out[target] = size + i;
      }
    }
  }
}

/** Some items of a tensor, and what can be made of the tensor there. Nothing is changed: each gives a new tensor. */
export interface At {
  /** The items themselves. Throws for a mask: how many it names depends on its numbers. */
  get(): Tensor;
  /** The tensor with `values` as these items; where an item is named twice, the last wins. */
  set(values: Operand): Tensor;
  /** The tensor with `values` added to these items, all of them where an item is named twice. */
  add(values: Operand): Tensor;
  /** The tensor with the larger of each item and its `values`. At a tie the derivative goes to the tensor. */
  max(values: Operand): Tensor;
  /** The tensor with the smaller of each item and its `values`. At a tie the derivative goes to the tensor. */
  min(values: Operand): Tensor;
}

/** A mask in place of an index: the items where it is not 0. */
export interface Masked {
  /** Shaped as `x` from the axis on, or as the first of these axes. */
  readonly mask: Tensor;
}

/**
 * Some items of `x`, to read, replace or change: `at(x, [0, 2]).set(0)` is x with 0 in its rows 0 and 2. `index` names items
 * along `axis` (default 0): a whole number (negative ones count from the end; the axis disappears from the values), or a
 * list or an int32 tensor of them from 0. Values broadcast to the shape that `get()` has. With `{ mask }` the items are those where
 * the mask is not 0, and values broadcast to the shape of x. Everything is differentiable, in x and in the values.
 *
 * @example at(tensor([1, 2, 3]), [0, 0]).add(1) // [3, 2, 3]
 * @example at(tensor([0, 2, 3]), { mask: tensor([0, 1, 1]) }).set(1) // [0, 1, 1]
 * @throws RangeError for an index outside the axis, or a mask or values that do not fit; TypeError for a mask that is given as
 * an index.
 */
export function at(x: Tensor, index: number | Indices | Masked, axis = 0): At {
  checkTensors("at", [x]);
  const [along] = axesOf("at", x, axis);
  if (isMasked(index)) return atMask(x, index, along);
  const indices = indexOf(x, index, along);
  const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
  const size = x.shape[along];
  const fitted = (values: Operand): Tensor => {
    const given = typeof values === "number" ? scalar(values, x) : values;
    checkTensors("at", [given]);
    return sameShape(given.shape, shape) ? given : broadcastTo(given, shape);
  };
  // The items of x, and behind them the values, as items of one list.
  const both = (values: Tensor): Tensor => {
    const items = reshape(values, x.shape.with(along, indices.size));
    return concat([x, items], along);
  };
  const largest = (values: Tensor): Tensor => {
    const all = both(values);
    return takeAlong(all, apply(largestWritesOp, [all, indices], { axis: along, size }), along);
  };
  return {
    get: () => take(x, indices, along),
    set: (values) => take(both(fitted(values)), apply(lastWritesOp, [indices], { size }), along),
    add: (values) => scatterAdd(x, indices, fitted(values), along),
    max: (values) => largest(fitted(values)),
    min: (values) => reversed(at(reversed(x), indices, along).max(reversed(fitted(values)))),
  };
}

const isMasked = (index: unknown): index is Masked =>
  typeof index === "object" && index !== null && !(index instanceof Tensor) && "mask" in index;

function atMask(x: Tensor, options: Masked, along: number): At {
  checkOptions("at", options, ["mask"]);
  const { mask } = options;
  checkTensors("at", [mask]);
  const end = along + mask.rank;
  if (!sameShape(mask.shape, x.shape.slice(along, end))) {
    throw new RangeError(
      `[at] a mask of shape ${showShape(mask.shape)} does not fit shape ${showShape(x.shape)} from axis ${along}. Give one truth an item.`,
    );
  }
  const there = reshape(mask, [...mask.shape, ...x.shape.slice(end).map(() => 1)]);
  const choosing =
    (change: (values: Tensor) => Tensor) =>
    (values: Operand): Tensor => {
      const given = typeof values === "number" ? scalar(values, x) : values;
      checkTensors("at", [given]);
      return where(there, change(broadcastTo(given, x.shape)), x);
    };
  return {
    get: () => {
      throw new TypeError(
        "[at] how many items a mask names depends on its numbers. Use where(mask, x, 0), or take with nonzero outside of transforms.",
      );
    },
    set: choosing((values) => values),
    add: choosing((values) => add(x, values)),
    max: choosing((values) => maximum(x, values)),
    min: choosing((values) => minimum(x, values)),
  };
}

/** The index as int32 numbers inside the axis. */
function indexOf(x: Tensor, index: number | Indices, axis: number): Tensor {
  const size = x.shape[axis];
  const outside = (value: number): RangeError =>
    new RangeError(
      `[at] index ${quote(value)} is outside axis ${axis} of shape ${showShape(x.shape)}. Indices are whole numbers below ${size}.`,
    );
  if (typeof index === "number") {
    if (!Number.isInteger(index) || index < -size || index >= size) throw outside(index);
    return fromNumbers([index < 0 ? index + size : index], [], "int32");
  }
  if (Array.isArray(index)) {
    const odd = index.find((value) => !Number.isInteger(value) || value < -size || value >= size);
    if (odd !== undefined) throw outside(odd);
    return fromNumbers(
      index.map((value) => (value < 0 ? value + size : value)),
      [index.length],
      "int32",
    );
  }
  const indices = index as Tensor;
  checkTensors("at", [indices]);
  if (indices.dtype !== "int32") {
    throw new TypeError(`[at] indices are ${indices.dtype}; int32 is needed. For a mask write at(x, { mask }).`);
  }
  return inside(indices, { size, outside });
}

/** Every record of this file. */
export const atOps = [lastWritesOp, largestWritesOp] as unknown as readonly AnyOp[];
