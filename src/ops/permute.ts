// Axes in another order, and shapes with axes of size 1 more or less.

import { anyType, apply, checkTensors, type Op } from "../autodiff/index.js";
import { checkKind, quote, type Shape, showShape, sizeOf, type Tensor } from "../core/index.js";
import { transpose as matrixTranspose, reshape } from "./shape.js";
import { copyAlong, copyReference, stridesOf, type Walk } from "./strided.js";
import { type Axes, axesOf } from "./sum.js";

const permuted = (shape: Shape, axes: readonly number[]): number[] => axes.map((axis) => shape[axis]);
const inverse = (axes: readonly number[]): number[] => axes.map((_, i) => axes.indexOf(i));
const walks = (shape: Shape, axes: readonly number[]): [Shape, Walk, Walk] => {
  const out = permuted(shape, axes);
  return [out, { start: 0, strides: stridesOf(out) }, { start: 0, strides: permuted(stridesOf(shape), axes) }];
};

/** y has axis `axes[i]` of x as its axis i. */
export const permuteOp: Op<{ axes: readonly number[] }> = {
  name: "permute",
  types: anyType,
  batch: { stacked: ([x], _, { axes }) => [apply(permuteOp, [x], { axes: [0, ...axes.map((axis) => axis + 1)] })] },
  shapes: ([x], { axes }) => [permuted(x.shape, axes)],
  forward: ([y], [x], { axes }) => copyAlong(y, x, ...walks(x.shape, axes)),
  vjp: ([dy], { attributes: { axes } }) => [apply(permuteOp, [dy!], { axes: inverse(axes) })],
  jvp: ([dx], { attributes }) => [dx && apply(permuteOp, [dx], attributes)],
  reference: ([x], { axes }) => {
    const shape = permuted(x.shape, axes);
    const data = new Float64Array(sizeOf(shape));
    copyReference(data, x.data, ...walks(x.shape, axes));
    return [{ shape, data }];
  },
  domain: [
    { inputs: [{ shape: [2, 3, 4] }], attributes: { axes: [2, 0, 1] } },
    { inputs: [{ shape: [2, 1, 3, 2, 2] }], attributes: { axes: [4, 2, 1, 0, 3] } },
  ],
};

/**
 * `x` with axis `axes[i]` as its axis i; by default the axes in reverse order, for a matrix its transpose.
 *
 * @throws RangeError if `axes` does not name each axis once.
 * @example transpose(tensor([[1, 2], [3, 4]])) // [[1, 3], [2, 4]]
 */
export function transpose(x: Tensor, axes?: readonly number[]): Tensor {
  checkTensors("transpose", [x]);
  if (axes !== undefined) checkKind("transpose", "axes", axes, "a list");
  if (!axes && x.rank === 2) return matrixTranspose(x);
  const order = axes?.map((axis) => (axis < 0 ? axis + x.rank : axis)) ?? x.shape.map((_, i) => x.rank - 1 - i);
  if (order.length !== x.rank || [...order].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
    throw new RangeError(`[transpose] axes ${quote(axes)} do not name each axis of shape ${showShape(x.shape)} once.`);
  }
  if (order.every((axis, i) => axis === i)) return x;
  // Where all that moves has size 1, the numbers stay where they are.
  const moving = order.filter((axis) => x.shape[axis] !== 1);
  if (moving.every((axis, i) => i === 0 || axis > moving[i - 1])) return reshape(x, permuted(x.shape, order));
  return x.rank === 2 ? matrixTranspose(x) : apply(permuteOp, [x], { axes: order });
}

/**
 * `x` with axis `from` at place `to`; the other axes keep their order.
 *
 * @example moveAxis(zeros([2, 3, 4]), 0, 2) // (3, 4, 2)
 */
export function moveAxis(x: Tensor, from: number, to: number): Tensor {
  checkTensors("moveAxis", [x]);
  const [source] = axesOf("moveAxis", x, from);
  const [target] = axesOf("moveAxis", x, to);
  const order = x.shape.map((_, i) => i).filter((axis) => axis !== source);
  order.splice(target, 0, source);
  return transpose(x, order);
}

/**
 * `x` without its axes of size 1, or without `axes`, whose sizes must be 1. A view.
 *
 * @example squeeze(tensor([[[1], [2]]])) // [1, 2]
 */
export function squeeze(x: Tensor, axes?: Axes): Tensor {
  checkTensors("squeeze", [x]);
  const gone = axes === undefined ? undefined : axesOf("squeeze", x, axes);
  const odd = gone?.find((axis) => x.shape[axis] !== 1);
  if (odd !== undefined) {
    throw new RangeError(
      `[squeeze] axis ${quote(odd)} of shape ${showShape(x.shape)} has size ${x.shape[odd]}, not 1.`,
    );
  }
  return reshape(
    x,
    x.shape.filter((size, axis) => (gone ? !gone.includes(axis) : size !== 1)),
  );
}

/**
 * `x` with a new axis of size 1 at place `axis` of the result; negative places count from the end. A view.
 *
 * @example expandDims(tensor([1, 2]), 0) // [[1, 2]]
 */
export function expandDims(x: Tensor, axis: number): Tensor {
  checkTensors("expandDims", [x]);
  const place = axis < 0 ? axis + x.rank + 1 : axis;
  if (!Number.isInteger(place) || place < 0 || place > x.rank) {
    throw new RangeError(
      `[expandDims] axis ${quote(axis)} is outside the new shape. Axes run from ${-x.rank - 1} to ${x.rank} for shape ${showShape(x.shape)}.`,
    );
  }
  return reshape(x, [...x.shape.slice(0, place), 1, ...x.shape.slice(place)]);
}
