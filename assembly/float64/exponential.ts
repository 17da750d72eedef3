// exp and expm1 of two doubles at once, within 2 ULP; test/assembly/precision.test.ts has the figures.
//
// Cody and Waite 1980: x = n ln 2 + r with |r| <= ln 2 / 2, ln 2 in two parts. Then e^r = 1 + 2 r / (R - r) with
// R = r coth(r / 2) = 2 + z P(z), z = r^2, an even function that five coefficients fit (the form is that of Sun fdlibm's
// e_exp.c; the coefficients are our own, see coefficients.py).
import { constant, half, one, powerOfTwo, rounder, two } from "./constants";

@lazy
export const EXP = memory.data<f64>([
  1.4426950408889634, // 0: log2(e)
  0.6931471803691238, // 1: ln 2, short enough for its product with n to be exact
  1.9082149292705877e-10, // 2: the rest of ln 2
  4.1437662804024295e-8, -1.6534060033836456e-6, 6.613756471622828e-5, -0.0027777777777564404, 0.1666666666666666, // 3: P
  710, // 8: from here on e^x is infinite
  -746, // 9: down from here e^x is zero
  -40, // 10: down from here e^x - 1 is -1
  5.551115123125783e-17, // 11: 2^-54
  708, // 12: up to here 2^n is a normal number, and so is e^x
]);

/** x / ln 2 plus the number that leaves its nearest integer n in the low bits. */
@inline
export function shifted(x: v128): v128 {
  return f64x2.add(f64x2.mul(x, constant(EXP, 0)), rounder());
}

/** x - n times the first part of ln 2; exact. */
@inline
export function highOf(x: v128, n: v128): v128 {
  return f64x2.sub(x, f64x2.mul(n, constant(EXP, 1)));
}

/** n times the rest of ln 2. */
@inline
export function lowOf(n: v128): v128 {
  return f64x2.mul(n, constant(EXP, 2));
}

/** e^(high - low) - 1 - high, where low is small; it is added last, so that its rounding is all that the sum inherits. */
@inline
export function tailOf(high: v128, low: v128): v128 {
  const r = f64x2.sub(high, low);
  const z = f64x2.mul(r, r);
  const z2 = f64x2.mul(z, z);
  const p0 = f64x2.add(f64x2.mul(constant(EXP, 6), z), constant(EXP, 7));
  const p2 = f64x2.add(f64x2.mul(constant(EXP, 4), z), constant(EXP, 5));
  const p4 = f64x2.add(f64x2.mul(constant(EXP, 3), z2), p2);
  const p = f64x2.add(f64x2.mul(p4, z2), p0);
  const c = f64x2.sub(r, f64x2.mul(p, z));
  return f64x2.sub(f64x2.div(f64x2.mul(r, c), f64x2.sub(two(), c)), low);
}

/** The integer n of `shifted`, as an integer. */
@inline
export function integerOf(shifted: v128): v128 {
  return i64x2.sub(shifted, rounder());
}

/** y 2^k, for integers k from -1076 to 1024: in two factors, of which only the second may round or overflow. */
@inline
export function scaled(y: v128, k: v128): v128 {
  const first = i64x2.shr_s(k, 1);
  return f64x2.mul(f64x2.mul(y, powerOfTwo(first)), powerOfTwo(i64x2.sub(k, first)));
}

/** e^x; subnormal results are rounded once. Where all numbers are of ordinary size, it takes a quarter less. */
@inline
export function exp(v: v128): v128 {
  const far = v128.any_true(f64x2.gt(f64x2.abs(v), constant(EXP, 12)));
  const x = far ? f64x2.pmax(f64x2.pmin(v, constant(EXP, 8)), constant(EXP, 9)) : v;
  const s = shifted(x);
  const n = f64x2.sub(s, rounder());
  const high = highOf(x, n);
  const y = f64x2.add(f64x2.add(high, tailOf(high, lowOf(n))), one());
  return far ? scaled(y, integerOf(s)) : f64x2.mul(y, powerOfTwo(s));
}

/** e^x - 1, also for tiny x. */
@inline
export function expm1(v: v128): v128 {
  const x = f64x2.pmax(f64x2.pmin(v, constant(EXP, 8)), constant(EXP, 10));
  const s = shifted(x);
  const n = f64x2.sub(s, rounder());
  const high = highOf(x, n);
  const tail = tailOf(high, lowOf(n));
  // Everything at half its size, as 2^1024 has no double.
  const scale = powerOfTwo(i64x2.sub(integerOf(s), i64x2.splat(1)));
  const y = f64x2.add(f64x2.mul(scale, tail), f64x2.add(f64x2.mul(scale, high), f64x2.sub(scale, half())));
  // Below 2^-54 the answer is x; halving would lose a subnormal's last bit and the sign of zero.
  const tiny = f64x2.lt(f64x2.abs(x), constant(EXP, 11));
  return v128.bitselect(x, f64x2.mul(y, two()), tiny);
}
