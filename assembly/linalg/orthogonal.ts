// The QR factorisation by Householder reflections. Golub and Van Loan, Matrix Computations, section 5.2.
import { get, identity, negateColumn, set } from "./doubles";

/**
 * Factors a (m, n), m >= n, into q (m, n) with orthonormal columns and the upper triangle r (n, n), whose diagonal is not
 * negative: that makes the factors of a matrix of full rank the only ones. `beta` is room for n numbers; a is used up.
 */
export function qr(a: usize, q: usize, r: usize, beta: usize, m: i32, n: i32): void {
  for (let k = 0; k < n; k++) set(beta, k, reflectColumn(a, m, n, k));
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) set(r, i * n + j, j < i ? 0 : get(a, i * n + j));
  identity(q, m, n);
  for (let k = n - 1; k >= 0; k--) for (let j = k; j < n; j++) reflect(a, q, m, n, k, j, get(beta, k));
  for (let k = 0; k < n; k++) {
    if (!(get(r, k * n + k) < 0)) continue;
    negateColumn(q, m, n, k);
    for (let j = k; j < n; j++) set(r, k * n + j, -get(r, k * n + j));
  }
}

/**
 * Finds the reflection 1 - beta v v' that turns column k of a from row k on into a multiple of the first unit vector, and
 * applies it to the columns from k on. v is left below the diagonal, its leading 1 left out. Returns beta.
 */
function reflectColumn(a: usize, m: i32, n: i32, k: i32): f64 {
  let scale: f64 = 0;
  for (let i = k; i < m; i++) scale = max(scale, abs(get(a, i * n + k)));
  if (scale == 0) return 0;
  let squares: f64 = 0;
  for (let i = k; i < m; i++) {
    const x = get(a, i * n + k) / scale;
    squares += x * x;
  }
  const first = get(a, k * n + k);
  // Of the sign opposite to `first`, so that nothing cancels in the next line.
  const norm = first > 0 ? -scale * sqrt(squares) : scale * sqrt(squares);
  const lead = first - norm;
  for (let i = k + 1; i < m; i++) set(a, i * n + k, get(a, i * n + k) / lead);
  const beta = -lead / norm;
  for (let j = k + 1; j < n; j++) reflect(a, a, m, n, k, j, beta);
  set(a, k * n + k, norm);
  return beta;
}

/** Applies reflection k, whose vector stands in column k of a, to column j of p (m, n). */
function reflect(a: usize, p: usize, m: i32, n: i32, k: i32, j: i32, beta: f64): void {
  let along = get(p, k * n + j);
  for (let i = k + 1; i < m; i++) along += get(a, i * n + k) * get(p, i * n + j);
  along *= beta;
  set(p, k * n + j, get(p, k * n + j) - along);
  for (let i = k + 1; i < m; i++) set(p, i * n + j, get(p, i * n + j) - along * get(a, i * n + k));
}
