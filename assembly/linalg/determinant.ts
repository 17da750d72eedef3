// Determinants as a fraction and a power of two, which never leave the range of numbers, and cofactors.
import { copy, get, set } from "./doubles";
import { lu } from "./factor";
import { svd } from "./singular";

/** to[0], 1 <= |to[0]| < 2 or 0, times 2 to the power of to[1] = the product of the diagonal of a (n, n), times `sign`. */
export function determinant(to: usize, a: usize, n: i32, sign: i32): void {
  let fraction: f64 = sign;
  let power = 0;
  for (let k = 0; k < n && fraction != 0; k++) {
    // At most 2^1025 in size, since the fraction is below 2: halved, it cannot overflow.
    fraction *= 0.5 * get(a, k * n + k);
    power++;
    let bits = reinterpret<u64>(fraction);
    if (((bits >> 52) & 0x7ff) == 0) {
      // Subnormal: into the range of the others first.
      fraction *= 18014398509481984;
      power -= 54;
      bits = reinterpret<u64>(fraction);
    }
    if (fraction == 0) break;
    power += (<i32>((bits >> 52) & 0x7ff)) - 1023;
    fraction = reinterpret<f64>((bits & 0x800fffffffffffff) | 0x3ff0000000000000);
  }
  set(to, 0, fraction);
  set(to, 1, fraction == 0 ? 0 : power);
}

/**
 * c (n, n) = det(A) A'^-1, from the singular value decomposition A = U S V': det(U) det(V) U S* V', where S* has on its
 * diagonal the products of all other singular values. a is used up; `room`: 2 n n + 2 n numbers.
 */
export function cofactors(c: usize, a: usize, room: usize, n: i32): void {
  const values = room;
  const v = values + ((<usize>n) << 3);
  const factored = v + ((<usize>(n * n)) << 3);
  const pivots = factored + ((<usize>(n * n)) << 3);
  svd(a, values, v, n, n);
  const turned = orientation(a, factored, pivots, n) * orientation(v, factored, pivots, n);
  for (let i = 0; i < n * n; i++) set(c, i, 0);
  for (let k = 0; k < n; k++) {
    let others: f64 = turned;
    for (let j = 0; j < n; j++) if (j != k) others *= get(values, j);
    for (let i = 0; i < n; i++) {
      const left = others * get(a, i * n + k);
      for (let j = 0; j < n; j++) set(c, i * n + j, get(c, i * n + j) + left * get(v, j * n + k));
    }
  }
}

/** The determinant, 1 or -1, of an orthogonal matrix. */
function orientation(matrix: usize, factored: usize, pivots: usize, n: i32): i32 {
  copy(factored, matrix, n * n);
  let sign = lu(factored, pivots, n);
  for (let k = 0; k < n; k++) if (get(factored, k * n + k) < 0) sign = -sign;
  return sign;
}
