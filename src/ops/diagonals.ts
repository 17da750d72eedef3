// Diagonals of matrices, and products that are laid out as matrices.

import { apply, checkTensors } from "../autodiff/index.js";
import { MOST_AXES, quote, type Shape, showShape, sizeOf, type Tensor } from "../core/index.js";
import { mul } from "./elementwise.js";
import { moveAxis } from "./permute.js";
import { reshape } from "./shape.js";
import { placeOp, sliceOp } from "./slice.js";
import { axesOf, sum } from "./sum.js";

function checkOffset(op: string, offset: number): void {
  if (!Number.isInteger(offset)) throw new RangeError(`[${op}] offset ${quote(offset)} is not a whole number.`);
}

/** Where a diagonal begins in the row-major elements of a matrix, and how long it is. */
function diagonalIn(rows: number, columns: number, offset: number): { begin: number; count: number } {
  const [row, column] = offset < 0 ? [-offset, 0] : [0, offset];
  const count = Math.max(0, Math.min(rows - row, columns - column));
  return { begin: count === 0 ? 0 : row * columns + column, count };
}

/**
 * The diagonal of each matrix that the axes `axis1` and `axis2` (default: the last two) make: these axes disappear, and the
 * diagonal is the last axis of the result. It begins in column `offset` (default 0), or with a negative offset in that row.
 *
 * @example diagonal(tensor([[1, 2], [3, 4]])) // [1, 4]
 */
export function diagonal(x: Tensor, offset = 0, axis1 = -2, axis2 = -1): Tensor {
  checkTensors("diagonal", [x]);
  checkOffset("diagonal", offset);
  if (x.rank < 2) {
    throw new RangeError(
      `[diagonal] shape ${showShape(x.shape)} has no two axes. Use diag to make a matrix of a vector.`,
    );
  }
  axesOf("diagonal", x, [axis1, axis2]);
  const [first, second] = [axis1, axis2].map((axis) => (axis < 0 ? axis + x.rank : axis));
  const matrices = moveAxis(moveAxis(x, first, -1), second > first ? second - 1 : second, -1);
  const [rows, columns] = matrices.shape.slice(-2);
  const lead = matrices.shape.slice(0, -2);
  const { begin, count } = diagonalIn(rows, columns, offset);
  const flat = reshape(matrices, [sizeOf(lead), rows * columns]);
  const box = { begin: [0, begin], step: [1, columns + 1], size: [sizeOf(lead), count] };
  return reshape(apply(sliceOp, [flat], box), [...lead, count]);
}

/**
 * Of a vector of n numbers, the matrix with them on the diagonal that begins in column `offset` (default 0) and zeros
 * elsewhere: shape [n + |offset|, n + |offset|]. Of a matrix, its diagonal, as NumPy's `diag`.
 *
 * @example diag(tensor([1, 2])) // [[1, 0], [0, 2]]
 */
export function diag(x: Tensor, offset = 0): Tensor {
  checkTensors("diag", [x]);
  checkOffset("diag", offset);
  if (x.rank === 2) return diagonal(x, offset);
  if (x.rank !== 1) {
    throw new RangeError(
      `[diag] shape ${showShape(x.shape)} is neither a vector nor a matrix. Use diagonal for stacks.`,
    );
  }
  const side = x.size + Math.abs(offset);
  const { begin } = diagonalIn(side, side, offset);
  const flat = apply(placeOp, [x], { begin: [begin], step: [side + 1], shape: [side * side], fill: 0 });
  return reshape(flat, [side, side]);
}

/**
 * The sum of a diagonal, which `offset`, `axis1` and `axis2` name as in `diagonal`: shape [] for a matrix.
 *
 * @example trace(tensor([[1, 2], [3, 4]])) // 5
 */
export function trace(x: Tensor, offset = 0, axis1 = -2, axis2 = -1): Tensor {
  checkTensors("trace", [x]);
  return sum(diagonal(x, offset, axis1, axis2), -1);
}

/**
 * The Kronecker product: every element of `a` times the whole of `b`, laid out in blocks. Sizes are multiplied axis by axis,
 * from the last; missing axes have size 1. Of three axes at the most.
 *
 * @example kron(eye(2), tensor([[1, 2]])) // [[1, 2, 0, 0], [0, 0, 1, 2]]
 */
export function kron(a: Tensor, b: Tensor): Tensor {
  checkTensors("kron", [a, b]);
  const rank = Math.max(a.rank, b.rank);
  if (2 * rank > MOST_AXES) {
    throw new RangeError(
      `[kron] shapes ${showShape(a.shape)} and ${showShape(b.shape)}: of three axes at the most. Take it of slices.`,
    );
  }
  const full = ({ shape }: Tensor): Shape => [...new Array<number>(rank - shape.length).fill(1), ...shape];
  const [outer, inner] = [full(a), full(b)];
  const blocks = reshape(
    a,
    outer.flatMap((size) => [size, 1]),
  );
  const block = reshape(
    b,
    inner.flatMap((size) => [1, size]),
  );
  return reshape(
    mul(blocks, block),
    outer.map((size, i) => size * inner[i]),
  );
}
