// sin, cos and tan of one double.
import { quadrant, remainder } from "./angle";
import { low, polynomial, product, quotient, sumOrdered } from "./pair";

/** sin x = x + x z S(z), cos x = 1 - z / 2 + z^2 C(z), z = x^2, |x| <= pi / 4; see coefficients.py. */
@lazy
const SIN = memory.data<f64>([
  1.591810123027412e-10, -2.5051131455427946e-8, 2.755731610068303e-6, -0.0001984126983675497, 0.008333333333330946,
  -0.16666666666666666,
]);
@lazy
const COS = memory.data<f64>([
  -1.1382614868556325e-11, 2.0876146024689747e-9, -2.7557317270560326e-7, 2.4801587298763433e-5,
  -0.0013888888888887395, 0.041666666666666664,
]);

/** The sine of r + rest. */
@inline
function sine(r: f64, rest: f64): f64 {
  const z = r * r;
  return sumOrdered(r, z * r * polynomial(SIN, 6, z) + rest * (1 - 0.5 * z));
}

/** The cosine of r + rest. */
@inline
function cosine(r: f64, rest: f64): f64 {
  const z = product(r, r);
  const zRest = low;
  const half = 0.5 * z;
  const w = 1 - half;
  return sumOrdered(w, 1 - w - half + (z * z * polynomial(COS, 6, z) - (r * rest + 0.5 * zRest)));
}

/** sin x */
export function sin(x: f64): f64 {
  // So small that x^3 is beyond the last bit, and the product might be subnormal.
  if (abs(x) < 1e-9) return x;
  const r = remainder(x);
  const y = quadrant & 1 ? cosine(r, low) : sine(r, low);
  return (quadrant & 2 ? -y : y) * copysign<f64>(1, x);
}

/** cos x */
export function cos(x: f64): f64 {
  const r = remainder(x);
  const y = quadrant & 1 ? sine(r, low) : cosine(r, low);
  return (quadrant + 1) & 2 ? -y : y;
}

/** tan x */
export function tan(x: f64): f64 {
  if (abs(x) < 1e-9) return x;
  const r = remainder(x);
  const rest = low;
  const s = sine(r, rest);
  const sRest = low;
  const c = cosine(r, rest);
  const cRest = low;
  const q = quadrant & 1 ? quotient(-c, -cRest, s, sRest) : quotient(s, sRest, c, cRest);
  return (q + low) * copysign<f64>(1, x);
}

/** pi times |x| less the nearest multiple of 1 / 2; the multiple is left in `halves`. */
@lazy
let halves: i64 = 0;

@inline
function turned(x: f64): f64 {
  const a = abs(x);
  const n = nearest<f64>(2 * a);
  halves = n < 9e15 ? <i64>n : 0;
  const r = product(a - 0.5 * n, 3.141592653589793);
  return sumOrdered(r, low + (a - 0.5 * n) * 1.2246467991473532e-16);
}

/** sin(pi x); 0 for integers. */
export function sinePi(x: f64): f64 {
  const r = turned(x);
  const y = halves & 1 ? cosine(r, low) : sine(r, low);
  return (halves & 2 ? -y : y) * copysign<f64>(1, x);
}

/** cos(pi x) */
export function cosinePi(x: f64): f64 {
  const r = turned(x);
  const y = halves & 1 ? sine(r, low) : cosine(r, low);
  return (halves + 1) & 2 ? -y : y;
}
