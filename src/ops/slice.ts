// Slices, and their transpose: numbers put into a larger array. Flips and pads are special cases of the two.

import { type AnyOp, anyType, apply, checkTensors, type Op } from "../autodiff/index.js";
import { checkKind, kernelsOf, quote, type Shape, showShape, sizeOf, type Tensor } from "../core/index.js";
import { copyAlong, copyReference, stridesOf, type Walk } from "./strided.js";
import { type Axes, axesOf } from "./sum.js";

/** A box in a larger array: for each axis where it begins and how far it steps, which may be backward. */
interface Box {
  readonly begin: readonly number[];
  readonly step: readonly number[];
}

function walkIn(shape: Shape, { begin, step }: Box): Walk {
  const strides = stridesOf(shape);
  return {
    start: begin.reduce((total, at, axis) => total + at * strides[axis], 0),
    strides: strides.map((stride, axis) => stride * step[axis]),
  };
}

const dense = (shape: Shape): Walk => ({ start: 0, strides: stridesOf(shape) });

/** y[i] = x[begin + step i] along each axis. */
export const sliceOp: Op<Box & { readonly size: Shape }> = {
  name: "slice",
  types: anyType,
  batch: {
    stacked: ([x], _, { begin, step, size }) => [
      apply(sliceOp, [x], { begin: [0, ...begin], step: [1, ...step], size: [x.shape[0], ...size] }),
    ],
  },
  shapes: (_, { size }) => [size],
  forward: ([y], [x], box) => copyAlong(y, x, y.shape, dense(y.shape), walkIn(x.shape, box)),
  vjp: ([dy], { inputs: [x], attributes: { begin, step } }) => [place(dy!, { begin, step, shape: x.shape, fill: 0 })],
  jvp: ([dx], { attributes }) => [dx && apply(sliceOp, [dx], attributes)],
  reference: ([x], { size, ...box }) => {
    const data = new Float64Array(sizeOf(size));
    copyReference(data, x.data, size, dense(size), walkIn(x.shape, box));
    return [{ shape: size, data }];
  },
  domain: [
    { inputs: [{ shape: [4, 6] }], attributes: { begin: [1, 4], step: [1, -2], size: [2, 3] } },
    { inputs: [{ shape: [2, 3, 2, 5] }], attributes: { begin: [0, 1, 0, 2], step: [1, 1, 1, 1], size: [2, 2, 1, 3] } },
    { inputs: [{ shape: [5] }], attributes: { begin: [4], step: [-1], size: [5] } },
  ],
};

interface Placing extends Box {
  readonly shape: Shape;
  readonly fill: number;
}

/** y[begin + step i] = x[i], and `fill` everywhere else: the transpose of `slice`. */
export const placeOp: Op<Placing> = {
  name: "place",
  types: anyType,
  batch: {
    stacked: ([x], _, { begin, step, shape, fill }) => [
      apply(placeOp, [x], { begin: [0, ...begin], step: [1, ...step], shape: [x.shape[0], ...shape], fill }),
    ],
  },
  shapes: (_, { shape }) => [shape],
  forward: ([y], [x], { fill, ...box }) => {
    kernelsOf(y).fill(y.address, y.size, fill);
    copyAlong(y, x, x.shape, walkIn(y.shape, box), dense(x.shape));
  },
  vjp: ([dy], { inputs: [x], attributes: { begin, step } }) => [apply(sliceOp, [dy!], { begin, step, size: x.shape })],
  jvp: ([dx], { attributes }) => [dx && place(dx, { ...attributes, fill: 0 })],
  reference: ([x], { shape, fill, ...box }) => {
    const data = new Float64Array(sizeOf(shape)).fill(Math.fround(fill));
    copyReference(data, x.data, x.shape, walkIn(shape, box), dense(x.shape));
    return [{ shape, data }];
  },
  domain: [
    { inputs: [{ shape: [2, 3] }], attributes: { begin: [1, 4], step: [1, -2], shape: [4, 6], fill: 0.5 } },
    { inputs: [{ shape: [3] }], attributes: { begin: [2], step: [1], shape: [6], fill: 0 } },
  ],
};

function place(x: Tensor, attributes: Placing): Tensor {
  return apply(placeOp, [x], attributes);
}

/** One number for every axis, or one for each of the leading axes; undefined stands for the default. */
type PerAxis = number | readonly (number | undefined)[];

const listed = (value: PerAxis | undefined): readonly (number | undefined)[] =>
  value === undefined ? [] : typeof value === "number" ? [value] : value;

/**
 * Every `step`-th element from `begin` (included) to `end` (excluded) along the leading axes, as NumPy's
 * `x[begin:end:step]`: negative positions count from the end, positions outside are cut off, a negative step walks
 * backward. Axes not named stay whole; a bare number speaks of the first axis.
 *
 * @throws RangeError for more positions than axes, fractions, or a step of 0.
 * @example slice(tensor([[1, 2, 3], [4, 5, 6]]), [0, 1]) // [[2, 3], [5, 6]]
 */
export function slice(x: Tensor, begin?: PerAxis, end?: PerAxis, step?: PerAxis): Tensor {
  checkTensors("slice", [x]);
  const [begins, ends, steps] = [listed(begin), listed(end), listed(step)];
  for (const list of [begins, ends, steps]) {
    checkKind("slice", "a list of positions", list, "a list");
    if (list.length > x.rank) {
      throw new RangeError(
        `[slice] ${quote(list.length)} positions for shape ${showShape(x.shape)}. Give at most one an axis.`,
      );
    }
    const odd = list.find((at) => at !== undefined && !Number.isInteger(at));
    if (odd !== undefined) throw new RangeError(`[slice] position ${quote(odd)} is no whole number.`);
  }
  if (steps.includes(0)) throw new RangeError("[slice] a step of 0 goes nowhere. Use 1, or -1 to walk backward.");
  const by = x.shape.map((_, axis) => steps[axis] ?? 1);
  const from = x.shape.map((size, axis) => {
    const last = by[axis] > 0 ? size : size - 1;
    return clamp(begins[axis] ?? (by[axis] > 0 ? 0 : last), size, by[axis] > 0 ? 0 : -1, last);
  });
  const size = x.shape.map((length, axis) => {
    const forward = by[axis] > 0;
    const to = ends[axis] === undefined ? (forward ? length : -1) : clamp(ends[axis], length, forward ? 0 : -1, length);
    return Math.max(0, Math.ceil((to - from[axis]) / by[axis]));
  });
  return apply(sliceOp, [x], { begin: from, step: by, size });
}

function clamp(at: number, size: number, low: number, high: number): number {
  return Math.min(Math.max(at < 0 ? at + size : at, low), high);
}

/** Elements `begin` to `end` (excluded) along one axis; whole numbers inside the shape, unchecked. */
export function sliceAxis(x: Tensor, axis: number, begin: number, end: number): Tensor {
  return apply(sliceOp, [x], {
    begin: x.shape.map((_, i) => (i === axis ? begin : 0)),
    step: x.shape.map(() => 1),
    size: x.shape.map((size, i) => (i === axis ? end - begin : size)),
  });
}

/**
 * `x` backward along `axes` (default: all).
 *
 * @example flip(tensor([1, 2, 3])) // [3, 2, 1]
 */
export function flip(x: Tensor, axes?: Axes): Tensor {
  checkTensors("flip", [x]);
  const flipped = axesOf("flip", x, axes);
  return apply(sliceOp, [x], {
    begin: x.shape.map((size, axis) => (flipped.includes(axis) ? Math.max(size - 1, 0) : 0)),
    step: x.shape.map((_, axis) => (flipped.includes(axis) ? -1 : 1)),
    size: x.shape,
  });
}

/** Every record of this file. */
export const sliceOps = [sliceOp, placeOp] as unknown as readonly AnyOp[];
