// Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations: few lines, orthogonal vectors to the
// last digits, and small eigenvalues as good as the matrix allows. Golub and Van Loan, Matrix Computations, section 8.5.
import { get, identity, negateColumn, pointsDown, rotateColumns, set, swapColumns } from "./doubles";

/** 2^-54: half a unit in the last place of 1. */
const EPSILON: f64 = 5.551115123125783e-17;

/** Sweeps converge quadratically; some ten are the rule at any size. */
const MOST_SWEEPS = 60;

/** tan of the angle, 45 degrees or less, that makes x and y of a pair with zeta = (y - x) / 2 xy' orthogonal. */
@inline
export function tangent(zeta: f64): f64 {
  const t = 1 / (abs(zeta) + sqrt(1 + zeta * zeta));
  return zeta < 0 ? -t : t;
}

/**
 * values (n) = the eigenvalues of (A + A') / 2 for a (n, n), rising; vectors (n, n) = the eigenvectors as columns, each
 * with a sign of its own (`pointsDown`). a is used up.
 */
export function eigh(a: usize, values: usize, vectors: usize, n: i32): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const both = 0.5 * get(a, i * n + j) + 0.5 * get(a, j * n + i);
      set(a, i * n + j, both);
      set(a, j * n + i, both);
    }
  }
  identity(vectors, n, n);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotated = rotate(a, vectors, n, p, q) || rotated;
    if (!rotated) break;
  }
  for (let i = 0; i < n; i++) set(values, i, get(a, i * n + i));
  for (let i = 0; i < n; i++) {
    let least = i;
    for (let j = i + 1; j < n; j++) if (get(values, j) < get(values, least)) least = j;
    if (least != i) {
      const held = get(values, i);
      set(values, i, get(values, least));
      set(values, least, held);
      swapColumns(vectors, n, n, i, least);
    }
    if (pointsDown(vectors, n, n, i)) negateColumn(vectors, n, n, i);
  }
}

/** Makes a[p, q] zero, unless it is already negligible beside the diagonal. Returns whether it did. */
function rotate(a: usize, vectors: usize, n: i32, p: i32, q: i32): bool {
  const off = get(a, p * n + q);
  const x = get(a, p * n + p);
  const y = get(a, q * n + q);
  if (abs(off) <= EPSILON * sqrt(abs(x)) * sqrt(abs(y)) || abs(off) < 1e-300) {
    // Both halves: what is left of it must not come back.
    set(a, p * n + q, 0);
    set(a, q * n + p, 0);
    return false;
  }
  const t = tangent((y - x) / (2 * off));
  const c = 1 / sqrt(1 + t * t);
  const s = t * c;
  rotateColumns(a, n, n, p, q, c, s);
  for (let k = 0; k < n; k++) {
    const above = get(a, p * n + k);
    const below = get(a, q * n + k);
    set(a, p * n + k, c * above - s * below);
    set(a, q * n + k, s * above + c * below);
  }
  set(a, p * n + q, 0);
  set(a, q * n + p, 0);
  rotateColumns(vectors, n, n, p, q, c, s);
  return true;
}
