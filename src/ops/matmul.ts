// Matrix products. Three kernels, by which operand is stored transposed: NN, NT, TN.

import { apply, matvecOp, type Op, outerOp, sumOf } from "../autodiff/index.js";
import { type ElementType, type Shape, showShape, type Tensor, withScratch } from "../core/index.js";
import { reshapeOp, transpose } from "./shape.js";

/**
 * Products with this many terms or more are worth copying the operands into the order of reading, 128 x 128 x 128:
 * below, the copies cost as much as they save (bench/README.md). The bits are the same either way.
 */
const PACKED_FROM = 2 ** 21;

/**
 * With at most this many columns the second operand is small enough to be read as it lies, and a copy of the first would
 * be used for a few tiles only: windows of images against filters are such. Stored transposed, the first is copied.
 */
const FEW_COLUMNS = 64;

/** Which operands are stored transposed; both at once is not needed, since A'B' = (BA)'. */
export interface Transposed {
  /** The first operand is stored as (k, m). */
  readonly a: boolean;
  /** The second operand is stored as (n, k). */
  readonly b: boolean;
}

/** out (m, n) = a b over k terms, either of them stored transposed, not both; by addresses. */
export function multiply(
  { kernels, bytes }: ElementType,
  out: number,
  a: number,
  b: number,
  m: number,
  n: number,
  k: number,
  transposed: Transposed = { a: false, b: false },
): void {
  if (!transposed.b && m * n * k >= PACKED_FROM && (transposed.a || n > FEW_COLUMNS)) {
    const [row, term] = transposed.a ? [bytes, bytes * m] : [bytes * k, bytes];
    withScratch(kernels.packedScratch(m, n, k), (scratch) =>
      kernels.matmulPacked(out, a, b, m, n, k, row, term, scratch),
    );
    return;
  }
  const run = transposed.a ? kernels.matmulTN : transposed.b ? kernels.matmulNT : kernels.matmulNN;
  const room = transposed.b ? kernels.dotsScratch(m, n, k) : kernels.longScratch(m, n, k);
  if (room === 0) run(out, a, b, m, n, k, 0);
  else withScratch(room, (scratch) => run(out, a, b, m, n, k, scratch));
}

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
    needs(0) ? (t.a ? stacks(b, dy!, { a: t.b, b: true }) : stacks(dy!, b, { a: false, b: !t.b })) : undefined,
    needs(1) ? (t.b ? stacks(dy!, a, { a: true, b: t.a }) : stacks(a, dy!, { a: !t.a, b: false })) : undefined,
  ],
  jvp: ([da, db], { inputs: [a, b], attributes }) => [
    sumOf(da && stacks(da, b, attributes), db && stacks(a, db, attributes)),
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

/** Products of two stacks of the same length, not both transposed. */
const stacks = (a: Tensor, b: Tensor, t: Transposed): Tensor => apply(batchMatmulOp, [a, b], t);

/** y = A B for matrices A (m, k) and B (k, n), either of them stored transposed. */
export const matmulOp: Op<Transposed> = {
  name: "matmul",
  batch: {
    stacked: ([a, b], [first, second], t) => {
      if (first && second) return [stacks(a, b, t)];
      // One tall matrix, where all examples are multiplied by the same.
      if (second || t.a) return undefined;
      const [count, rows, k] = a.shape;
      const y = apply(matmulOp, [apply(reshapeOp, [a], { shape: [count * rows, k] }), b], t);
      return [apply(reshapeOp, [y], { shape: [count, rows, y.shape[1]] })];
    },
  },
  shapes: ([a, b], transposed) => {
    if (a.rank !== 2 || b.rank !== 2) {
      throw new RangeError(
        `[matmul] two matrices are needed, not shapes ${showShape(a.shape)} and ${showShape(b.shape)}. Reshape them, or use matvec.`,
      );
    }
    const [m, k] = transposed.a ? [a.shape[1], a.shape[0]] : a.shape;
    const [inner, n] = transposed.b ? [b.shape[1], b.shape[0]] : b.shape;
    if (k !== inner) {
      throw new RangeError(
        `[matmul] inner sizes differ: ${showShape([m, k])} . ${showShape([inner, n])}. Transpose the second operand, or swap them.`,
      );
    }
    return [[m, n]];
  },
  forward: ([y], [a, b], transposed) => {
    const [m, n] = y.shape;
    const k = transposed.a ? a.shape[0] : a.shape[1];
    multiply(y.type, y.address, a.address, b.address, m, n, k, transposed);
  },
  vjp: ([dy], { inputs: [a, b], attributes: t, needs }) => [
    needs(0) ? (t.a ? matmul(b, dy!, { a: t.b, b: true }) : matmul(dy!, b, { a: false, b: !t.b })) : undefined,
    needs(1) ? (t.b ? matmul(dy!, a, { a: true, b: t.a }) : matmul(a, dy!, { a: !t.a, b: false })) : undefined,
  ],
  jvp: ([da, db], { inputs: [a, b], attributes }) => [
    sumOf(da && matmul(da, b, attributes), db && matmul(a, db, attributes)),
  ],
  reference: ([a, b], transposed) => {
    const [m, k] = transposed.a ? [a.shape[1], a.shape[0]] : a.shape;
    const n = transposed.b ? b.shape[0] : b.shape[1];
    const data = new Float64Array(m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        for (let l = 0; l < k; l++) {
          data[i * n + j] +=
            a.data[transposed.a ? l * m + i : i * k + l] * b.data[transposed.b ? j * k + l : l * n + j];
        }
      }
    }
    return [{ shape: [m, n], data }];
  },
  domain: [
    { inputs: [{ shape: [3, 5] }, { shape: [5, 2] }], attributes: { a: false, b: false } },
    { inputs: [{ shape: [3, 5] }, { shape: [2, 5] }], attributes: { a: false, b: true } },
    { inputs: [{ shape: [5, 3] }, { shape: [5, 2] }], attributes: { a: true, b: false } },
  ],
};

/** The product of two matrices, either of them read transposed; both at once is one explicit transpose. */
export function matmul(a: Tensor, b: Tensor, transposed: Partial<Transposed> = {}): Tensor {
  const both = transposed.a === true && transposed.b === true;
  return apply(matmulOp, [both ? transpose(a) : a, b], { a: !both && transposed.a === true, b: transposed.b === true });
}

/**
 * A x for a matrix A (m, n) and a vector x (n); with `transposed`, A' x for x (m).
 *
 * @example matvec(tensor([[1, 2], [3, 4]]), tensor([1, 10])) // [21, 43]
 */
export function matvec(a: Tensor, x: Tensor, transposed = false): Tensor {
  return apply(matvecOp, [a, x], { transpose: transposed });
}

/**
 * a b' for vectors a (m) and b (n): shape [m, n].
 *
 * @example outer(tensor([1, 2]), tensor([3, 4])) // [[3, 4], [6, 8]]
 */
export function outer(a: Tensor, b: Tensor): Tensor {
  return apply(outerOp, [a, b], undefined);
}
