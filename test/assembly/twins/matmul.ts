// Scalar twins of assembly/matmul.ts: the two orders of addition.
import { laneSum, mul, plus, runningSum, tabulate } from "./arithmetic.js";

type Matrix = Float32Array;

/** out (m, n), element (i, j) the sum over k of left(i, k) right(k, j), term after term. */
const inColumns = (
  m: number,
  n: number,
  k: number,
  left: (i: number, h: number) => number,
  right: (h: number, j: number) => number,
) => tabulate(m * n, (e) => runningSum(k, (h) => mul(left(Math.floor(e / n), h), right(h, e % n))));

export const matmulNN = (a: Matrix, b: Matrix, m: number, n: number, k: number) =>
  inColumns(
    m,
    n,
    k,
    (i, h) => a[i * k + h],
    (h, j) => b[h * n + j],
  );

export const matmulTN = (a: Matrix, b: Matrix, m: number, n: number, k: number) =>
  inColumns(
    m,
    n,
    k,
    (i, h) => a[h * m + i],
    (h, j) => b[h * n + j],
  );

export const matmulNT = (a: Matrix, b: Matrix, m: number, n: number, k: number) =>
  tabulate(m * n, (e) => laneSum(k, (h) => mul(a[Math.floor(e / n) * k + h], b[(e % n) * k + h]), 1));

export const matvec = (a: Matrix, x: Matrix, m: number, n: number) => matmulNT(a, x, m, 1, n);

export const matvecT = (a: Matrix, x: Matrix, m: number, n: number) => matmulTN(x, a, 1, n, m);

export const outer = (a: Matrix, b: Matrix, m: number, n: number) =>
  tabulate(m * n, (e) => mul(a[Math.floor(e / n)], b[e % n]));

export const outerAdd = (out: Matrix, a: Matrix, b: Matrix, m: number, n: number) =>
  tabulate(m * n, (e) => plus(out[e], a[Math.floor(e / n)], b[e % n]));

export const transpose = (x: Matrix, rows: number, cols: number) =>
  tabulate(rows * cols, (e) => x[(e % rows) * cols + Math.floor(e / rows)]);
