// Row-major float64 matrices in scratch memory: their elements, and the ways in and out.

/** Element `i` at `p`. */
@inline
export function get(p: usize, i: i32): f64 {
  return load<f64>(p + ((<usize>i) << 3));
}

/** Writes element `i` at `p`. */
@inline
export function set(p: usize, i: i32, x: f64): void {
  store<f64>(p + ((<usize>i) << 3), x);
}

/** n floats at `from` as float64 at `to`. */
export function widen(to: usize, from: usize, n: i32): void {
  for (let i = 0; i < n; i++) set(to, i, load<f32>(from + ((<usize>i) << 2)));
}

/** n float64 at `from` as floats at `to`, each rounded once. */
export function narrow(to: usize, from: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<f32>(to + ((<usize>i) << 2), <f32>get(from, i));
}

/** The number at `p`. */
export function read(p: usize): f64 {
  return load<f64>(p);
}

/** Writes the number at `p`. */
export function write(p: usize, x: f64): void {
  store<f64>(p, x);
}

/** n numbers at `from` again at `to`. */
export function copy(to: usize, from: usize, n: i32): void {
  memory.copy(to, from, (<usize>n) << 3);
}

/** 1 if none of n elements is NaN or infinite. */
export function finite(p: usize, n: i32): i32 {
  for (let i = 0; i < n; i++) if (!(abs(get(p, i)) < Infinity)) return 0;
  return 1;
}

/** p (m, n) = ones on the diagonal, zeros elsewhere. */
export function identity(p: usize, m: i32, n: i32): void {
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) set(p, i * n + j, i == j ? 1 : 0);
}

/** Exchanges columns i and j of p (m, n). */
export function swapColumns(p: usize, m: i32, n: i32, i: i32, j: i32): void {
  for (let row = 0; row < m; row++) {
    const held = get(p, row * n + i);
    set(p, row * n + i, get(p, row * n + j));
    set(p, row * n + j, held);
  }
}

/** Turns column j of p (m, n) round. */
export function negateColumn(p: usize, m: i32, n: i32, j: i32): void {
  for (let row = 0; row < m; row++) set(p, row * n + j, -get(p, row * n + j));
}

/** (x, y) = (c x - s y, s x + c y) for columns x = i and y = j of p (m, n). */
@inline
export function rotateColumns(p: usize, m: i32, n: i32, i: i32, j: i32, c: f64, s: f64): void {
  for (let row = 0; row < m; row++) {
    const x = get(p, row * n + i);
    const y = get(p, row * n + j);
    set(p, row * n + i, c * x - s * y);
    set(p, row * n + j, s * x + c * y);
  }
}

/**
 * 1 if column j of p (m, n) should be turned round, so that a vector known up to its sign gets one of its own: the first
 * element of at least half of the largest size is positive. (The largest itself would be a poor choice: many vectors have
 * two of one size, and their last bits would decide.)
 */
export function pointsDown(p: usize, m: i32, n: i32, j: i32): bool {
  let largest: f64 = 0;
  for (let row = 0; row < m; row++) largest = max(largest, abs(get(p, row * n + j)));
  for (let row = 0; row < m; row++) {
    const x = get(p, row * n + j);
    if (2 * abs(x) >= largest) return x < 0;
  }
  return false;
}
