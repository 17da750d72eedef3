// Products of matrices. Two orders of addition, each the same for every element of a result:
//
// - along columns (matmulNN, matmulTN, matvecT): one term after another, from zero;
// - along contiguous rows (matmulNT, matvec): LANES partial sums, term k in number k mod LANES, folded as `foldAdd` does it.
//
// A sum of many terms is cut into runs, each added in its order, see long.ts.
//
// As an element's bits do not depend on where in a tile it falls, a tile that would overhang the edge is moved back
// over its neighbour or repeats its last row, and writes the same bits twice: there is no second code for edges.
//
// Here are the products along columns, those of large operands in matmul-packed.ts, and those along rows in dots.ts.
import { addRun, LONG, RUN, settle } from "./long";
import { at, BYTES, bytesOf, LANES, loadTail, plus, storeTail } from "./simd";

/**
 * Four rows from i, two vectors of columns from j of a product, n >= LANES. `aRow` and `aStep` are the byte strides of the left
 * operand from one row of the result, and from one term of the sum, to the next. `wide` says that n >= 2 LANES: then the two
 * vectors are neighbours, and one pointer serves both. That, and a loop that ends at an address and not at a count, is 1.09 times
 * as fast at 32 x 32 x 32 and 1.11 to 1.15 from 48 to 128 (AMD EPYC, Node 20, the best of 61 turns).
 */
@inline
function tile(
  out: usize,
  a: usize,
  b: usize,
  m: i32,
  n: i32,
  k: i32,
  aRow: usize,
  aStep: usize,
  i: i32,
  j: i32,
  wide: bool,
): void {
  const i1 = min(i + 1, m - 1);
  const i2 = min(i + 2, m - 1);
  const i3 = min(i + 3, m - 1);
  const j0 = wide ? min(j, n - 2 * LANES) : min(j, n - LANES);
  const j1 = wide ? j0 + LANES : min(j + LANES, n - LANES);
  let a0 = a + <usize>i * aRow;
  let a1 = a + <usize>i1 * aRow;
  let a2 = a + <usize>i2 * aRow;
  let a3 = a + <usize>i3 * aRow;
  let p = at(b, j0);
  const q = bytesOf(j1 - j0);
  const row = bytesOf(n);
  let c00 = lanes.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (const end = p + <usize>k * row; p < end; p += row) {
    const b0 = v128.load(p);
    const b1 = wide ? v128.load(p, 16) : v128.load(p + q);
    let x = v128.load_splat<Float>(a0);
    c00 = plus(c00, x, b0);
    c01 = plus(c01, x, b1);
    x = v128.load_splat<Float>(a1);
    c10 = plus(c10, x, b0);
    c11 = plus(c11, x, b1);
    x = v128.load_splat<Float>(a2);
    c20 = plus(c20, x, b0);
    c21 = plus(c21, x, b1);
    x = v128.load_splat<Float>(a3);
    c30 = plus(c30, x, b0);
    c31 = plus(c31, x, b1);
    a0 += aStep;
    a1 += aStep;
    a2 += aStep;
    a3 += aStep;
  }
  v128.store(at(out, i * n + j0), c00);
  v128.store(at(out, i * n + j1), c01);
  v128.store(at(out, i1 * n + j0), c10);
  v128.store(at(out, i1 * n + j1), c11);
  v128.store(at(out, i2 * n + j0), c20);
  v128.store(at(out, i2 * n + j1), c21);
  v128.store(at(out, i3 * n + j0), c30);
  v128.store(at(out, i3 * n + j1), c31);
}

/** A row of a result with fewer than LANES columns. */
@inline
function narrowRow(out: usize, a: usize, b: usize, n: i32, k: i32, aStep: usize): void {
  let c = lanes.splat(0);
  for (; k > 0; k--, a += aStep, b = at(b, n)) c = plus(c, v128.load_splat<Float>(a), loadTail(b, n));
  storeTail(out, c, n);
}

/** out = a b for b stored (k, n), n < 2 LANES, and a wherever its byte strides say. */
function narrow(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, aRow: usize, aStep: usize): void {
  if (n >= LANES) for (let i = 0; i < m; i += 4) tile(out, a, b, m, n, k, aRow, aStep, i, 0, false);
  else if (n > 0) for (let i = 0; i < m; i++) narrowRow(at(out, i * n), a + <usize>i * aRow, b, n, k, aStep);
}

/** The same for any n. Inlined where the strides are known, it is 4 % faster. */
@inline
function product(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, aRow: usize, aStep: usize): void {
  if (n >= 2 * LANES) {
    for (let j = 0; j < n; j += 2 * LANES) {
      for (let i = 0; i < m; i += 4) tile(out, a, b, m, n, k, aRow, aStep, i, j, true);
    }
  } else narrow(out, a, b, m, n, k, aRow, aStep);
}

/** out = a b for rows of a that are `row` elements apart */
function productNN(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, row: i32): void {
  product(out, a, b, m, n, k, bytesOf(row), BYTES);
}

/** out = a^T b */
function productTN(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32): void {
  product(out, a, b, m, n, k, BYTES, bytesOf(m));
}

/** Either of them in runs, for many terms. */
function longProduct(
  out: usize,
  a: usize,
  b: usize,
  m: i32,
  n: i32,
  k: i32,
  transposed: bool,
  scratch: usize,
): void {
  const size = m * n;
  const missing = at(scratch, size);
  memory.fill(out, 0, bytesOf(size));
  memory.fill(missing, 0, bytesOf(size));
  for (let from = 0; from < k; from += RUN) {
    const terms = min(RUN, k - from);
    if (transposed) productTN(scratch, at(a, from * m), at(b, from * n), m, n, terms);
    else productNN(scratch, at(a, from), at(b, from * n), m, n, terms, k);
    addRun(out, missing, scratch, size);
  }
  settle(out, missing, size);
}

/** out (m, n) = a b for a (m, k), b (k, n); the scratch is that of `longScratch`. */
export function matmulNN(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, scratch: usize): void {
  if (k <= LONG) productNN(out, a, b, m, n, k, k);
  else longProduct(out, a, b, m, n, k, false, scratch);
}

/** out (m, n) = a^T b for a stored (k, m), b (k, n); the scratch is that of `longScratch`. */
export function matmulTN(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, scratch: usize): void {
  if (k <= LONG) productTN(out, a, b, m, n, k);
  else longProduct(out, a, b, m, n, k, true, scratch);
}
