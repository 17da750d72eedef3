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

/** A gamma variate but for its factor e^logScale, which may be less than the least double. */
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

/** The shape at p. Of two that are tiny only the quotient matters: they are made larger, so that logarithms stay finite. */
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
