// Products of a matrix and a vector, outer products and transposes. The orders of addition are those of matmul.ts: a
// matvec adds like matmulNT, a matvecT like matmulNN.
import { LONG, longColumns, lost, RUN, settled } from "./long";
import { at, BYTES, bytesOf, foldAdd, LANES, loadTail, loadUpTo, plus, SINGLE, storeTail } from "./simd";

/** out (m) = a x for a (m, n) */
export function matvec(out: usize, a: usize, x: usize, m: i32, n: i32): void {
  if (n <= LONG) shortMatvec(out, a, x, m, n);
  else for (let i = 0; i < m; i++) store<Float>(at(out, i), longRow(at(a, i * n), x, n));
}

/** A row of a times x, in runs. */
function longRow(a: usize, x: usize, n: i32): Float {
  let total: Float = 0;
  let missing: Float = 0;
  for (; n > 0; n -= RUN) {
    let s = lanes.splat(0);
    let left = min(n, RUN);
    for (; left >= LANES; left -= LANES, a += 16, x += 16) s = plus(s, v128.load(a), v128.load(x));
    if (left > 0) s = plus(s, loadTail(a, left), loadTail(x, left));
    const next = foldAdd(s);
    const sum = total + next;
    missing += lost(total, next, sum);
    total = sum;
  }
  return settled(total, missing);
}

/** Eight rows at a time, so that x is loaded once for all and the additions overlap. */
function shortMatvec(out: usize, a: usize, x: usize, m: i32, n: i32): void {
  const last = m - 1;
  for (let i = 0; i < m; i += 8) {
    const i1 = min(i + 1, last);
    const i2 = min(i + 2, last);
    const i3 = min(i + 3, last);
    const i4 = min(i + 4, last);
    const i5 = min(i + 5, last);
    const i6 = min(i + 6, last);
    const i7 = min(i + 7, last);
    let a0 = at(a, i * n);
    let a1 = at(a, i1 * n);
    let a2 = at(a, i2 * n);
    let a3 = at(a, i3 * n);
    let a4 = at(a, i4 * n);
    let a5 = at(a, i5 * n);
    let a6 = at(a, i6 * n);
    let a7 = at(a, i7 * n);
    let s0 = lanes.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let s4 = s0;
    let s5 = s0;
    let s6 = s0;
    let s7 = s0;
    let p = x;
    let left = n;
    for (; left >= LANES; left -= LANES, p += 16) {
      const v = v128.load(p);
      s0 = plus(s0, v128.load(a0), v);
      s1 = plus(s1, v128.load(a1), v);
      s2 = plus(s2, v128.load(a2), v);
      s3 = plus(s3, v128.load(a3), v);
      s4 = plus(s4, v128.load(a4), v);
      s5 = plus(s5, v128.load(a5), v);
      s6 = plus(s6, v128.load(a6), v);
      s7 = plus(s7, v128.load(a7), v);
      a0 += 16;
      a1 += 16;
      a2 += 16;
      a3 += 16;
      a4 += 16;
      a5 += 16;
      a6 += 16;
      a7 += 16;
    }
    if (left > 0) {
      const v = loadTail(p, left);
      s0 = plus(s0, loadTail(a0, left), v);
      s1 = plus(s1, loadTail(a1, left), v);
      s2 = plus(s2, loadTail(a2, left), v);
      s3 = plus(s3, loadTail(a3, left), v);
      s4 = plus(s4, loadTail(a4, left), v);
      s5 = plus(s5, loadTail(a5, left), v);
      s6 = plus(s6, loadTail(a6, left), v);
      s7 = plus(s7, loadTail(a7, left), v);
    }
    store<Float>(at(out, i), foldAdd(s0));
    store<Float>(at(out, i1), foldAdd(s1));
    store<Float>(at(out, i2), foldAdd(s2));
    store<Float>(at(out, i3), foldAdd(s3));
    store<Float>(at(out, i4), foldAdd(s4));
    store<Float>(at(out, i5), foldAdd(s5));
    store<Float>(at(out, i6), foldAdd(s6));
    store<Float>(at(out, i7), foldAdd(s7));
  }
}

/** The next vector, or what is left, of out, and to them the eight rows at a, each times its number. */
@inline
function addEight(
  out: usize,
  a: usize,
  row: usize,
  x0: v128,
  x1: v128,
  x2: v128,
  x3: v128,
  x4: v128,
  x5: v128,
  x6: v128,
  x7: v128,
  n: i32,
): v128 {
  let y = loadUpTo(out, n);
  y = plus(y, x0, loadUpTo(a, n));
  y = plus(y, x1, loadUpTo(a + row, n));
  y = plus(y, x2, loadUpTo(a + 2 * row, n));
  y = plus(y, x3, loadUpTo(a + 3 * row, n));
  y = plus(y, x4, loadUpTo(a + 4 * row, n));
  y = plus(y, x5, loadUpTo(a + 5 * row, n));
  y = plus(y, x6, loadUpTo(a + 6 * row, n));
  y = plus(y, x7, loadUpTo(a + 7 * row, n));
  return y;
}

/** out (n) = a^T x for a (m, n): eight rows at a time, so that out is loaded and stored once for all of them */
export function matvecT(out: usize, a: usize, x: usize, m: i32, n: i32): void {
  if (m > LONG) {
    longColumns(out, a, x, BYTES, m, n);
    return;
  }
  const row = bytesOf(n);
  memory.fill(out, 0, row);
  for (; m >= 8; m -= 8, x += 8 * BYTES, a += 8 * row) {
    const x0 = v128.load_splat<Float>(x);
    const x1 = v128.load_splat<Float>(x, BYTES);
    const x2 = v128.load_splat<Float>(x, 2 * BYTES);
    const x3 = v128.load_splat<Float>(x, 3 * BYTES);
    const x4 = v128.load_splat<Float>(x, 4 * BYTES);
    const x5 = v128.load_splat<Float>(x, 5 * BYTES);
    const x6 = v128.load_splat<Float>(x, 6 * BYTES);
    const x7 = v128.load_splat<Float>(x, 7 * BYTES);
    let y = out;
    let p = a;
    let left = n;
    for (; left >= LANES; left -= LANES, y += 16, p += 16)
      v128.store(y, addEight(y, p, row, x0, x1, x2, x3, x4, x5, x6, x7, LANES));
    if (left > 0) storeTail(y, addEight(y, p, row, x0, x1, x2, x3, x4, x5, x6, x7, left), left);
  }
  for (; m > 0; m--, x += BYTES, a += row) outerRow(out, a, load<Float>(x), n, true);
}

/** The next vector, or what is left, of x b, or of out + x b. */
@inline
function timesUpTo(out: usize, b: usize, x: v128, n: i32, accumulate: bool): v128 {
  const y = loadUpTo(b, n);
  return accumulate ? plus(loadUpTo(out, n), x, y) : lanes.mul(x, y);
}

/** out = x b, or out += x b */
@inline
function outerRow(out: usize, b: usize, x: Float, n: i32, accumulate: bool): void {
  const v = lanes.splat(x);
  for (; n >= 4 * LANES; n -= 4 * LANES, out += 64, b += 64) {
    v128.store(out, timesUpTo(out, b, v, LANES, accumulate));
    v128.store(out, timesUpTo(out + 16, b + 16, v, LANES, accumulate), 16);
    v128.store(out, timesUpTo(out + 32, b + 32, v, LANES, accumulate), 32);
    v128.store(out, timesUpTo(out + 48, b + 48, v, LANES, accumulate), 48);
  }
  for (; n >= LANES; n -= LANES, out += 16, b += 16) v128.store(out, timesUpTo(out, b, v, LANES, accumulate));
  if (n > 0) storeTail(out, timesUpTo(out, b, v, n, accumulate), n);
}

/** out (m, n) = a b^T for vectors a (m), b (n) */
export function outer(out: usize, a: usize, b: usize, m: i32, n: i32): void {
  for (let i = 0; i < m; i++) outerRow(at(out, i * n), b, load<Float>(at(a, i)), n, false);
}

/** out (m, n) += a b^T for vectors a (m), b (n) */
export function outerAdd(out: usize, a: usize, b: usize, m: i32, n: i32): void {
  for (let i = 0; i < m; i++) outerRow(at(out, i * n), b, load<Float>(at(a, i)), n, true);
}

/** LANES rows of as many elements at x, transposed, to out. */
@inline
function transposeBlock(out: usize, x: usize, rows: i32, cols: i32): void {
  if (!SINGLE) {
    const top = v128.load(x);
    const bottom = v128.load(at(x, cols));
    v128.store(out, i64x2.shuffle(top, bottom, 0, 2));
    v128.store(at(out, rows), i64x2.shuffle(top, bottom, 1, 3));
    return;
  }
  const r0 = v128.load(x);
  const r1 = v128.load(at(x, cols));
  const r2 = v128.load(at(x, 2 * cols));
  const r3 = v128.load(at(x, 3 * cols));
  const low01 = i32x4.shuffle(r0, r1, 0, 4, 1, 5);
  const high01 = i32x4.shuffle(r0, r1, 2, 6, 3, 7);
  const low23 = i32x4.shuffle(r2, r3, 0, 4, 1, 5);
  const high23 = i32x4.shuffle(r2, r3, 2, 6, 3, 7);
  v128.store(out, i64x2.shuffle(low01, low23, 0, 2));
  v128.store(at(out, rows), i64x2.shuffle(low01, low23, 1, 3));
  v128.store(at(out, 2 * rows), i64x2.shuffle(high01, high23, 0, 2));
  v128.store(at(out, 3 * rows), i64x2.shuffle(high01, high23, 1, 3));
}

/** out (cols, rows) = x^T for x (rows, cols) */
export function transpose(out: usize, x: usize, rows: i32, cols: i32): void {
  if (rows < LANES || cols < LANES) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < cols; j++) store<Float>(at(out, j * rows + i), load<Float>(at(x, i * cols + j)));
    }
    return;
  }
  for (let j = 0; j < cols; j += LANES) {
    const column = min(j, cols - LANES);
    for (let i = 0; i < rows; i += LANES) {
      const r = min(i, rows - LANES);
      transposeBlock(at(out, column * rows + r), at(x, r * cols + column), rows, cols);
    }
  }
}
