// Gamma variates by rejection (Marsaglia and Tsang 2000, "A simple method for generating gamma variables"). Draw i uses
// the stream of the key folded with i, so it depends on key and index alone however many words it takes.
import { expFine, logFine } from "./fine";
import { at, SINGLE } from "./simd";

let x0: u32 = 0;
let x1: u32 = 0;

@inline
function round(r: i32): void {
  x0 += x1;
  x1 = rotl<u32>(x1, r) ^ x0;
}

/** The counter (0, count) enciphered under (k0, k1), left in x0 and x1: Threefry-2x32 with 20 rounds, as in random.ts. */
function threefry(k0: u32, k1: u32, count: u32): void {
  let a = k1;
  let b = k0 ^ k1 ^ 0x1bd11bda;
  let c = k0;
  x0 = k0;
  x1 = count + k1;
  for (let i: u32 = 1; i <= 5; i++) {
    if (i & 1) {
      round(13);
      round(15);
      round(26);
      round(6);
    } else {
      round(17);
      round(29);
      round(16);
      round(24);
    }
    x0 += a;
    x1 += b + i;
    const first = a;
    a = b;
    b = c;
    c = first;
  }
}

/** Word `count` of the stream as a number inside (0, 1). */
export function unit(k0: u32, k1: u32, count: u32): f64 {
  threefry(k0, k1, count);
  if (!SINGLE) return (<f64>(((<u64>x0 << 32) | x1) >>> 12) + 0.5) * 2.220446049250313e-16;
  return (<f64>((x0 ^ x1) >>> 9) + 0.5) * 1.1920928955078125e-7;
}

/** The logarithm of what a gamma variate of a shape below 1 is multiplied by; 0 for others. Set by `gamma`. */
let logScale: f64 = 0;

/** A gamma variate without its factor e^logScale, which may be too small for a double. */
function unscaledGamma(k0: u32, k1: u32, shape: f64): f64 {
  logScale = 0;
  if (!(shape > 0) || shape == Infinity) return NaN;
  // A shape below 1 is a shape one higher, made smaller by a power of a uniform number.
  const d = (shape < 1 ? shape + 1 : shape) - 0.3333333333333333;
  const c = 1 / sqrt<f64>(9 * d);
  let count: u32 = 1;
  while (true) {
    // A normal number by Marsaglia's polar method.
    const u = 2 * unit(k0, k1, count) - 1;
    const w = 2 * unit(k0, k1, count + 1) - 1;
    count += 2;
    const s = u * u + w * w;
    if (s >= 1) continue;
    const x = u * sqrt<f64>((-2 * logFine(s)) / s);
    const t = 1 + c * x;
    if (t <= 0) continue;
    const v = t * t * t;
    const test = logFine(unit(k0, k1, count));
    count += 1;
    if (test >= 0.5 * x * x + d * (1 - v + logFine(v))) continue;
    if (shape < 1) logScale = logFine(unit(k0, k1, 0)) / shape;
    return d * v;
  }
}

function gamma(k0: u32, k1: u32, shape: f64): f64 {
  const x = unscaledGamma(k0, k1, shape);
  return shape < 1 ? x * expFine(logScale) : x;
}

/** out[i] = draw i from the gamma distribution of shape[i] and scale 1; NaN unless the shape is positive and finite */
export function randomGamma(out: usize, shape: usize, k0: u32, k1: u32, n: i32): void {
  for (let i = 0; i < n; i++) {
    threefry(k0, k1, i);
    store<Float>(at(out, i), <Float>gamma(x0, x1, load<Float>(at(shape, i))));
  }
}

/** The shape at p. If both shapes are tiny, only their quotient matters: they are scaled up to keep the logarithms finite. */
@inline
function shapeBeside(p: usize, other: usize): f64 {
  const shape = <f64>load<Float>(p);
  if (SINGLE) return shape;
  return max(shape, <f64>load<Float>(other)) < 1e-290 ? shape * 1.3292279957849159e36 : shape; // by 2^120
}

/**
 * out[i] = draw i from the beta distribution of a[i] and b[i]: x / (x + y) for gamma variates x of key (k0, k1), y of
 * key (l0, l1). By their logarithms where these are too small for floats.
 */
// biome-ignore format: one line a kernel
export function randomBeta(out: usize, a: usize, b: usize, k0: u32, k1: u32, l0: u32, l1: u32, n: i32): void {
  for (let i = 0; i < n; i++) {
    threefry(k0, k1, i);
    const left = unscaledGamma(x0, x1, shapeBeside(at(a, i), at(b, i)));
    const leftLog = logScale;
    threefry(l0, l1, i);
    const right = unscaledGamma(x0, x1, shapeBeside(at(b, i), at(a, i)));
    const rightLog = logScale;
    const x = <Float>(leftLog == 0 ? left : left * expFine(leftLog));
    const y = <Float>(rightLog == 0 ? right : right * expFine(rightLog));
    const ratio = (rightLog - leftLog) + logFine(right) - logFine(left);
    store<Float>(at(out, i), (SINGLE ? x + y == 0 : x < 1e-290) ? <Float>(1 / (1 + expFine(ratio))) : x / (x + y));
  }
}

/** The digamma function of x > 0. */
function digamma(x: f64): f64 {
  let total: f64 = 0;
  for (; x < 10; x++) total -= 1 / x;
  const y = 1 / (x * x);
  const last = 1.0 / 240 - y * (1.0 / 132 - y * (691.0 / 32760 - y / 12));
  return total + logFine(x) - 0.5 / x - y * (1.0 / 12 - y * (1.0 / 120 - y * (1.0 / 252 - y * last)));
}

/** Above this shape the expansion of the quantile (Cornish and Fisher 1938) is exact to 1e-11 for every draw there is. */
const LARGE_SHAPE: f64 = 1e5;

/** dz/dshape by that expansion: z = shape + s x + ..., s the root of the shape, x the normal number of the same rank. */
function slopeOfLarge(shape: f64, z: f64): f64 {
  const s = sqrt<f64>(shape);
  const distance = (z - shape) / s;
  let x = distance;
  let third: f64 = 0;
  let fourth: f64 = 0;
  let fifth: f64 = 0;
  for (let i = 0; i < 5; i++) {
    const square = x * x;
    third = x * (square - 7);
    fourth = (3 * square + 7) * square - 16;
    fifth = x * ((9 * square + 256) * square - 433);
    x += distance - (x + ((square - 1) / 3 + (third / 36 - (fourth / 810 - fifth / 38880 / s) / s) / s) / s);
  }
  return 1 + (x / 2 - (third / 72 - (fourth / 810 - (1.5 * fifth) / 38880 / s) / s) / s / s) / s;
}

/**
 * How a gamma variate z of this shape moves with the shape at its rank: -(dP/dshape) / p, P the distribution function and p
 * its density (implicit reparameterisation: Figurnov, Mohamed and Mnih 2018). Below the geometric mean of one shape higher by
 * the series of the lower incomplete gamma function, above it by the continued fraction of the upper one, both
 * differentiated term by term. The terms of either are all positive there, so no digits are lost.
 */
function slopeOf(shape: f64, z: f64): f64 {
  if (!(shape > 0) || shape == Infinity || !(z >= 0)) return NaN;
  if (z == 0) return 0;
  if (shape > LARGE_SHAPE) return slopeOfLarge(shape, z);
  const height = logFine(z);
  let psi = digamma(shape + 1);
  if (height <= psi) {
    let term = 1 / shape;
    let total = term * (psi - height);
    for (let n: f64 = 1; n < 1e5; n++) {
      term *= z / (shape + n);
      psi += 1 / (shape + n);
      const next = term * (psi - height);
      total += next;
      if (next < 1e-17 * total) break;
    }
    return z * total;
  }
  // The fraction z + 1 - shape - 1 (1 - shape) / (z + 3 - shape - 2 (2 - shape) / ...), and its derivative, from behind.
  let k = ceil<f64>(16 + 90 / z + 8 * sqrt<f64>(shape));
  let fraction = z + 2 * k + 1 - shape;
  let slope: f64 = -1;
  for (; k >= 1; k--) {
    const part = (k * (shape - k)) / fraction;
    slope = (k - part * slope) / fraction - 1;
    fraction = z + 2 * k - 1 - shape + part;
  }
  return (z / fraction) * (height - psi + 1 / shape - slope / fraction);
}

/** out[i] = how the gamma draw z[i] of shape[i] moves with the shape: see `slopeOf` */
export function gammaSlope(out: usize, shape: usize, z: usize, n: i32): void {
  for (let i = 0; i < n; i++) store<Float>(at(out, i), <Float>slopeOf(load<Float>(at(shape, i)), load<Float>(at(z, i))));
}
