// exp, expm1, log, log1p, tanh and sigmoid of four floats at once, the same bits on every engine. `Math.*` differs
// between engines, and a fused multiply-add or a relaxed operation between processors, so neither appears here.
//
// Sources of the formulas and numbers:
// - exp, expm1: Cody and Waite 1980, reduction to |r| <= ln 2 / 2; constants and the polynomial of Cephes expf
//   (S. L. Moshier).
// - log, log1p: Sun fdlibm's e_log.c, with the single-precision constants of FreeBSD's e_logf.c.
// - tanh: the double angle of an odd rational of degree 5 over 6, our own minimax fit (see `TANH`).
//
// The bounds are in units of the last place against a double's Math.*, measured over at least every thirteenth float.
//
// Constants live in linear memory: V8 builds a vector constant anew in every turn of a loop, and a load that fills the
// four lanes is cheaper (measured on an earlier tanh: 1.8 against 1.2 ns an element).

/** Constant `i` of a table, in every lane. */
@inline
function constant(table: usize, i: usize): v128 {
  return v128.load32_splat(table + (i << 2));
}

/** What several of them need, as bits. */
const COMMON = memory.data<u32>([
  0x3f800000, // 0: 1
  0x80000000, // 1: the sign bit
  0x7f800000, // 2: infinity
  0xff800000, // 3: -infinity
  0x7fc00000, // 4: NaN
]);

/** 1 in every lane. */
@inline
export function one4(): v128 {
  return constant(COMMON, 0);
}

/** The sign bit in every lane. */
@inline
export function signBit4(): v128 {
  return constant(COMMON, 1);
}

/**
 * tanh(x / 2) = n / (2 (1 + e)), n = x + x z (P1 + z P2), e = z (Q1 + z (Q2 + z Q3)), z = x^2. Our own fit: linearised
 * rational least squares, made minimax on [0, 9] by Lawson's weights (relative error of tanh x 2^-27 before rounding),
 * then the last bits searched for the least error after rounding. The cap is the first float at which the result is 1;
 * none below it gives more, as all were tried.
 */
const TANH = memory.data<f32>([
  0.000114293725346215, // 0: P2
  0.029775641858577728, // 1: P1
  0.0000012298447700231918, // 2: Q3
  0.0012067421339452267, // 3: Q2
  0.11310894787311554, // 4: Q1
  0.5, // 5
  8.18842601776123, // 6: the cap
  -8.18842601776123, // 7
  0.00006103515625, // 8: 2^-14, below which tanh x = x: the next term of the series is under 2^-28 of it
]);

/**
 * tanh x, within 3.87 ULP (every float tried), odd, never beyond 1: the double angle 2 t / (1 + t^2) of
 * t = tanh(x / 2) = n / (2 (1 + e)). One division, and where tanh is flat the errors of n and e cancel, as they would
 * not in a rational fit of tanh itself. The sums leave 1 for last, so that little is rounded twice. Tiny x, whose
 * powers would be subnormal, passes by: synapses are full of them, and a processor takes 150 cycles for each product
 * (measured: the forward pass of a 50-step lifetime took 61 ms with them, 31 without).
 */
@inline
export function tanh4(v: v128): v128 {
  const tiny = f32x4.lt(f32x4.abs(v), constant(TANH, 8));
  const capped = f32x4.pmax(f32x4.pmin(v, constant(TANH, 6)), constant(TANH, 7));
  const x = v128.bitselect(constant(TANH, 8), capped, tiny);
  const z = f32x4.mul(x, x);
  const p = f32x4.add(constant(TANH, 1), f32x4.mul(z, constant(TANH, 0)));
  const n = f32x4.add(x, f32x4.mul(f32x4.mul(x, z), p));
  let e = f32x4.add(constant(TANH, 3), f32x4.mul(z, constant(TANH, 2)));
  e = f32x4.add(constant(TANH, 4), f32x4.mul(z, e));
  e = f32x4.mul(z, e);
  const half = f32x4.mul(n, constant(TANH, 5));
  const rest = f32x4.add(f32x4.mul(half, half), f32x4.add(f32x4.mul(e, e), f32x4.add(e, e)));
  const y = f32x4.div(f32x4.add(n, f32x4.mul(n, e)), f32x4.add(one4(), rest));
  return v128.bitselect(v, y, tiny);
}

/** Cody and Waite's reduction, the polynomial of Cephes expf, and where results end. */
const EXP = memory.data<f32>([
  1.44269504088896341, // 0: log2(e)
  12582912, // 1: 1.5 * 2^23: adding it leaves the nearest integer in the low bits
  0.693359375, // 2: ln 2, short enough for its product with n to be exact
  -2.1219444e-4, // 3: the rest of ln 2
  1.98756915e-4, // 4: (e^r - 1 - r) / r^2, the coefficient of r^5
  1.3981999507e-3, // 5
  8.3334519073e-3, // 6
  4.1665795894e-2, // 7
  1.6666665459e-1, // 8
  5.0000001201e-1, // 9: that of 1
  89, // 10: from here on e^x is infinite
  -105, // 11: down from here e^x is zero
  -18, // 12: down from here e^x - 1 is -1
  2.98023223876953125e-8, // 13: 2^-25
  0.5, // 14
  2, // 15
]);

/** For taking floats apart and putting powers of two together. */
const INTEGERS = memory.data<i32>([
  127, // 0: the bias of the exponent
  120, // 1: an exponent that log1p need not exceed
  0x3f3504f3, // 2: the bits of sqrt(1/2)
  0x007fffff, // 3: the mantissa
  0x004afb0d, // 4: the bits of 1 less those of sqrt(1/2)
]);

/** 2^n for integers n from -126 to 127. */
@inline
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, constant(INTEGERS, 0)), 23);
}

/** (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2. */
@inline
function expTail(r: v128): v128 {
  let p = f32x4.add(f32x4.mul(constant(EXP, 4), r), constant(EXP, 5));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP, 6));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP, 7));
  p = f32x4.add(f32x4.mul(p, r), constant(EXP, 8));
  return f32x4.add(f32x4.mul(p, r), constant(EXP, 9));
}

/** e^x, within 0.9 ULP; subnormal results are rounded once. */
@inline
export function exp4(v: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(v, constant(EXP, 10)), constant(EXP, 11));
  const shifted = f32x4.add(f32x4.mul(x, constant(EXP, 0)), constant(EXP, 1));
  const n = f32x4.sub(shifted, constant(EXP, 1));
  // high is exact; low is added last, so that its rounding is all that e^r - 1 inherits from the reduction.
  const high = f32x4.sub(x, f32x4.mul(n, constant(EXP, 2)));
  const low = f32x4.mul(n, constant(EXP, 3));
  const r = f32x4.sub(high, low);
  const tail = f32x4.sub(f32x4.mul(f32x4.mul(r, r), expTail(r)), low);
  const y = f32x4.add(f32x4.add(high, tail), one4());
  // 2^n in two factors: n reaches from -151 to 128, and only the second product may round or overflow.
  const k = i32x4.sub(shifted, constant(EXP, 1));
  const half = i32x4.shr_s(k, 1);
  return f32x4.mul(f32x4.mul(y, powerOfTwo(half)), powerOfTwo(i32x4.sub(k, half)));
}

/** e^x - 1, within 1.2 ULP, also for tiny x. */
@inline
export function expm1_4(v: v128): v128 {
  const x = f32x4.pmax(f32x4.pmin(v, constant(EXP, 10)), constant(EXP, 12));
  const shifted = f32x4.add(f32x4.mul(x, constant(EXP, 0)), constant(EXP, 1));
  const n = f32x4.sub(shifted, constant(EXP, 1));
  const high = f32x4.sub(x, f32x4.mul(n, constant(EXP, 2)));
  const low = f32x4.mul(n, constant(EXP, 3));
  const r = f32x4.sub(high, low);
  const tail = f32x4.sub(f32x4.mul(f32x4.mul(r, r), expTail(r)), low);
  // Everything at half its size, as 2^128 has no float.
  const scale = powerOfTwo(i32x4.sub(i32x4.sub(shifted, constant(EXP, 1)), i32x4.splat(1)));
  const y = f32x4.add(f32x4.mul(scale, tail), f32x4.add(f32x4.mul(scale, high), f32x4.sub(scale, constant(EXP, 14))));
  // Below 2^-25 the answer is x; halving would lose a subnormal's last bit and the sign of zero.
  const tiny = f32x4.lt(f32x4.abs(x), constant(EXP, 13));
  return v128.bitselect(x, f32x4.mul(y, constant(EXP, 15)), tiny);
}

/** The constants of e_logf.c, and the bounds of the subnormals. */
const LOG = memory.data<f32>([
  6.9313812256e-1, // 0: ln 2, short enough for its product with k to be exact
  9.0580006145e-6, // 1: the rest of ln 2
  0.24279078841, // 2: Lg4
  0.28498786688, // 3: Lg3
  0.40000972152, // 4: Lg2
  0.66666662693, // 5: Lg1
  0.5, // 6
  2, // 7
  1.1754943508222875e-38, // 8: 2^-126, the least normal number
  8388608, // 9: 2^23
  23, // 10
]);

/** k ln 2 + log(1 + f) for 1 + f from sqrt(1/2) to sqrt(2): with s = f / (2 + f), log(1 + f) = 2 atanh s. */
@inline
function logCore(f: v128, k: v128): v128 {
  const s = f32x4.div(f, f32x4.add(constant(LOG, 7), f));
  const z = f32x4.mul(s, s);
  let r = f32x4.add(f32x4.mul(constant(LOG, 2), z), constant(LOG, 3));
  r = f32x4.add(f32x4.mul(r, z), constant(LOG, 4));
  r = f32x4.add(f32x4.mul(r, z), constant(LOG, 5));
  r = f32x4.mul(r, z);
  const halfSquare = f32x4.mul(f32x4.mul(constant(LOG, 6), f), f);
  const small = f32x4.add(f32x4.mul(s, f32x4.add(halfSquare, r)), f32x4.mul(k, constant(LOG, 1)));
  return f32x4.add(f32x4.mul(k, constant(LOG, 0)), f32x4.sub(f, f32x4.sub(halfSquare, small)));
}

/** The logarithm where its argument is no positive finite number: log 0 = -Inf, log Inf = Inf, else NaN. */
@inline
function logSpecial(y: v128, x: v128): v128 {
  y = v128.bitselect(y, x, f32x4.lt(x, constant(COMMON, 2)));
  y = v128.bitselect(y, constant(COMMON, 4), f32x4.gt(x, f32x4.splat(0)));
  return v128.bitselect(constant(COMMON, 3), y, f32x4.eq(x, f32x4.splat(0)));
}

/** ln x, within 0.85 ULP, for subnormal x too. */
@inline
export function log4(x: v128): v128 {
  const subnormal = f32x4.lt(x, constant(LOG, 8));
  const normal = v128.bitselect(f32x4.mul(x, constant(LOG, 9)), x, subnormal);
  const bits = i32x4.add(normal, constant(INTEGERS, 4));
  const exponent = i32x4.sub(i32x4.shr_s(bits, 23), constant(INTEGERS, 0));
  const mantissa = i32x4.add(v128.and(bits, constant(INTEGERS, 3)), constant(INTEGERS, 2));
  const k = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(subnormal, constant(LOG, 10)));
  return logSpecial(logCore(f32x4.sub(mantissa, one4()), k), x);
}

/** ln(1 + x), within 1.4 ULP, also for tiny x. */
@inline
export function log1p_4(x: v128): v128 {
  // 1 + x = u + c exactly (Knuth's two-sum); u is split as in log4 and c joins it at the same scale.
  const u = f32x4.add(x, one4());
  const back = f32x4.sub(u, one4());
  const c = f32x4.add(f32x4.sub(one4(), f32x4.sub(u, back)), f32x4.sub(x, back));
  const bits = i32x4.add(u, constant(INTEGERS, 4));
  const exponent = i32x4.sub(i32x4.shr_s(bits, 23), constant(INTEGERS, 0));
  const mantissa = i32x4.add(v128.and(bits, constant(INTEGERS, 3)), constant(INTEGERS, 2));
  // For large exponents c is beyond the last bit, and 2^-k must stay a normal number.
  const scale = powerOfTwo(i32x4.neg(i32x4.min_s(exponent, constant(INTEGERS, 1))));
  const f = f32x4.add(f32x4.sub(mantissa, one4()), f32x4.mul(c, scale));
  const y = logSpecial(logCore(f, f32x4.convert_i32x4_s(exponent)), u);
  // The logarithm has the sign of x; this puts it on zero.
  return v128.or(y, v128.and(x, signBit4()));
}

/** 1 / (1 + e^-x), within 2.4 ULP: e^-|x| cannot overflow, and the negative side keeps its relative accuracy. */
@inline
export function sigmoid4(x: v128): v128 {
  const e = exp4(v128.or(x, signBit4()));
  const top = v128.bitselect(one4(), e, f32x4.ge(x, f32x4.splat(0)));
  return f32x4.div(top, f32x4.add(one4(), e));
}
