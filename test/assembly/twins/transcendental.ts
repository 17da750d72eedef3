// Scalar twins of assembly/transcendental.ts: the same operations in the same order, one float at a time.
import { add, bitsOf, div, f, fromBits, mul, plus, pmax, pmin, sub } from "./arithmetic.js";

const floats = (...values: number[]) => values.map(f);

/** The value of a polynomial, highest power first. */
function horner(x: number, [first, ...rest]: number[]): number {
  return rest.reduce((sum, c) => add(mul(sum, x), c), first);
}

const [TANH_CAP, P1, P2] = floats(8.18842601776123, 0.029775641858577728, 0.000114293725346215);
const Q = floats(0.0000012298447700231918, 0.0012067421339452267, 0.11310894787311554);

export function tanh(v: number): number {
  if (Math.abs(v) < 2 ** -14) return v;
  const x = pmax(pmin(v, TANH_CAP), -TANH_CAP);
  const z = mul(x, x);
  const n = plus(x, mul(x, z), plus(P1, z, P2));
  const e = mul(z, horner(z, Q));
  const half = mul(n, 0.5);
  const rest = add(mul(half, half), add(mul(e, e), add(e, e)));
  return div(plus(n, n, e), add(1, rest));
}

const [LOG2E, ROUNDER] = floats(Math.LOG2E, 12582912);
const [LN2_HIGH, LN2_LOW] = floats(0.693359375, -2.1219444e-4);
const EXP_TAIL = floats(
  1.98756915e-4,
  1.3981999507e-3,
  8.3334519073e-3,
  4.1665795894e-2,
  1.6666665459e-1,
  5.0000001201e-1,
);

const powerOfTwo = (n: number) => fromBits((n + 127) << 23);

/** x = n ln 2 + high - low, and tail so that e^(high - low) = 1 + high + tail. */
function reduceExp(x: number) {
  const shifted = add(mul(x, LOG2E), ROUNDER);
  const n = sub(shifted, ROUNDER);
  const high = sub(x, mul(n, LN2_HIGH));
  const low = mul(n, LN2_LOW);
  const r = sub(high, low);
  return { n: (bitsOf(shifted) - bitsOf(ROUNDER)) | 0, high, tail: sub(mul(mul(r, r), horner(r, EXP_TAIL)), low) };
}

export function exp(v: number): number {
  const { n, high, tail } = reduceExp(pmax(pmin(v, 89), -105));
  const half = n >> 1;
  return mul(mul(add(add(high, tail), 1), powerOfTwo(half)), powerOfTwo(n - half));
}

export function expm1(v: number): number {
  const x = pmax(pmin(v, 89), -18);
  const { n, high, tail } = reduceExp(x);
  const scale = powerOfTwo(n - 1);
  const y = add(mul(scale, tail), add(mul(scale, high), sub(scale, 0.5)));
  return Math.abs(x) < 2 ** -25 ? x : mul(y, 2);
}

const [LOG_HIGH, LOG_LOW] = floats(6.9313812256e-1, 9.0580006145e-6);
const LG = floats(0.24279078841, 0.28498786688, 0.40000972152, 0.66666662693);

function logCore(x: number, k: number): number {
  const s = div(x, add(2, x));
  const z = mul(s, s);
  const r = mul(horner(z, LG), z);
  const halfSquare = mul(mul(0.5, x), x);
  const small = add(mul(s, add(halfSquare, r)), mul(k, LOG_LOW));
  return add(mul(k, LOG_HIGH), sub(x, sub(halfSquare, small)));
}

/** The exponent k and the mantissa m from sqrt(1/2) to sqrt(2) of m 2^k. */
function split(x: number) {
  const bits = (bitsOf(x) + 0x004afb0d) | 0;
  return { k: (bits >> 23) - 127, m: fromBits((bits & 0x007fffff) + 0x3f3504f3) };
}

function logSpecial(y: number, x: number): number {
  if (x === 0) return -Infinity;
  if (!(x > 0)) return Number.NaN;
  return x < Infinity ? y : x;
}

export function log(x: number): number {
  const subnormal = x < 2 ** -126;
  const { k, m } = split(subnormal ? mul(x, 2 ** 23) : x);
  return logSpecial(logCore(sub(m, 1), sub(k, subnormal ? 23 : 0)), x);
}

export function log1p(x: number): number {
  const u = add(x, 1);
  const back = sub(u, 1);
  const c = add(sub(1, sub(u, back)), sub(x, back));
  const { k, m } = split(u);
  const y = logSpecial(logCore(add(sub(m, 1), mul(c, powerOfTwo(-Math.min(k, 120)))), k), u);
  return Object.is(x, -0) ? -0 : y;
}

export function sigmoid(x: number): number {
  const e = exp(-Math.abs(x));
  return div(x >= 0 ? 1 : e, add(1, e));
}
