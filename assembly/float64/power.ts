// Powers and roots of one double.
import { low, product, scaled, sumOrdered } from "./pair";
import { expParts, exponent, logParts } from "./parts";

/** ln x for positive finite x, subnormal ones too. */
export function logOfPositive(x: f64): f64 {
  if (x >= 2.2250738585072014e-308) return logParts(x, 0);
  const y = logParts(x * 18014398509481984, 0);
  // Less 54 ln 2, of which the first part is exact.
  const rest = low;
  const less = sumOrdered(y, -54 * 0.6931471803691238);
  return sumOrdered(less, low + (rest - 54 * 1.9082149292705877e-10));
}

/** ln x times a number that is the sum of two doubles. */
@inline
function logTimes(x: f64, factor: f64, factorRest: f64): f64 {
  if (!(x > 0) || x == Infinity) return x == 0 ? -Infinity : x > 0 ? x : NaN;
  const log = logOfPositive(x);
  const rest = low;
  const y = product(log, factor);
  return y + (low + (rest * factor + log * factorRest));
}

/** log x to the base 2 */
export function log2(x: f64): f64 {
  return logTimes(x, 1.4426950408889634, 2.0355273740931033e-17);
}

/** log x to the base 10 */
export function log10(x: f64): f64 {
  return logTimes(x, 0.4342944819032518, 1.098319650216765e-17);
}

/** 2^x */
export function exp2(x: f64): f64 {
  if (!(abs(x) < 1100)) return x > 0 ? Infinity : x < 0 ? 0 : NaN;
  // 2^n is exact; e^(f ln 2) of the fraction is nearly so.
  const n = nearest<f64>(x);
  const f = x - n;
  const p = product(f, 0.6931471805599453);
  const y = expParts(p, low + f * 2.3190468138462996e-17);
  return scaled(y + low, exponent + <i32>n);
}

/** x^y for x > 0: the logarithm, its product with y and the exponential, all as sums of two doubles. */
export function powerOfPositive(x: f64, y: f64): f64 {
  if (x == Infinity || y != y) return y != y ? y : y > 0 ? Infinity : 0;
  if (x == 0) return y > 0 ? 0 : Infinity;
  const log = logOfPositive(x);
  const logRest = low;
  if (y * log > 710) return Infinity;
  if (y * log < -746) return 0;
  const p = product(y, log);
  const e = expParts(p, low + y * logRest);
  return scaled(e, exponent);
}

/** The cube root of x. */
export function cbrt(x: f64): f64 {
  let a = abs(x);
  if (a == 0 || !(a < Infinity)) return x;
  let factor: f64 = 1;
  if (a > 1e270) {
    a *= 4.909093465297727e-91; // 2^-300
    factor = 1.2676506002282294e30; // 2^100
  } else if (a < 1e-270) {
    a *= 2.037035976334486e90; // 2^300
    factor = 7.888609052210118e-31; // 2^-100
  }
  // A third of the exponent, then Halley's method: each turn triples the digits.
  let r = reinterpret<f64>(reinterpret<i64>(a) / 3 + 0x2a9f789300000000);
  for (let i = 0; i < 3; i++) {
    const cube = r * r * r;
    r *= (cube + 2 * a) / (2 * cube + a);
  }
  const square = product(r, r);
  const squareRest = low;
  const cube = product(square, r);
  const missing = a - cube - (low + squareRest * r);
  return copysign<f64>((r + missing / (3 * square)) * factor, x);
}

/** The root of a^2 + b^2 for numbers that are not infinite; nothing overflows on the way. */
export function hypot(a: f64, b: f64): f64 {
  let large = max(abs(a), abs(b));
  let small = min(abs(a), abs(b));
  if (!(small > large * 1e-17)) return large + small;
  let factor: f64 = 1;
  if (large > 1e150) factor = 2.409919865102884e-181; // 2^-600
  else if (large < 1e-120) factor = 4.149515568880993e180; // 2^600
  large *= factor;
  small *= factor;
  const square = product(large, large);
  let rest = low;
  const other = product(small, small);
  rest += low;
  const s = sumOrdered(square, other);
  rest += low;
  const h = sqrt<f64>(s);
  const back = product(h, h);
  return (h + (s - back - low + rest) / (2 * h)) / factor;
}
