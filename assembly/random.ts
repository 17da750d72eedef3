// Random numbers from a key and an index, four at a time: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw
// 2011, "Parallel random numbers: as easy as 1, 2, 3"), the counters and the folding of JAX's partitionable draw.
import { loadTail, storeTail } from "./simd";
import { log1p_4 } from "./transcendental";

/** The parity constant of Threefish's key schedule (Skein 1.3, section 3.3.2), its low 32 bits. */
const PARITY: u32 = 0x1bd11bda;

/** The second half of a round: y rotated left by r, mixed with the new x. */
@inline
function mix(x: v128, y: v128, r: i32): v128 {
  return v128.xor(v128.or(i32x4.shl(y, r), i32x4.shr_u(y, 32 - r)), x);
}

/** Words i .. i + 3 of the stream of key (k0, k1): x ^ y of the enciphered counters (0, i). */
@inline
function bits4(k0: u32, k1: u32, i: i32): v128 {
  let x = i32x4.splat(k0);
  let y = i32x4.add(i32x4.splat(<u32>i + k1), i32x4(0, 1, 2, 3));
  // The key words that the next addition takes first and second, and the third: k1, k2, k0, over and over.
  let first = i32x4.splat(k1);
  let second = i32x4.splat(k0 ^ k1 ^ PARITY);
  let third = x;
  // Twenty rounds, the rotations those of Salmon et al. 2011, table 2; after every fourth, key words and a count.
  for (let count = 1; ; count += 2) {
    x = i32x4.add(x, y);
    y = mix(x, y, 13);
    x = i32x4.add(x, y);
    y = mix(x, y, 15);
    x = i32x4.add(x, y);
    y = mix(x, y, 26);
    x = i32x4.add(x, y);
    y = mix(x, y, 6);
    x = i32x4.add(x, first);
    y = i32x4.add(i32x4.add(y, second), i32x4.splat(count));
    if (count == 5) break;
    x = i32x4.add(x, y);
    y = mix(x, y, 17);
    x = i32x4.add(x, y);
    y = mix(x, y, 29);
    x = i32x4.add(x, y);
    y = mix(x, y, 16);
    x = i32x4.add(x, y);
    y = mix(x, y, 24);
    x = i32x4.add(x, second);
    y = i32x4.add(i32x4.add(y, third), i32x4.splat(count + 1));
    const spare = third;
    third = second;
    second = first;
    first = spare;
  }
  return v128.xor(x, y);
}

/** Words as numbers from 0 (included) to 1 (excluded), multiples of 2^-23. */
@inline
function unit4(bits: v128): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(bits, 9)), f32x4.splat(1.1920928955078125e-7));
}

/** erfinv(x) / x as a polynomial of w - 5/2, w = -log(1 - x^2) < 5 (Giles 2010, "Approximating the erfinv function"). */
@inline
function erfinvCentre(w: v128): v128 {
  const t = f32x4.sub(w, f32x4.splat(2.5));
  let p = f32x4.add(f32x4.mul(f32x4.splat(2.81022636e-8), t), f32x4.splat(3.43273939e-7));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-3.5233877e-6));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-4.39150654e-6));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.00021858087));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.00125372503));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.00417768164));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.246640727));
  return f32x4.add(f32x4.mul(p, t), f32x4.splat(1.50140941));
}

/** The same for w >= 5, a polynomial of sqrt(w) - 3. */
@inline
function erfinvTail(w: v128): v128 {
  const t = f32x4.sub(f32x4.sqrt(w), f32x4.splat(3));
  let p = f32x4.add(f32x4.mul(f32x4.splat(-0.000200214257), t), f32x4.splat(0.000100950558));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.00134934322));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.00367342844));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.00573950773));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(-0.0076224613));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(0.00943887047));
  p = f32x4.add(f32x4.mul(p, t), f32x4.splat(1.00167406));
  return f32x4.add(f32x4.mul(p, t), f32x4.splat(2.83297682));
}

function erfinv4(x: v128): v128 {
  const w = f32x4.neg(log1p_4(f32x4.neg(f32x4.mul(x, x))));
  let p = erfinvCentre(w);
  const far = f32x4.ge(w, f32x4.splat(5));
  // One vector in seventy-five gets here.
  if (v128.any_true(far)) p = v128.bitselect(erfinvTail(w), p, far);
  return f32x4.mul(p, x);
}

/** out[i] = word i of the key's stream: 32 random bits */
export function randomBits(out: usize, k0: u32, k1: u32, n: i32): void {
  for (let i = 0; i < n; i += 4, out += 16) {
    const v = bits4(k0, k1, i);
    if (n - i >= 4) v128.store(out, v);
    else storeTail(out, v, n - i);
  }
}

/** The float before x, on the way to -Infinity. */
@inline
function floatBefore(x: f32): f32 {
  const bits = reinterpret<i32>(x);
  return bits > 0 ? reinterpret<f32>(bits - 1) : bits == 0 ? -reinterpret<f32>(1) : reinterpret<f32>(bits + 1);
}

/** out[i] = draw i, uniform from low (included) to high (excluded); low where they are equal */
export function randomUniform(out: usize, k0: u32, k1: u32, n: i32, low: f32, high: f32): void {
  const width = f32x4.splat(high - low);
  const base = f32x4.splat(low);
  // A sum may be rounded up to `high`.
  const most = f32x4.splat(max(low, floatBefore(high)));
  for (let i = 0; i < n; i += 4, out += 16) {
    const v = f32x4.pmin(f32x4.add(f32x4.mul(unit4(bits4(k0, k1, i)), width), base), most);
    if (n - i >= 4) v128.store(out, v);
    else storeTail(out, v, n - i);
  }
}

/** out[i] = draw i, normal: sqrt(2) erfinv(u) std + mean, u uniform inside (-1, 1), as jax.random.normal */
export function randomNormal(out: usize, k0: u32, k1: u32, n: i32, mean: f32, std: f32): void {
  const shift = f32x4.splat(mean);
  const scale = f32x4.splat(std);
  for (let i = 0; i < n; i += 4, out += 16) {
    // -1 + 2^-24 is the first float above -1; from there to 1 is 2, rounded.
    const u = f32x4.add(f32x4.mul(unit4(bits4(k0, k1, i)), f32x4.splat(2)), f32x4.splat(-0.999999940395355225));
    const z = f32x4.mul(f32x4.splat(1.41421356237309505), erfinv4(u));
    const v = f32x4.add(f32x4.mul(z, scale), shift);
    if (n - i >= 4) v128.store(out, v);
    else storeTail(out, v, n - i);
  }
}

/** out[i] = the inverse error function of x[i] */
export function erfinv(out: usize, x: usize, n: i32): void {
  for (; n > 0; n -= 4, out += 16, x += 16) {
    const v = erfinv4(n >= 4 ? v128.load(x) : loadTail(x, n));
    if (n >= 4) v128.store(out, v);
    else storeTail(out, v, n);
  }
}
