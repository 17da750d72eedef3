// The product of matrices for operands of any ranks.

import { apply, checkTensors } from "../autodiff/index.js";
import { showShape, type Tensor } from "../core/index.js";
import { broadcastShapes } from "./broadcast.js";
import { mul } from "./elementwise.js";
import { batchMatmulOp, matmul as matrixProduct, matvec, type Transposed } from "./matmul.js";
import { transpose } from "./permute.js";
import { reshape } from "./shape.js";
import { broadcastTo } from "./stretch.js";
import { sum } from "./sum.js";

/** Products of two stacks of the same length. */
function product(a: Tensor, b: Tensor, t: Transposed): Tensor {
  if (!t.a || !t.b) return apply(batchMatmulOp, [a, b], t);
  return apply(batchMatmulOp, [transpose(a, [0, 2, 1]), b], { a: false, b: true });
}

/**
 * The product of matrices, either of them read transposed, as NumPy's `matmul`: leading axes are stacks of matrices and
 * broadcast; a vector on the left is a row, on the right a column, and its axis disappears from the result.
 *
 * @throws RangeError for scalars, for inner sizes that differ, and for stacks that do not broadcast.
 * @example matmul(tensor([[1, 2], [3, 4]]), tensor([[1, 0], [0, 2]])) // [[1, 4], [3, 8]]
 */
export function matmul(a: Tensor, b: Tensor, transposed: Partial<Transposed> = {}): Tensor {
  checkTensors("matmul", [a, b]);
  if (a.rank === 2 && b.rank === 2) return matrixProduct(a, b, transposed);
  if (a.rank === 0 || b.rank === 0) {
    throw new RangeError(
      `[matmul] shapes ${showShape(a.shape)} and ${showShape(b.shape)}: a scalar is no matrix. Use mul.`,
    );
  }
  const t: Transposed = { a: transposed.a === true && a.rank > 1, b: transposed.b === true && b.rank > 1 };
  if (a.rank === 1 && b.rank === 1) return dot(a, b);
  if (a.rank === 2 && b.rank === 1) return matvec(a, b, t.a);
  if (a.rank === 1 && b.rank === 2) return matvec(b, a, !t.b);
  if (a.rank === 1) return dropAxis(matmul(reshape(a, [1, a.size]), b, t), -2);
  if (b.rank === 1) return dropAxis(matmul(a, reshape(b, [b.size, 1]), t), -1);
  if (b.rank === 2 && !t.a) {
    // One tall matrix on the left: a single product.
    const [k, rows] = [a.shape[a.rank - 1], a.shape.slice(0, -1)];
    const tall = reshape(a, [rows.reduce((total, size) => total * size, 1), k]);
    const y = matrixProduct(tall, b, t);
    return reshape(y, [...rows, y.shape[1]]);
  }
  const lead = broadcastShapes("matmul", a.shape.slice(0, -2), b.shape.slice(0, -2));
  const count = lead.reduce((total, size) => total * size, 1);
  const stack = (x: Tensor): Tensor =>
    reshape(broadcastTo(x, [...lead, ...x.shape.slice(-2)]), [count, ...x.shape.slice(-2)]);
  const y = product(stack(a), stack(b), t);
  return reshape(y, [...lead, ...y.shape.slice(1)]);
}

function dropAxis(x: Tensor, axis: number): Tensor {
  return reshape(
    x,
    x.shape.filter((_, i) => i !== x.rank + axis),
  );
}

/**
 * The sum of the products of the elements of two vectors of one length: a scalar. For matrices, see `matmul`.
 *
 * @throws RangeError unless both are vectors of one length.
 * @example dot(tensor([1, 2]), tensor([3, 4])) // 11
 */
export function dot(a: Tensor, b: Tensor): Tensor {
  checkTensors("dot", [a, b]);
  if (a.rank !== 1 || b.rank !== 1 || a.size !== b.size) {
    throw new RangeError(
      `[dot] two vectors of one length are needed, not shapes ${showShape(a.shape)} and ${showShape(b.shape)}. Use matmul for matrices.`,
    );
  }
  return sum(mul(a, b));
}
