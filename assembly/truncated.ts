// Normal variates between two bounds, by the inverse of the distribution function, in doubles, so that it holds
// far out in the tails too. It works with log Q(x), the logarithm of the probability above x >= 0.
import { erf, logErfc } from "./float64/erf";
import { expFine, logFine } from "./fine";
import { unit } from "./gamma";
import { at, SINGLE } from "./simd";

/** 1 / sqrt(2 pi) */
const DENSITY: f64 = 0.3989422804014327;

/** The probability between 0 and x, by a series of positive terms (Marsaglia 2004, "Evaluating the normal distribution"). */
function centre(x: f64): f64 {
  let term = x;
  let sum = x;
  for (let k = 3; k < 80; k += 2) {
    term *= (x * x) / k;
    sum += term;
  }
  return DENSITY * expFine(-0.5 * x * x) * sum;
}

/** log Q(x) for x >= 0; far out by Mills' ratio as Laplace's continued fraction. */
function logAbove(x: f64): f64 {
  if (x == Infinity) return -Infinity;
  if (!SINGLE) {
    const t = x * 0.7071067811865476;
    if (t < 0.84375) return logFine(0.5 - 0.5 * erf(t));
    if (t < 28) return logErfc(t) - 0.6931471805599453;
  }
  if (x < 2) return logFine(0.5 - centre(x));
  let ratio = x;
  for (let k = 160; k > 0; k--) ratio = x + k / ratio;
  return logFine(DENSITY / ratio) - 0.5 * x * x;
}

/** Coefficients of `quantile`, the highest power first: numerator and denominator of the centre, the tail and far out. */
const CENTRE = memory.data<f64>([
  2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4, 4.5921953931549871457e4,
  1.3731693765509461125e4, 1.9715909503065514427e3, 1.3314166789178437745e2, 3.387132872796366608,
  5.226495278852854561e3, 2.8729085735721942674e4, 3.930789580009271061e4, 2.1213794301586595867e4,
  5.3941960214247511077e3, 6.871870074920579083e2, 4.2313330701600911252e1, 1,
]);
const TAIL = memory.data<f64>([
  7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
  3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
  1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
  0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1,
]);
const FAR = memory.data<f64>([
  2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
  0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
  2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
  0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1,
]);

/** The quotient of two polynomials of degree 7. */
function rational(table: usize, x: f64): f64 {
  let above: f64 = 0;
  let below: f64 = 0;
  for (let i = 0; i < 8; i++, table += 8) {
    above = above * x + load<f64>(table);
    below = below * x + load<f64>(table, 64);
  }
  return above / below;
}

/** The x >= 0 whose log Q is `log`, at most log 1/2 (Wichura 1988, algorithm AS 241; beyond its range by Newton's method). */
function quantile(log: f64): f64 {
  if (log == -Infinity) return Infinity;
  if (log > -2.590267165445083) {
    // A probability above 0.075.
    const q = 0.5 - expFine(log);
    return q * rational(CENTRE, 0.180625 - q * q);
  }
  const r = sqrt<f64>(-log);
  if (r <= 5) return rational(TAIL, r - 1.6);
  if (r <= 26) return rational(FAR, r - 5);
  let x = sqrt<f64>(-2 * log);
  for (let i = 0; i < 8; i++) {
    const now = logAbove(x);
    // The derivative of log Q is minus the density over Q.
    x += (now - log) / (DENSITY * expFine(-0.5 * x * x - now));
  }
  return x;
}

/** The z below which a normal number is with probability (1 + u) / 2. */
export function normalOf(u: f64): f64 {
  const q = 0.5 * u;
  if (abs(q) <= 0.425) return q * rational(CENTRE, 0.180625 - q * q);
  const above = 0.5 * (1 - abs(u));
  if (above == 0) return copysign<f64>(Infinity, u);
  const r = sqrt<f64>(-logFine(above));
  return copysign<f64>(r <= 5 ? rational(TAIL, r - 1.6) : rational(FAR, r - 5), u);
}

/** out[i] = mean + std z for draw i of a normal number z between low and high */
// biome-ignore format: one line a kernel
export function randomTruncated(out: usize, k0: u32, k1: u32, n: i32, low: Float, high: Float, mean: Float, std: Float): void {
  // Below 0, the mirror image.
  const mirrored = high <= 0;
  const from: f64 = mirrored ? -high : low;
  const to: f64 = mirrored ? -low : high;
  const tail = from >= 0;
  const first = logAbove(abs(from));
  const last = logAbove(to);
  const inTail = 1 - expFine(last - first);
  const below = expFine(first);
  const above = expFine(last);
  for (let i = 0; i < n; i++) {
    const drawn = unit(k0, k1, i);
    // The share of the probability between the bounds that lies below the number.
    const u = mirrored ? 1 - drawn : drawn;
    let x: f64;
    if (tail) x = quantile(first + logFine(1 - u * inTail));
    else {
      const p = below + u * (1 - below - above);
      x = p <= 0.5 ? -quantile(logFine(p)) : quantile(logFine(above + (1 - u) * (1 - below - above)));
    }
    const z = <Float>(mirrored ? -x : x);
    store<Float>(at(out, i), max(low, min(high, z)) * std + mean);
  }
}
