// Scalar twins of assembly/scalar.ts.

import { f } from "./arithmetic.js";
import { atan64, copysign, cos64, erf64, exp64, log64, sin64, tan64 } from "./double.js";

const asin64 = (x: number) => atan64(x / Math.sqrt((1 - x) * (1 + x)));
const negative = (x: number) => x < 0 || Object.is(x, -0);

function sinh(x: number): number {
  const z = x * x;
  if (z < 0.25) {
    const p = 0.008333333333333333 + z * (0.0001984126984126984 + z * 2.7557319223985893e-6);
    return x + x * z * (0.16666666666666666 + z * p);
  }
  const e = exp64(x);
  return (e - 1 / e) * 0.5;
}

function cosh(x: number): number {
  const e = exp64(x);
  return (e + 1 / e) * 0.5;
}

function asinh(x: number): number {
  const a = Math.abs(x);
  return copysign(a < 0.002 ? a - a * a * a * 0.16666666666666666 : log64(a + Math.sqrt(a * a + 1)), x);
}

function atanh(x: number): number {
  return Math.abs(x) < 0.001 ? x + x * x * x * 0.3333333333333333 : 0.5 * log64((1 + x) / (1 - x));
}

/** Half to even, as IEEE 754 rounds. */
function round(x: number): number {
  const down = Math.floor(x);
  const rest = x - down;
  const nearest = rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
  return Number.isFinite(x) ? copysign(nearest, x) : x;
}

export const functions = {
  floor: Math.floor,
  ceil: Math.ceil,
  round,
  sin: sin64,
  cos: cos64,
  tan: tan64,
  asin: asin64,
  acos: (x: number) => 1.5707963267948966 - asin64(x),
  atan: atan64,
  sinh,
  cosh,
  asinh,
  acosh: (x: number) => (x < 1 ? Number.NaN : log64(x + Math.sqrt((x - 1) * (x + 1)))),
  atanh,
  erf: erf64,
  exp2: (x: number) => exp64(x * Math.LN2),
  log2: (x: number) => log64(x) * Math.LOG2E,
  log10: (x: number) => log64(x) * Math.LOG10E,
  cbrt: (x: number) => copysign(exp64(log64(Math.abs(x)) / 3), x),
};

function pow(x: number, y: number): number {
  if (y === 0 || x === 1) return 1;
  const a = Math.abs(x);
  const size = a === 1 ? 1 : f(exp64(y * log64(a)));
  if (!negative(x)) return Number.isNaN(x) ? x : size;
  if (Math.floor(y) !== y) return x < 0 && a !== Infinity ? Number.NaN : Number.isNaN(y) ? y : size;
  return Math.floor(y / 2) !== y / 2 ? -size : size;
}

function mod(a: number, b: number): number {
  const r = a % b;
  if (r === 0) return copysign(0, b);
  return r < 0 !== b < 0 ? r + b : r;
}

function atan2(y: number, x: number): number {
  const [up, right] = [Math.abs(y), Math.abs(x)];
  const angle = atan64(up === right ? Math.sign(up) : up / right);
  return copysign(negative(x) ? Math.PI - angle : angle, y);
}

export const functionsOfTwo = { pow, mod, atan2 };
