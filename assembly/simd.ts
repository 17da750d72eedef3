// What every kernel needs of a vector of floats: addresses, partial vectors, and folding the lanes into one.
//
// The kernels are compiled for float32 and for float64 from the same sources. Three names stand for what differs, and
// asconfig.json gives them their meaning: `Float` is the type of an element, `lanes` the instructions for a vector of
// them, `words` those for integers of the same width. What needs more than a name asks for SINGLE, which the compiler
// knows: the other branch is not compiled at all.
//
// A count that is no multiple of LANES ends in a partial vector. It is loaded and stored lane by lane, so nothing
// outside the operand is touched, and computed as a whole vector, so an element's bits never depend on its place.

/** Whether the kernels are those of float32. */
export const SINGLE: bool = sizeof<Float>() == 4;

/** Elements of a vector: four, or two of float64. */
export const LANES: i32 = 16 / <i32>sizeof<Float>();

/** Bytes of an element. */
export const BYTES: usize = sizeof<Float>();

/** Bytes of n elements. */
@inline
export function bytesOf(n: i32): usize {
  return (<usize>n) << alignof<Float>();
}

/** The address of element `i` of those at `p`. */
@inline
export function at(p: usize, i: i32): usize {
  return p + ((<usize>i) << alignof<Float>());
}

/** The address of number `i` of the int32 numbers at `p`. */
@inline
export function atInteger(p: usize, i: i32): usize {
  return p + ((<usize>i) << 2);
}

/** sum + x y */
@inline
export function plus(sum: v128, x: v128, y: v128): v128 {
  return lanes.add(sum, lanes.mul(x, y));
}

/** The first n of the elements of a vector, n from 1 to LANES - 1; the other lanes are zero. */
@inline
export function loadTail(p: usize, n: i32): v128 {
  if (!SINGLE) return v128.load64_zero(p);
  let v: v128;
  if (n == 1) v = v128.load32_zero(p);
  else {
    v = v128.load64_zero(p);
    if (n == 3) v = v128.load_lane<f32>(p, v, 2, 8);
  }
  return v;
}

/** The same, but the other lanes are those of `fill`. */
@inline
export function loadTailOver(fill: v128, p: usize, n: i32): v128 {
  let v = v128.load_lane<Float>(p, fill, 0);
  if (SINGLE) {
    if (n > 1) v = v128.load_lane<f32>(p, v, 1, 4);
    if (n > 2) v = v128.load_lane<f32>(p, v, 2, 8);
  }
  return v;
}

/** The next vector of elements of which n are left: all of them, some and zeros, or (n <= 0) zeros. */
@inline
export function loadUpTo(p: usize, n: i32): v128 {
  let v = lanes.splat(0);
  if (n >= LANES) v = v128.load(p);
  else if (n > 0) v = loadTail(p, n);
  return v;
}

/** Writes the first n lanes, n from 1 to LANES - 1. */
@inline
export function storeTail(p: usize, v: v128, n: i32): void {
  if (!SINGLE || n == 1) v128.store_lane<Float>(p, v, 0);
  else {
    v128.store_lane<f64>(p, v, 0);
    if (n == 3) v128.store_lane<f32>(p, v, 2, 8);
  }
}

/** Writes the next vector of elements of which n are left: all of them, some, or (n <= 0) none. */
@inline
export function storeUpTo(p: usize, v: v128, n: i32): void {
  if (n >= LANES) v128.store(p, v);
  else if (n > 0) storeTail(p, v, n);
}

/** (v0 + v2) + (v1 + v3), or v0 + v1 */
@inline
export function foldAdd(v: v128): Float {
  if (!SINGLE) return lanes.extract_lane(v, 0) + lanes.extract_lane(v, 1);
  const half = lanes.add(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return lanes.extract_lane(half, 0) + lanes.extract_lane(half, 1);
}

/** The largest of the lanes; NaN if one is NaN. */
@inline
export function foldMax(v: v128): Float {
  if (!SINGLE) return max(lanes.extract_lane(v, 0), lanes.extract_lane(v, 1));
  const half = lanes.max(v, i32x4.shuffle(v, v, 2, 3, 0, 1));
  return max(lanes.extract_lane(half, 0), lanes.extract_lane(half, 1));
}
