// What functions of real numbers come to, in integer arithmetic of 400 bits: the oracle for what is computed in doubles.
// Series and halvings, chosen to be plain; nothing here is shared with the kernels.

/** m 2^e */
export type Real = readonly [m: bigint, e: number];

const BITS = 400;
const ONE = 1n << 400n;
/** Beyond this the functions are their first terms. */
const TINY = -100;

const abs = (m: bigint) => (m < 0n ? -m : m);
const bitLength = (m: bigint) => {
  const hex = abs(m).toString(16);
  return 4 * hex.length - Math.clz32(Number.parseInt(hex[0], 16)) + 28;
};
const shift = (m: bigint, by: number) => (by >= 0 ? m << BigInt(by) : m >> BigInt(-by));

/** The exponent of the leading bit; -Infinity for 0. */
const size = ([m, e]: Real) => (m === 0n ? -Infinity : bitLength(m) + e - 1);
const trim = (m: bigint, e: number): Real => {
  const extra = bitLength(m) - BITS;
  return extra > 0 ? [m >> BigInt(extra), e + extra] : [m, e];
};

const view = new DataView(new ArrayBuffer(8));

/** A finite double, exactly. */
export function real(x: number): Real {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const m = exponent ? fraction | 0x10000000000000n : fraction;
  return [x < 0 ? -m : m, Math.max(exponent, 1) - 1075];
}

export function add([a, i]: Real, [b, j]: Real): Real {
  if (a === 0n) return [b, j];
  if (b === 0n) return [a, i];
  const e = Math.max(Math.min(i, j), Math.max(size([a, i]), size([b, j])) - 2 * BITS);
  return trim(shift(a, i - e) + shift(b, j - e), e);
}

export const neg = ([m, e]: Real): Real => [-m, e];
export const sub = (a: Real, b: Real) => add(a, neg(b));
export const mul = ([a, i]: Real, [b, j]: Real) => trim(a * b, i + j);
export const div = ([a, i]: Real, [b, j]: Real) => trim((a << 900n) / b, i - j - 900);
export const half = ([m, e]: Real): Real => [m, e - 1];
export const one = real(1);

function integerRoot(n: bigint): bigint {
  if (n === 0n) return 0n;
  let r = 1n << BigInt((bitLength(n) >> 1) + 1);
  for (;;) {
    const next = (r + n / r) >> 1n;
    if (next >= r) return r;
    r = next;
  }
}

export function sqrt([m, e]: Real): Real {
  const up = 900 + ((900 + e) & 1);
  return trim(integerRoot(shift(m, up)), (e - up) / 2);
}

/** As an integer of units of 2^-400. */
const fixed = ([m, e]: Real) => shift(m, e + BITS);
const times = (a: bigint, b: bigint) => (a * b) >> 400n;

/** The sum of x^k / k-th odd number, with alternating signs or not: arctan or artanh. */
function oddSeries(x: bigint, alternating: boolean, unit = 400n): bigint {
  const square = (x * x) >> unit;
  let [sum, power] = [0n, x];
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += (alternating && k & 2n ? -power : power) / k;
    power = (power * square) >> unit;
  }
  return sum;
}

const LN2 = 2n * oddSeries(ONE / 3n, false);
const PI_UNIT = 1700n;
const arcOf = (k: bigint) => oddSeries((1n << PI_UNIT) / k, true, PI_UNIT);
/** pi in units of 2^-1700, by Machin's formula. */
const LONG_PI = 16n * arcOf(5n) - 4n * arcOf(239n);
export const pi: Real = trim(LONG_PI, -1700);

/** a / b to the nearest integer. */
const nearest = (a: bigint, b: bigint) => {
  const n = 2n * a + b;
  return n >= 0n ? n / (2n * b) : -((-n + 2n * b - 1n) / (2n * b));
};

export function exp(x: Real): Real {
  const v = fixed(x);
  const n = nearest(v, LN2);
  const r = v - n * LN2;
  let [sum, term] = [ONE, ONE];
  for (let k = 1n; term !== 0n; k++) {
    term = times(term, r) / k;
    if (term === -1n) break;
    sum += term;
  }
  return [sum, Number(n) - BITS];
}

export function log(x: Real): Real {
  const k = size(x);
  const m = fixed([x[0], x[1] - k]);
  return trim(BigInt(k) * LN2 + 2n * oddSeries(((m - ONE) << 400n) / (m + ONE), false), -BITS);
}

const tiny = (x: Real) => size(x) < TINY;
const square = (x: Real) => mul(x, x);
export const expm1 = (x: Real) => (tiny(x) ? add(x, half(square(x))) : sub(exp(x), one));
export const log1p = (x: Real) => (tiny(x) ? sub(x, half(square(x))) : log(add(one, x)));

/** Sine and cosine. */
function turn(x: Real): [sin: Real, cos: Real] {
  if (tiny(x)) return [x, one];
  const v = shift(x[0], x[1] + 1700);
  const n = nearest(2n * v, LONG_PI);
  const r = (v - (n * LONG_PI) / 2n) >> 1300n;
  const series = (first: bigint, from: bigint) => {
    let [sum, term] = [first, first];
    for (let k = from; abs(term) > 1n; k += 2n) {
      term = -times(times(term, r), r) / (k * (k + 1n));
      sum += term;
    }
    return sum;
  };
  const [s, c]: [Real, Real] = [
    [series(r, 2n), -BITS],
    [series(ONE, 1n), -BITS],
  ];
  return [
    [s, c],
    [c, neg(s)],
    [neg(s), neg(c)],
    [neg(c), s],
  ][Number(((n % 4n) + 4n) % 4n)] as [Real, Real];
}

export const sin = (x: Real) => turn(x)[0];
export const cos = (x: Real) => turn(x)[1];
export const tan = (x: Real) => div(...turn(x));

export function atan(x: Real): Real {
  if (x[0] < 0n) return neg(atan(neg(x)));
  if (tiny(x)) return x;
  if (size(x) > 0) return sub(half(pi), atan(div(one, x)));
  let t = x;
  for (let i = 0; i < 3; i++) t = div(t, add(one, sqrt(add(one, square(t)))));
  return trim(8n * oddSeries(fixed(t), true), -BITS);
}

export function atan2(y: Real, x: Real): Real {
  if (x[0] === 0n) return y[0] < 0n ? neg(half(pi)) : half(pi);
  const a = atan(div(y, x));
  return x[0] > 0n ? a : y[0] < 0n ? sub(a, pi) : add(a, pi);
}

const across = (x: Real) => sqrt(mul(sub(one, x), add(one, x)));
export const asin = (x: Real) => (tiny(x) ? x : atan2(x, across(x)));
export const acos = (x: Real) => atan2(across(x), x);
export const sinh = (x: Real) => (tiny(x) ? x : half(sub(exp(x), exp(neg(x)))));
export const cosh = (x: Real) => half(add(exp(x), exp(neg(x))));
export const tanh = (x: Real) => (tiny(x) ? x : size(x) > 8 ? real(Math.sign(Number(x[0]))) : div(sinh(x), cosh(x)));
export const asinh = (x: Real): Real =>
  tiny(x) ? x : x[0] < 0n ? neg(asinh(neg(x))) : log(add(x, sqrt(add(square(x), one))));
export const acosh = (x: Real) => log(add(x, sqrt(mul(sub(x, one), add(x, one)))));
export const atanh = (x: Real) => (tiny(x) ? x : half(sub(log1p(x), log1p(neg(x)))));
export const sigmoid = (x: Real) => div(one, add(one, exp(neg(x))));
export const softplus = (x: Real): Real => (x[0] > 0n ? add(x, log1p(exp(neg(x)))) : log1p(exp(x)));
export const pow = (x: Real, y: Real) => exp(mul(y, log(x)));
export const exp2 = (x: Real) => exp(mul(x, [LN2, -BITS]));
export const log2 = (x: Real) => div(log(x), [LN2, -BITS]);
export const log10 = (x: Real) => div(log(x), log(real(10)));
export const hypot = (a: Real, b: Real) => sqrt(add(square(a), square(b)));
export const cbrt = (x: Real): Real => (x[0] < 0n ? neg(cbrt(neg(x))) : exp(div(log(x), real(3))));

/** The sum of 2^n x^(2n + 1) / (1 3 5 ... (2n + 1)), in units of 2^-unit; e^-x^2 times 2 / sqrt(pi) of it is erf x. */
function erfSum(x: bigint, unit: bigint): bigint {
  const twice = (2n * x * x) >> unit;
  let [sum, term] = [x, x];
  for (let k = 3n; term !== 0n; k += 2n) {
    term = ((term * twice) >> unit) / k;
    sum += term;
  }
  return sum;
}

export function erf(x: Real): Real {
  const scale = div(real(2), sqrt(pi));
  if (x[0] < 0n) return neg(erf(neg(x)));
  if (tiny(x)) return mul(scale, x);
  if (size(x) >= 3) return one;
  return mul(mul(scale, exp(neg(square(x)))), trim(erfSum(fixed(x), 400n), -BITS));
}

/** From 2 on the continued fraction of Laplace, from so far out that its rest does not matter. */
export function erfc(x: Real): Real {
  if (x[0] < 0n || size(x) < 1) return sub(one, erf(x));
  const terms = Math.ceil((12000 / Number(shift(square(x)[0], square(x)[1] + 8))) * 256) + 60;
  let v = x;
  for (let k = terms; k > 0; k--) v = add(x, div(half(real(k)), v));
  return div(exp(neg(square(x))), mul(sqrt(pi), v));
}

/** As a double, but for a rounding or two. */
export function toNumber([m, e]: Real): number {
  const digits = m === 0n ? 0 : Math.max(0, bitLength(m) - 60);
  const scale = e + digits;
  const first = Math.max(-1000, Math.min(1000, scale));
  return Number(m >> BigInt(digits)) * 2 ** first * 2 ** (scale - first);
}

const HALF_LN_TWO_PI = half(log(add(pi, pi)));

/** Bernoulli numbers B_2, B_4, ... from the tangent numbers T_k: B_2k = (-1)^(k - 1) 2 k T_k / (4^k (4^k - 1)). */
const BERNOULLI: Real[] = (() => {
  const tangents = [1n];
  const count = 45;
  for (let k = 1; k < count; k++) tangents[k] = BigInt(k) * tangents[k - 1];
  for (let k = 1; k < count; k++) {
    for (let j = k; j < count; j++) {
      tangents[j] = BigInt(j - k) * (tangents[j - 1] ?? 0n) + BigInt(j - k + 2) * tangents[j];
    }
  }
  return tangents.map((t, i) => {
    const four = 4n ** BigInt(i + 1);
    return div([(i % 2 ? -2n : 2n) * BigInt(i + 1) * t, 0], [four * (four - 1n), 0]);
  });
})();

/** ln |gamma(x)| by Stirling's series from 40 on, by the recurrence below. */
export function lgamma(x: Real): Real {
  let [factors, y] = [one, x];
  for (; toNumber(y) < 40; y = add(y, one)) factors = mul(factors, y);
  let total = add(sub(mul(sub(y, half(one)), log(y)), y), HALF_LN_TWO_PI);
  let power = y;
  BERNOULLI.forEach((b, i) => {
    const k = 2 * (i + 1);
    total = add(total, div(b, mul(real(k * (k - 1)), power)));
    power = mul(power, mul(y, y));
  });
  return sub(total, log(factors[0] < 0n ? neg(factors) : factors));
}

/** The derivative of `lgamma`. */
export function digamma(x: Real): Real {
  let [terms, y]: [Real, Real] = [real(0), x];
  for (; toNumber(y) < 40; y = add(y, one)) terms = add(terms, div(one, y));
  let total = sub(log(y), div(half(one), y));
  let power = mul(y, y);
  BERNOULLI.forEach((b, i) => {
    total = sub(total, div(b, mul(real(2 * (i + 1)), power)));
    power = mul(power, mul(y, y));
  });
  return sub(total, terms);
}

/** The error of y for the true value t, in units of the last place; those of subnormal numbers are 2^-1074. */
export function ulps(y: number, t: Real): number {
  if (Number.isNaN(y)) return Infinity;
  const unit = Math.max(size(t), -1022) - 52;
  if (!Number.isFinite(y)) return size(t) >= 1024 && y > 0 === t[0] > 0n ? 0 : Infinity;
  const [m, e] = sub(real(y), t);
  const digits = Math.max(0, bitLength(m) - 53);
  return Math.abs(Number(m >> BigInt(digits))) * 2 ** (e + digits - unit);
}
