// Random numbers from a key and an index: draw i depends on these alone. A float32 takes 23 bits of the enciphered counter's
// halves, folded; a float64 takes 53 of their 64.
import { bits4 } from "./cipher";
import { DRAWS, drawIntegers } from "./float64/draws";
import { erfInverse } from "./float64/erf";
import { at, loadTail, SINGLE, storeTail, storeUpTo } from "./simd";
import { log1p_4 } from "./transcendental";
import { normalOf } from "./truncated";

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
    else if (SINGLE) storeTail(out, v, n - i);
    else {
      v128.store_lane<i32>(out, v, 0);
      if (n - i > 1) v128.store_lane<i32>(out, v, 1, 4);
      if (n - i > 2) v128.store_lane<i32>(out, v, 2, 8);
    }
  }
}

/** The float before x, on the way to -Infinity. */
@inline
function floatBefore(x: Float): Float {
  const bits = reinterpret<Word>(x);
  return bits > 0 ? reinterpret<Float>(bits - 1) : bits == 0 ? -reinterpret<Float>(<Word>1) : reinterpret<Float>(bits + 1);
}

/** out[i] = draw i, uniform from low (included) to high (excluded); low where they are equal */
export function randomUniform(out: usize, k0: u32, k1: u32, n: i32, low: Float, high: Float): void {
  const width = lanes.splat(high - low);
  const base = lanes.splat(low);
  // A sum may be rounded up to `high`.
  const most = lanes.splat(max(low, floatBefore(high)));
  if (SINGLE) {
    for (let i = 0; i < n; i += 4, out += 16) {
      const v = lanes.pmin(lanes.add(lanes.mul(unit4(bits4(k0, k1, i)), width), base), most);
      if (n - i >= 4) v128.store(out, v);
      else storeTail(out, v, n - i);
    }
    return;
  }
  for (let i = 0; i < n; i += 2, out += 16) {
    if ((i & 2) == 0) drawIntegers(k0, k1, i);
    const unit = lanes.mul(v128.load(DRAWS + ((i & 2) << 3)), lanes.splat(<Float>1.1102230246251565e-16));
    storeUpTo(out, lanes.pmin(lanes.add(lanes.mul(unit, width), base), most), n - i);
  }
}

/** out[i] = draw i, normal: sqrt(2) erfinv(u) std + mean, u uniform inside (-1, 1), as jax.random.normal */
export function randomNormal(out: usize, k0: u32, k1: u32, n: i32, mean: Float, std: Float): void {
  if (!SINGLE) {
    for (let i = 0; i < n; i++) {
      if ((i & 3) == 0) drawIntegers(k0, k1, i);
      // An odd multiple of 2^-53, so inside (-1, 1), and exact.
      const u = (2 * load<f64>(DRAWS + ((i & 3) << 3)) + (1 - 9007199254740992)) * 1.1102230246251565e-16;
      store<Float>(at(out, i), <Float>normalOf(u) * std + mean);
    }
    return;
  }
  const shift = lanes.splat(mean);
  const scale = lanes.splat(std);
  for (let i = 0; i < n; i += 4, out += 16) {
    // -1 + 2^-24 is the first float above -1; the distance from it to 1 rounds to 2.
    const u = lanes.add(lanes.mul(unit4(bits4(k0, k1, i)), lanes.splat(2)), lanes.splat(-0.999999940395355225));
    const z = lanes.mul(lanes.splat(1.41421356237309505), erfinv4(u));
    const v = lanes.add(lanes.mul(z, scale), shift);
    if (n - i >= 4) v128.store(out, v);
    else storeTail(out, v, n - i);
  }
}

/** out[i] = the inverse error function of x[i] */
export function erfinv(out: usize, x: usize, n: i32): void {
  if (!SINGLE) {
    for (let i = 0; i < n; i++) {
      const y = <f64>load<Float>(at(x, i));
      store<Float>(at(out, i), <Float>erfInverse(y, normalOf(y) * 0.7071067811865476));
    }
    return;
  }
  for (; n > 0; n -= 4, out += 16, x += 16) {
    const y = n >= 4 ? v128.load(x) : loadTail(x, n);
    // At 1 and -1 the polynomials have the wrong sign.
    const ends = f32x4.eq(f32x4.abs(y), f32x4.splat(1));
    const v = v128.bitselect(f32x4.mul(y, f32x4.splat(Infinity)), erfinv4(y), ends);
    if (n >= 4) v128.store(out, v);
    else storeTail(out, v, n);
  }
}
