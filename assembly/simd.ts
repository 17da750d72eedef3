// What every kernel needs of a vector of four floats: addresses, partial vectors, and folding four lanes into one.
//
// A count that is no multiple of four ends in a partial vector. It is loaded and stored lane by lane, so nothing
// outside the operand is touched, and computed as a whole vector, so an element's bits never depend on its place.

/** The address of element `i` of the four-byte elements at `p`. */
@inline
export function at(p: usize, i: i32): usize {
  return p + ((<usize>i) << 2);
}

/** The first n of four elements, n = 1, 2 or 3; the other lanes are zero. */
@inline
export function loadTail(p: usize, n: i32): v128 {
  let v: v128;
  if (n == 1) v = v128.load32_zero(p);
  else {
    v = v128.load64_zero(p);
    if (n == 3) v = v128.load_lane<f32>(p, v, 2, 8);
  }
  return v;
}

/** The first n of four elements, n = 1, 2 or 3; the other lanes are those of `fill`. */
@inline
export function loadTailOver(fill: v128, p: usize, n: i32): v128 {
  let v = v128.load_lane<f32>(p, fill, 0);
  if (n > 1) v = v128.load_lane<f32>(p, v, 1, 4);
  if (n > 2) v = v128.load_lane<f32>(p, v, 2, 8);
  return v;
}

/** The next four elements of which n are left: all of them, some and zeros, or (n <= 0) zeros. */
@inline
export function loadUpTo(p: usize, n: i32): v128 {
  let v = f32x4.splat(0);
  if (n >= 4) v = v128.load(p);
  else if (n > 0) v = loadTail(p, n);
  return v;
}

/** Writes the first n lanes, n = 1, 2 or 3. */
@inline
export function storeTail(p: usize, v: v128, n: i32): void {
  if (n == 1) v128.store_lane<f32>(p, v, 0);
  else {
    v128.store_lane<f64>(p, v, 0);
    if (n == 3) v128.store_lane<f32>(p, v, 2, 8);
  }
}

/** Writes the next four elements of which n are left: all of them, some, or (n <= 0) none. */
@inline
export function storeUpTo(p: usize, v: v128, n: i32): void {
  if (n >= 4) v128.store(p, v);
  else if (n > 0) storeTail(p, v, n);
}

/** (v0 + v2) + (v1 + v3) */
@inline
export function foldAdd(v: v128): f32 {
  const half = f32x4.add(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return f32x4.extract_lane(half, 0) + f32x4.extract_lane(half, 1);
}

/** The largest of four lanes; NaN if one is NaN. */
@inline
export function foldMax(v: v128): f32 {
  const half = f32x4.max(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return max(f32x4.extract_lane(half, 0), f32x4.extract_lane(half, 1));
}
