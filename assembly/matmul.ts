// Products of matrices. Two orders of addition, each the same for every element of a result:
//
// - along columns (matmulNN, matmulTN, matvecT): one term after another, from zero;
// - along contiguous rows (matmulNT, matvec): LANES partial sums, term k in number k mod LANES, folded as `foldAdd` does it.
//
// A sum of many terms is cut into runs, each added in its order, see long.ts.
//
// As an element's bits do not depend on where in a tile it falls, a tile that would overhang the edge is moved back
// over its neighbour or repeats its last row, and writes the same bits twice: there is no second code for edges.
import { addRun, LONG, RUN, settle } from "./long";
import { at, BYTES, bytesOf, LANES, loadTail, SINGLE, storeTail } from "./simd";

/** sum + x y */
@inline
export function plus(sum: v128, x: v128, y: v128): v128 {
  return lanes.add(sum, lanes.mul(x, y));
}

/**
 * Four rows from i, two vectors of columns from j of a product, n >= LANES. `aRow` and `aStep` are the byte strides of the left
 * operand from one row of the result, and from one term of the sum, to the next.
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
): void {
  const i1 = min(i + 1, m - 1);
  const i2 = min(i + 2, m - 1);
  const i3 = min(i + 3, m - 1);
  const j0 = min(j, n - LANES);
  const j1 = min(j + LANES, n - LANES);
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
  for (; k > 0; k--) {
    const b0 = v128.load(p);
    const b1 = v128.load(p + q);
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
    p += row;
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

/** out = a b for b stored (k, n) and a wherever its byte strides say. Inlined where these are known, it is 4 % faster. */
@inline
function product(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, aRow: usize, aStep: usize): void {
  if (n >= LANES) {
    for (let j = 0; j < n; j += 2 * LANES) {
      for (let i = 0; i < m; i += 4) tile(out, a, b, m, n, k, aRow, aStep, i, j);
    }
  } else if (n > 0) {
    for (let i = 0; i < m; i++) narrowRow(at(out, i * n), a + <usize>i * aRow, b, n, k, aStep);
  }
}

/** Bytes that a product of k terms needs at its `scratch`: for long sums, those of a run and what the totals lost. */
export function longScratch(m: i32, n: i32, k: i32): i32 {
  return k <= LONG ? 0 : 2 * <i32>BYTES * m * n;
}

/** The same in runs, for many terms. */
function longProduct(
  out: usize,
  a: usize,
  b: usize,
  m: i32,
  n: i32,
  k: i32,
  aRow: usize,
  aStep: usize,
  scratch: usize,
): void {
  const size = m * n;
  const missing = at(scratch, size);
  memory.fill(out, 0, bytesOf(size));
  memory.fill(missing, 0, bytesOf(size));
  for (let from = 0; from < k; from += RUN) {
    product(scratch, a + <usize>from * aStep, at(b, from * n), m, n, min(RUN, k - from), aRow, aStep);
    addRun(out, missing, scratch, size);
  }
  settle(out, missing, size);
}

/** out (m, n) = a b for a (m, k), b (k, n) */
export function matmulNN(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, scratch: usize): void {
  if (k <= LONG) product(out, a, b, m, n, k, bytesOf(k), BYTES);
  else longProduct(out, a, b, m, n, k, bytesOf(k), BYTES, scratch);
}

/** out (m, n) = a^T b for a stored (k, m), b (k, n) */
export function matmulTN(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, scratch: usize): void {
  if (k <= LONG) product(out, a, b, m, n, k, BYTES, bytesOf(m));
  else longProduct(out, a, b, m, n, k, BYTES, bytesOf(m), scratch);
}

/** Each of four vectors of float32 folded as `foldAdd` does it, side by side. */
@inline
function foldEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = lanes.add(i32x4.shuffle(a, b, 0, 1, 4, 5), i32x4.shuffle(a, b, 2, 3, 6, 7));
  const cd = lanes.add(i32x4.shuffle(c, d, 0, 1, 4, 5), i32x4.shuffle(c, d, 2, 3, 6, 7));
  return lanes.add(i32x4.shuffle(ab, cd, 0, 2, 4, 6), i32x4.shuffle(ab, cd, 1, 3, 5, 7));
}

/** Two vectors of float64 folded, to a row: both, or only the first. */
@inline
function storeFolded(row: usize, both: bool, a: v128, b: v128): void {
  const v = f64x2.add(i64x2.shuffle(a, b, 0, 2), i64x2.shuffle(a, b, 1, 3));
  if (both) v128.store(row, v);
  else v128.store_lane<f64>(row, v, 0);
}

/** Vectors a and b folded to one row, c and d to the next, or only a and c. */
@inline
function storePairs(row: usize, next: usize, both: bool, a: v128, b: v128, c: v128, d: v128): void {
  if (!SINGLE) {
    storeFolded(row, both, a, b);
    storeFolded(next, both, c, d);
    return;
  }
  const v = foldEach(a, b, c, d);
  if (both) {
    v128.store_lane<f64>(row, v, 0);
    v128.store_lane<f64>(next, v, 1);
  } else {
    v128.store_lane<f32>(row, v, 0);
    v128.store_lane<f32>(next, v, 2);
  }
}

/** Four rows from i, two columns from j of a b^T: dot products of k elements of rows that are `row` elements apart. */
@inline
function tileT(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, row: i32, i: i32, j: i32): void {
  const i1 = min(i + 1, m - 1);
  const i2 = min(i + 2, m - 1);
  const i3 = min(i + 3, m - 1);
  const j1 = min(j + 1, n - 1);
  let a0 = at(a, i * row);
  let a1 = at(a, i1 * row);
  let a2 = at(a, i2 * row);
  let a3 = at(a, i3 * row);
  let b0 = at(b, j * row);
  let b1 = at(b, j1 * row);
  let c00 = lanes.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  for (; k >= LANES; k -= LANES) {
    const x = v128.load(b0);
    const y = v128.load(b1);
    let z = v128.load(a0);
    c00 = plus(c00, z, x);
    c01 = plus(c01, z, y);
    z = v128.load(a1);
    c10 = plus(c10, z, x);
    c11 = plus(c11, z, y);
    z = v128.load(a2);
    c20 = plus(c20, z, x);
    c21 = plus(c21, z, y);
    z = v128.load(a3);
    c30 = plus(c30, z, x);
    c31 = plus(c31, z, y);
    a0 += 16;
    a1 += 16;
    a2 += 16;
    a3 += 16;
    b0 += 16;
    b1 += 16;
  }
  if (k > 0) {
    const x = loadTail(b0, k);
    const y = loadTail(b1, k);
    let z = loadTail(a0, k);
    c00 = plus(c00, z, x);
    c01 = plus(c01, z, y);
    z = loadTail(a1, k);
    c10 = plus(c10, z, x);
    c11 = plus(c11, z, y);
    z = loadTail(a2, k);
    c20 = plus(c20, z, x);
    c21 = plus(c21, z, y);
    z = loadTail(a3, k);
    c30 = plus(c30, z, x);
    c31 = plus(c31, z, y);
  }
  storePairs(at(out, i * n + j), at(out, i1 * n + j), j1 > j, c00, c01, c10, c11);
  storePairs(at(out, i2 * n + j), at(out, i3 * n + j), j1 > j, c20, c21, c30, c31);
}

/** Bytes of b's rows that matmulNT goes through again and again: half of a second-level cache of 512 KiB. */
const KEPT = 1 << 18;

/** out (m, n) = a b^T over k elements of rows that are `row` elements apart */
function productT(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, row: i32): void {
  const block = max(2, (KEPT / (<i32>BYTES * max(1, k))) & ~1);
  for (let j0 = 0; j0 < n; j0 += block) {
    const end = min(n, j0 + block);
    for (let i = 0; i < m; i += 4) {
      for (let j = j0; j < end; j += 2) tileT(out, a, b, m, n, k, row, i, j);
    }
  }
}

/** out (m, n) = a b^T for a (m, k), b stored (n, k) */
export function matmulNT(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, scratch: usize): void {
  if (k <= LONG) {
    productT(out, a, b, m, n, k, k);
    return;
  }
  const size = m * n;
  const missing = at(scratch, size);
  memory.fill(out, 0, bytesOf(size));
  memory.fill(missing, 0, bytesOf(size));
  for (let from = 0; from < k; from += RUN) {
    productT(scratch, at(a, from), at(b, from), m, n, min(RUN, k - from), k);
    addRun(out, missing, scratch, size);
  }
  settle(out, missing, size);
}
