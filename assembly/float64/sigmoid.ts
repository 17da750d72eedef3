// tanh and sigmoid of two doubles at once, within 2 ULP; test/assembly/precision.test.ts has the figures.
//
// Both come from a table and a small rest. A number is j / 8 + d with |d| <= 1 / 16, T = tanh(j / 8) is read, t = tanh d is
// a short polynomial, and the addition theorem joins them with one division. An exponential would take a division more.
import { constant, one, rounder, signBit } from "./constants";
import { EXP, highOf, integerOf, lowOf, scaled, shifted, tailOf } from "./exponential";
import { SIGMOID_TABLE, TANH_TABLE } from "./tables";

@lazy
const TANH = memory.data<f64>([
  -0.008828239227820809, 0.02186936899401399, -0.05396825380150995, 0.13333333333325192, -0.3333333333333333, // 0: P
  8, // 5
  0.125, // 6
  19.125, // 7: where the table of tanh ends, in 1
  4, // 8
  0.25, // 9
  0.5, // 10
  38.25, // 11: where that of sigmoid ends
]);

/** tanh d = d + d z P(z), z = d^2, for |d| <= 1 / 16. */
@inline
function tanhNear(d: v128): v128 {
  const z = f64x2.mul(d, d);
  const z2 = f64x2.mul(z, z);
  const p0 = f64x2.add(f64x2.mul(constant(TANH, 3), z), constant(TANH, 4));
  const p2 = f64x2.add(f64x2.mul(constant(TANH, 1), z), constant(TANH, 2));
  const p4 = f64x2.add(f64x2.mul(constant(TANH, 0), z2), p2);
  const p = f64x2.add(f64x2.mul(p4, z2), p0);
  return f64x2.add(d, f64x2.mul(d, f64x2.mul(z, p)));
}

/** The numbers of a table whose places stand in the low bits of both lanes; those of NaN end somewhere near the table. */
@inline
function lookUp(table: usize, s: v128): v128 {
  const first = v128.load64_zero(table + ((i32x4.extract_lane(s, 0) & 0xff) << 3));
  return v128.load64_lane(table + ((i32x4.extract_lane(s, 2) & 0xff) << 3), first, 1);
}

/** tanh x, odd, never beyond 1: T + t (1 - T^2) / (1 + T t), in which little but T and the last sum is rounded. */
@inline
export function tanh(v: v128): v128 {
  const x = f64x2.pmin(f64x2.abs(v), constant(TANH, 7));
  const s = f64x2.add(f64x2.mul(x, constant(TANH, 5)), rounder());
  const t = tanhNear(f64x2.sub(x, f64x2.mul(f64x2.sub(s, rounder()), constant(TANH, 6))));
  const T = lookUp(TANH_TABLE, s);
  const change = f64x2.mul(t, f64x2.sub(one(), f64x2.mul(T, T)));
  const y = f64x2.add(T, f64x2.div(change, f64x2.add(one(), f64x2.mul(T, t))));
  return v128.or(y, v128.and(v, signBit()));
}

/**
 * 1 / (1 + e^-x). With |x| / 2 = j / 8 + d and S the sigmoid of -j / 4, T = 1 - 2 S: the sigmoid of -|x| is
 * S - S t (1 + T) / (1 + T t), and that of |x| is (1 - S) + (1 - S) t (1 - T) / (1 + T t).
 */
@inline
export function sigmoid(v: v128): v128 {
  const x = f64x2.abs(v);
  const s = f64x2.add(f64x2.mul(x, constant(TANH, 8)), rounder());
  const rest = f64x2.sub(x, f64x2.mul(f64x2.sub(s, rounder()), constant(TANH, 9)));
  const t = tanhNear(f64x2.mul(rest, constant(TANH, 10)));
  const S = lookUp(SIGMOID_TABLE, s);
  const T = f64x2.sub(one(), f64x2.add(S, S));
  const sign = v128.and(v, signBit());
  const start = v128.bitselect(S, f64x2.sub(one(), S), i64x2.lt_s(v, i64x2.splat(0)));
  const change = f64x2.mul(v128.xor(t, sign), f64x2.sub(one(), v128.xor(T, sign)));
  const y = f64x2.add(start, f64x2.div(f64x2.mul(start, change), f64x2.add(one(), f64x2.mul(T, t))));
  const far = f64x2.gt(x, constant(TANH, 11));
  return v128.any_true(far) ? v128.bitselect(sigmoidFar(v), y, far) : y;
}

/**
 * The same, for x beyond the table. e^-|x| cannot overflow, and is kept with what rounding took from it, so that the negative
 * side, whose result is nearly that exponential, has only the quotient's error.
 */
function sigmoidFar(v: v128): v128 {
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
