// exp, log, sine, arctangent and the error function in doubles, for functions of floats that are rounded once at the
// end: an error of 2^-33 here is a hundredth of a float's last place. One number at a time, no table beyond the
// coefficients, the same bits on every engine.
//
// Sources: Cody and Waite 1980 (reduction of exp); Sun fdlibm (reduction of log, the parts of ln 2 and of pi / 2);
// Payne and Hanek 1983 in the form of ARM's optimized routines, sinf.c (reduction of large angles). The polynomials
// are Taylor's, cut where the next term is below 2^-36, but for the error function from 1 to 4: our own fit, the
// Chebyshev series of degree 18 in (x - 2.5) / 1.5, off by 1.2e-11 at the most.

/** 1.5 * 2^52: adding it leaves the nearest integer in the low bits. */
const ROUNDER: f64 = 6755399441055744;
const LOG2E: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 0.6931471803691238;
const LN2_LOW: f64 = 1.9082149292705877e-10;
const PI: f64 = 3.141592653589793;
const TWO_OVER_PI: f64 = 0.6366197723675814;
/** pi / 2 in 25 bits, short enough for its product with n to be exact, and the rest. */
const HALF_PI_HIGH: f64 = 1.5707963109016418;
const HALF_PI_LOW: f64 = 1.5893254773528196e-8;

const EXP = memory.data<f64>([
  2.08767569878681e-9, 2.505210838544172e-8, 2.755731922398589e-7, 2.7557319223985893e-6, 2.48015873015873e-5,
  0.0001984126984126984, 0.001388888888888889, 0.008333333333333333, 0.041666666666666664, 0.16666666666666666,
  0.5, 1, 1,
]);
const LOG = memory.data<f64>([
  0.11764705882352941, 0.13333333333333333, 0.15384615384615385, 0.18181818181818182, 0.2222222222222222,
  0.2857142857142857, 0.4, 0.6666666666666666, 2,
]);
const ATAN = memory.data<f64>([
  0.034482758620689655, -0.037037037037037035, 0.04, -0.043478260869565216, 0.047619047619047616,
  -0.05263157894736842, 0.058823529411764705, -0.06666666666666667, 0.07692307692307693, -0.09090909090909091,
  0.1111111111111111, -0.14285714285714285, 0.2, -0.3333333333333333, 1,
]);
const SIN = memory.data<f64>([
  1.6059043836821613e-10, -2.505210838544172e-8, 2.7557319223985893e-6, -0.0001984126984126984,
  0.008333333333333333, -0.16666666666666666, 1,
]);
const COS = memory.data<f64>([
  -1.1470745597729725e-11, 2.08767569878681e-9, -2.755731922398589e-7, 2.48015873015873e-5, -0.001388888888888889,
  0.041666666666666664, -0.5, 1,
]);
const ERF = memory.data<f64>([
  9.422759064650411e-11, -1.2290555301717926e-9, 1.4807192815879218e-8, -1.6365844691234924e-7,
  1.6462114365889246e-6, -1.492565035840625e-5, 0.00012055332981789664, -0.0008548327023450852,
  0.005223977625442188, -0.026866170645131252, 0.11283791670955126, -0.37612638903183754, 1.1283791670955126,
]);
const ERF_FAR = memory.data<f64>([
  -1.5399683374036666e-5, 3.2936280930537674e-5, 7.670249586234469e-5, -0.0002938109421019128,
  0.00010030656771985932, 0.0009188635461264165, -0.0018600137917144763, 0.0004434473983958502,
  0.004558520875178206, -0.009622182127553058, 0.006676857210507805, 0.009267782606042121, -0.031875966120863304,
  0.04645357811640572, -0.04365081934639232, 0.02818155464313108, -0.012252847422973369, 0.0032674262997310563,
  0.999593047975718,
]);
/** 2 / pi, eight bits further with each word. */
const BITS_OF_TWO_OVER_PI = memory.data<u32>([
  0xa2, 0xa2f9, 0xa2f983, 0xa2f9836e, 0xf9836e4e, 0x836e4e44, 0x6e4e4415, 0x4e441529, 0x441529fc, 0x1529fc27, 0x29fc2757,
  0xfc2757d1, 0x2757d1f5, 0x57d1f534, 0xd1f534dd, 0xf534ddc0, 0x34ddc0db, 0xddc0db62, 0xc0db6295, 0xdb629599,
  0x6295993c, 0x95993c43, 0x993c4390, 0x3c439041,
]);

/** The polynomial of `count` coefficients, the highest power first. */
function polynomial(table: usize, count: i32, x: f64): f64 {
  let y = load<f64>(table);
  for (let i = 1; i < count; i++) {
    table += 8;
    y = y * x + load<f64>(table);
  }
  return y;
}

/** e^x; beyond 200 the result is that of 200, which no float can tell from infinity, and likewise below. */
export function exp64(x: f64): f64 {
  if (x > 200) x = 200;
  else if (x < -200) x = -200;
  const shifted = x * LOG2E + ROUNDER;
  const n = shifted - ROUNDER;
  const r = x - n * LN2_HIGH - n * LN2_LOW;
  const scale = reinterpret<f64>(<i64>(<i32>reinterpret<i64>(shifted) + 1023) << 52);
  return polynomial(EXP, 13, r) * scale;
}

/** ln x for normal x; -Inf for 0, NaN below. */
export function log64(x: f64): f64 {
  if (!(x > 0)) return x == 0 ? -Infinity : NaN;
  if (x == Infinity) return x;
  const bits = reinterpret<i64>(x);
  // The exponent k that leaves a mantissa from sqrt(1/2) to sqrt(2).
  const k = (<i32>(bits >> 32) - 0x3fe6a09e) >> 20;
  const f = reinterpret<f64>(bits - (<i64>k << 52)) - 1;
  const s = f / (2 + f);
  return <f64>k * LN2_HIGH + (s * polynomial(LOG, 9, s * s) + <f64>k * LN2_LOW);
}

/** arctan x: Taylor's series about 0, after a turn by 45 or 90 degrees where x is large. */
export function atan64(x: f64): f64 {
  let t = abs(x);
  let turn: f64 = 0;
  if (t > 2.414213562373095) {
    t = -1 / t;
    turn = PI / 2;
  } else if (t > 0.41421356237309503) {
    t = (t - 1) / (t + 1);
    turn = PI / 4;
  }
  return copysign<f64>(turn + t * polynomial(ATAN, 15, t * t), x);
}

/** erf x */
export function erf64(x: f64): f64 {
  const a = abs(x);
  if (a <= 1) return x * polynomial(ERF, 13, x * x);
  if (a < 4) return copysign<f64>(polynomial(ERF_FAR, 19, (a - 2.5) / 1.5), x);
  return a == a ? copysign<f64>(1, x) : a;
}

/** How many right angles there are in |x|, to the nearest; their remainder is left in `angle`. */
function quadrant(x: f32): i32 {
  const a = abs(x);
  if (a < 1e5) {
    const shifted = <f64>a * TWO_OVER_PI + ROUNDER;
    const n = shifted - ROUNDER;
    angle = <f64>a - n * HALF_PI_HIGH - n * HALF_PI_LOW;
    return <i32>reinterpret<i64>(shifted);
  }
  if (!(a < Infinity)) {
    angle = NaN;
    return 0;
  }
  // The mantissa times those 96 bits of 2 / pi whose product is neither a multiple of four nor too small to matter.
  const bits = reinterpret<u32>(a);
  const words = BITS_OF_TWO_OVER_PI + ((<usize>(bits >> 26) & 15) << 2);
  const mantissa = ((bits & 0xffffff) | 0x800000) << ((bits >> 23) & 7);
  const high = <u64>(mantissa * load<u32>(words)) << 32;
  const middle = <u64>mantissa * <u64>load<u32>(words, 16);
  const low = (<u64>mantissa * <u64>load<u32>(words, 32)) >> 32;
  const product = (high | low) + middle;
  const n = (product + (<u64>1 << 61)) >> 62;
  angle = <f64>(<i64>(product - (n << 62))) * 3.4061215800865545e-19;
  return <i32>n;
}

let angle: f64 = 0;

/** The sine of `angle`, in absolute value below pi / 4 and a little. */
@inline
function sine(): f64 {
  return angle * polynomial(SIN, 7, angle * angle);
}

@inline
function cosine(): f64 {
  return polynomial(COS, 8, angle * angle);
}

/** sin x */
export function sin64(x: f32): f64 {
  const n = quadrant(x);
  const y = n & 1 ? cosine() : sine();
  return (n & 2 ? -1 : 1) * copysign<f64>(1, x) * y;
}

/** cos x */
export function cos64(x: f32): f64 {
  const n = quadrant(x);
  const y = n & 1 ? sine() : cosine();
  return (n + 1) & 2 ? -y : y;
}

/** tan x */
export function tan64(x: f32): f64 {
  const n = quadrant(x);
  const y = n & 1 ? -cosine() / sine() : sine() / cosine();
  return copysign<f64>(1, x) * y;
}

/** sin(pi x); 0 for integers. */
export function sinePi64(x: f64): f64 {
  const n = nearest<f64>(2 * x);
  angle = PI * (x - 0.5 * n);
  const quarter = <i32>(n - 4 * floor<f64>(n * 0.25));
  const y = quarter & 1 ? cosine() : sine();
  return quarter & 2 ? -y : y;
}

/** cos(pi x) */
export function cosinePi64(x: f64): f64 {
  return sinePi64(x + 0.5);
}
