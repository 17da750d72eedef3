// Scalar twins of assembly/float64/exponential.ts, sigmoid.ts, logarithm.ts and softplus.ts: the same operations in the same
// order, one double at a time. The tables come from arithmetic of 200 bits.
import * as truth from "../truth.js";
import { real, toNumber } from "../truth.js";
import { pmax, pmin } from "./arithmetic.js";

const ROUNDER = 6755399441055744;
const LN2 = [0.6931471803691238, 1.9082149292705877e-10];
const view = new DataView(new ArrayBuffer(8));

const fromBits = (bits: bigint) => {
  view.setBigInt64(0, BigInt.asIntN(64, bits));
  return view.getFloat64(0);
};
const bitsOf = (x: number) => {
  view.setFloat64(0, x);
  return view.getBigInt64(0);
};

const powerOfTwo = (n: bigint) => fromBits((n + 1023n) << 52n);
const scaled = (y: number, k: bigint) => y * powerOfTwo(k >> 1n) * powerOfTwo(k - (k >> 1n));
/** The sign bit set, of NaN too. */
const negative = (x: number) => -Math.abs(x);
const P = [
  4.1437662804024295e-8, -1.6534060033836456e-6, 6.613756471622828e-5, -0.0027777777777564404, 0.1666666666666666,
] as const;

/** The value of a polynomial of five coefficients, highest power first, taken in pairs. */
function inPairs(z: number, [a, b, c, d, e]: typeof P | typeof TANH_P): number {
  const z2 = z * z;
  return (a * z2 + (b * z + c)) * z2 + (d * z + e);
}

/** x = n ln 2 + high - low, and tail so that e^(high - low) = 1 + high + tail; `more` joins low. */
function reduceExp(x: number, more = 0) {
  const shifted = x * Math.LOG2E + ROUNDER;
  const n = shifted - ROUNDER;
  const high = x - n * LN2[0];
  const low = n * LN2[1] + more;
  const r = high - low;
  const z = r * r;
  const c = r - inPairs(z, P) * z;
  return { k: bitsOf(shifted) - bitsOf(ROUNDER), high, tail: (r * c) / (2 - c) - low };
}

export function exp(v: number): number {
  const { k, high, tail } = reduceExp(pmax(pmin(v, 710), -746));
  return scaled(high + tail + 1, k);
}

export function expm1(v: number): number {
  const x = pmax(pmin(v, 710), -40);
  const { k, high, tail } = reduceExp(x);
  const scale = powerOfTwo(k - 1n);
  return Math.abs(x) < 2 ** -54 ? x : (scale * tail + (scale * high + (scale - 0.5))) * 2;
}

const TANH_P = [
  -0.008828239227820809, 0.02186936899401399, -0.05396825380150995, 0.13333333333325192, -0.3333333333333333,
] as const;
const table = (of: (j: number) => truth.Real): number[] => Array.from({ length: 154 }, (_, j) => toNumber(of(j)));
const TANH_TABLE = table((j) => truth.tanh(real(j / 8)));
const SIGMOID_TABLE = table((j) => truth.sigmoid(real(-j / 4)));

function tanhNear(d: number): number {
  const z = d * d;
  return d + d * (z * inPairs(z, TANH_P));
}

export function tanh(v: number): number {
  const x = pmin(Math.abs(v), 19.125);
  const place = x * 8 + ROUNDER - ROUNDER;
  const t = tanhNear(x - place * 0.125);
  const T = TANH_TABLE[place] ?? Number.NaN;
  const y = T + (t * (1 - T * T)) / (1 + T * t);
  return v < 0 || Object.is(v, -0) ? -y : y;
}

/** e^x as a sum of two doubles. */
function expParts(x: number, more = 0): [e: number, rest: number] {
  const { k, high, tail } = reduceExp(pmax(x, -746), more);
  const t = high + tail;
  const y = 1 + t;
  return [scaled(y, k), scaled(t - (y - 1) + (tail - (t - high)), k)];
}

export function sigmoid(v: number): number {
  const x = Math.abs(v);
  if (!(x <= 38.25)) return sigmoidFar(v);
  const place = x * 4 + ROUNDER - ROUNDER;
  const t = tanhNear((x - place * 0.25) * 0.5);
  const S = SIGMOID_TABLE[place];
  const T = 1 - (S + S);
  const negative = v < 0 || Object.is(v, -0);
  const start = negative ? S : 1 - S;
  const change = negative ? -t * (1 + T) : t * (1 - T);
  return start + (start * change) / (1 + T * t);
}

function sigmoidFar(v: number): number {
  const [e, rest] = expParts(negative(v));
  const sum = 1 + e;
  const sumRest = e - (sum - 1) + rest;
  const q = (v >= 0 ? 1 : e) / sum;
  return q + ((v >= 0 ? 0 : rest) - q * sumRest) * (v >= 0 ? q : 1 - q);
}

/** What rounding took from p = a b, exactly; NaN where a part overflows. */
function productError(a: number, b: number, p: number): number {
  const [c, d] = [a * 134217729, b * 134217729];
  const [aHigh, bHigh] = [c - (c - a), d - (d - b)];
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return aHigh * bHigh - p + aHigh * bLow + aLow * bHigh + aLow * bLow;
}

export function softplus(v: number, beta: number): number {
  const product = v * beta;
  const error = productError(v, beta, product);
  const signed = product < 0 || Object.is(product, -0) ? -error : error;
  const [e, rest] = expParts(negative(product), Number.isNaN(error) ? 0 : signed);
  const upper = 1 + e > Math.SQRT2;
  const d = e - 1;
  const f = upper ? d * 0.5 : e;
  const fRest = upper ? (e - (d + 1) + rest) * 0.5 : rest;
  return Math.max(v, 0) + logCore(f, fRest * (1 - f), upper ? 1 : 0) / beta;
}

const LG = [
  0.14616721179861816, 0.15331699633543858, 0.18182889786191042, 0.2222221112572281, 0.28571428626031065,
  0.3999999999989938, 0.666666666666667,
];

/** k ln 2 + log(1 + f) + rest */
function logCore(f: number, rest: number, k: number): number {
  const s = f / (2 + f);
  const z = s * s;
  const [a, b, c, d, e, g, h] = LG;
  const z2 = z * z;
  const r = ((a * z2 + (b * z + c)) * z2 + (d * z + e)) * z2 + (g * z + h);
  const halfSquare = 0.5 * f * f;
  const small = s * (halfSquare + r * z) + (k * LN2[1] + rest);
  return k * LN2[0] + (f - (halfSquare - small));
}

const special = (y: number, x: number) =>
  x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? (x < Infinity ? y : x) : Number.NaN;

/** The exponent and the mantissa, from sqrt(1/2) to sqrt(2). */
function split(x: number): [k: bigint, mantissa: number] {
  const bits = bitsOf(x) + 0x95f619980c433n;
  return [(bits >> 52n) - 1023n, fromBits((bits & 0xfffffffffffffn) + 0x3fe6a09e667f3bcdn)];
}

export function log(x: number): number {
  const subnormal = x < 2 ** -1022;
  const [k, mantissa] = split(subnormal ? x * 2 ** 54 : x);
  return special(logCore(mantissa - 1, 0, Number(k) - (subnormal ? 54 : 0)), x);
}

export function log1p(x: number): number {
  const u = x + 1;
  const back = u - 1;
  const c = 1 - (u - back) + (x - back);
  const [k, mantissa] = split(u);
  const part = c * powerOfTwo(-(k > 1000n ? 1000n : k));
  const f = mantissa - 1 + part;
  const rest = part - (f - (mantissa - 1));
  const y = special(logCore(f, rest * (1 - f), Number(k)), u);
  return y === 0 && Object.is(x, -0) ? -0 : y;
}
