// The references of the ops in this folder: float64 and plain loops, with other algorithms than the kernels.
import type { Array64 } from "../autodiff/index.js";
import { type Shape, sizeOf } from "../core/index.js";

/** A matrix, vector or number that a reference computed. */
interface Part {
  readonly shape: Shape;
  readonly data: Float64Array;
}

/**
 * Runs `f` on each matrix of stacks of matrices and joins what it returns; NaN where a matrix holds NaN or an infinity.
 */
export function byMatrix(
  inputs: readonly Array64[],
  f: (matrices: readonly Float64Array[]) => readonly Part[],
): Array64[] {
  const stack = inputs[0].shape.slice(0, -2);
  const count = sizeOf(stack);
  const parts = Array.from({ length: count }, (_, index) => {
    const matrices = inputs.map(({ data }) =>
      data.slice((index * data.length) / count, ((index + 1) * data.length) / count),
    );
    if (matrices.every((matrix) => matrix.every(Number.isFinite))) return f(matrices);
    // Any regular matrix gives the shapes of the results.
    const regular = inputs.map(({ shape }) => identity(shape[shape.length - 2], shape[shape.length - 1]));
    return f(regular).map(({ shape, data }) => ({ shape, data: data.map(() => Number.NaN) }));
  });
  return parts[0].map(({ shape }, i) => ({
    shape: [...stack, ...shape],
    data: Float64Array.from(parts.flatMap((part) => [...part[i].data])),
  }));
}

function identity(m: number, n: number): Float64Array {
  return Float64Array.from({ length: m * n }, (_, at) => (Math.floor(at / n) === at % n ? 1 : 0));
}

/** The matrix without row i and column j. */
function minor(a: Float64Array, n: number, i: number, j: number): Float64Array {
  return a.filter((_, at) => Math.floor(at / n) !== i && at % n !== j);
}

/** The determinant by Laplace's expansion along the first row. */
export function determinant(a: Float64Array, n: number): number {
  if (n === 0) return 1;
  let total = 0;
  for (let j = 0; j < n; j++) total += (j % 2 === 0 ? 1 : -1) * a[j] * determinant(minor(a, n, 0, j), n - 1);
  return total;
}

/** The matrix of cofactors, each a determinant. */
export function cofactors(a: Float64Array, n: number): Float64Array {
  return a.map((_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return ((i + j) % 2 === 0 ? 1 : -1) * determinant(minor(a, n, i, j), n - 1);
  });
}

/** The solution of A x = b, or A'x = b, by Cramer's rule. */
export function solved(a: Float64Array, b: Float64Array, n: number, m: number, transposed: boolean): Float64Array {
  const whole = determinant(a, n);
  const adjugate = cofactors(a, n);
  const x = new Float64Array(n * m);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < m; k++) {
      for (let j = 0; j < n; j++) {
        x[i * m + k] += (adjugate[transposed ? i * n + j : j * n + i] * b[j * m + k]) / whole;
      }
    }
  }
  return x;
}

/** The Cholesky factor of (A + A') / 2, column by column from the outer products that it is a sum of. */
export function choleskyFactor(a: Float64Array, n: number): Float64Array {
  const rest = a.map((x, at) => (x + a[(at % n) * n + Math.floor(at / n)]) / 2);
  const l = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let i = k; i < n; i++) l[i * n + k] = rest[i * n + k] / Math.sqrt(rest[k * n + k]);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) rest[i * n + j] -= l[i * n + k] * l[j * n + k];
  }
  return l;
}

/** Q and R by the orthogonalisation of Gram and Schmidt, done twice. */
export function orthogonal(a: Float64Array, m: number, n: number): Part[] {
  const q = Float64Array.from(a);
  const r = new Float64Array(n * n);
  const product = (x: Float64Array, i: number, y: Float64Array, j: number): number => {
    let total = 0;
    for (let row = 0; row < m; row++) total += x[row * n + i] * y[row * n + j];
    return total;
  };
  for (let j = 0; j < n; j++) {
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < j; k++) {
        const along = product(q, k, q, j);
        r[k * n + j] += along;
        for (let row = 0; row < m; row++) q[row * n + j] -= along * q[row * n + k];
      }
    }
    r[j * n + j] = Math.sqrt(product(q, j, q, j));
    for (let row = 0; row < m; row++) q[row * n + j] /= r[j * n + j];
  }
  return [
    { shape: [m, n], data: q },
    { shape: [n, n], data: r },
  ];
}

/** The sign, 1 or -1, that makes the first element of at least half the largest size in a column positive. */
function signOf(a: Float64Array, m: number, n: number, j: number): number {
  const column = Array.from({ length: m }, (_, row) => a[row * n + j]);
  const largest = Math.max(...column.map(Math.abs));
  return column.find((x) => 2 * Math.abs(x) >= largest)! < 0 ? -1 : 1;
}

function withSigns(a: Float64Array, m: number, n: number, signs: readonly number[]): Part {
  return { shape: [m, n], data: a.map((x, at) => x * signs[at % n]) };
}

/** The steps of the iteration below. For the gaps of the domain's matrices, they are enough for the last digits. */
const STEPS = 400;

/** Ascending values and vectors of (A + A') / 2, by orthogonal iteration on the matrix, shifted to be positive. */
export function symmetricEigen(a: Float64Array, n: number): Part[] {
  const both = a.map((x, at) => (x + a[(at % n) * n + Math.floor(at / n)]) / 2);
  const bound = Math.max(...both.map(Math.abs)) * n;
  // The smallest eigenvalue of A becomes the largest of bound - A.
  const shifted = both.map((x, at) => (Math.floor(at / n) === at % n ? bound : 0) - x);
  let vectors = identity(n, n);
  for (let step = 0; step < STEPS; step++) vectors = orthogonal(times(shifted, vectors, n), n, n)[0].data;
  const values = Float64Array.from({ length: n }, (_, j) => {
    const image = times(both, vectors, n);
    let along = 0;
    for (let row = 0; row < n; row++) along += vectors[row * n + j] * image[row * n + j];
    return along;
  });
  const signs = Array.from({ length: n }, (_, j) => signOf(vectors, n, n, j));
  return [{ shape: [n], data: values }, withSigns(vectors, n, n, signs)];
}

function times(a: Float64Array, b: Float64Array, n: number): Float64Array {
  return a.map((_, at) => {
    let total = 0;
    for (let k = 0; k < n; k++) total += a[Math.floor(at / n) * n + k] * b[k * n + (at % n)];
    return total;
  });
}

/** U, s and V from the eigenvectors of A'A. */
export function singular(a: Float64Array, m: number, n: number): Part[] {
  const squares = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) for (let row = 0; row < m; row++) squares[i * n + j] += a[row * n + i] * a[row * n + j];
  }
  const rising = symmetricEigen(squares, n)[1].data;
  const v = rising.map((_, at) => rising[Math.floor(at / n) * n + (n - 1 - (at % n))]);
  const u = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) u[i * n + j] += a[i * n + k] * v[k * n + j];
  }
  const s = Float64Array.from({ length: n }, (_, j) => {
    let total = 0;
    for (let i = 0; i < m; i++) total += u[i * n + j] * u[i * n + j];
    return Math.sqrt(total);
  });
  const left = u.map((x, at) => x / s[at % n]);
  const signs = Array.from({ length: n }, (_, j) => signOf(left, m, n, j));
  return [withSigns(left, m, n, signs), { shape: [n], data: s }, withSigns(v, n, n, signs)];
}
