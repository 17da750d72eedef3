// exp, expm1, tanh and sigmoid of two doubles at once, within 2 ULP; test/assembly/precision.test.ts has the figures.
//
// Cody and Waite 1980: x = n ln 2 + r with |r| <= ln 2 / 2, ln 2 in two parts. Then e^r = 1 + 2 r / (R - r) with
// R = r coth(r / 2) = 2 + z P(z), z = r^2, an even function that five coefficients fit (the form is that of Sun fdlibm's
// e_exp.c; the coefficients are our own, see coefficients.py).
import { constant, half, one, powerOfTwo, rounder, signBit, two } from "./constants";

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
  let p = f64x2.add(f64x2.mul(constant(EXP, 3), z), constant(EXP, 4));
  p = f64x2.add(f64x2.mul(p, z), constant(EXP, 5));
  p = f64x2.add(f64x2.mul(p, z), constant(EXP, 6));
  p = f64x2.add(f64x2.mul(p, z), constant(EXP, 7));
  const c = f64x2.sub(r, f64x2.mul(p, z));
  return f64x2.sub(f64x2.div(f64x2.mul(r, c), f64x2.sub(two(), c)), low);
}

/** The integer n of `shifted`, as an integer. */
@inline
export function integerOf(shifted: v128): v128 {
  return i64x2.sub(shifted, rounder());
}

/** y 2^k, for k from -1076 to 1024: in two factors, of which only the second may round or overflow. */
@inline
export function scaled(y: v128, k: v128): v128 {
  const first = i64x2.shr_s(k, 1);
  return f64x2.mul(f64x2.mul(y, powerOfTwo(first)), powerOfTwo(i64x2.sub(k, first)));
}

/** e^x; subnormal results are rounded once. */
@inline
export function exp(v: v128): v128 {
  const x = f64x2.pmax(f64x2.pmin(v, constant(EXP, 8)), constant(EXP, 9));
  const s = shifted(x);
  const n = f64x2.sub(s, rounder());
  const high = highOf(x, n);
  return scaled(f64x2.add(f64x2.add(high, tailOf(high, lowOf(n))), one()), integerOf(s));
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

/** tanh x = x + x z P(z) / Q(z), z = x^2, below the first number; from there on 1 - 2 / (e^2x + 1). */
@lazy
const TANH = memory.data<f64>([
  0.55, // 0
  22, // 1: from here on tanh x is 1
  -0.0001993063839766348, -0.02050169562939164, -0.3333333333333333, // 2: P
  0.00020667119840528007, 0.02329519200247918, 0.4615050868881738, // 5: Q, whose last coefficient is 1
]);

/** tanh x, odd, never beyond 1. One division serves both forms. */
@inline
export function tanh(v: v128): v128 {
  const a = f64x2.abs(v);
  const small = f64x2.lt(a, constant(TANH, 0));
  const x = f64x2.pmin(a, constant(TANH, 1));
  const twice = f64x2.add(x, x);
  const s = shifted(twice);
  const n = f64x2.sub(s, rounder());
  const high = highOf(twice, n);
  const e = f64x2.mul(f64x2.add(f64x2.add(high, tailOf(high, lowOf(n))), one()), powerOfTwo(integerOf(s)));
  const z = f64x2.mul(x, x);
  let p = f64x2.add(f64x2.mul(constant(TANH, 2), z), constant(TANH, 3));
  p = f64x2.add(f64x2.mul(p, z), constant(TANH, 4));
  let q = f64x2.add(f64x2.mul(constant(TANH, 5), z), constant(TANH, 6));
  q = f64x2.add(f64x2.mul(q, z), constant(TANH, 7));
  q = f64x2.add(f64x2.mul(q, z), one());
  const above = v128.bitselect(f64x2.mul(f64x2.mul(x, z), p), f64x2.neg(two()), small);
  const below = v128.bitselect(q, f64x2.add(e, one()), small);
  const y = f64x2.add(v128.bitselect(x, one(), small), f64x2.div(above, below));
  return v128.or(y, v128.and(v, signBit()));
}

/**
 * 1 / (1 + e^-x). e^-|x| cannot overflow, and is kept with what rounding took from it, so that the negative side, whose
 * result is nearly that exponential, has only the quotient's error.
 */
@inline
export function sigmoid(v: v128): v128 {
  const x = f64x2.pmax(v128.or(v, signBit()), constant(EXP, 9));
  const s = shifted(x);
  const n = f64x2.sub(s, rounder());
  const high = highOf(x, n);
  const tail = tailOf(high, lowOf(n));
  const t = f64x2.add(high, tail);
  const y = f64x2.add(one(), t);
  const rest = f64x2.add(f64x2.sub(t, f64x2.sub(y, one())), f64x2.sub(tail, f64x2.sub(t, high)));
  const k = integerOf(s);
  const e = scaled(y, k);
  const eRest = scaled(rest, k);
  const sum = f64x2.add(one(), e);
  const sumRest = f64x2.add(f64x2.sub(e, f64x2.sub(sum, one())), eRest);
  const positive = f64x2.ge(v, f64x2.splat(0));
  const q = f64x2.div(v128.bitselect(one(), e, positive), sum);
  // The quotient's correction needs 1 / sum only roughly: that is q, or what q lacks of 1.
  const inverse = v128.bitselect(q, f64x2.sub(one(), q), positive);
  return f64x2.add(q, f64x2.mul(f64x2.sub(v128.andnot(eRest, positive), f64x2.mul(q, sumRest)), inverse));
}
