// Scalar twin of assembly/double.ts: the same operations of doubles in the same order.
import { bitsOf } from "./arithmetic.js";

const ROUNDER = 6755399441055744;
const LOG2E = Math.LOG2E;
const [LN2_HIGH, LN2_LOW] = [0.6931471803691238, 1.9082149292705877e-10];
const [HALF_PI_HIGH, HALF_PI_LOW] = [1.5707963109016418, 1.5893254773528196e-8];
const EXP = [
  2.08767569878681e-9, 2.505210838544172e-8, 2.755731922398589e-7, 2.7557319223985893e-6, 2.48015873015873e-5,
  0.0001984126984126984, 0.001388888888888889, 0.008333333333333333, 0.041666666666666664, 0.16666666666666666, 0.5, 1,
  1,
];
const LOG = [
  0.11764705882352941, 0.13333333333333333, 0.15384615384615385, 0.18181818181818182, 0.2222222222222222,
  0.2857142857142857, 0.4, 0.6666666666666666, 2,
];
const ATAN = [
  0.034482758620689655, -0.037037037037037035, 0.04, -0.043478260869565216, 0.047619047619047616, -0.05263157894736842,
  0.058823529411764705, -0.06666666666666667, 0.07692307692307693, -0.09090909090909091, 0.1111111111111111,
  -0.14285714285714285, 0.2, -0.3333333333333333, 1,
];
const SIN = [
  1.6059043836821613e-10, -2.505210838544172e-8, 2.7557319223985893e-6, -0.0001984126984126984, 0.008333333333333333,
  -0.16666666666666666, 1,
];
const COS = [
  -1.1470745597729725e-11, 2.08767569878681e-9, -2.755731922398589e-7, 2.48015873015873e-5, -0.001388888888888889,
  0.041666666666666664, -0.5, 1,
];
const ERF = [
  9.422759064650411e-11, -1.2290555301717926e-9, 1.4807192815879218e-8, -1.6365844691234924e-7, 1.6462114365889246e-6,
  -1.492565035840625e-5, 0.00012055332981789664, -0.0008548327023450852, 0.005223977625442188, -0.026866170645131252,
  0.11283791670955126, -0.37612638903183754, 1.1283791670955126,
];
const ERF_FAR = [
  -1.5399683374036666e-5, 3.2936280930537674e-5, 7.670249586234469e-5, -0.0002938109421019128, 0.00010030656771985932,
  0.0009188635461264165, -0.0018600137917144763, 0.0004434473983958502, 0.004558520875178206, -0.009622182127553058,
  0.006676857210507805, 0.009267782606042121, -0.031875966120863304, 0.04645357811640572, -0.04365081934639232,
  0.02818155464313108, -0.012252847422973369, 0.0032674262997310563, 0.999593047975718,
];
const BITS_OF_TWO_OVER_PI = [
  0xa2, 0xa2f9, 0xa2f983, 0xa2f9836e, 0xf9836e4e, 0x836e4e44, 0x6e4e4415, 0x4e441529, 0x441529fc, 0x1529fc27,
  0x29fc2757, 0xfc2757d1, 0x2757d1f5, 0x57d1f534, 0xd1f534dd, 0xf534ddc0, 0x34ddc0db, 0xddc0db62, 0xc0db6295,
  0xdb629599, 0x6295993c, 0x95993c43, 0x993c4390, 0x3c439041,
];

const word = new DataView(new ArrayBuffer(8));

/** The high and low 32 bits of a double, signed. */
function wordsOf(x: number): [number, number] {
  word.setFloat64(0, x);
  return [word.getInt32(0), word.getInt32(4)];
}

function fromWords(high: number, low: number): number {
  word.setInt32(0, high);
  word.setInt32(4, low);
  return word.getFloat64(0);
}

const polynomial = (coefficients: readonly number[], x: number) => coefficients.reduce((y, c) => y * x + c);

export const copysign = (size: number, sign: number) =>
  Object.is(sign, -0) || sign < 0 ? -Math.abs(size) : Math.abs(size);

export function exp64(v: number): number {
  const x = v > 200 ? 200 : Math.max(v, -200);
  const shifted = x * LOG2E + ROUNDER;
  const n = shifted - ROUNDER;
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  return polynomial(EXP, r) * fromWords((wordsOf(shifted)[1] + 1023) << 20, 0);
}

export function log64(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return x;
  const [high, low] = wordsOf(x);
  const k = (high - 0x3fe6a09e) >> 20;
  const f = fromWords(high - (k << 20), low) - 1;
  const s = f / (2 + f);
  return k * LN2_HIGH + (s * polynomial(LOG, s * s) + k * LN2_LOW);
}

export function atan64(x: number): number {
  const a = Math.abs(x);
  const [t, turn] =
    a > 2.414213562373095 ? [-1 / a, Math.PI / 2] : a > 0.41421356237309503 ? [(a - 1) / (a + 1), Math.PI / 4] : [a, 0];
  return copysign(turn + t * polynomial(ATAN, t * t), x);
}

export function erf64(x: number): number {
  const a = Math.abs(x);
  if (a <= 1) return x * polynomial(ERF, x * x);
  if (a < 4) return copysign(polynomial(ERF_FAR, (a - 2.5) / 1.5), x);
  return Number.isNaN(x) ? x : copysign(1, x);
}

function quadrant(x: number): { n: number; angle: number } {
  const a = Math.abs(x);
  if (a < 1e5) {
    const shifted = a * 0.6366197723675814 + ROUNDER;
    const n = shifted - ROUNDER;
    return { n, angle: a - n * HALF_PI_HIGH - n * HALF_PI_LOW };
  }
  if (!(a < Infinity)) return { n: 0, angle: Number.NaN };
  const bits = bitsOf(a);
  const [high, middle, low] = [0, 4, 8].map((i) => BigInt(BITS_OF_TWO_OVER_PI[((bits >>> 26) & 15) + i]));
  const mantissa = BigInt((((bits & 0xffffff) | 0x800000) << ((bits >>> 23) & 7)) >>> 0);
  const product = BigInt.asUintN(
    64,
    (BigInt.asUintN(32, mantissa * high) << 32n) + ((mantissa * low) >> 32n) + mantissa * middle,
  );
  const n = BigInt.asUintN(64, product + (1n << 61n)) >> 62n;
  return { n: Number(n), angle: Number(BigInt.asIntN(64, product - (n << 62n))) * 3.4061215800865545e-19 };
}

const sine = (angle: number) => angle * polynomial(SIN, angle * angle);
const cosine = (angle: number) => polynomial(COS, angle * angle);

export function sin64(x: number): number {
  const { n, angle } = quadrant(x);
  return (n & 2 ? -1 : 1) * copysign(1, x) * (n & 1 ? cosine(angle) : sine(angle));
}

export function cos64(x: number): number {
  const { n, angle } = quadrant(x);
  const y = n & 1 ? sine(angle) : cosine(angle);
  return (n + 1) & 2 ? -y : y;
}

export function tan64(x: number): number {
  const { n, angle } = quadrant(x);
  return copysign(1, x) * (n & 1 ? -cosine(angle) / sine(angle) : sine(angle) / cosine(angle));
}
