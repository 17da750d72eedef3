// Products of a matrix of events, most of whose numbers are zero, with a dense one of finite numbers: a zero takes no part.
// The order of addition is that of matmul.ts along columns, and a term of zero times a finite number changes no sum, so the
// bits are those of the dense product. A module of its own for float32, as only spiking uses it.
import { LONG, lostEach, runOf, settle } from "./long";
import { at, BYTES, bytesOf, LANES, loadUpTo, plus, SINGLE, storeUpTo } from "./simd";

/** Rows of the result whose events are listed at once: their lists stay in the second-level cache. */
const ROWS: i32 = 32;

/** Bytes of an event in a list: how far its row of b lies behind the first one, and its number. */
const EVENT: usize = 2 * BYTES;

/** Bytes of the address at which a list ends. */
const END: usize = 4;

/**
 * Columns of a wide tile, and the bytes of its row: six vectors, whose sums have room in registers with the six of b that V8
 * loads first. Eight take 1.8 times as long (AMD EPYC, Node 20: 120 ms for 66, all of 5,000 x 512 numbers events, 512 columns).
 */
const WIDE: i32 = 6 * LANES;
const WIDTH: usize = 96;

/**
 * From so many rows on, b is copied so that the rows of a tile lie side by side. Where they are a power of two of bytes
 * apart, few of them have room in the cache at once.
 */
const COPIED_FROM: i32 = 64;

/** Bytes of a list of events among `run` terms, with room for one more, which `listRow` writes and forgets. */
@inline
function listBytes(run: i32): usize {
  return <usize>(run + 1) * EVENT;
}

/** Bytes of the copy of `run` rows of b. */
@inline
function copyBytes(m: i32, n: i32, run: i32): usize {
  return m < COPIED_FROM ? 0 : <usize>((n / WIDE) * run) * WIDTH;
}

/** Bytes that `eventProduct` needs at `scratch`: lists and their ends, a copy of b and, for long sums, what the totals lost. */
export function eventScratch(m: i32, n: i32, k: i32): i32 {
  const run = runOf(k);
  return ROWS * <i32>(END + listBytes(run)) + <i32>copyBytes(m, n, run) + (k <= LONG ? 0 : <i32>bytesOf(m * n));
}

/** Where the list of row r begins. */
@inline
function listOf(lists: usize, r: i32, run: i32): usize {
  return lists + <usize>r * listBytes(run);
}

/** Where the address at which it ends is kept. */
@inline
function endOf(ends: usize, r: i32): usize {
  return ends + <usize>r * END;
}

/** How many of n numbers are not zero. */
export function countEvents(a: usize, n: i32): i32 {
  let minus = words.splat(0);
  let count = n;
  for (; n >= LANES; n -= LANES, a += 16) minus = words.add(minus, lanes.eq(v128.load(a), lanes.splat(0)));
  for (; n > 0; n--, a += BYTES) count -= <i32>(load<Float>(a) == 0);
  count += <i32>(words.extract_lane(minus, 0) + words.extract_lane(minus, 1));
  if (SINGLE) count += i32x4.extract_lane(minus, 2) + i32x4.extract_lane(minus, 3);
  return count;
}

/** Lists the events among k neighbours of a row, which are a step apart in b; gives the end of the list. */
function listRow(list: usize, a: usize, k: i32, step: usize): u32 {
  let place: usize = 0;
  for (; k > 0; k -= LANES, a += 16, place += <usize>LANES * step) {
    if (!v128.any_true(lanes.ne(loadUpTo(a, k), lanes.splat(0)))) continue;
    let p = place;
    for (let x = a, end = at(a, min(k, LANES)); x < end; x += BYTES, p += step) {
      // Written whether it is an event or not, since a branch that is hard to foretell costs more.
      const number = load<Float>(x);
      store<u32>(list, <u32>p);
      store<Float>(list, number, BYTES);
      list += number != 0 ? EVENT : 0;
    }
  }
  return <u32>list;
}

/** Adds the events of one term to the lists of n neighbouring rows of the result. */
function listTerm(ends: usize, a: usize, n: i32, place: usize): void {
  for (; n > 0; n -= LANES, a += 16, ends += <usize>LANES * END) {
    if (!v128.any_true(lanes.ne(loadUpTo(a, n), lanes.splat(0)))) continue;
    let mark = ends;
    for (let x = a, last = at(a, min(n, LANES)); x < last; x += BYTES, mark += END) {
      const number = load<Float>(x);
      const end = load<u32>(mark);
      store<u32>(end, <u32>place);
      store<Float>(end, number, BYTES);
      store<u32>(mark, end + (number != 0 ? <u32>EVENT : 0));
    }
  }
}

/** Copies the whole tiles of `rows` rows of b, tile after tile, each `run` rows long. */
function copyTiles(to: usize, b: usize, n: i32, rows: i32, run: i32): void {
  for (let j = 0; j + WIDE <= n; j += WIDE, to += <usize>run * WIDTH) {
    for (let r = 0; r < rows; r++) memory.copy(to + <usize>r * WIDTH, at(b, r * n + j), WIDTH);
  }
}

/** Writes a vector of sums of which n elements are wanted, or (`more`) adds it to the totals as long.ts does. */
@inline
function put(out: usize, missing: usize, c: v128, n: i32, more: bool): void {
  if (more) {
    const total = loadUpTo(out, n);
    const sum = lanes.add(total, c);
    storeUpTo(missing, lanes.add(loadUpTo(missing, n), lostEach(total, c, sum)), n);
    c = sum;
  }
  storeUpTo(out, c, n);
}

/** Six vectors of a row of the result: the events of a list, in order. */
function wideTile(out: usize, missing: usize, list: usize, end: usize, b: usize, more: bool): void {
  let c0 = lanes.splat(0);
  let c1 = c0;
  let c2 = c0;
  let c3 = c0;
  let c4 = c0;
  let c5 = c0;
  for (; list < end; list += EVENT) {
    const row = b + <usize>load<u32>(list);
    const x = v128.load_splat<Float>(list + BYTES);
    c0 = plus(c0, x, v128.load(row));
    c1 = plus(c1, x, v128.load(row, 16));
    c2 = plus(c2, x, v128.load(row, 32));
    c3 = plus(c3, x, v128.load(row, 48));
    c4 = plus(c4, x, v128.load(row, 64));
    c5 = plus(c5, x, v128.load(row, 80));
  }
  put(out, missing, c0, LANES, more);
  put(out + 16, missing + 16, c1, LANES, more);
  put(out + 32, missing + 32, c2, LANES, more);
  put(out + 48, missing + 48, c3, LANES, more);
  put(out + 64, missing + 64, c4, LANES, more);
  put(out + 80, missing + 80, c5, LANES, more);
}

/** One vector of a row, of which n elements are wanted. */
function narrowTile(out: usize, missing: usize, list: usize, end: usize, b: usize, n: i32, more: bool): void {
  let c = lanes.splat(0);
  for (; list < end; list += EVENT) {
    c = plus(c, v128.load_splat<Float>(list + BYTES), loadUpTo(b + <usize>load<u32>(list), n));
  }
  put(out, missing, c, n, more);
}

/**
 * out (m, n) = a b for events a (m, k), or (`transposed`) a^T b for a stored (k, m), and b (k, n) of finite numbers, k > 0;
 * for the scratch see `eventScratch`.
 */
export function eventProduct(
  out: usize,
  a: usize,
  b: usize,
  m: i32,
  n: i32,
  k: i32,
  transposed: bool,
  scratch: usize,
): void {
  const more = k > LONG;
  const run = runOf(k);
  const copied = m >= COPIED_FROM;
  const row = bytesOf(n);
  const whole = n - (n % WIDE);
  const lists = scratch + ROWS * END;
  const copy = lists + ROWS * listBytes(run);
  const missing = copy + copyBytes(m, n, run);
  if (more) memory.fill(out, 0, bytesOf(m * n));
  if (more) memory.fill(missing, 0, bytesOf(m * n));
  for (let from = 0; from < k; from += run) {
    const terms = min(run, k - from);
    const first = at(b, from * n);
    if (copied) copyTiles(copy, first, n, terms, run);
    for (let i = 0; i < m; i += ROWS) {
      const rows = min(ROWS, m - i);
      // Wide tiles first, from the copy if there is one; what is left of the columns is read as it lies.
      for (let j = 0; j < n; ) {
        const wide = j < whole;
        if (j == 0 || j == whole) {
          const step = wide && copied ? WIDTH : row;
          if (transposed) {
            for (let r = 0; r < rows; r++) store<u32>(endOf(scratch, r), <u32>listOf(lists, r, run));
            for (let t = 0; t < terms; t++) listTerm(scratch, at(a, (from + t) * m + i), rows, <usize>t * step);
          } else {
            for (let r = 0; r < rows; r++) {
              const end = listRow(listOf(lists, r, run), at(a, (i + r) * k + from), terms, step);
              store<u32>(endOf(scratch, r), end);
            }
          }
        }
        const tile = wide && copied ? copy + <usize>((j / WIDE) * run) * WIDTH : at(first, j);
        for (let r = 0; r < rows; r++) {
          const list = listOf(lists, r, run);
          const end = <usize>load<u32>(endOf(scratch, r));
          const place = bytesOf((i + r) * n + j);
          if (wide) wideTile(out + place, missing + place, list, end, tile, more);
          else narrowTile(out + place, missing + place, list, end, tile, n - j, more);
        }
        j += wide ? WIDE : LANES;
      }
    }
  }
  if (more) settle(out, missing, m * n);
}
