// Singular values by one-sided Jacobi rotations (Hestenes 1958; Golub and Van Loan, Matrix Computations, section 8.6): the
// columns of a copy of the matrix are made orthogonal in pairs, and what turns them is the right factor.
import { get, identity, negateColumn, pointsDown, rotateColumns, set, swapColumns } from "./doubles";
import { tangent } from "./eigen";

const MOST_SWEEPS = 60;

/** Columns whose cosine is below it are orthogonal as far as float64 tells. */
const ORTHOGONAL: f64 = 1e-15;

/**
 * a (m, n), m >= n, becomes the left singular vectors as columns; values (n) = the singular values, falling; v (n, n) = the
 * right singular vectors as columns. Vectors of singular values that are lost beside the largest complete the others.
 */
export function svd(a: usize, values: usize, v: usize, m: i32, n: i32): void {
  // Squares of the elements must stay within float64.
  let scale: f64 = 0;
  for (let i = 0; i < m * n; i++) scale = max(scale, abs(get(a, i)));
  if (scale > 0) for (let i = 0; i < m * n; i++) set(a, i, get(a, i) / scale);
  identity(v, n, n);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) rotated = rotate(a, v, m, n, p, q) || rotated;
    if (!rotated) break;
  }
  for (let j = 0; j < n; j++) set(values, j, sqrt(product(a, m, n, j, j)));
  sort(a, values, v, m, n);
  const lost = get(values, 0) * m * 2.220446049250313e-16;
  for (let j = 0; j < n; j++) {
    const length = get(values, j);
    if (length > lost) for (let i = 0; i < m; i++) set(a, i * n + j, get(a, i * n + j) / length);
    else complete(a, m, n, j);
    set(values, j, length * scale);
    if (!pointsDown(a, m, n, j)) continue;
    negateColumn(a, m, n, j);
    negateColumn(v, n, n, j);
  }
}

/** The product of columns p and q of a (m, n). */
function product(a: usize, m: i32, n: i32, p: i32, q: i32): f64 {
  let total: f64 = 0;
  for (let i = 0; i < m; i++) total += get(a, i * n + p) * get(a, i * n + q);
  return total;
}

/** Makes columns p and q orthogonal, unless they are already. Returns whether it did. */
function rotate(a: usize, v: usize, m: i32, n: i32, p: i32, q: i32): bool {
  const x = product(a, m, n, p, p);
  const y = product(a, m, n, q, q);
  const both = product(a, m, n, p, q);
  if (!(abs(both) > ORTHOGONAL * sqrt(x) * sqrt(y)) || abs(both) < 1e-300) return false;
  const t = tangent((y - x) / (2 * both));
  const c = 1 / sqrt(1 + t * t);
  rotateColumns(a, m, n, p, q, c, t * c);
  rotateColumns(v, n, n, p, q, c, t * c);
  return true;
}

/** Columns in the order of falling values. */
function sort(a: usize, values: usize, v: usize, m: i32, n: i32): void {
  for (let i = 0; i < n; i++) {
    let largest = i;
    for (let j = i + 1; j < n; j++) if (get(values, j) > get(values, largest)) largest = j;
    if (largest == i) continue;
    const held = get(values, i);
    set(values, i, get(values, largest));
    set(values, largest, held);
    swapColumns(a, m, n, i, largest);
    swapColumns(v, n, n, i, largest);
  }
}

/** Column j = a unit vector orthogonal to the columns before it: of the axes' directions, the one that has most left. */
function complete(a: usize, m: i32, n: i32, j: i32): void {
  let best = 0;
  let most: f64 = -1;
  for (let axis = 0; axis < m; axis++) {
    let left: f64 = 1;
    for (let k = 0; k < j; k++) left -= get(a, axis * n + k) * get(a, axis * n + k);
    if (left > most) {
      most = left;
      best = axis;
    }
  }
  for (let i = 0; i < m; i++) set(a, i * n + j, i == best ? 1 : 0);
  // Twice: the second time takes away what rounding left the first time.
  for (let pass = 0; pass < 2; pass++) {
    for (let k = 0; k < j; k++) {
      const along = product(a, m, n, k, j);
      for (let i = 0; i < m; i++) set(a, i * n + j, get(a, i * n + j) - along * get(a, i * n + k));
    }
  }
  const length = sqrt(product(a, m, n, j, j));
  for (let i = 0; i < m; i++) set(a, i * n + j, get(a, i * n + j) / length);
}
