// Products of matrices and vectors.
//
// Every element of a matrix product is summed over k one term after another, from zero, whatever the layout of the
// operands and wherever the element falls in a tile. So a tile that would overhang the edge is moved back over its
// neighbour (columns) or repeats its last row, and writes the same bits twice; there is no second code for edges.
//
// matvecT and matmul add in that order too. matvec sums along contiguous rows: four partial sums, element j in
// number j mod 4, folded (0 + 2) + (1 + 3).
import { at, foldAdd, loadTail, loadUpTo, storeTail } from "./simd";

/** acc + a[k] b, for the one element of `a` at p. */
@inline
function addProduct(acc: v128, p: usize, b: v128): v128 {
  return f32x4.add(acc, f32x4.mul(v128.load32_splat(p), b));
}

/** Byte strides of the left operand: from one row of the result to the next, and from one k to the next. */
@inline
function tile4x8(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, aRow: usize, aStep: usize, i: i32, j: i32): void {
  const i1 = min(i + 1, m - 1);
  const i2 = min(i + 2, m - 1);
  const i3 = min(i + 3, m - 1);
  const j0 = min(j, n - 4);
  const j1 = min(j + 4, n - 4);
  let a0 = a + <usize>i * aRow;
  let a1 = a + <usize>i1 * aRow;
  let a2 = a + <usize>i2 * aRow;
  let a3 = a + <usize>i3 * aRow;
  let p = at(b, j0);
  const q = (<usize>(j1 - j0)) << 2;
  const row = (<usize>n) << 2;
  let c00 = f32x4.splat(0);
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
    let x = v128.load32_splat(a0);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a1);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a2);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a3);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
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

/** A row of a result with fewer than four columns. */
@inline
function narrowRow(out: usize, a: usize, b: usize, n: i32, k: i32, aStep: usize): void {
  let c = f32x4.splat(0);
  for (; k > 0; k--, a += aStep, b = at(b, n)) c = addProduct(c, a, loadTail(b, n));
  storeTail(out, c, n);
}

/** out = a b for b stored (k, n) and a wherever its byte strides say. */
@inline
function product(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32, aRow: usize, aStep: usize): void {
  if (n >= 4) {
    for (let j = 0; j < n; j += 8) {
      for (let i = 0; i < m; i += 4) tile4x8(out, a, b, m, n, k, aRow, aStep, i, j);
    }
  } else if (n > 0) {
    for (let i = 0; i < m; i++) narrowRow(at(out, i * n), a + <usize>i * aRow, b, n, k, aStep);
  }
}

/** out (m, n) = a b for a (m, k), b (k, n) */
export function matmulNN(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32): void {
  product(out, a, b, m, n, k, (<usize>k) << 2, 4);
}

/** out (m, n) = a^T b for a stored (k, m), b (k, n) */
export function matmulTN(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32): void {
  product(out, a, b, m, n, k, 4, (<usize>m) << 2);
}

/** out (m, n) = a b^T for a (m, k), b stored (n, k) */
export function matmulNT(out: usize, a: usize, b: usize, m: i32, n: i32, k: i32): void {
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let c: f32 = 0;
      for (let h = 0; h < k; h++) c += load<f32>(at(a, i * k + h)) * load<f32>(at(b, j * k + h));
      store<f32>(at(out, i * n + j), c);
    }
  }
}

/** out (m) = a x for a (m, n): eight rows at a time, so that x is loaded once for all and the additions overlap */
export function matvec(out: usize, a: usize, x: usize, m: i32, n: i32): void {
  const last = m - 1;
  for (let i = 0; i < m; i += 8) {
    const i1 = min(i + 1, last);
    const i2 = min(i + 2, last);
    const i3 = min(i + 3, last);
    const i4 = min(i + 4, last);
    const i5 = min(i + 5, last);
    const i6 = min(i + 6, last);
    const i7 = min(i + 7, last);
    let s0 = f32x4.splat(0);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    let s4 = s0;
    let s5 = s0;
    let s6 = s0;
    let s7 = s0;
    for (let j = 0; j < n; j += 4) {
      const left = n - j;
      const v = loadUpTo(at(x, j), left);
      s0 = f32x4.add(s0, f32x4.mul(loadUpTo(at(a, i * n + j), left), v));
      s1 = f32x4.add(s1, f32x4.mul(loadUpTo(at(a, i1 * n + j), left), v));
      s2 = f32x4.add(s2, f32x4.mul(loadUpTo(at(a, i2 * n + j), left), v));
      s3 = f32x4.add(s3, f32x4.mul(loadUpTo(at(a, i3 * n + j), left), v));
      s4 = f32x4.add(s4, f32x4.mul(loadUpTo(at(a, i4 * n + j), left), v));
      s5 = f32x4.add(s5, f32x4.mul(loadUpTo(at(a, i5 * n + j), left), v));
      s6 = f32x4.add(s6, f32x4.mul(loadUpTo(at(a, i6 * n + j), left), v));
      s7 = f32x4.add(s7, f32x4.mul(loadUpTo(at(a, i7 * n + j), left), v));
    }
    store<f32>(at(out, i), foldAdd(s0));
    store<f32>(at(out, i1), foldAdd(s1));
    store<f32>(at(out, i2), foldAdd(s2));
    store<f32>(at(out, i3), foldAdd(s3));
    store<f32>(at(out, i4), foldAdd(s4));
    store<f32>(at(out, i5), foldAdd(s5));
    store<f32>(at(out, i6), foldAdd(s6));
    store<f32>(at(out, i7), foldAdd(s7));
  }
}

/** out (n) = a^T x for a (m, n) */
export function matvecT(out: usize, a: usize, x: usize, m: i32, n: i32): void {
  memory.fill(out, 0, (<usize>n) << 2);
  for (let i = 0; i < m; i++) outerRow(out, a + ((<usize>(i * n)) << 2), load<f32>(at(x, i)), n, true);
}

/** out = x b, or out += x b */
@inline
function outerRow(out: usize, b: usize, x: f32, n: i32, accumulate: bool): void {
  const v = f32x4.splat(x);
  for (; n >= 4; n -= 4, out += 16, b += 16) {
    const y = f32x4.mul(v, v128.load(b));
    v128.store(out, accumulate ? f32x4.add(v128.load(out), y) : y);
  }
  if (n > 0) {
    const y = f32x4.mul(v, loadTail(b, n));
    storeTail(out, accumulate ? f32x4.add(loadTail(out, n), y) : y, n);
  }
}

/** out (m, n) = a b^T for vectors a (m), b (n) */
export function outer(out: usize, a: usize, b: usize, m: i32, n: i32): void {
  for (let i = 0; i < m; i++) outerRow(at(out, i * n), b, load<f32>(at(a, i)), n, false);
}

/** out (m, n) += a b^T for vectors a (m), b (n) */
export function outerAdd(out: usize, a: usize, b: usize, m: i32, n: i32): void {
  for (let i = 0; i < m; i++) outerRow(at(out, i * n), b, load<f32>(at(a, i)), n, true);
}

/** out (cols, rows) = x^T for x (rows, cols) */
export function transpose(out: usize, x: usize, rows: i32, cols: i32): void {
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) store<f32>(at(out, j * rows + i), load<f32>(at(x, i * cols + j)));
  }
}
