// Large products of matrices, with both operands copied into the order in which a tile reads them (Goto and van de Geijn
// 2008, "Anatomy of high-performance matrix multiplication"): without, each term of a tile lies a row apart, and at
// n = 1,024 every load is a page of its own. The order of addition is that of matmul.ts, one term after another from
// zero: a tile's sums wait in the result between two slices of k and lose nothing, since registers are no wider. A slice has as
// many terms as a run of a long sum.
import { addRun, LONG, RUN, settle } from "./long";
import { at, BYTES, bytesOf, LANES, loadUpTo, storeUpTo } from "./simd";
import { longScratch, plus } from "./matmul";

/** Terms of a slice, 256: a panel is then 8 KiB and stays in the first-level cache. */
const SLICE = RUN;

/** Columns of a panel: two vectors. */
const PANEL: i32 = 2 * LANES;

/** Columns of b in whole panels. */
@inline
function padded(n: i32): i32 {
  return (n + PANEL - 1) & ~(PANEL - 1);
}

/** Bytes of a slice of b in panels, and of a tile of 4 rows of a. */
@inline
function packedBytes(n: i32): i32 {
  return <i32>BYTES * SLICE * (padded(n) + 4);
}

/** Bytes that `matmulPacked` needs at `scratch`: the packed operands and, for long sums, what `longScratch` says. */
export function packedScratch(m: i32, n: i32, k: i32): i32 {
  return packedBytes(n) + longScratch(m, n, k);
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

/** Four rows from i of a's slice, term by term; rows beyond the last repeat it. */
function packLeft(to: usize, a: usize, m: i32, i: i32, kc: i32, aRow: usize, aStep: usize): void {
  if (aRow == BYTES && i + 4 <= m) {
    for (a = at(a, i); kc > 0; kc--, to += 4 * BYTES, a += aStep) {
      v128.store(to, v128.load(a));
      if (LANES == 2) v128.store(to, v128.load(a, 16), 16);
    }
    return;
  }
  for (let r = 0; r < 4; r++) {
    let from = a + <usize>min(i + r, m - 1) * aRow;
    for (let k = 0; k < kc; k++, from += aStep) store<Float>(to + bytesOf(4 * k), load<Float>(from));
    to += BYTES;
  }
}

/** What a tile's row begins with: zeros, or the sums so far. */
@inline
function begin(p: usize, rest: i32, first: bool): v128 {
  return first ? lanes.splat(0) : loadUpTo(p, rest);
}

/** Four rows and a panel's columns of the result: `rows` and `rest` of them exist. */
function tile(out: usize, a: usize, b: usize, n: i32, kc: i32, rows: i32, rest: i32, first: bool): void {
  const row = bytesOf(n);
  const o1 = out + row * min(1, rows - 1);
  const o2 = out + row * min(2, rows - 1);
  const o3 = out + row * min(3, rows - 1);
  let c00 = begin(out, rest, first);
  let c01 = begin(out + 16, rest - LANES, first);
  let c10 = begin(o1, rest, first);
  let c11 = begin(o1 + 16, rest - LANES, first);
  let c20 = begin(o2, rest, first);
  let c21 = begin(o2 + 16, rest - LANES, first);
  let c30 = begin(o3, rest, first);
  let c31 = begin(o3 + 16, rest - LANES, first);
  for (let k = 0; k < kc; k++, a += 4 * BYTES, b += 32) {
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
  }
  // Rows that do not exist repeat the last one, bit for bit, and are written over it.
  storeUpTo(out, c00, rest);
  storeUpTo(out + 16, c01, rest - LANES);
  storeUpTo(o1, c10, rest);
  storeUpTo(o1 + 16, c11, rest - LANES);
  storeUpTo(o2, c20, rest);
  storeUpTo(o2 + 16, c21, rest - LANES);
  storeUpTo(o3, c30, rest);
  storeUpTo(o3 + 16, c31, rest - LANES);
}

/**
 * out (m, n) = a b for b stored (k, n) and a wherever its byte strides from row to row and from term to term say: those of
 * k elements and of one for a (m, k), of one and of m for a stored (k, m). All sizes from 1.
 */
export function matmulPacked(
  out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, aRow: usize, aStep: usize, scratch: usize,
): void {
  const left = scratch + bytesOf(SLICE * padded(n));
  const long = k > LONG;
  const size = m * n;
  const run = scratch + <usize>packedBytes(n);
  const missing = at(run, size);
  const to = long ? run : out;
  if (long) {
    memory.fill(out, 0, bytesOf(size));
    memory.fill(missing, 0, bytesOf(size));
  }
  for (let k0 = 0; k0 < k; k0 += SLICE) {
    const kc = min(SLICE, k - k0);
    packRight(scratch, at(b, k0 * n), n, kc);
    for (let i = 0; i < m; i += 4) {
      packLeft(left, a + <usize>k0 * aStep, m, i, kc, aRow, aStep);
      let panel = scratch;
      for (let j = 0; j < n; j += PANEL, panel += (<usize>kc) << 5) {
        tile(at(to, i * n + j), left, panel, n, kc, min(4, m - i), n - j, long || k0 == 0);
      }
    }
    if (long) addRun(out, missing, run, size);
  }
  if (long) settle(out, missing, size);
}
