// What the functions of this folder share for stacks of matrices: checks, transposes and diagonals.
import { type Shape, showShape, sizeOf, type Tensor } from "../core/index.js";
import { equal, expandDims, eye, matmul, mul, sum, transpose, tril } from "../ops/index.js";

/** How many matrices a stack of this shape holds. */
export const countOf = (shape: Shape): number => sizeOf(shape.slice(0, -2));

/** Rows and columns of the matrices of a stack. */
export const sidesOf = ({ shape }: { readonly shape: Shape }): readonly [number, number] => [
  shape[shape.length - 2],
  shape[shape.length - 1],
];

/** Throws unless `a` is a matrix or a stack of matrices. */
export function checkMatrix(op: string, a: Tensor): void {
  if (a.rank >= 2 && a.size > 0) return;
  throw new RangeError(
    `[${op}] shape ${showShape(a.shape)} is not a matrix. Reshape it to two or more axes, none of them empty.`,
  );
}

/** Throws unless `a` is a square matrix or a stack of them. */
export function checkSquare(op: string, a: Tensor): void {
  checkMatrix(op, a);
  const [rows, columns] = sidesOf(a);
  if (rows === columns) return;
  throw new RangeError(
    `[${op}] the matrix is ${rows} x ${columns}, not square. For other shapes, use lstsq, qr or svd.`,
  );
}

/** How errors name a matrix: "the matrix", or its number in a stack. */
export const which = (shape: Shape, index: number): string =>
  countOf(shape) === 1 ? "the matrix" : `matrix ${index} of ${countOf(shape)}`;

/** The transposes of the last two axes. */
export const flipped = (a: Tensor): Tensor => {
  const axes = a.shape.map((_, i) => i);
  return transpose(a, [...axes.slice(0, -2), a.rank - 1, a.rank - 2]);
};

/** A'B. */
export const timesLeft = (a: Tensor, b: Tensor): Tensor => matmul(flipped(a), b);

/** A B'. */
export const timesRight = (a: Tensor, b: Tensor): Tensor => matmul(a, flipped(b));

/** (A + A') / 2. */
export const symmetric = (a: Tensor): Tensor => a.add(flipped(a)).mul(0.5);

/** The diagonals of square matrices: shape [..., n]. */
export const diagonalOf = (a: Tensor): Tensor => sum(mul(a, eye(a.shape[a.rank - 1], undefined, 0, a)), -1);

/** diag(d) A: each row times its number. */
export const scaleRows = (d: Tensor, a: Tensor): Tensor => mul(expandDims(d, -1), a);

/** Square matrices with the vectors `d` [..., n] on their diagonals. */
export const withDiagonal = (d: Tensor): Tensor => scaleRows(d, eye(d.shape[d.rank - 1], undefined, 0, d));

/** A diag(d): each column times its number. */
export const scaleColumns = (a: Tensor, d: Tensor): Tensor => mul(a, expandDims(d, -2));

/** 1 / x, and 0 where x is 0. */
export function reciprocalOrZero(x: Tensor): Tensor {
  const zero = equal(x, 0);
  return zero.neg().add(1).div(x.add(zero));
}

/** The lower triangle with half of the diagonal. For a symmetric matrix A, it is the triangle T with T + T' = A. */
export const halfLower = (a: Tensor): Tensor => tril(a).sub(withDiagonal(diagonalOf(a)).mul(0.5));
