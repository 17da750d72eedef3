// log and log1p of two doubles at once, within 2 ULP. With s = f / (2 + f), log(1 + f) = 2 atanh s, a series in s^2 that
// seven coefficients fit; the order of the sum is that of Sun fdlibm's e_log.c, the coefficients are our own, see
// coefficients.py.
import { bias, constant, half, infinity, minusInfinity, notANumber, one, powerOfTwo, rounder, signBit, two } from "./constants";

@lazy
const LOG = memory.data<f64>([
  0.6931471803691238, // 0: ln 2, short enough for its product with k to be exact
  1.9082149292705877e-10, // 1: the rest of ln 2
  0.14616721179861816, 0.15331699633543858, 0.18182889786191042, 0.2222221112572281, 0.28571428626031065, 0.3999999999989938,
  0.666666666666667, // 2: (2 atanh(s) / s - 2) / s^2
  2.2250738585072014e-308, // 9: 2^-1022, the least normal number
  18014398509481984, // 10: 2^54
  54, // 11
]);

@lazy
const BITS = memory.data<u64>([
  0x3fe6a09e667f3bcd, // 0: the bits of sqrt(1/2)
  0x000fffffffffffff, // 1: the mantissa
  0x00095f619980c433, // 2: the bits of 1 less those of sqrt(1/2)
  1000, // 3: an exponent that log1p need not exceed
  0x0010000000000000, // 4: the bits of the least normal number
  0x7fefffffffffffff, // 5: those of the largest number
  0x43380000000003ff, // 6: those of 1.5 * 2^52 and the bias of the exponent
]);

/** k ln 2 + log(1 + f) + rest, for 1 + f from sqrt(1/2) to sqrt(2) and a rest that is small. */
@inline
export function logOf(f: v128, rest: v128, k: v128): v128 {
  const s = f64x2.div(f, f64x2.add(two(), f));
  const z = f64x2.mul(s, s);
  const z2 = f64x2.mul(z, z);
  const r0 = f64x2.add(f64x2.mul(constant(LOG, 7), z), constant(LOG, 8));
  const r2 = f64x2.add(f64x2.mul(constant(LOG, 5), z), constant(LOG, 6));
  const r4 = f64x2.add(f64x2.mul(constant(LOG, 3), z), constant(LOG, 4));
  const r6 = f64x2.add(f64x2.mul(constant(LOG, 2), z2), r4);
  let r = f64x2.add(f64x2.mul(f64x2.add(f64x2.mul(r6, z2), r2), z2), r0);
  r = f64x2.mul(r, z);
  const halfSquare = f64x2.mul(f64x2.mul(half(), f), f);
  const last = f64x2.add(f64x2.mul(k, constant(LOG, 1)), rest);
  const small = f64x2.add(f64x2.mul(s, f64x2.add(halfSquare, r)), last);
  return f64x2.add(f64x2.mul(k, constant(LOG, 0)), f64x2.sub(f, f64x2.sub(halfSquare, small)));
}

/** The logarithm where its argument is no positive finite number: log 0 = -Inf, log Inf = Inf, else NaN. */
@inline
function special(y: v128, x: v128): v128 {
  y = v128.bitselect(y, x, f64x2.lt(x, infinity()));
  y = v128.bitselect(y, notANumber(), f64x2.gt(x, f64x2.splat(0)));
  return v128.bitselect(minusInfinity(), y, f64x2.eq(x, f64x2.splat(0)));
}

/** The exponent k that leaves a mantissa from sqrt(1/2) to sqrt(2), of bits to which the difference to 1 was added. */
@inline
function exponentOf(bits: v128): v128 {
  return i64x2.sub(i64x2.shr_s(bits, 52), bias());
}

/** That mantissa. */
@inline
function mantissaOf(bits: v128): v128 {
  return i64x2.add(v128.and(bits, constant(BITS, 1)), constant(BITS, 0));
}

/** An integer of up to 51 bits as a double: beside 1.5 * 2^52 it stands in the low bits. */
@inline
function toDouble(k: v128): v128 {
  return f64x2.sub(i64x2.add(k, rounder()), rounder());
}

/** ln x, for subnormal x too. Where all numbers are normal and positive, what the others need is left out. */
@inline
export function log(x: v128): v128 {
  const rare = v128.any_true(v128.or(i64x2.gt_s(constant(BITS, 4), x), i64x2.gt_s(x, constant(BITS, 5))));
  let normal = x;
  let back = constant(BITS, 6);
  if (rare) {
    const subnormal = f64x2.lt(x, constant(LOG, 9));
    normal = v128.bitselect(f64x2.mul(x, constant(LOG, 10)), x, subnormal);
    back = f64x2.add(back, v128.and(subnormal, constant(LOG, 11)));
  }
  const bits = i64x2.add(normal, constant(BITS, 2));
  const k = f64x2.sub(v128.or(i64x2.shr_u(bits, 52), rounder()), back);
  const y = logOf(f64x2.sub(mantissaOf(bits), one()), f64x2.splat(0), k);
  return rare ? special(y, x) : y;
}

/** ln(1 + x), also for tiny x. */
@inline
export function log1p(x: v128): v128 {
  // 1 + x = u + c exactly (Knuth's two-sum); u is split as in log, and c joins it at the same scale.
  const u = f64x2.add(x, one());
  const back = f64x2.sub(u, one());
  const c = f64x2.add(f64x2.sub(one(), f64x2.sub(u, back)), f64x2.sub(x, back));
  const bits = i64x2.add(u, constant(BITS, 2));
  const exponent = exponentOf(bits);
  // For large exponents c is beyond the last bit, and 2^-k must stay a normal number.
  const large = i64x2.gt_s(exponent, constant(BITS, 3));
  const scale = powerOfTwo(i64x2.neg(v128.bitselect(constant(BITS, 3), exponent, large)));
  const whole = f64x2.sub(mantissaOf(bits), one());
  const part = f64x2.mul(c, scale);
  const f = f64x2.add(whole, part);
  const rest = f64x2.sub(part, f64x2.sub(f, whole));
  const y = special(logOf(f, f64x2.mul(rest, f64x2.sub(one(), f)), toDouble(exponent)), u);
  // The logarithm has the sign of x; this puts it on zero.
  return v128.or(y, v128.and(x, signBit()));
}
