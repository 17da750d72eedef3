// The ops that differentiation itself needs; everything else is on the floor above.
import { emptyLike, kernelsOf, quote, type Shape, sameShape, showShape, sizeOf, type Tensor } from "../core/index.js";
import { type AnyOp, type Array64, type Op, OuterProduct } from "./op.js";
import { apply, keepsOuterProducts } from "./tape.js";
import { anyType } from "./typing.js";

const square = [{ inputs: [{ shape: [3, 2] }], attributes: undefined }];

/** y = x under a name of its own, so that a gradient can tell this use of x from all others. */
export const alias: Op = {
  name: "alias",
  batch: "leading",
  shapes: ([x]) => [x.shape],
  view: () => 0,
  vjp: ([dy]) => [dy],
  jvp: ([dx]) => [dx],
  reference: ([x]) => [x],
  domain: square,
};

/** y = x, a constant to every derivative. */
export const stopOp: Op = {
  name: "stop",
  batch: "leading",
  shapes: ([x]) => [x.shape],
  view: () => 0,
  vjp: () => [undefined],
  jvp: () => [undefined],
  reference: ([x]) => [x],
  domain: [],
};

/**
 * `x` as a constant: no derivative passes (`lax.stop_gradient`, `detach`).
 *
 * @example grad((x: Tensor) => x.mul(stop(x)).sum())(tensor([3])) // [3]
 */
export function stop(x: Tensor): Tensor {
  return apply(stopOp, [x], undefined);
}

/** y = a + b for equal shapes: the sum of two cotangents. */
export const accumulate: Op = {
  name: "accumulate",
  batch: "leading",
  shapes: ([a, b]) => {
    if (!sameShape(a.shape, b.shape)) {
      throw new RangeError(
        `[accumulate] shapes differ: ${showShape(a.shape)} and ${showShape(b.shape)}. Sum or broadcast one of them.`,
      );
    }
    return [a.shape];
  },
  forward: ([y], [a, b]) => kernelsOf(y).add(y.address, a.address, b.address, 1, y.size, 0, 1, 0, 1),
  vjp: ([dy]) => [dy, dy],
  jvp: ([da, db]) => [da && db ? apply(accumulate, [da, db], undefined) : (da ?? db)],
  reference: ([a, b]) => [{ shape: a.shape, data: a.data.map((x, i) => x + b.data[i]) }],
  domain: [{ inputs: [{ shape: [3, 2] }, { shape: [3, 2] }], attributes: undefined }],
};

/** y = a bᵀ for vectors a (m) and b (n): shape (m, n). */
export const outerOp: Op = {
  name: "outer",
  shapes: ([a, b]) => {
    if (a.rank !== 1 || b.rank !== 1) {
      throw new RangeError(
        `[outer] two vectors are needed, not shapes ${showShape(a.shape)} and ${showShape(b.shape)}. Reshape them first.`,
      );
    }
    return [[a.size, b.size]];
  },
  forward: ([y], [a, b]) => kernelsOf(y).outer(y.address, a.address, b.address, a.size, b.size),
  vjp: ([dy], { inputs: [a, b], needs }) => [
    needs(0) ? apply(matvecOp, [dy!, b], { transpose: false }) : undefined,
    needs(1) ? apply(matvecOp, [dy!, a], { transpose: true }) : undefined,
  ],
  jvp: ([da, db], { inputs: [a, b] }) => [
    sumOf(da && apply(outerOp, [da, b], undefined), db && apply(outerOp, [a, db], undefined)),
  ],
  reference: ([a, b]) => {
    const data = new Float64Array(a.data.length * b.data.length);
    a.data.forEach((x, i) => {
      b.data.forEach((y, j) => {
        data[i * b.data.length + j] = x * y;
      });
    });
    return [{ shape: [a.data.length, b.data.length], data }];
  },
  domain: [
    { inputs: [{ shape: [3] }, { shape: [5] }], attributes: undefined },
    { inputs: [{ shape: [1] }, { shape: [4] }], attributes: undefined },
  ],
};

/** y = A x, or Aᵀ x with `transpose`, for A (m, n). Its cotangent in A has rank one and stays two vectors. */
export const matvecOp: Op<{ transpose: boolean }> = {
  name: "matvec",
  shapes: ([a, x], { transpose }) => {
    const [m, n] = transpose ? [a.shape[1], a.shape[0]] : a.shape;
    if (a.rank !== 2 || x.rank !== 1 || x.size !== n) {
      throw new RangeError(
        `[matvec] ${showShape(a.shape)}${transpose ? " transposed" : ""} . ${showShape(x.shape)} does not fit: ` +
          "a matrix [m, n] and a vector [n] are needed. Transpose the matrix, or reshape the vector.",
      );
    }
    return [[m]];
  },
  forward: ([y], [a, x], { transpose }) => {
    const [rows, columns] = a.shape;
    if (transpose) kernelsOf(y).matvecT(y.address, a.address, x.address, rows, columns);
    else kernelsOf(y).matvec(y.address, a.address, x.address, rows, columns);
  },
  vjp: ([dy], { inputs: [a, x], attributes: { transpose }, needs }) => [
    needs(0) ? (transpose ? outerCotangent(x, dy!) : outerCotangent(dy!, x)) : undefined,
    needs(1) ? apply(matvecOp, [a, dy!], { transpose: !transpose }) : undefined,
  ],
  jvp: ([da, dx], { inputs: [a, x], attributes }) => [
    sumOf(da && apply(matvecOp, [da, x], attributes), dx && apply(matvecOp, [a, dx], attributes)),
  ],
  reference: ([a, x], { transpose }) => {
    const [rows, columns] = a.shape;
    const data = new Float64Array(transpose ? columns : rows);
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        data[transpose ? j : i] += a.data[i * columns + j] * x.data[transpose ? i : j];
      }
    }
    return [{ shape: [data.length], data }];
  },
  domain: [
    { inputs: [{ shape: [3, 5] }, { shape: [5] }], attributes: { transpose: false } },
    { inputs: [{ shape: [3, 5] }, { shape: [3] }], attributes: { transpose: true } },
  ],
};

/** y[i] = x_i: tensors of one shape along a new first axis. */
export const stackOp: Op = {
  name: "stack",
  types: anyType,
  shapes: (parts) => {
    const odd = parts.find((part) => !sameShape(part.shape, parts[0].shape));
    if (parts.length === 0 || odd) {
      const fact = odd ? `shapes differ: ${showShape(parts[0].shape)} and ${showShape(odd.shape)}` : "nothing to stack";
      throw new RangeError(`[stack] ${fact}. Give one or more tensors of one shape.`);
    }
    return [[parts.length, ...parts[0].shape]];
  },
  forward: ([y], parts) => {
    parts.forEach((part, i) => {
      kernelsOf(y).copy(y.addressOf(i * part.size), part.address, part.bytes);
    });
  },
  vjp: ([dy], { inputs }) => inputs.map((_, i) => apply(rowOp, [dy!], { index: i })),
  jvp: (tangents, { inputs }) => [
    apply(
      stackOp,
      tangents.map((tangent, i) => tangent ?? zerosLike(inputs[i])),
      undefined,
    ),
  ],
  reference: (parts) => [
    {
      shape: [parts.length, ...parts[0].shape],
      data: Float64Array.from(parts.flatMap((part) => [...part.data])),
    },
  ],
  domain: [{ inputs: [{ shape: [2, 2] }, { shape: [2, 2] }, { shape: [2, 2] }], attributes: undefined }],
};

/** y = x[index] along the first axis; a view. */
export const rowOp: Op<{ index: number }> = {
  name: "row",
  shapes: ([x], { index }) => {
    if (x.rank === 0 || !Number.isInteger(index) || index < 0 || index >= x.shape[0]) {
      throw new RangeError(`[row] index ${quote(index)} is outside shape ${showShape(x.shape)}. Count rows from 0.`);
    }
    return [x.shape.slice(1)];
  },
  view: ([x], { index }) => index * (x.size / x.shape[0]),
  vjp: ([dy], { inputs: [x], attributes }) => [apply(placeRowOp, [dy!], { ...attributes, rows: x.shape[0] })],
  jvp: ([dx], { attributes }) => [dx && apply(rowOp, [dx], attributes)],
  reference: ([x], { index }) => {
    const shape: Shape = x.shape.slice(1);
    const size = x.data.length / x.shape[0];
    return [{ shape, data: x.data.slice(index * size, (index + 1) * size) }];
  },
  domain: [
    { inputs: [{ shape: [4, 3] }], attributes: { index: 2 } },
    { inputs: [{ shape: [4] }], attributes: { index: 0 } },
  ],
};

/** y[index] = x and zeros in the `rows` - 1 other rows: the transpose of `row`. */
export const placeRowOp: Op<{ index: number; rows: number }> = {
  name: "placeRow",
  types: anyType,
  shapes: ([x], { rows }) => [[rows, ...x.shape]],
  forward: ([y], [x], { index }) => {
    kernelsOf(y).fill(y.address, y.size, 0);
    kernelsOf(y).copy(y.addressOf(index * x.size), x.address, x.bytes);
  },
  vjp: ([dy], { attributes: { index } }) => [apply(rowOp, [dy!], { index })],
  jvp: ([dx], { attributes }) => [dx && apply(placeRowOp, [dx], attributes)],
  reference: ([x], { index, rows }): Array64[] => {
    const data = new Float64Array(rows * x.data.length);
    data.set(x.data, index * x.data.length);
    return [{ shape: [rows, ...x.shape], data }];
  },
  domain: [{ inputs: [{ shape: [3] }], attributes: { index: 1, rows: 4 } }],
};

/** y of shape [...b, ...a] = x of shape [...a, ...b], where a are the first `front` axes. */
export const swapOp: Op<{ front: number }> = {
  name: "swap",
  types: anyType,
  shapes: ([x], { front }) => [[...x.shape.slice(front), ...x.shape.slice(0, front)]],
  forward: ([y], [x], { front }) => {
    const rows = sizeOf(x.shape.slice(0, front));
    const columns = sizeOf(x.shape.slice(front));
    if (x.size > 0) kernelsOf(y).copyStrided(y.address, x.address, 1, columns, rows, 0, rows, 1, 0, 1, columns);
  },
  vjp: ([dy], { inputs: [x], attributes: { front } }) => [apply(swapOp, [dy!], { front: x.rank - front })],
  jvp: ([dx], { attributes }) => [dx && apply(swapOp, [dx], attributes)],
  reference: ([x], { front }) => {
    const rows = sizeOf(x.shape.slice(0, front));
    const columns = sizeOf(x.shape.slice(front));
    const data = x.data.map((_, at) => x.data[(at % rows) * columns + Math.floor(at / rows)]);
    return [{ shape: [...x.shape.slice(front), ...x.shape.slice(0, front)], data }];
  },
  domain: [
    { inputs: [{ shape: [2, 3, 4] }], attributes: { front: 1 } },
    { inputs: [{ shape: [2, 3, 5] }], attributes: { front: 2 } },
  ],
};

/** Every record of this file, for the tests' table. */
export const primitives: readonly AnyOp[] = [
  alias,
  stopOp,
  accumulate,
  outerOp,
  matvecOp,
  stackOp,
  rowOp,
  placeRowOp,
  swapOp,
] as AnyOp[];

/** The cotangent a bᵀ: two vectors where the sweep keeps outer products, otherwise a matrix. */
export function outerCotangent(a: Tensor, b: Tensor): Tensor | OuterProduct {
  return keepsOuterProducts() ? new OuterProduct(a, b) : apply(outerOp, [a, b], undefined);
}

/** The sum of two tangents or cotangents of which either may be missing. */
export function sumOf(a: Tensor | undefined, b: Tensor | undefined): Tensor | undefined {
  return a && b ? apply(accumulate, [a, b], undefined) : (a ?? b);
}

/** A constant zero of the shape of `x`. */
export function zerosLike(x: Tensor): Tensor {
  const zeros = emptyLike(x);
  kernelsOf(zeros).fill(zeros.address, zeros.size, 0);
  return zeros;
}
