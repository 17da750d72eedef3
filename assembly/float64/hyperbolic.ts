// sinh, cosh and their inverses, of one double.
import { low, polynomial, product, quotient, root, scaled, sum, sumOrdered } from "./pair";
import { expParts, exponent, logParts } from "./parts";

const LN2: f64 = 0.6931471805599453;
const LN2_LOW: f64 = 2.3190468138462996e-17;

/** Each function is x + x z P(z), z = x^2: sinh up to 1, the others up to 1 / 2; see coefficients.py. */
@lazy
const SINH = memory.data<f64>([
  2.8445297426378895e-15, 7.646625253572627e-13, 1.6059048397722392e-10, 2.5052108364049466e-8, 2.7557319224040365e-6,
  0.00019841269841269773, 0.008333333333333333, 0.16666666666666666,
]);
@lazy
const ASINH = memory.data<f64>([
  -0.0014980926997373353, 0.004137287295866399, -0.00647392691763486, 0.0081821244466585, -0.009725660600766477,
  0.011547467566226112, -0.013964482486015398, 0.017352744100632582, -0.022372158353448204, 0.03038194442845777,
  -0.044642857142676524, 0.07499999999999919, -0.16666666666666666,
]);
@lazy
const ATANH = memory.data<f64>([
  0.21115109506841148, -0.14477005451011898, 0.13576149109826188, 0.012219494246581248, 0.05443792667937839,
  0.051604446522550286, 0.058931382593187094, 0.06665883232659046, 0.07692346108805066, 0.09090907875688518,
  0.1111111113405809, 0.14285714285488846, 0.2000000000000087, 0.3333333333333333,
]);

/** x + x z P(z); below 1e-9 that is x. */
@inline
function odd(table: usize, count: i32, x: f64): f64 {
  const z = x * x;
  return abs(x) < 1e-9 ? x : x + x * z * polynomial(table, count, z);
}

/** e^a / 2 and what it lacks, for a from 1 to 711; half of e^-a is a quarter over that. */
@inline
function halfExp(a: f64): f64 {
  const y = expParts(a, 0);
  low = scaled(low, exponent - 1);
  return scaled(y, exponent - 1);
}

/** sinh x */
export function sinh(x: f64): f64 {
  const a = abs(x);
  if (a < 1) return odd(SINH, 8, x);
  if (a > 711) return copysign<f64>(Infinity, x);
  const h = halfExp(a);
  return copysign<f64>(h + (low - 0.25 / h), x);
}

/** cosh x */
export function cosh(x: f64): f64 {
  const a = abs(x);
  if (a > 711) return Infinity;
  const h = halfExp(a);
  return h + (low + 0.25 / h);
}

/** ln(2 a) for a too large for its square to be told from the square less or plus 1. */
@inline
function logOfTwice(a: f64): f64 {
  if (a == Infinity) return a;
  const y = logParts(a, 0);
  return y + (low + LN2);
}

/** arsinh x = ln(x + sqrt(x^2 + 1)) */
export function asinh(x: f64): f64 {
  const a = abs(x);
  if (!(a >= 0.5)) return odd(ASINH, 13, x);
  if (a > 1e10) return copysign<f64>(logOfTwice(a), x);
  const square = product(a, a);
  const squareRest = low;
  const s = sum(square, 1);
  const r = root(s, low + squareRest);
  const rRest = low;
  const u = sum(r, a);
  const y = logParts(u, low + rRest);
  return copysign<f64>(y + low, x);
}

/** arcosh x = ln(1 + t + sqrt(t (t + 2))) with t = x - 1 */
export function acosh(x: f64): f64 {
  if (!(x >= 1)) return NaN;
  if (x > 1e10) return logOfTwice(x);
  const t = x - 1;
  const square = product(t, t);
  const squareRest = low;
  const s = sum(2 * t, square);
  const r = root(s, low + squareRest);
  const rRest = low;
  const w = sum(r, t);
  const wRest = low + rRest;
  const u = sum(1, w);
  const y = logParts(u, low + wRest);
  return y + low;
}

/** artanh x = ln((1 + x) / (1 - x)) / 2 */
export function atanh(x: f64): f64 {
  const a = abs(x);
  if (a < 0.5) return odd(ATANH, 14, x);
  if (!(a < 1)) return a == 1 ? copysign<f64>(Infinity, x) : NaN;
  const n = sumOrdered(1, a);
  const q = quotient(n, low, 1 - a, 0);
  const y = logParts(q, low);
  return copysign<f64>(0.5 * (y + low), x);
}
