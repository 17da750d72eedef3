// Constants of vectors of doubles, and what takes doubles apart.
//
// Constants live in linear memory: V8 builds a vector constant anew in every turn of a loop. They are lazy, since the
// float32 kernels read these files too and must not carry them.

/** Constant `i` of a table, in both lanes. */
@inline
export function constant(table: usize, i: usize): v128 {
  return v128.load64_splat(table + (i << 3));
}

/** What several functions need, as bits. */
@lazy
const COMMON = memory.data<u64>([
  0x3ff0000000000000, // 0: 1
  0x8000000000000000, // 1: the sign bit
  0x7ff0000000000000, // 2: infinity
  0xfff0000000000000, // 3: -infinity
  0x7ff8000000000000, // 4: NaN
  0x4000000000000000, // 5: 2
  0x3fe0000000000000, // 6: 0.5
  0x4338000000000000, // 7: 1.5 * 2^52: adding it leaves the nearest integer in the low bits
  1023, // 8: the bias of the exponent
]);

/** 1 in both lanes. */
@inline
export function one(): v128 {
  return constant(COMMON, 0);
}

/** The sign bit in both lanes. */
@inline
export function signBit(): v128 {
  return constant(COMMON, 1);
}

@inline
export function infinity(): v128 {
  return constant(COMMON, 2);
}

@inline
export function minusInfinity(): v128 {
  return constant(COMMON, 3);
}

@inline
export function notANumber(): v128 {
  return constant(COMMON, 4);
}

@inline
export function two(): v128 {
  return constant(COMMON, 5);
}

@inline
export function half(): v128 {
  return constant(COMMON, 6);
}

@inline
export function rounder(): v128 {
  return constant(COMMON, 7);
}

@inline
export function bias(): v128 {
  return constant(COMMON, 8);
}

/** 2^n for integers n from -1022 to 1023; also for n beside 1.5 * 2^52, since the shift leaves only the lowest bits. */
@inline
export function powerOfTwo(n: v128): v128 {
  return i64x2.shl(i64x2.add(n, bias()), 52);
}
