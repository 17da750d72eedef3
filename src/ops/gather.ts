// Elements by number along an axis, and numbers added at such places: transposes of one another, two pairs of them.

import { type AnyOp, type Array64, apply, checkTensors, type Op } from "../autodiff/index.js";
import { fromNumbers, kernelsOf, quote, type Shape, showShape, sizeOf, type Tensor } from "../core/index.js";
import { add } from "./elementwise.js";
import { axesOf } from "./sum.js";

interface Along {
  readonly axis: number;
}
interface Into extends Along {
  /** Size of the axis that the numbers point into. */
  readonly size: number;
}

/** Throws unless the indices are int32 from 0 to `size` - 1. */
function check(op: string, indices: Tensor, size: number): void {
  if (indices.dtype !== "int32") {
    throw new TypeError(`[${op}] indices are ${indices.dtype}; int32 is needed. Use tensor(list, { dtype: "int32" }).`);
  }
  const values = indices.elements;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < 0 || values[i] >= size) {
      throw new RangeError(`[${op}] index ${values[i]} at ${i} is outside an axis of size ${size}. Count from 0.`);
    }
  }
}

const product = (shape: Shape, from: number, to?: number): number => sizeOf(shape.slice(from, to));

/** A loop over (outer, n, inner), with the index of the element and of its number. */
function visit(
  outer: number,
  n: number,
  inner: number,
  f: (o: number, i: number, k: number, flat: number) => void,
): void {
  let flat = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < inner; k++) f(o, i, k, flat++);
    }
  }
}

const taken = (x: Shape, indices: Shape, axis: number): Shape => [
  ...x.slice(0, axis),
  ...indices,
  ...x.slice(axis + 1),
];

/** y[.., i, ..] = x[.., indices[i], ..] along `axis`. */
export const takeOp: Op<Along> = {
  name: "take",
  types: { takes: "any", indices: [1] },
  shapes: ([x, indices], { axis }) => {
    check("take", indices, x.shape[axis]);
    return [taken(x.shape, indices.shape, axis)];
  },
  forward: ([y], [x, indices], { axis }) =>
    kernelsOf(y).take(
      y.address,
      x.address,
      indices.address,
      product(x.shape, 0, axis),
      x.shape[axis],
      indices.size,
      product(x.shape, axis + 1),
    ),
  vjp: ([dy], { inputs: [x, indices], attributes: { axis } }) => [
    apply(placeAddOp, [dy!, indices], { axis, size: x.shape[axis] }),
    undefined,
  ],
  jvp: ([dx], { inputs: [_, indices], attributes }) => [dx && apply(takeOp, [dx, indices], attributes)],
  reference: ([x, indices], { axis }) => {
    const shape = taken(x.shape, indices.shape, axis);
    const [outer, inner] = [product(x.shape, 0, axis), product(x.shape, axis + 1)];
    const data = new Float64Array(sizeOf(shape));
    visit(outer, indices.data.length, inner, (o, i, k, flat) => {
      data[flat] = x.data[(o * x.shape[axis] + indices.data[i]) * inner + k];
    });
    return [{ shape, data }];
  },
  domain: [
    { inputs: [{ shape: [4, 3] }, { shape: [2, 3], dtype: "int32", high: 4 }], attributes: { axis: 0 } },
    { inputs: [{ shape: [2, 4, 3] }, { shape: [5], dtype: "int32", high: 4 }], attributes: { axis: 1 } },
    { inputs: [{ shape: [4] }, { shape: [], dtype: "int32", high: 4 }], attributes: { axis: 0 } },
  ],
};

function placed(x: Shape, indices: Shape, { axis, size }: Into): Shape {
  return [...x.slice(0, axis), size, ...x.slice(axis + indices.length)];
}

/** y[.., indices[i], ..] = the sum of all x[.., i, ..]: the transpose of `take`. */
export const placeAddOp: Op<Into> = {
  name: "placeAdd",
  types: { takes: "any", indices: [1] },
  shapes: ([x, indices], into) => {
    const { axis, size } = into;
    check("scatterAdd", indices, size);
    if (indices.shape.some((length, i) => length !== x.shape[axis + i])) {
      throw new RangeError(
        `[scatterAdd] updates of shape ${showShape(x.shape)} do not have the axes ${showShape(indices.shape)} of the indices at axis ${quote(axis)}.`,
      );
    }
    return [placed(x.shape, indices.shape, into)];
  },
  forward: ([y], [x, indices], { axis, size }) => {
    kernelsOf(y).fill(y.address, y.size, 0);
    const outer = product(x.shape, 0, axis);
    const inner = product(x.shape, axis + indices.rank);
    kernelsOf(y).takeAdd(y.address, x.address, indices.address, outer, size, indices.size, inner);
  },
  vjp: ([dy], { inputs: [_, indices], attributes: { axis } }) => [apply(takeOp, [dy!, indices], { axis }), undefined],
  jvp: ([dx], { inputs: [_, indices], attributes }) => [dx && apply(placeAddOp, [dx, indices], attributes)],
  reference: ([x, indices], into) => {
    const { axis, size } = into;
    const shape = placed(x.shape, indices.shape, into);
    const [outer, inner] = [product(x.shape, 0, axis), product(x.shape, axis + indices.shape.length)];
    const data = new Float64Array(sizeOf(shape));
    visit(outer, indices.data.length, inner, (o, i, k, flat) => {
      data[(o * size + indices.data[i]) * inner + k] += x.data[flat];
    });
    return [{ shape, data }];
  },
  domain: [
    { inputs: [{ shape: [5, 3] }, { shape: [5], dtype: "int32", high: 4 }], attributes: { axis: 0, size: 4 } },
    { inputs: [{ shape: [2, 2, 3, 2] }, { shape: [2, 3], dtype: "int32", high: 3 }], attributes: { axis: 1, size: 3 } },
  ],
};

const withAxis = (shape: Shape, axis: number, size: number): Shape =>
  shape.map((length, i) => (i === axis ? size : length));

/** y[.., i, ..] = x[.., indices[.., i, ..], ..] along `axis`: every element has its own number. */
export const takeAlongOp: Op<Along> = {
  name: "takeAlong",
  types: { takes: "any", indices: [1] },
  shapes: ([x, indices], { axis }) => {
    check("takeAlong", indices, x.shape[axis]);
    if (indices.rank !== x.rank || indices.shape.some((length, i) => i !== axis && length !== x.shape[i])) {
      throw new RangeError(
        `[takeAlong] indices of shape ${showShape(indices.shape)} differ from shape ${showShape(x.shape)} beside axis ${quote(axis)}. Make all other sizes equal.`,
      );
    }
    return [indices.shape];
  },
  forward: ([y], [x, indices], { axis }) => {
    const outer = product(x.shape, 0, axis);
    const inner = product(x.shape, axis + 1);
    kernelsOf(y).takeAlong(y.address, x.address, indices.address, outer, x.shape[axis], indices.shape[axis], inner);
  },
  vjp: ([dy], { inputs: [x, indices], attributes: { axis } }) => [
    apply(placeAlongOp, [dy!, indices], { axis, size: x.shape[axis] }),
    undefined,
  ],
  jvp: ([dx], { inputs: [_, indices], attributes }) => [dx && apply(takeAlongOp, [dx, indices], attributes)],
  reference: ([x, indices], { axis }): Array64[] => {
    const inner = product(x.shape, axis + 1);
    const data = new Float64Array(indices.data.length);
    visit(product(x.shape, 0, axis), indices.shape[axis], inner, (o, _, k, flat) => {
      data[flat] = x.data[(o * x.shape[axis] + indices.data[flat]) * inner + k];
    });
    return [{ shape: indices.shape, data }];
  },
  domain: [
    { inputs: [{ shape: [3, 4] }, { shape: [3, 2], dtype: "int32", high: 4 }], attributes: { axis: 1 } },
    { inputs: [{ shape: [4, 3] }, { shape: [5, 3], dtype: "int32", high: 4 }], attributes: { axis: 0 } },
  ],
};

/** y[.., indices[.., i, ..], ..] = the sum of all x[.., i, ..]: the transpose of `takeAlong`. */
export const placeAlongOp: Op<Into> = {
  name: "placeAlong",
  types: { takes: "any", indices: [1] },
  shapes: ([x, indices], { axis, size }) => {
    check("placeAlong", indices, size);
    return [withAxis(x.shape, axis, size)];
  },
  forward: ([y], [x, indices], { axis, size }) => {
    kernelsOf(y).fill(y.address, y.size, 0);
    const outer = product(x.shape, 0, axis);
    const inner = product(x.shape, axis + 1);
    kernelsOf(y).takeAlongAdd(y.address, x.address, indices.address, outer, size, x.shape[axis], inner);
  },
  vjp: ([dy], { inputs: [_, indices], attributes: { axis } }) => [
    apply(takeAlongOp, [dy!, indices], { axis }),
    undefined,
  ],
  jvp: ([dx], { inputs: [_, indices], attributes }) => [dx && apply(placeAlongOp, [dx, indices], attributes)],
  reference: ([x, indices], { axis, size }) => {
    const shape = withAxis(x.shape, axis, size);
    const inner = product(x.shape, axis + 1);
    const data = new Float64Array(sizeOf(shape));
    visit(product(x.shape, 0, axis), x.shape[axis], inner, (o, _, k, flat) => {
      data[(o * size + indices.data[flat]) * inner + k] += x.data[flat];
    });
    return [{ shape, data }];
  },
  domain: [
    { inputs: [{ shape: [3, 2] }, { shape: [3, 2], dtype: "int32", high: 4 }], attributes: { axis: 1, size: 4 } },
    { inputs: [{ shape: [3, 2] }, { shape: [3, 2], dtype: "int32", high: 2 }], attributes: { axis: 0, size: 2 } },
  ],
};

/** An int32 tensor of indices, or a plain list of them. */
export type Indices = Tensor | readonly number[];

const indexTensor = (indices: Indices): Tensor =>
  Array.isArray(indices) ? fromNumbers(indices, [indices.length], "int32") : (indices as Tensor);

/**
 * The items of `x` at `indices` along `axis` (default 0): the axis is replaced by the axes of the indices, as NumPy's
 * `take`. An item that is taken twice gets both derivatives.
 *
 * @throws RangeError for an index outside the axis (they count from 0); TypeError unless the indices are int32.
 * @example take(tensor([10, 20, 30]), [2, 0]) // [30, 10]
 */
export function take(x: Tensor, indices: Indices, axis = 0): Tensor {
  checkTensors("take", [x]);
  const [at] = axesOf("take", x, axis);
  return apply(takeOp, [x, indexTensor(indices)], { axis: at });
}

/**
 * One element for each index along `axis` (default: the last), from its own row: NumPy's `take_along_axis`.
 *
 * @example takeAlong(tensor([[1, 2], [3, 4]]), tensor([[1], [0]], { dtype: "int32" }), 1) // [[2], [3]]
 */
export function takeAlong(x: Tensor, indices: Tensor, axis = -1): Tensor {
  checkTensors("takeAlong", [x, indices]);
  const [at] = axesOf("takeAlong", x, axis);
  return apply(takeAlongOp, [x, indices], { axis: at });
}

/**
 * `x` with `updates` added at `indices` along `axis` (default 0): the axis of x is replaced in the updates' shape by the
 * axes of the indices. What hits one place several times is added up in the order of the indices.
 *
 * @throws RangeError for an index outside the axis, or updates that do not fit; TypeError unless the indices are int32.
 * @example scatterAdd(zeros([3]), [0, 2, 2], tensor([1, 2, 3])) // [1, 0, 5]
 */
export function scatterAdd(x: Tensor, indices: Indices, updates: Tensor, axis = 0): Tensor {
  checkTensors("scatterAdd", [x, updates]);
  const [at] = axesOf("scatterAdd", x, axis);
  return add(x, apply(placeAddOp, [updates, indexTensor(indices)], { axis: at, size: x.shape[at] }));
}

/**
 * Rows `ids` (int32, any shape) of `table` `[words, size]`: shape `[...ids.shape, size]`. The derivative adds up repeats.
 *
 * @example embedding(tensor([[1, 2], [3, 4]]), tensor([1, 0, 1], { dtype: "int32" })) // [[3, 4], [1, 2], [3, 4]]
 */
export function embedding(table: Tensor, ids: Tensor): Tensor {
  checkTensors("embedding", [table, ids]);
  return take(table, ids, 0);
}

/** Every record of this file. */
export const gatherOps = [takeOp, placeAddOp, takeAlongOp, placeAlongOp] as unknown as readonly AnyOp[];
