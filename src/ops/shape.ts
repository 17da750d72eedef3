// Ops that change the shape and not the numbers.

import { type AnyOp, anyType, apply, checkTensors, type Op } from "../autodiff/index.js";
import {
  checkKind,
  checkList,
  checkShape,
  kernelsOf,
  quote,
  type Shape,
  sameShape,
  showShape,
  sizeOf,
  type Tensor,
} from "../core/index.js";

/** y = x under another shape of the same size; a view. */
export const reshapeOp: Op<{ shape: Shape }> = {
  name: "reshape",
  batch: { stacked: ([x], _, { shape }) => [apply(reshapeOp, [x], { shape: [x.shape[0], ...shape] })] },
  shapes: ([x], { shape }) => {
    checkShape("reshape", shape);
    if (sizeOf(shape) !== x.size) {
      throw new RangeError(
        `[reshape] ${showShape(x.shape)} has ${x.size} elements, ${showShape(shape)} has ${sizeOf(shape)}. The counts must agree.`,
      );
    }
    return [shape];
  },
  view: () => 0,
  vjp: ([dy], { inputs: [x] }) => [reshape(dy!, x.shape)],
  jvp: ([dx], { attributes: { shape } }) => [dx && reshape(dx, shape)],
  reference: ([x], { shape }) => [{ shape, data: x.data }],
  domain: [{ inputs: [{ shape: [2, 6] }], attributes: { shape: [3, 4] } }],
};

/**
 * `x` under another shape of the same size; row-major order stays, and nothing is copied. One size may be -1: it
 * becomes what the others leave.
 *
 * @example reshape(arange(6), [2, -1]) // [[0, 1, 2], [3, 4, 5]]
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkTensors("reshape", [x]);
  checkList("reshape", shape);
  const at = shape.indexOf(-1);
  const known = at < 0 ? shape.slice() : shape.with(at, remaining(x, shape, at));
  return sameShape(x.shape, known) ? x : apply(reshapeOp, [x], { shape: known });
}

function remaining(x: Tensor, shape: Shape, at: number): number {
  const others = sizeOf(shape.filter((_, axis) => axis !== at));
  const size = x.size / others;
  if (others > 0 && Number.isInteger(size)) return size;
  throw new RangeError(
    `[reshape] ${showShape(x.shape)} has ${x.size} elements; no size in place of -1 makes ${showShape(shape)} hold them.`,
  );
}

/** y = xᵀ for a matrix. */
export const transposeOp: Op = {
  name: "transpose",
  types: anyType,
  shapes: ([x]) => {
    if (x.rank !== 2)
      throw new RangeError(`[transpose] shape ${showShape(x.shape)} is no matrix. Reshape it to two axes.`);
    return [[x.shape[1], x.shape[0]]];
  },
  forward: ([y], [x]) => kernelsOf(y).transpose(y.address, x.address, x.shape[0], x.shape[1]),
  vjp: ([dy]) => [transpose(dy!)],
  jvp: ([dx]) => [dx && transpose(dx)],
  reference: ([x]) => {
    const [rows, columns] = x.shape;
    return [
      {
        shape: [columns, rows],
        data: Float64Array.from(
          { length: rows * columns },
          (_, i) => x.data[(i % rows) * columns + Math.floor(i / rows)],
        ),
      },
    ];
  },
  domain: [{ inputs: [{ shape: [3, 5] }], attributes: undefined }],
};

/** The transpose of a matrix; `permute.ts` has the one for any rank. */
export function transpose(x: Tensor): Tensor {
  checkTensors("transpose", [x]);
  return apply(transposeOp, [x], undefined);
}

/** Columns `columns` of a matrix, in that order; a column may be asked for once. */
export const columnsOp: Op<{ columns: readonly number[] }> = {
  name: "columns",
  types: anyType,
  shapes: ([x], { columns }) => {
    const bad = columns.find((column) => !(Number.isInteger(column) && column >= 0 && column < x.shape[1]));
    if (x.rank !== 2 || bad !== undefined || new Set(columns).size < columns.length) {
      throw new RangeError(`[columns] ${quote(columns)} do not name different columns of shape ${showShape(x.shape)}.`);
    }
    return [[x.shape[0], columns.length]];
  },
  forward: ([y], [x], { columns }) => {
    for (let row = 0; row < x.shape[0]; row++) {
      columns.forEach((column, i) => {
        kernelsOf(y).copy(y.addressOf(row * columns.length + i), x.addressOf(row * x.shape[1] + column), x.type.bytes);
      });
    }
  },
  vjp: ([dy], { inputs: [x], attributes: { columns } }) => [placeColumns(dy!, columns, x.shape[1])],
  jvp: ([dx], { attributes }) => [dx && apply(columnsOp, [dx], attributes)],
  reference: ([x], { columns }) => {
    const [rows, width] = x.shape;
    return [
      {
        shape: [rows, columns.length],
        data: Float64Array.from({ length: rows * columns.length }, (_, i) => {
          return x.data[Math.floor(i / columns.length) * width + columns[i % columns.length]];
        }),
      },
    ];
  },
  domain: [{ inputs: [{ shape: [2, 5] }], attributes: { columns: [3, 0] } }],
};

/**
 * The columns `columns` of the matrix `x`, in that order: shape [rows, columns.length].
 *
 * @example columnsOf(tensor([[1, 2, 3], [4, 5, 6]]), [2, 0]) // [[3, 1], [6, 4]]
 */
export function columnsOf(x: Tensor, columns: readonly number[]): Tensor {
  checkKind("columns", "columns", columns, "a list");
  return apply(columnsOp, [x], { columns });
}

/** y has `width` columns: x's at `columns`, zeros elsewhere. */
export const placeColumnsOp: Op<{ columns: readonly number[]; width: number }> = {
  name: "placeColumns",
  types: anyType,
  shapes: ([x], { columns, width }) => {
    if (x.rank !== 2 || x.shape[1] !== columns.length) {
      throw new RangeError(
        `[placeColumns] shape ${showShape(x.shape)} does not have the ${quote(columns.length)} columns to place.`,
      );
    }
    return [[x.shape[0], width]];
  },
  forward: ([y], [x], { columns, width }) => {
    kernelsOf(y).fill(y.address, y.size, 0);
    for (let row = 0; row < x.shape[0]; row++) {
      columns.forEach((column, i) => {
        kernelsOf(y).copy(y.addressOf(row * width + column), x.addressOf(row * columns.length + i), x.type.bytes);
      });
    }
  },
  vjp: ([dy], { attributes: { columns } }) => [columnsOf(dy!, columns)],
  jvp: ([dx], { attributes }) => [dx && apply(placeColumnsOp, [dx], attributes)],
  reference: ([x], { columns, width }) => {
    const data = new Float64Array(x.shape[0] * width);
    for (let row = 0; row < x.shape[0]; row++) {
      columns.forEach((column, i) => {
        data[row * width + column] = x.data[row * columns.length + i];
      });
    }
    return [{ shape: [x.shape[0], width], data }];
  },
  domain: [{ inputs: [{ shape: [2, 2] }], attributes: { columns: [3, 0], width: 5 } }],
};

/**
 * A matrix of `width` columns with those of `x` at `columns` and zeros elsewhere: the transpose of `columnsOf`.
 *
 * @example placeColumns(tensor([[1, 2]]), [3, 0], 4) // [[2, 0, 0, 1]]
 */
export function placeColumns(x: Tensor, columns: readonly number[], width: number): Tensor {
  checkKind("placeColumns", "columns", columns, "a list");
  return apply(placeColumnsOp, [x], { columns, width });
}

/** Every record of this file. */
export const shapeOps: readonly AnyOp[] = [reshapeOp, transposeOp, columnsOp, placeColumnsOp];
