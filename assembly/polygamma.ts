// Derivatives of the digamma function, in doubles: n! times Hurwitz's zeta function, by the sum of Euler and Maclaurin; below
// 0 by reflection, with the n-th derivative of cot(pi x) as a polynomial in cot(pi x).
import { cosinePi64, sinePi64 } from "./double";
import { cosinePi, sinePi } from "./float64/trigonometry";
import { BYTES, SINGLE } from "./simd";

const PI: f64 = 3.141592653589793;

/** B_2j / (2 j)! for j = 1 .. 10: Bernoulli numbers over factorials. */
@lazy
const BERNOULLI = memory.data<f64>([
  0.08333333333333333, -0.001388888888888889, 3.306878306878307e-5, -8.267195767195768e-7, 2.08767569878681e-8,
  -5.284190138687493e-10, 1.3382536530684679e-11, -3.3896802963225832e-13, 8.586062056277845e-15, -2.174868698558062e-16,
]);

/** 1 / x^n */
function inverse(x: f64, n: i32): f64 {
  let power: f64 = 1;
  for (let base = 1 / x; n > 0; n >>= 1, base *= base) if (n & 1) power *= base;
  return power;
}

/** The sum of 1 / (x + k)^s over k = 0, 1, ... for x > 0. */
function zeta(x: f64, s: i32): f64 {
  // From here on ten terms of the series are exact to the last place.
  const far: f64 = 16 + <f64>s;
  let count: f64 = 0;
  if (x < far) count = ceil<f64>(far - x);
  const y = x + count;
  let term: f64 = <f64>s / y;
  let rest = 0.5 + load<f64>(BERNOULLI) * term;
  for (let j = 1; j < 10; j++) {
    term *= ((<f64>(s + 2 * j - 1) / y) * <f64>(s + 2 * j)) / y;
    rest += load<f64>(BERNOULLI + 8 * j) * term;
  }
  let total = (inverse(y, s - 1) / <f64>(s - 1)) + inverse(y, s) * rest;
  for (count -= 1; count >= 0; count--) total += inverse(x + count, s);
  return total;
}

/** Leaves the coefficients of d^n cot(pi x) / dx^n over pi^n, by powers of cot(pi x), at `table`: n + 2 of them. */
function derivatives(table: usize, n: i32): void {
  for (let i = 0; i < n + 2; i++) store<f64>(table + 8 * i, i == 1 ? 1 : 0);
  for (let k = 0; k < n; k++) {
    let before: f64 = 0;
    for (let i = 0; i < k + 3; i++) {
      const here = i < n + 2 ? load<f64>(table + 8 * i) : 0;
      const next = i + 1 < n + 2 ? load<f64>(table + 8 * (i + 1)) : 0;
      if (i < n + 2) store<f64>(table + 8 * i, -(<f64>(i + 1) * next + <f64>(i - 1) * before));
      before = here;
    }
  }
}

function below(x: f64, n: i32, table: usize, factorial: f64): f64 {
  const s = SINGLE ? sinePi64(x) : sinePi(x);
  const odd = (n & 1) == 1;
  if (s == 0) return odd ? Infinity : NaN;
  const c = (SINGLE ? cosinePi64(x) : cosinePi(x)) / s;
  let cotangent: f64 = 0;
  for (let i = n + 1; i >= 0; i--) cotangent = cotangent * c + load<f64>(table + 8 * i);
  for (let i = 0; i <= n; i++) cotangent *= PI;
  const above = factorial * zeta(1 - x, n + 1);
  // (-1)^n psi_n(1 - x) = -n! zeta(n + 1, 1 - x)
  return -above - cotangent;
}

/** out = derivative `order` (at least 1) of the digamma function at x; `room`: order + 2 doubles. `out` may be x. */
export function polygamma(out: usize, x: usize, n: i32, order: i32, room: usize): void {
  derivatives(room, order);
  let factorial: f64 = 1;
  for (let i = 2; i <= order; i++) factorial *= <f64>i;
  const sign: f64 = (order & 1) == 1 ? 1 : -1;
  for (; n > 0; n--, out += BYTES, x += BYTES) {
    const v = <f64>load<Float>(x);
    let y: f64 = NaN;
    if (v == Infinity) y = sign * 0;
    else if (v > 0) y = sign * factorial * zeta(v, order + 1);
    else if (v <= 0 && v > -Infinity) y = below(v, order, room, factorial);
    store<Float>(out, <Float>y);
  }
}
