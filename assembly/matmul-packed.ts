// Large products of matrices, with both operands copied into the order in which a tile reads them (Goto and van de Geijn
// 2008, "Anatomy of high-performance matrix multiplication"): without, each term of a tile lies a row apart, and at
// n = 1,024 every load is a page of its own. The order of addition is that of matmul.ts, one term after another from
// zero: a tile's sums wait in the result between two slices of k and lose nothing, since registers are no wider. A slice has as
// many terms as a run of a long sum.
import { addRun, addVector, LONG, RUN, settle } from "./long";
import { at, BYTES, bytesOf, LANES, loadUpTo, plus, SINGLE, storeUpTo } from "./simd";

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

/** Rows of a tile. */
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
  const row = bytesOf(n);
  for (let j = 0; j < n; j += PANEL) {
    const rest = n - j;
    let from = at(b, j);
    for (const end = to + <usize>kc * WIDTH; to < end; from += row, to += WIDTH) {
      if (rest >= PANEL) {
        v128.store(to, v128.load(from));
        v128.store(to, v128.load(from, 16), 16);
      } else {
        v128.store(to, loadUpTo(from, rest));
        v128.store(to, loadUpTo(from + 16, rest - LANES), 16);
      }
    }
  }
}

/** The first four terms of four rows of float32, `row` bytes apart: those of a term side by side, terms `step` bytes apart. */
@inline
function turn(to: usize, step: usize, a: usize, row: usize): void {
  const a0 = v128.load(a);
  const a1 = v128.load(a + row);
  const a2 = v128.load(a + 2 * row);
  const a3 = v128.load(a + 3 * row);
  const low01 = i32x4.shuffle(a0, a1, 0, 4, 1, 5);
  const low23 = i32x4.shuffle(a2, a3, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(a0, a1, 2, 6, 3, 7);
  const high23 = i32x4.shuffle(a2, a3, 2, 6, 3, 7);
  v128.store(to, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(to + step, i64x2.shuffle(low01, low23, 1, 3));
  v128.store(to + 2 * step, i64x2.shuffle(high01, high23, 0, 2));
  v128.store(to + 3 * step, i64x2.shuffle(high01, high23, 1, 3));
}

/** Copies k terms of five rows, `row` bytes apart, so that those of a term lie side by side. */
function gatherRows(to: usize, a: usize, row: usize, k: i32): void {
  if (SINGLE) {
    for (; k >= 4; k -= 4, a += 16, to += 80) {
      turn(to, 20, a, row);
      const v = v128.load(a + 4 * row);
      v128.store_lane<f32>(to, v, 0, 16);
      v128.store_lane<f32>(to, v, 1, 36);
      v128.store_lane<f32>(to, v, 2, 56);
      v128.store_lane<f32>(to, v, 3, 76);
    }
  }
  for (; k > 0; k--, a += BYTES) {
    for (let r = 0, p = a; r < ROWS; r++, p += row, to += BYTES) store<Float>(to, load<Float>(p));
  }
}

/** The same for five rows that lie side by side, with terms `step` bytes apart. */
function gatherBeside(to: usize, a: usize, step: usize, k: i32): void {
  for (; k > 0; k--, a += step, to += 5 * BYTES) {
    v128.store(to, v128.load(a));
    if (!SINGLE) v128.store(to, v128.load(a, 16), 16);
    store<Float>(to, load<Float>(a, 4 * BYTES), 4 * BYTES);
  }
}

/** A tile's rows from i of a's slice, term by term; rows beyond the last repeat it. */
function packLeft(to: usize, a: usize, m: i32, i: i32, kc: i32, aRow: usize, aStep: usize): void {
  const last = m - 1 - i;
  a += <usize>i * aRow;
  if (last < ROWS - 1) {
    for (; kc > 0; kc--, a += aStep) {
      for (let r = 0; r < ROWS; r++, to += BYTES) store<Float>(to, load<Float>(a + <usize>min(r, last) * aRow));
    }
  } else if (aStep == BYTES) gatherRows(to, a, aRow, kc);
  else gatherBeside(to, a, aStep, kc);
}

/**
 * A tile of five rows and two vectors: k terms are added one after another, to zero or (`more`) to what is at `out`. `aStep` and
 * `bStep` are the bytes from one term to the next. Its ten sums, the vectors of b, one of a and a product just fit sixteen
 * registers. It has to be a function of its own: V8 orders the instructions of a loop by what follows it, and inlined into
 * the loops over tiles, this one loads all numbers of a term first, has too few registers, and takes 1.7 times as long.
 */
function addTerms(
  out: usize,
  outRow: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  k: i32,
  more: bool,
): void {
  let c00 = lanes.splat(0);
  let c01 = c00;
  let c10 = c00;
  let c11 = c00;
  let c20 = c00;
  let c21 = c00;
  let c30 = c00;
  let c31 = c00;
  let c40 = c00;
  let c41 = c00;
  if (more) {
    let p = out;
    c00 = v128.load(p);
    c01 = v128.load(p, 16);
    p += outRow;
    c10 = v128.load(p);
    c11 = v128.load(p, 16);
    p += outRow;
    c20 = v128.load(p);
    c21 = v128.load(p, 16);
    p += outRow;
    c30 = v128.load(p);
    c31 = v128.load(p, 16);
    p += outRow;
    c40 = v128.load(p);
    c41 = v128.load(p, 16);
  }
  for (const end = b + <usize>k * bStep; b < end; b += bStep, a += aStep) {
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
  v128.store(out, c00);
  v128.store(out, c01, 16);
  out += outRow;
  v128.store(out, c10);
  v128.store(out, c11, 16);
  out += outRow;
  v128.store(out, c20);
  v128.store(out, c21, 16);
  out += outRow;
  v128.store(out, c30);
  v128.store(out, c31, 16);
  out += outRow;
  v128.store(out, c40);
  v128.store(out, c41, 16);
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
          if (!long && rows == ROWS && n - j >= PANEL) {
            addTerms(at(out, to), bytesOf(n), from, ROWS * <i32>BYTES, panel, WIDTH, kc, k0 > 0);
            continue;
          }
          const more = k0 > 0 && !long;
          if (more) fetch(sums, at(out, to), n, rows, n - j);
          addTerms(sums, WIDTH, from, ROWS * <i32>BYTES, panel, WIDTH, kc, more);
          if (long) putRun(at(out, to), at(missing, to), sums, n, rows, n - j);
          else put(at(out, to), sums, n, rows, n - j);
        }
      }
    }
  }
  if (long) settle(out, missing, m * n);
}
