// Products of stacks of matrices, and matmul for any ranks.

import { apply, checkTensors, type Op, sumOf } from "../autodiff/index.js";
import { type Shape, showShape, type Tensor } from "../core/index.js";
import { broadcastShapes } from "./broadcast.js";
import { mul } from "./elementwise.js";
import { matmulOp, matmul as matrixProduct, matvec, multiply, type Transposed } from "./matmul.js";
import { transpose } from "./permute.js";
import { reshape } from "./shape.js";
import { broadcastTo } from "./stretch.js";
import { sum } from "./sum.js";

/** The matrix sizes (m, k) or, transposed, (k, m) as (m, k). */
const sizes = ({ shape }: { readonly shape: Shape }, transposed: boolean): [number, number] => {
  const [rows, columns] = shape.slice(-2);
  return transposed ? [columns, rows] : [rows, columns];
};

/** y[i] = A[i] B[i] for stacks of n matrices, either side stored transposed, not both. */
export const batchMatmulOp: Op<Transposed> = {
  name: "batchMatmul",
  shapes: ([a, b], t) => {
    const [[m, k], [inner, n]] = [sizes(a, t.a), sizes(b, t.b)];
    if (k !== inner) {
      throw new RangeError(
        `[matmul] inner sizes differ: ${showShape([m, k])} . ${showShape([inner, n])}. Transpose the second operand, or swap them.`,
      );
    }
    return [[a.shape[0], m, n]];
  },
  forward: ([y], [a, b], t) => {
    const [count, m, n] = y.shape;
    const [, k] = sizes(a, t.a);
    for (let i = 0; i < count; i++) {
      multiply(y.type, y.addressOf(i * m * n), a.addressOf(i * m * k), b.addressOf(i * k * n), m, n, k, t);
    }
  },
  vjp: ([dy], { inputs: [a, b], attributes: t, needs }) => [
    needs(0) ? (t.a ? product(b, dy!, { a: t.b, b: true }) : product(dy!, b, { a: false, b: !t.b })) : undefined,
    needs(1) ? (t.b ? product(dy!, a, { a: true, b: t.a }) : product(a, dy!, { a: !t.a, b: false })) : undefined,
  ],
  jvp: ([da, db], { inputs: [a, b], attributes }) => [
    sumOf(da && product(da, b, attributes), db && product(a, db, attributes)),
  ],
  reference: ([a, b], t) => {
    const count = a.shape[0];
    const parts = Array.from({ length: count }, (_, i) => {
      const item = ({ shape, data }: typeof a) => ({
        shape: shape.slice(1),
        data: data.subarray((i * data.length) / count, ((i + 1) * data.length) / count),
      });
      return matmulOp.reference([item(a), item(b)], t)[0];
    });
    return [{ shape: [count, ...parts[0].shape], data: Float64Array.from(parts.flatMap(({ data }) => [...data])) }];
  },
  domain: [
    { inputs: [{ shape: [2, 3, 5] }, { shape: [2, 5, 2] }], attributes: { a: false, b: false } },
    { inputs: [{ shape: [2, 3, 5] }, { shape: [2, 2, 5] }], attributes: { a: false, b: true } },
    { inputs: [{ shape: [2, 5, 3] }, { shape: [2, 5, 2] }], attributes: { a: true, b: false } },
  ],
};

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
