// All parts of a tensor along an axis at once. Taken one by one, the cotangent of each part is as large as the whole, and
// their sum costs the square of the number of parts.
import { type AnyOp, anyType, applyAll, type Op, zerosLike } from "../autodiff/index.js";
import type { Shape, Tensor } from "../core/index.js";
import { stack } from "./join.js";
import { copyAlong, copyReference, stridesOf, type Walk } from "./strided.js";

/** y_i = x[.., i, ..] along `axis`. */
export const unstackOp: Op<{ readonly axis: number }> = {
  name: "unstack",
  types: anyType,
  batch: { stacked: ([x], _, { axis }) => applyAll(unstackOp, [x], { axis: axis + 1 }) },
  shapes: ([x], { axis }) => {
    const part = without(x.shape, axis);
    return Array.from({ length: x.shape[axis] }, () => part);
  },
  forward: (parts, [x], { axis }) => {
    parts.forEach((part, i) => {
      copyAlong(part, x, part.shape, { start: 0, strides: stridesOf(part.shape) }, walkTo(x.shape, axis, i));
    });
  },
  vjp: (cotangents, { outputs, attributes: { axis } }) => [
    stack(
      cotangents.map((cotangent, i) => cotangent ?? zerosLike(outputs[i])),
      axis,
    ),
  ],
  jvp: ([dx], { outputs, attributes }) => (dx ? applyAll(unstackOp, [dx], attributes) : outputs.map(() => undefined)),
  reference: ([x], { axis }) => {
    const shape = without(x.shape, axis);
    return Array.from({ length: x.shape[axis] }, (_, i) => {
      const data = new Float64Array(x.data.length / x.shape[axis]);
      copyReference(data, x.data, shape, { start: 0, strides: stridesOf(shape) }, walkTo(x.shape, axis, i));
      return { shape, data };
    });
  },
  domain: [
    { inputs: [{ shape: [3, 2] }], attributes: { axis: 0 } },
    { inputs: [{ shape: [2, 3, 2] }], attributes: { axis: 1 } },
    { inputs: [{ shape: [4] }], attributes: { axis: 0 } },
  ],
};

const without = (shape: Shape, axis: number): Shape => shape.filter((_, i) => i !== axis);

/** A walk through part `i` of an array of this shape. */
function walkTo(shape: Shape, axis: number, i: number): Walk {
  const strides = stridesOf(shape);
  return { start: i * strides[axis], strides: strides.filter((_, at) => at !== axis) };
}

/** The parts of `x` along `axis`, without this axis, in order. */
export function unstack(x: Tensor, axis: number): readonly Tensor[] {
  return applyAll(unstackOp, [x], { axis });
}

/** The record of this file. */
export const unstackOps = [unstackOp] as unknown as readonly AnyOp[];
