// The error function of one double and its complement.
import { low, polynomial, product, quotient, scaled, sumOrdered } from "./pair";
import { exp, log } from "./elementary";
import { expParts, exponent } from "./parts";

/** erf x = x + x E(z), z = x^2, up to 27 / 32; see coefficients.py. */
@lazy
const NEAR = memory.data<f64>([
  1.0687686191469846e-8, -1.5701227105190677e-7, 1.6399720736388881e-6, -1.4921969577624702e-5, 0.00012055192652208321,
  -0.000854832357563797, 0.005223977572514907, -0.02686617064038413, 0.11283791670933264, -0.3761263890318336,
  0.12837916709551256,
]);

/** (1 + 2 x) e^(x^2) erfc x in t = (x - 3.75) / (x + 3.75), from 0.8 to 28 (the form of Shepherd and Laframboise 1981). */
@lazy
const FAR = memory.data<f64>([
  2.0446291594074677e-08, 1.8008057786755432e-08, -2.3210267187509295e-07, -5.481678408183167e-08, 1.7309475818889254e-06,
  -9.733691554613377e-07, -1.1434519501312507e-05, 2.238364127179958e-05, 5.1646298590131935e-05, -0.00029015383002849285,
  0.00029371417789751333, 0.0017556258009277096, -0.009746579615382788, 0.02836227742488395, -0.05869339858596446,
  0.09230432116001895, -0.10880393014186647, 0.08227673849015507, 0.003585415485465846, -0.14024059858554705,
]);
const FAR_FIRST: f64 = 1.2375126308378275;
const FAR_FIRST_LOW: f64 = 1.0051242957747205e-16;

/** (1 + 2 x) e^(x^2) erfc x, from 0.8 to 28. */
@inline
function scaledComplement(x: f64): f64 {
  const t = (x - 3.75) / (x + 3.75);
  const p = sumOrdered(FAR_FIRST, t * polynomial(FAR, 20, t));
  low += FAR_FIRST_LOW;
  return p;
}

/** erfc x / 2^exponent for x from 0.8 to 28. */
function complement(x: f64): f64 {
  const p = scaledComplement(x);
  const pRest = low;
  const below = sumOrdered(1, 2 * x);
  const belowRest = 2 * x - (below - 1);
  const square = product(x, x);
  const e = expParts(-square, -low);
  const eRest = low;
  const above = product(e, p);
  const q = quotient(above, low + e * pRest + eRest * p, below, belowRest);
  return q + low;
}

/** e^(x^2) erfc x for x from 0.8 to 28. */
@inline
export function scaledErfc(x: f64): f64 {
  const p = scaledComplement(x);
  return (p + low) / (1 + 2 * x);
}

/** ln erfc x for x from 0.84375 to 28. */
export function logErfc(x: f64): f64 {
  return log(scaledErfc(x)) - x * x;
}

/** erf x */
export function erf(x: f64): f64 {
  const a = abs(x);
  if (a < 0.84375) return x + x * polynomial(NEAR, 11, x * x);
  if (a >= 6) return copysign<f64>(1, x);
  const y = complement(a);
  return a == a ? copysign<f64>(1 - scaled(y, exponent), x) : x;
}

/** erfc x = 1 - erf x, to the last place where that is small. */
export function erfc(x: f64): f64 {
  if (x < 0.84375) return 1 - erf(x);
  if (x > 28) return 0;
  const y = complement(x);
  return scaled(y, exponent);
}

/** 2 / sqrt(pi) */
const SLOPE: f64 = 1.1283791670955126;

/** The x whose erf is y, given one that is right to some thirteen digits: a step of Newton's method. */
export function erfInverse(y: f64, near: f64): f64 {
  const x = abs(near);
  const a = abs(y);
  if (!(x < Infinity) || x < 1e-9) return x < 1e-9 ? y / SLOPE : near;
  // erf x - a: in the middle x - a is exact; further out 1 - a is, and erfc x is as good as its last place.
  const beyond = x < 0.84375 ? x - a + x * polynomial(NEAR, 11, x * x) : 1 - a - erfc(x);
  return copysign<f64>(x - beyond / (SLOPE * exp(-x * x)), y);
}
