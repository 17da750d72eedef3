// Large products of matrices, with both operands copied into the order in which a tile reads them (Goto and van de Geijn
// 2008, "Anatomy of high-performance matrix multiplication"): without, each term of a tile lies a row apart, and at
// n = 1,024 every load is a page of its own. The order of addition is that of matmul.ts, one term after another from
// zero: a tile's sums wait in the result between two slices of k and lose nothing, since registers are no wider. A slice has as
// many terms as a run of a long sum.
import { addRun, addVector, LONG, RUN, settle } from "./long";
import { at, BYTES, bytesOf, LANES, loadUpTo, storeUpTo } from "./simd";
import { plus } from "./matmul";

/** Terms of a slice, 256: a panel is then 8 KiB and stays in the first-level cache. */
const SLICE = RUN;

/** Columns of a panel and of a tile: two vectors. */
const PANEL: i32 = 2 * LANES;

/** Bytes of a tile's row. */
const WIDTH: usize = 32;

/** Tiles of a that are packed at once: their slices stay in the second-level cache while each panel passes over them. */
const TILES: i32 = 12;

/** Columns of b in whole panels. */
@inline
function padded(n: i32): i32 {
  return (n + PANEL - 1) & ~(PANEL - 1);
}

/** Rows of a tile: its ten sums, the vectors of b, one of a and a product just fit sixteen registers. */
const ROWS: i32 = 5;

/** Bytes of a slice of b in panels, of tiles of a, and of the sums of a tile. */
@inline
function packedBytes(n: i32): i32 {
  return <i32>BYTES * SLICE * (padded(n) + ROWS * TILES) + ROWS * <i32>WIDTH;
}

/** Bytes that `matmulPacked` needs at `scratch`: the packed operands and, for long sums, what the totals lost. */
export function packedScratch(m: i32, n: i32, k: i32): i32 {
  return packedBytes(n) + (k <= LONG ? 0 : <i32>BYTES * m * n);
}

/** Terms k0 .. k0 + kc of b (k, n) to panels, zeros beyond the last. */
function packRight(to: usize, b: usize, n: i32, kc: i32): void {
  for (let j = 0; j < n; j += PANEL) {
    const rest = n - j;
    for (let k = 0, from = at(b, j); k < kc; k++, from = at(from, n), to += 32) {
      v128.store(to, loadUpTo(from, rest));
      v128.store(to, loadUpTo(from + 16, rest - LANES), 16);
    }
  }
}

/** A tile's rows from i of a's slice, term by term; rows beyond the last repeat it. */
function packLeft(to: usize, a: usize, m: i32, i: i32, kc: i32, aRow: usize, aStep: usize): void {
  const last = m - 1 - i;
  for (a += <usize>i * aRow; kc > 0; kc--, a += aStep) {
    for (let r = 0; r < ROWS; r++, to += BYTES) store<Float>(to, load<Float>(a + <usize>min(r, last) * aRow));
  }
}

/** Adds kc terms to the sums of a tile. */
function addTerms(sums: usize, a: usize, b: usize, kc: i32): void {
  let c00 = v128.load(sums);
  let c01 = v128.load(sums, 16);
  let c10 = v128.load(sums, 32);
  let c11 = v128.load(sums, 48);
  let c20 = v128.load(sums, 64);
  let c21 = v128.load(sums, 80);
  let c30 = v128.load(sums, 96);
  let c31 = v128.load(sums, 112);
  let c40 = v128.load(sums, 128);
  let c41 = v128.load(sums, 144);
  for (; kc > 0; kc--, a += <usize>ROWS * BYTES, b += WIDTH) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = v128.load_splat<Float>(a);
    c00 = plus(c00, x, b0);
    c01 = plus(c01, x, b1);
    x = v128.load_splat<Float>(a, BYTES);
    c10 = plus(c10, x, b0);
    c11 = plus(c11, x, b1);
    x = v128.load_splat<Float>(a, 2 * BYTES);
    c20 = plus(c20, x, b0);
    c21 = plus(c21, x, b1);
    x = v128.load_splat<Float>(a, 3 * BYTES);
    c30 = plus(c30, x, b0);
    c31 = plus(c31, x, b1);
    x = v128.load_splat<Float>(a, 4 * BYTES);
    c40 = plus(c40, x, b0);
    c41 = plus(c41, x, b1);
  }
  v128.store(sums, c00);
  v128.store(sums, c01, 16);
  v128.store(sums, c10, 32);
  v128.store(sums, c11, 48);
  v128.store(sums, c20, 64);
  v128.store(sums, c21, 80);
  v128.store(sums, c30, 96);
  v128.store(sums, c31, 112);
  v128.store(sums, c40, 128);
  v128.store(sums, c41, 144);
}

/** The sums of a tile so far, from the result: `rows` rows of `rest` columns. */
function fetch(sums: usize, out: usize, n: i32, rows: i32, rest: i32): void {
  for (; rows > 0; rows--, sums += WIDTH, out = at(out, n)) {
    v128.store(sums, loadUpTo(out, rest));
    v128.store(sums, loadUpTo(out + 16, rest - LANES), 16);
  }
}

/** Writes the sums of a tile to the result. */
function put(out: usize, sums: usize, n: i32, rows: i32, rest: i32): void {
  for (; rows > 0; rows--, sums += WIDTH, out = at(out, n)) {
    storeUpTo(out, v128.load(sums), rest);
    storeUpTo(out + 16, v128.load(sums, 16), rest - LANES);
  }
}

/** Adds the sums of a tile, which are those of a run, to the totals. */
function putRun(out: usize, missing: usize, sums: usize, n: i32, rows: i32, rest: i32): void {
  for (; rows > 0; rows--, sums += WIDTH, out = at(out, n), missing = at(missing, n)) {
    if (rest >= PANEL) {
      addVector(out, missing, v128.load(sums));
      addVector(out + 16, missing + 16, v128.load(sums, 16));
    } else addRun(out, missing, sums, rest);
  }
}

/**
 * out (m, n) = a b for b stored (k, n) and a wherever its byte strides from row to row and from term to term say: those of
 * k elements and of one for a (m, k), of one and of m for a stored (k, m). All sizes from 1.
 */
export function matmulPacked(
  out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, aRow: usize, aStep: usize, scratch: usize,
): void {
  const left = scratch + bytesOf(SLICE * padded(n));
  const sums = left + bytesOf(SLICE * ROWS * TILES);
  const missing = scratch + <usize>packedBytes(n);
  const long = k > LONG;
  if (long) {
    memory.fill(out, 0, bytesOf(m * n));
    memory.fill(missing, 0, bytesOf(m * n));
  }
  for (let k0 = 0; k0 < k; k0 += SLICE, a += <usize>SLICE * aStep) {
    const kc = min(SLICE, k - k0);
    const packed = bytesOf(ROWS * kc);
    packRight(scratch, at(b, k0 * n), n, kc);
    for (let i0 = 0; i0 < m; i0 += TILES * ROWS) {
      const end = min(m, i0 + TILES * ROWS);
      for (let i = i0, to = left; i < end; i += ROWS, to += packed) packLeft(to, a, m, i, kc, aRow, aStep);
      for (let j = 0, panel = scratch; j < n; j += PANEL, panel += <usize>kc * WIDTH) {
        for (let i = i0, from = left; i < end; i += ROWS, from += packed) {
          const rows = min(ROWS, m - i);
          const to = i * n + j;
          if (long || k0 == 0) memory.fill(sums, 0, <usize>ROWS * WIDTH);
          else fetch(sums, at(out, to), n, rows, n - j);
          addTerms(sums, from, panel, kc);
          if (long) putRun(at(out, to), at(missing, to), sums, n, rows, n - j);
          else put(at(out, to), sums, n, rows, n - j);
        }
      }
    }
  }
  if (long) settle(out, missing, m * n);
}
