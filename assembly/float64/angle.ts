// Angles less their multiples of pi / 2, as sums of two doubles.
//
// Up to a million by Cody and Waite 1980: pi / 2 in three parts of 33 bits, whose products with the multiple are exact, and
// a rest. Beyond by Payne and Hanek 1983: of the product with 2 / pi, in integers, only the bits are computed that are
// neither multiples of four right angles nor too small to matter; no double comes nearer than 2^-61 to a multiple.
import { low, product, sum, sumOrdered } from "./pair";

const ROUNDER: f64 = 6755399441055744;
const TWO_OVER_PI: f64 = 0.6366197723675814;
const PART1: f64 = 1.5707963267341256;
const PART2: f64 = 6.077100506303966e-11;
const PART3: f64 = 2.0222662487111665e-21;
const PART4: f64 = 8.4784276603689e-32;
const HALF_PI: f64 = 1.5707963267948966;
const HALF_PI_LOW: f64 = 6.123233995736766e-17;

/** 2 / pi in binary, after 64 zero bits; see coefficients.py. */
@lazy
const BITS_OF_TWO_OVER_PI = memory.data<u64>([
  0, 0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561, 0xb7246e3a424dd2e0,
  0x06492eea09d1921c, 0xfe1deb1cb129a73e, 0xe88235f52ebb4484, 0xe99c7026b45f7e41, 0x3991d639835339f4,
  0x9c845f8bbdf9283b, 0x1ff897ffde05980f, 0xef2f118b5a0a6d1f, 0x6d367ecf27cb09b7, 0x4f463f669e5fea2d,
  0x7527bac7ebe5f17b, 0x3d0739f78a5292ea, 0x6bfb5fb11f8d5d08, 0x56033046fc7b6bab, 0xf0cfbc209af4361d,
]);

/** How many right angles `remainder` took away; only the last two bits matter. */
@lazy
export let quadrant: i32 = 0;

/** |x| less the nearest multiple of pi / 2; NaN for an infinite x. */
export function remainder(x: f64): f64 {
  const a = abs(x);
  if (a <= 0.7853981633974483) {
    quadrant = 0;
    low = 0;
    return a;
  }
  if (a < 1e6) return near(a);
  if (a < Infinity) return far(a);
  quadrant = 0;
  low = NaN;
  return NaN;
}

@inline
function near(a: f64): f64 {
  const shifted = a * TWO_OVER_PI + ROUNDER;
  const n = shifted - ROUNDER;
  quadrant = <i32>reinterpret<i64>(shifted);
  const first = sum(a - n * PART1, -n * PART2);
  const rest = sum(low, -n * PART3);
  const restLow = low;
  const second = sum(first, rest);
  return sumOrdered(second, low + (restLow - n * PART4));
}

/** The upper 64 bits of a product of 64-bit numbers. */
@inline
function upper(a: u64, b: u64): u64 {
  const aLow = a & 0xffffffff;
  const aHigh = a >> 32;
  const bLow = b & 0xffffffff;
  const bHigh = b >> 32;
  const middle = aHigh * bLow + ((aLow * bLow) >> 32);
  return aHigh * bHigh + (middle >> 32) + ((aLow * bHigh + (middle & 0xffffffff)) >> 32);
}

/** 64 bits of 2 / pi from bit `i` on. */
@inline
function bitsFrom(i: i32): u64 {
  const p = BITS_OF_TWO_OVER_PI + (<usize>(i >> 6) << 3);
  const shift = i & 63;
  const word = load<u64>(p) << shift;
  return shift ? word | (load<u64>(p, 8) >> (64 - shift)) : word;
}

function far(a: f64): f64 {
  const bits = reinterpret<u64>(a);
  const mantissa = (bits & 0xfffffffffffff) | 0x10000000000000;
  // a = mantissa 2^e, and the bits of 2 / pi before number e - 1 make multiples of four.
  const start = <i32>(bits >> 52) - 1075 + 62;
  const w0 = bitsFrom(start + 128);
  const w1 = bitsFrom(start + 64);
  const p0 = mantissa * w0;
  let p1 = mantissa * w1;
  let p2 = mantissa * bitsFrom(start) + upper(mantissa, w1);
  const carried = p1 + upper(mantissa, w0);
  if (carried < p1) p2++;
  p1 = carried;
  // The product is p2 p1 p0 2^-190: two bits of quadrants, then the fraction.
  const n = (p2 + (<u64>1 << 61)) >> 62;
  quadrant = <i32>n;
  p2 -= n << 62;
  const negative = <i64>p2 < 0;
  let q0 = p0;
  if (negative) {
    q0 = ~p0 + 1;
    p1 = ~p1 + (q0 == 0 ? 1 : 0);
    p2 = ~p2 + (q0 == 0 && p1 == 0 ? 1 : 0);
  }
  // The leading one to the top.
  let zeros = <i32>clz<u64>(p2);
  if (zeros == 64) {
    p2 = p1;
    p1 = q0;
    q0 = 0;
    zeros = 64 + <i32>clz<u64>(p2);
  }
  const shift = zeros & 63;
  if (shift) {
    p2 = (p2 << shift) | (p1 >> (64 - shift));
    p1 = (p1 << shift) | (q0 >> (64 - shift));
  }
  // The first 53 bits and the next 64, as doubles.
  const high = <f64>(p2 >> 11) * reinterpret<f64>(<i64>(1023 - 51 - zeros) << 52);
  const rest = <f64>((p2 << 53) | (p1 >> 11)) * reinterpret<f64>(<i64>(1023 - 115 - zeros) << 52);
  const r = product(high, HALF_PI);
  const y = sumOrdered(r, low + (high * HALF_PI_LOW + rest * HALF_PI));
  if (negative) low = -low;
  return negative ? -y : y;
}
