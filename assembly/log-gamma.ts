// The logarithm of the gamma function and its derivative, in doubles: plain ones are enough for float32. Large arguments
// by Stirling's series; smaller ones are brought there, or to where a polynomial fits, by the recurrence; negative ones by
// reflection.
import { cosinePi64, log64, sinePi64 } from "./double";
import { low, polynomial, product, sum } from "./float64/pair";
import { logParts } from "./float64/parts";
import { logOfPositive } from "./float64/power";
import { cosinePi, sinePi } from "./float64/trigonometry";
import { SINGLE } from "./simd";

const PI: f64 = 3.141592653589793;

/** ln gamma(1 + t) / t and ln gamma(2 + t) / t, |t| <= 0.3; see coefficients.py. */
@lazy
const AT_ONE = memory.data<f64>([
  0.07268167498032406, -0.07600273363139916, 0.043665665211288326, -0.04602998186490638, 0.05635331086091577,
  -0.05965507192637423, 0.06243966154967276, -0.066604838694609, 0.07143594613692499, -0.07693564205745931,
  0.0833537467393686, -0.09095391940836263, 0.10009945933537119, -0.11133426776848108, 0.12550966950413472,
  -0.1440498967473751, 0.16955717699752748, -0.20738555102879827, 0.27058080842778426, -0.40068563438653115,
  0.8224670334241132, -0.5772156649015329,
]);
@lazy
const AT_TWO = memory.data<f64>([
  1.0353003683040252e-06, -2.2089723403111592e-06, 4.362957205600125e-06, -9.414269196347783e-06, 2.0508126685280546e-05,
  -4.4928171894801176e-05, 9.945747405874112e-05, -0.00022315467646158714, 0.0005096695256324834, -0.0011927539135865286,
  0.0028905103307315014, -0.007385551028652766, 0.02058080842778459, -0.06735230105319819, 0.3224670334241132,
  0.42278433509846713,
]);
/** psi(1.5 + t) over the distance from its root, and psi(2.5 + t), |t| <= 1 / 2. */
@lazy
const PSI = memory.data<f64>([
  5.596002350342592e-05, -8.394009422598467e-05, 3.847275205849602e-05, -5.7709404612698156e-05, 0.0001466781049062341,
  -0.00022001895005109955, 0.0003061242075543146, -0.0004591975036646912, 0.000694908174082211, -0.0010424323828753985,
  0.001562789950608375, -0.0023446252179885993, 0.0035181618550874957, -0.005280020192518892, 0.007927018411136843,
  -0.011908215027359153, 0.01790724844392596, -0.026975796849706184, 0.04076083393821673, -0.061922133271544284,
  0.09498872445291558, -0.1484049230539187, 0.24054248424078692, -0.42362742128146047, 0.9510558760318328,
]);
@lazy
const PSI_NEXT = memory.data<f64>([
  -2.047891022197242e-07, 5.126050992843158e-07, -1.0661559311957542e-06, 2.672613474275583e-06, -6.802386003463138e-06,
  1.7097814576852476e-05, -4.305222744303708e-05, 0.00010882468831361856, -0.0002764392890487257, 0.0007073882522027979,
  -0.0018305640368755439, 0.004821409817920042, -0.01307316664613865, 0.03731764146960415, -0.11810202582086357,
  0.4903577561002345, 0.7031566406452432,
]);
const ROOT: f64 = 1.4616321449683622;
const ROOT_LOW: f64 = 9.549995429965697e-17;
const HALF_LN_TWO_PI: f64 = 0.9189385332046728;
const HALF_LN_TWO_PI_LOW: f64 = -3.8782941580672414e-17;

/** Stirling's series, in powers of 1 / x^2: Bernoulli numbers B_2k over 2 k (2 k - 1), and over 2 k. */
@lazy
const STIRLING = memory.data<f64>([
  0.00641025641025641, -0.0019175269175269176, 0.0008417508417508417, -0.0005952380952380953, 0.0007936507936507937,
  -0.002777777777777778, 0.08333333333333333,
]);
@lazy
const STIRLING_PSI = memory.data<f64>([
  0.08333333333333333, -0.021092796092796094, 0.007575757575757576, -0.004166666666666667, 0.003968253968253968,
  -0.008333333333333333, 0.08333333333333333,
]);

/** From here on seven terms of Stirling's series are exact to the last place. */
const FAR: f64 = 16;

/** ln x */
@inline
function log(x: f64): f64 {
  return SINGLE ? log64(x) : logOfPositive(x);
}

/** ln gamma(x) for x > 0. */
function logGamma(x: f64): f64 {
  // At 1 the product is -0.
  if (abs(x - 1) <= 0.3) return (x - 1) * polynomial(AT_ONE, 22, x - 1) + 0;
  if (abs(x - 2) <= 0.3) return (x - 2) * polynomial(AT_TWO, 16, x - 2);
  if (x > 1e200) return x < Infinity ? x * (log(x) - 1) : x;
  if (x < 1e-20) return -log(x);
  if (SINGLE) {
    let y = x;
    let factors: f64 = 1;
    for (; y < FAR; y++) factors *= y;
    return (y - 0.5) * log(y) - y + HALF_LN_TWO_PI + polynomial(STIRLING, 7, 1 / (y * y)) / y - log(factors);
  }
  // gamma(y) = gamma(x) x (x + 1) ..., the factors as sums of two doubles.
  let y = x;
  let yRest: f64 = 0;
  let factors: f64 = 1;
  let factorsRest: f64 = 0;
  while (y < FAR) {
    const p = product(factors, y);
    factorsRest = low + (factors * yRest + factorsRest * y);
    factors = p;
    y = sum(y, 1);
    yRest += low;
  }
  // (y - 1/2) ln y - y + ln(2 pi) / 2, less the logarithm of the factors.
  const ln = logParts(y, yRest);
  const lnRest = low;
  const back = y - 0.5;
  let total = product(back, ln);
  let rest = low + (back * lnRest + yRest * ln);
  total = sum(total, -y);
  rest += low - yRest + HALF_LN_TWO_PI_LOW;
  total = sum(total, HALF_LN_TWO_PI);
  rest += low;
  if (y != x) {
    const less = logParts(factors, factorsRest);
    rest -= low;
    total = sum(total, -less);
    rest += low;
  }
  return total + (rest + polynomial(STIRLING, 7, 1 / (y * y)) / y);
}

/** ln |gamma(x)|, infinite at 0 and the negative integers. Below 0 it has zeros, near which the last places are lost. */
export function lgamma(x: f64): f64 {
  if (x > 0) return logGamma(x);
  const a = -x;
  if (!(a < Infinity)) return a == a ? a : x;
  if (a < 1e-20) return a == 0 ? Infinity : logGamma(a);
  const s = abs(SINGLE ? sinePi64(a) : sinePi(a));
  if (s == 0) return Infinity;
  // gamma(-a) gamma(1 + a) = -pi / sin(pi a)
  return -log(s / PI) - logGamma(1 + a);
}

/** psi(x + rest) for x >= 1 */
function psi(x: f64, rest: f64): f64 {
  if (x <= 2) return (x - ROOT + (rest - ROOT_LOW)) * polynomial(PSI, 25, x - 1.5);
  let total: f64 = 0;
  if (x < FAR) {
    for (; x > 3; x -= 1) total += 1 / (x - 1);
    return total + polynomial(PSI_NEXT, 17, x - 2.5);
  }
  const z = 1 / (x * x);
  return log(x) - (0.5 / x + z * polynomial(STIRLING_PSI, 7, z));
}

/** The derivative of ln gamma(x); NaN at 0 and the negative integers. Near its zeros below 0 the last places are lost. */
export function digamma(x: f64): f64 {
  if (!(x < Infinity) || x == -Infinity) return x > 0 ? x : NaN;
  if (x >= 1) return psi(x, 0);
  if (x > 0) {
    const next = sum(1, x);
    return psi(next, low) - 1 / x;
  }
  const s = SINGLE ? sinePi64(x) : sinePi(x);
  if (s == 0) return NaN;
  const next = sum(1, -x);
  return psi(next, low) - (PI * (SINGLE ? cosinePi64(x) : cosinePi(x))) / s;
}
