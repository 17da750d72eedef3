// Triangular factors, and what is solved with them. Golub and Van Loan, Matrix Computations, chapters 3 and 4.
import { get, set } from "./doubles";

/**
 * Factors a (n, n) in place as P A = L U by rows with partial pivoting: L below the diagonal, its ones left out. Row k was
 * exchanged with row pivots[k] (int32). Returns the sign of the permutation, 0 if U has a zero on its diagonal.
 */
export function lu(a: usize, pivots: usize, n: i32): i32 {
  let sign = 1;
  let singular = false;
  for (let k = 0; k < n; k++) {
    let best = k;
    for (let i = k + 1; i < n; i++) if (abs(get(a, i * n + k)) > abs(get(a, best * n + k))) best = i;
    store<i32>(pivots + ((<usize>k) << 2), best);
    if (best != k) {
      swapRows(a, n, k, best);
      sign = -sign;
    }
    const pivot = get(a, k * n + k);
    if (pivot == 0) {
      singular = true;
      continue;
    }
    for (let i = k + 1; i < n; i++) {
      const factor = get(a, i * n + k) / pivot;
      set(a, i * n + k, factor);
      if (factor != 0) subtractRow(a, n, i, k, factor, k + 1);
    }
  }
  return singular ? 0 : sign;
}

/** b (n, m) = the solution x of A x = b, or of A' x = b with `transposed`, for A factored by `lu`. */
export function luSolve(a: usize, pivots: usize, b: usize, n: i32, m: i32, transposed: bool): void {
  if (transposed) {
    triangular(a, b, n, m, false, true, false);
    triangular(a, b, n, m, true, true, true);
    for (let k = n - 1; k >= 0; k--) swapRows(b, m, k, load<i32>(pivots + ((<usize>k) << 2)));
  } else {
    for (let k = 0; k < n; k++) swapRows(b, m, k, load<i32>(pivots + ((<usize>k) << 2)));
    triangular(a, b, n, m, true, false, true);
    triangular(a, b, n, m, false, false, false);
  }
}

/**
 * b (n, m) = the solution x of T x = b, or of T' x = b with `transposed`, for the lower or upper triangle T of t (n, n);
 * with `unit` its diagonal is read as ones. Returns the first row with a zero on the diagonal, or -1; then b is no solution.
 */
export function triangular(t: usize, b: usize, n: i32, m: i32, lower: bool, transposed: bool, unit: bool): i32 {
  if (!unit) for (let i = 0; i < n; i++) if (get(t, i * n + i) == 0) return i;
  const down = lower != transposed;
  for (let k = 0; k < n; k++) {
    const i = down ? k : n - 1 - k;
    for (let l = 0; l < k; l++) {
      const j = down ? l : n - 1 - l;
      const factor = transposed ? get(t, j * n + i) : get(t, i * n + j);
      if (factor != 0) subtractRow(b, m, i, j, factor, 0);
    }
    if (!unit) {
      const pivot = get(t, i * n + i);
      for (let j = 0; j < m; j++) set(b, i * m + j, get(b, i * m + j) / pivot);
    }
  }
  return -1;
}

/**
 * Replaces a (n, n) by the lower triangle L with L L' = (A + A') / 2. Returns the first row at which the matrix is not
 * positive definite, or -1.
 */
export function cholesky(a: usize, n: i32): i32 {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = 0.5 * get(a, i * n + j) + 0.5 * get(a, j * n + i);
      for (let k = 0; k < j; k++) rest -= get(a, i * n + k) * get(a, j * n + k);
      if (i == j) {
        if (!(rest > 0)) return i;
        set(a, i * n + i, sqrt(rest));
      } else set(a, i * n + j, rest / get(a, j * n + j));
    }
  }
  // The upper triangle was read by the rows below it until now.
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) set(a, i * n + j, 0);
  return -1;
}

/** Exchanges rows i and j of p, `width` wide. */
function swapRows(p: usize, width: i32, i: i32, j: i32): void {
  if (i == j) return;
  for (let k = 0; k < width; k++) {
    const held = get(p, i * width + k);
    set(p, i * width + k, get(p, j * width + k));
    set(p, j * width + k, held);
  }
}

/** Row i of p less `factor` times row j, from column `first` on. */
@inline
function subtractRow(p: usize, width: i32, i: i32, j: i32, factor: f64, first: i32): void {
  for (let k = first; k < width; k++) set(p, i * width + k, get(p, i * width + k) - factor * get(p, j * width + k));
}
