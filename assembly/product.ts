// Products along an axis. A running product may leave the range of floats, of doubles too, where the whole does not: it is
// kept as a double times a power of two, so that the order of the factors does not matter to the range.
import { at, BYTES, SINGLE } from "./simd";

/** Powers of two by which a running product is brought back towards 1: 2^500 and its inverse. */
const LARGE: f64 = reinterpret<f64>(<u64>(1023 + 500) << 52);
const SMALL: f64 = reinterpret<f64>(<u64>(1023 - 500) << 52);

/** The running product is `mantissa` times 2^(500 shift). */
let mantissa: f64 = 1;
let shift: i32 = 0;

/** How often `near` divided by 2^500. */
@lazy
let scale: i32 = 0;

/** x brought near 1 by factors of 2^500. A float32 need not be: its product with the mantissa has room in a double. */
@inline
function near(x: f64): f64 {
  scale = 0;
  for (; abs(x) > LARGE && abs(x) < Infinity; scale++) x *= SMALL;
  for (; abs(x) < SMALL && x != 0; scale--) x *= LARGE;
  return x;
}

@inline
function times(x: f64): void {
  if (!SINGLE) {
    x = near(x);
    shift += scale;
  }
  mantissa *= x;
  const size = abs(mantissa);
  if (size > LARGE && size < Infinity) {
    mantissa *= SMALL;
    shift++;
  } else if (size < SMALL && size > 0) {
    mantissa *= LARGE;
    shift--;
  }
}

/** The running product as a number; 0 or infinite beyond the range. */
@inline
function whole(m: f64, s: i32): f64 {
  for (; s > 0 && m != 0 && abs(m) < Infinity; s--) m *= LARGE;
  for (; s < 0 && m != 0; s++) m *= SMALL;
  return m;
}

/** The product of every `inner`-th element at x, except the one in place `but`. */
function productBut(x: usize, axis: i32, inner: i32, but: i32): void {
  mantissa = 1;
  shift = 0;
  for (let i = 0; i < axis; i++) if (i != but) times(load<Float>(at(x, i * inner)));
}

/** out (outer, inner) = the product of x (outer, axis, inner) over its middle, in order; 1 if that is empty */
export function prod(out: usize, x: usize, outer: i32, axis: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++, out += BYTES) {
      productBut(at(x, o * axis * inner + k), axis, inner, -1);
      store<Float>(out, <Float>whole(mantissa, shift));
    }
  }
}

/** gx = the cotangent gy of the products as that of x: gy times the product of all the other elements */
export function prodGrad(gx: usize, gy: usize, x: usize, outer: i32, axis: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++, gy += BYTES) {
      const first = o * axis * inner + k;
      const row = at(x, first);
      const d = <f64>load<Float>(gy);
      productBut(row, axis, inner, -1);
      const total = mantissa;
      const exponent = shift;
      // The product of the others is the whole divided by the element, unless one of them is 0 or not finite.
      const plain = total != 0 && abs(total) < Infinity;
      for (let i = 0; i < axis; i++) {
        if (plain) {
          const x = <f64>load<Float>(at(row, i * inner));
          if (SINGLE) {
            mantissa = total / x;
            shift = exponent;
          } else {
            mantissa = total / near(x);
            shift = exponent - scale;
          }
        } else productBut(row, axis, inner, i);
        const others = whole(mantissa, shift);
        store<Float>(at(gx, first + i * inner), d == 0 || others == 0 ? 0 : <Float>(d * others));
      }
    }
  }
}

/** out = the products of x (outer, axis, inner) from the start of the axis up to each place */
export function cumprod(out: usize, x: usize, outer: i32, axis: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++) {
      mantissa = 1;
      shift = 0;
      for (let i = 0, p = o * axis * inner + k; i < axis; i++, p += inner) {
        times(load<Float>(at(x, p)));
        store<Float>(at(out, p), <Float>whole(mantissa, shift));
      }
    }
  }
}

/** gx = the cotangent gy of the running products as that of x */
export function cumprodGrad(gx: usize, gy: usize, x: usize, outer: i32, axis: i32, inner: i32): void {
  for (let o = 0; o < outer; o++) {
    for (let k = 0; k < inner; k++) {
      // First each place gets the product before it; then, backward, that is multiplied by s_i = gy_i + x_{i+1} s_{i+1}. There is no quotient.
      let p = o * axis * inner + k;
      mantissa = 1;
      shift = 0;
      for (let i = 0; i < axis; i++, p += inner) {
        store<Float>(at(gx, p), <Float>whole(mantissa, shift));
        times(load<Float>(at(x, p)));
      }
      let s: f64 = 0;
      for (let i = axis - 1; i >= 0; i--) {
        p -= inner;
        const next = i < axis - 1 ? <f64>load<Float>(at(x, p + inner)) : 0;
        s = <f64>load<Float>(at(gy, p)) + (next == 0 || s == 0 ? 0 : next * s);
        const before = <f64>load<Float>(at(gx, p));
        store<Float>(at(gx, p), before == 0 || s == 0 ? 0 : <Float>(before * s));
      }
    }
  }
}
