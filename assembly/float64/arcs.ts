// arctan, arcsin and arccos of one double, and the angle of a point.
import { low, polynomial, product, root, sum } from "./pair";

const PI: f64 = 3.141592653589793;
const PI_LOW: f64 = 1.2246467991473532e-16;
const HALF_PI: f64 = 1.5707963267948966;
const HALF_PI_LOW: f64 = 6.123233995736766e-17;

/** arctan t = t + t z A(z), z = t^2, |t| <= 7 / 16; see coefficients.py. */
@lazy
const ATAN = memory.data<f64>([
  -0.017539916204913773, 0.03781854858641458, -0.050336850838998956, 0.05847669756799626, -0.06663232236816255,
  0.07692086789119736, -0.09090900168668452, 0.11111110899821627, -0.14285714283138384, 0.19999999999987714,
  -0.33333333333333326,
]);

/** arcsin x = x + x z A(z), z = x^2, |x| <= 1 / 2. */
@lazy
const ASIN = memory.data<f64>([
  0.02877844261259304, -0.014881409392818066, 0.017419357964884856, 0.00545087818772055, 0.010324318288744113,
  0.011478952690257387, 0.013971235301124539, 0.017352391265909227, 0.022372173002005596, 0.030381944137085216,
  0.04464285714637338, 0.07499999999998425, 0.16666666666666669,
]);

/** arctan(a + rest), a >= 0: that of a nearby number (1/2, 1, 3/2 or infinity; as Sun fdlibm's s_atan.c), and of what is left. */
function arc(a: f64, rest: f64): f64 {
  let t = a;
  let base: f64 = 0;
  let small = rest / (1 + a * a);
  if (a < 0.4375) {
    // Nothing to take away.
  } else if (a < 0.6875) {
    t = (2 * a - 1) / (2 + a);
    base = 0.4636476090008061;
    small += 2.2698777452961687e-17;
  } else if (a < 1.1875) {
    t = (a - 1) / (a + 1);
    base = 0.7853981633974483;
    small += 3.061616997868383e-17;
  } else if (a < 2.4375) {
    t = (a - 1.5) / (1 + 1.5 * a);
    base = 0.982793723247329;
    small += 1.3903311031230998e-17;
  } else {
    t = -1 / a;
    base = HALF_PI;
    small += HALF_PI_LOW;
  }
  const z = t * t;
  small += t * z * polynomial(ATAN, 11, z);
  return base == 0 ? t + small : base + (t + small);
}

/** arctan x */
export function atan(x: f64): f64 {
  if (abs(x) < 1e-9) return x;
  return copysign<f64>(arc(abs(x), 0), x);
}

/** 2^-600 and 2^600 */
const TO_SMALL: f64 = 2.409919865102884e-181;
const TO_LARGE: f64 = 4.149515568880993e180;

/** The angle of the point (x, y). */
export function atan2(y: f64, x: f64): f64 {
  let up = abs(y);
  let right = abs(x);
  // Equal sides, zeros and infinities too, but at the origin the angle is 0.
  const q: f64 = up == right ? (up == 0 ? 0 : 1) : up / right;
  let rest: f64 = 0;
  if (q > 1e-18 && q < 1e18 && up != right) {
    // What rounding took from the quotient. Powers of two bring the sides to where nothing overflows or loses bits.
    const factor: f64 = right > 1e150 ? TO_SMALL : right < 1e-150 ? TO_LARGE : 1;
    up *= factor;
    right *= factor;
    const p = product(q, right);
    rest = (up - p - low) / right;
  }
  const angle = q > 1e-18 ? arc(q, rest) : q;
  return copysign<f64>(reinterpret<i64>(x) < 0 && x == x ? PI - (angle - PI_LOW) : angle, y);
}

/** x z A(z) */
@inline
function beyond(x: f64, z: f64): f64 {
  return x * z * polynomial(ASIN, 13, z);
}

/** arcsin x; beyond 1 / 2 it is pi / 2 - 2 arcsin sqrt((1 - x) / 2) */
export function asin(x: f64): f64 {
  const a = abs(x);
  if (a < 0.5) return a < 1e-9 ? x : x + beyond(x, x * x);
  const z = 0.5 * (1 - a);
  const s = root(z, 0);
  const rest = 2 * (low + beyond(s, z));
  const d = sum(HALF_PI, -2 * s);
  return copysign<f64>(d + (low + (HALF_PI_LOW - rest)), x);
}

/** arccos x */
export function acos(x: f64): f64 {
  if (abs(x) < 0.5) {
    const d = sum(HALF_PI, -x);
    return d + (low + (HALF_PI_LOW - beyond(x, x * x)));
  }
  const z = 0.5 * (1 - abs(x));
  const s = root(z, 0);
  const rest = 2 * (low + beyond(s, z));
  if (x > 0) return 2 * s + rest;
  const d = sum(PI, -2 * s);
  return d + (low + (PI_LOW - rest));
}
