// Products of a matrix and a transposed one: dot products of rows, LANES partial sums each, see matmul.ts.
import { addRun, LONG, longScratch, RUN, runOf, settle } from "./long";
import { at, BYTES, bytesOf, LANES, loadTail, plus, SINGLE } from "./simd";

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

/** Copies a row of k numbers as vectors `step` bytes apart, with zeros after the last. */
@inline
function spread(to: usize, from: usize, step: usize, k: i32): void {
  for (; k >= LANES; k -= LANES, from += 16, to += step) v128.store(to, v128.load(from));
  if (k > 0) v128.store(to, loadTail(from, k));
}

/** Bytes of k numbers in whole vectors, at least one. */
@inline
function wholeBytes(k: i32): i32 {
  return max(16, ((<i32>BYTES * k + 15) & ~15));
}

/** Whether both operands are worth a copy in the order of reading: a number is then used in four tiles or more. */
@inline
function isSpread(m: i32, n: i32): bool {
  return m >= 16 && n >= 16;
}

/** How many rows of b, an even number, are spread at once. */
@inline
function spreadRows(n: i32, k: i32): i32 {
  return min((n + 1) & ~1, max(2, (KEPT / wholeBytes(k)) & ~1));
}

/**
 * `productT` with the vectors of four rows of a, and of two of b, side by side: two pointers instead of six, each of which is
 * two instructions a term. 1.06 times as fast at 32 x 32 x 32, 1.12 at 64 and 1.17 at 128, and no faster at 16 (AMD EPYC,
 * Node 20, the best of 61 turns). Four rows by two have registers to spare; see `addTerms` of matmul-packed.ts for why.
 */
function spreadT(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, row: i32, scratch: usize): void {
  const whole = <usize>wholeBytes(k);
  const block = spreadRows(n, k);
  const pairs = scratch + 4 * whole;
  for (let j0 = 0; j0 < n; j0 += block) {
    const end = min(n, j0 + block);
    for (let j = j0, to = pairs; j < end; j += 2, to += 2 * whole) {
      spread(to, at(b, j * row), 32, k);
      spread(to + 16, at(b, min(j + 1, n - 1) * row), 32, k);
    }
    for (let i = 0; i < m; i += 4) {
      const i1 = min(i + 1, m - 1);
      const i2 = min(i + 2, m - 1);
      const i3 = min(i + 3, m - 1);
      spread(scratch, at(a, i * row), 64, k);
      spread(scratch + 16, at(a, i1 * row), 64, k);
      spread(scratch + 32, at(a, i2 * row), 64, k);
      spread(scratch + 48, at(a, i3 * row), 64, k);
      for (let j = j0, p = pairs; j < end; j += 2) {
        let c00 = lanes.splat(0);
        let c01 = c00;
        let c10 = c00;
        let c11 = c00;
        let c20 = c00;
        let c21 = c00;
        let c30 = c00;
        let c31 = c00;
        let q = scratch;
        for (const last = p + 2 * whole; p < last; p += 32, q += 64) {
          const x = v128.load(p);
          const y = v128.load(p, 16);
          let z = v128.load(q);
          c00 = plus(c00, z, x);
          c01 = plus(c01, z, y);
          z = v128.load(q, 16);
          c10 = plus(c10, z, x);
          c11 = plus(c11, z, y);
          z = v128.load(q, 32);
          c20 = plus(c20, z, x);
          c21 = plus(c21, z, y);
          z = v128.load(q, 48);
          c30 = plus(c30, z, x);
          c31 = plus(c31, z, y);
        }
        storePairs(at(out, i * n + j), at(out, i1 * n + j), j + 1 < n, c00, c01, c10, c11);
        storePairs(at(out, i2 * n + j), at(out, i3 * n + j), j + 1 < n, c20, c21, c30, c31);
      }
    }
  }
}

/** `productT` or `spreadT`, by what is faster. */
function dots(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, row: i32, scratch: usize): void {
  if (isSpread(m, n) && k > 0) spreadT(out, a, b, m, n, k, row, scratch);
  else productT(out, a, b, m, n, k, row);
}

/** Bytes that `matmulNT` needs at its `scratch`: for the operands' copies and, for long sums, what those need. */
export function dotsScratch(m: i32, n: i32, k: i32): i32 {
  const run = runOf(k);
  return longScratch(m, n, k) + (isSpread(m, n) ? wholeBytes(run) * (4 + spreadRows(n, run)) : 0);
}

/** out (m, n) = a b^T for a (m, k), b stored (n, k) */
export function matmulNT(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, scratch: usize): void {
  if (k <= LONG) {
    dots(out, a, b, m, n, k, k, scratch);
    return;
  }
  const size = m * n;
  const missing = at(scratch, size);
  memory.fill(out, 0, bytesOf(size));
  memory.fill(missing, 0, bytesOf(size));
  for (let from = 0; from < k; from += RUN) {
    dots(scratch, at(a, from), at(b, from), m, n, min(RUN, k - from), k, at(missing, size));
    addRun(out, missing, scratch, size);
  }
  settle(out, missing, size);
}
