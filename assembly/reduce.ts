// Kernels that turn many elements into one, each in one fixed order.
//
// A sum over contiguous elements keeps four vectors of partial sums, sixteen of float32 and eight of float64: element i is
// added to number i mod 16 (mod 8), in order; then they are folded in halves (i with i + 8, i + 4, i + 2, i + 1). A sum down
// columns adds the rows one after another. Long sums are cut into runs, see long.ts. Partial vectors are padded with zeros (-Inf for a maximum), which
// changes no bit, as no partial sum is -0.
import { LONG, longColumns, lost, RUN, settled } from "./long";
import { at, atInteger, bytesOf, foldAdd, foldMax, LANES, loadTail, loadTailOver, loadUpTo, SINGLE, storeTail } from "./simd";

/** The four vectors of partial sums, folded. */
@inline
function foldSums(s0: v128, s1: v128, s2: v128, s3: v128): Float {
  return foldAdd(lanes.add(lanes.add(s0, s2), lanes.add(s1, s3)));
}

/** The sum of n elements in one go. */
function shortRow(x: usize, n: i32): Float {
  let s0 = lanes.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (; n >= 4 * LANES; n -= 4 * LANES, x += 64) {
    s0 = lanes.add(s0, v128.load(x));
    s1 = lanes.add(s1, v128.load(x, 16));
    s2 = lanes.add(s2, v128.load(x, 32));
    s3 = lanes.add(s3, v128.load(x, 48));
  }
  s0 = lanes.add(s0, loadUpTo(x, n));
  s1 = lanes.add(s1, loadUpTo(x + 16, n - LANES));
  s2 = lanes.add(s2, loadUpTo(x + 32, n - 2 * LANES));
  s3 = lanes.add(s3, loadUpTo(x + 48, n - 3 * LANES));
  return foldSums(s0, s1, s2, s3);
}

/** The sum of n elements. */
export function rowSum(x: usize, n: i32): Float {
  if (n <= LONG) return shortRow(x, n);
  let total: Float = 0;
  let missing: Float = 0;
  for (; n > 0; n -= RUN, x += bytesOf(RUN)) {
    const next = shortRow(x, min(n, RUN));
    const sum = total + next;
    missing += lost(total, next, sum);
    total = sum;
  }
  return settled(total, missing);
}

/** x y; with `chained`, 0 where either is 0, whatever the other: the product of the chain rule. */
@inline
function productOf(x: v128, y: v128, chained: bool): v128 {
  const z = lanes.mul(x, y);
  if (!chained) return z;
  const none = lanes.splat(0);
  return v128.and(z, v128.and(lanes.ne(x, none), lanes.ne(y, none)));
}

/** The sum of a_i b_i in one go. Inlined twice, for either product. */
@inline
function dotInOne(a: usize, b: usize, n: i32, chained: bool): Float {
  let s0 = lanes.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  for (; n >= 4 * LANES; n -= 4 * LANES, a += 64, b += 64) {
    s0 = lanes.add(s0, productOf(v128.load(a), v128.load(b), chained));
    s1 = lanes.add(s1, productOf(v128.load(a, 16), v128.load(b, 16), chained));
    s2 = lanes.add(s2, productOf(v128.load(a, 32), v128.load(b, 32), chained));
    s3 = lanes.add(s3, productOf(v128.load(a, 48), v128.load(b, 48), chained));
  }
  s0 = lanes.add(s0, productOf(loadUpTo(a, n), loadUpTo(b, n), chained));
  s1 = lanes.add(s1, productOf(loadUpTo(a + 16, n - LANES), loadUpTo(b + 16, n - LANES), chained));
  s2 = lanes.add(s2, productOf(loadUpTo(a + 32, n - 2 * LANES), loadUpTo(b + 32, n - 2 * LANES), chained));
  s3 = lanes.add(s3, productOf(loadUpTo(a + 48, n - 3 * LANES), loadUpTo(b + 48, n - 3 * LANES), chained));
  return foldSums(s0, s1, s2, s3);
}

function shortDot(a: usize, b: usize, n: i32, chained: bool): Float {
  return chained ? dotInOne(a, b, n, true) : dotInOne(a, b, n, false);
}

/** The sum of the products, in runs if they are many. */
function dotOf(a: usize, b: usize, n: i32, chained: bool): Float {
  if (n <= LONG) return shortDot(a, b, n, chained);
  let total: Float = 0;
  let missing: Float = 0;
  for (; n > 0; n -= RUN, a += bytesOf(RUN), b += bytesOf(RUN)) {
    const next = shortDot(a, b, min(n, RUN), chained);
    const sum = total + next;
    missing += lost(total, next, sum);
    total = sum;
  }
  return settled(total, missing);
}

/** The sum of a_i b_i, in the order of a row's sum. */
export function dot(a: usize, b: usize, n: i32): Float {
  return dotOf(a, b, n, false);
}

/** out = the sum of a_i b_i; where that is NaN, since zeros met infinities, the sum of the products of the chain rule. */
export function dotChain(out: usize, a: usize, b: usize, n: i32): void {
  let total = dotOf(a, b, n, false);
  if (total != total) total = dotOf(a, b, n, true);
  store<Float>(out, total);
}

/** The largest of n elements; NaN if one is NaN, -Inf if there is none. */
export function rowMax(x: usize, n: i32): Float {
  const least = lanes.splat(-Infinity);
  let m0 = least;
  let m1 = least;
  for (; n >= 2 * LANES; n -= 2 * LANES, x += 32) {
    m0 = lanes.max(m0, v128.load(x));
    m1 = lanes.max(m1, v128.load(x, 16));
  }
  if (n >= LANES) {
    m0 = lanes.max(m0, v128.load(x));
    n -= LANES;
    x += 16;
  }
  if (n > 0) m1 = lanes.max(m1, loadTailOver(least, x, n));
  return foldMax(lanes.max(m0, m1));
}

@unmanaged
class Sum {
  @inline start(): v128 {
    return lanes.splat(0);
  }
  @inline step(s: v128, x: v128): v128 {
    return lanes.add(s, x);
  }
  @inline row(x: usize, n: i32): Float {
    return rowSum(x, n);
  }
}

@unmanaged
class Max {
  @inline start(): v128 {
    return lanes.splat(-Infinity);
  }
  @inline step(s: v128, x: v128): v128 {
    return lanes.max(s, x);
  }
  @inline row(x: usize, n: i32): Float {
    return rowMax(x, n);
  }
}

/** One (axis, inner) block to one row: four vectors of columns at a time in registers, then one, then the rest. */
@inline
function columns<Op>(out: usize, x: usize, axis: i32, inner: i32): void {
  const op = changetype<Op>(0);
  const row = bytesOf(inner);
  let n = inner;
  for (; n >= 4 * LANES; n -= 4 * LANES, out += 64, x += 64) {
    let s0 = op.start();
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    for (let p = x, i = 0; i < axis; i++, p += row) {
      s0 = op.step(s0, v128.load(p));
      s1 = op.step(s1, v128.load(p, 16));
      s2 = op.step(s2, v128.load(p, 32));
      s3 = op.step(s3, v128.load(p, 48));
    }
    v128.store(out, s0);
    v128.store(out, s1, 16);
    v128.store(out, s2, 32);
    v128.store(out, s3, 48);
  }
  for (; n > 0; n -= LANES, out += 16, x += 16) {
    let s = op.start();
    for (let p = x, i = 0; i < axis; i++, p += row) s = op.step(s, n >= LANES ? v128.load(p) : loadTail(p, n));
    if (n >= LANES) v128.store(out, s);
    else storeTail(out, s, n);
  }
}

/** The middle of (outer, axis, inner) reduced to (outer, inner). */
@inline
function reduce<Op>(out: usize, x: usize, outer: i32, axis: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    const block = at(x, o * axis * inner);
    if (inner == 1) store<Float>(at(out, o), changetype<Op>(0).row(block, axis));
    else columns<Op>(at(out, o * inner), block, axis, inner);
  }
}

/** The number one, in memory. */
const ONE = memory.data<Float>([1]);

/** out (outer, inner) = the sum of x (outer, axis, inner) over its middle */
export function sum(out: usize, x: usize, outer: i32, axis: i32, inner: i32): void {
  if (axis <= LONG || inner == 1) reduce<Sum>(out, x, outer, axis, inner);
  else for (let o = 0; o < outer; o++) longColumns(at(out, o * inner), at(x, o * axis * inner), ONE, 0, axis, inner);
}

/** out (outer, inner) = the largest of x (outer, axis, inner) over its middle; NaN if one is NaN */
export function max(out: usize, x: usize, outer: i32, axis: i32, inner: i32): void {
  reduce<Max>(out, x, outer, axis, inner);
}

/** out[r] = the index of the largest element of row r, the first of equals; NaN counts as the largest */
export function argmax(out: usize, x: usize, rows: i32, cols: i32): void {
  for (let r = 0; r < rows; r++) {
    const row = at(x, r * cols);
    const largest = rowMax(row, cols);
    const target = lanes.splat(largest);
    const wantNaN = largest != largest;
    let index = 0;
    for (let i = 0; i < cols; i += LANES) {
      const v = loadUpTo(at(row, i), cols - i);
      const hits = words.bitmask(wantNaN ? lanes.ne(v, v) : lanes.eq(v, target));
      // A padding lane may hit as well, but only after the element looked for.
      if (hits) {
        index = i + ctz(hits);
        break;
      }
    }
    store<i32>(atInteger(out, r), index);
  }
}

/** The bits of a float's exponent, in every lane. */
@inline
function exponentBits(): v128 {
  return SINGLE ? i32x4.splat(0x7f800000) : i64x2.splat(0x7ff0000000000000);
}

/** -1 in the lanes that hold an infinity or NaN: those whose exponent bits are all ones. */
@inline
function nonFinite(v: v128, exponent: v128): v128 {
  return words.eq(v128.and(v, exponent), exponent);
}

/** How many elements are infinite or NaN. */
export function countNonFinite(x: usize, n: i32): i32 {
  const exponent = exponentBits();
  let c0 = i32x4.splat(0);
  let c1 = c0;
  for (; n >= 4 * LANES; n -= 4 * LANES, x += 64) {
    c0 = words.add(c0, nonFinite(v128.load(x), exponent));
    c1 = words.add(c1, nonFinite(v128.load(x, 16), exponent));
    c0 = words.add(c0, nonFinite(v128.load(x, 32), exponent));
    c1 = words.add(c1, nonFinite(v128.load(x, 48), exponent));
  }
  for (; n > 0; n -= LANES, x += 16) c0 = words.add(c0, nonFinite(loadUpTo(x, n), exponent));
  const sum = words.add(c0, c1);
  if (!SINGLE) return -<i32>(i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1));
  const half = i32x4.add(sum, i32x4.shuffle(sum, sum, 2, 3, 0, 1));
  return -(i32x4.extract_lane(half, 0) + i32x4.extract_lane(half, 1));
}

/** The index of the first element whose bits differ between a and b, or -1. */
export function firstDifference(a: usize, b: usize, n: i32): i32 {
  let i = 0;
  for (; i + 4 * LANES <= n; i += 4 * LANES) {
    const p = at(a, i);
    const q = at(b, i);
    const d0 = v128.or(v128.xor(v128.load(p), v128.load(q)), v128.xor(v128.load(p, 16), v128.load(q, 16)));
    const d1 = v128.or(v128.xor(v128.load(p, 32), v128.load(q, 32)), v128.xor(v128.load(p, 48), v128.load(q, 48)));
    if (v128.any_true(v128.or(d0, d1))) break;
  }
  for (; i < n; i += LANES) {
    const differ = words.bitmask(words.ne(loadUpTo(at(a, i), n - i), loadUpTo(at(b, i), n - i)));
    if (differ) return i + ctz(differ);
  }
  return -1;
}
