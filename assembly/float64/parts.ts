// The exponential and the logarithm of a sum of two doubles, as such a sum. What else is made of them has one rounding left.
import { EXP } from "./exponential";
import { low, polynomial, product, sum, sumOrdered } from "./pair";

const ROUNDER: f64 = 6755399441055744;
const LOG2E: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;

/** The power of two that `expParts` leaves out. */
@lazy
export let exponent: i32 = 0;

/** e^(x + rest) / 2^exponent for x from -800 to 800, relatively exact to 2^-56; see exponential.ts for the formula. */
export function expParts(x: f64, rest: f64): f64 {
  const shifted = x * LOG2E + ROUNDER;
  const n = shifted - ROUNDER;
  exponent = <i32>reinterpret<i64>(shifted);
  const high = x - n * LN2_HIGH;
  const back = n * LN2_LOW - rest;
  const r = high - back;
  const z = r * r;
  const c = r - z * polynomial(EXP + 24, 5, z);
  const tail = (r * c) / (2 - c) - back;
  const t = high + tail;
  const y = 1 + t;
  low = t - (y - 1) + (tail - (t - high));
  return y;
}

/** G of 2 atanh(s) / s = 2 + z (2 / 3 + z G(z)), z = s^2; see coefficients.py. */
@lazy
const LOG = memory.data<f64>([
  0.11723306234123608, 0.11706224135456224, 0.13334805149612083, 0.15384594954137942, 0.1818181833547124,
  0.2222222222165554, 0.2857142857142937, 0.4,
]);
const THIRDS: f64 = 0.6666666666666666;
const THIRDS_LOW: f64 = 3.700743415417188e-17;

/** ln(x + rest) for positive normal x, relatively exact to 2^-63. */
export function logParts(x: f64, rest: f64): f64 {
  const bits = reinterpret<i64>(x);
  const k = <i32>((bits - 0x3fe6a09e667f3bcd) >> 52);
  const f = reinterpret<f64>(bits - (<i64>k << 52)) - 1;
  const fRest = rest == 0 ? 0 : scaledDown(rest, k);
  // s = f / (2 + f)
  const d = 2 + f;
  const dRest = f - (d - 2) + fRest;
  const s = f / d;
  let p = product(s, d);
  const sRest = (f - p - low + fRest - s * dRest) / d;
  // z = s^2, and 2 / 3 + z G(z)
  const z = product(s, s);
  const zRest = low + 2 * s * sRest;
  const w = z * polynomial(LOG, 8, z);
  const third = THIRDS + w;
  const thirdRest = w - (third - THIRDS) + THIRDS_LOW;
  p = product(z, third);
  const pRest = low + z * thirdRest + zRest * third;
  const v = product(s, p);
  const vRest = low + s * pRest + sRest * p;
  // k ln 2 + 2 s + v
  const a = sumOrdered(<f64>k * LN2_HIGH, 2 * s);
  let small = low;
  const b = sum(a, v);
  small += low + (<f64>k * LN2_LOW + (2 * sRest + vRest));
  return sumOrdered(b, small);
}

/** x / 2^k, for k from -1022 to 1024. */
@inline
function scaledDown(x: f64, k: i32): f64 {
  const first = k >> 1;
  return x * reinterpret<f64>(<i64>(1023 - first) << 52) * reinterpret<f64>(<i64>(1023 - (k - first)) << 52);
}
