// Numbers as sums of two doubles, twice as precise as one. A function returns the first and leaves the second, which is at
// most a few units of the first's last place, in `low`.

@lazy
export let low: f64 = 0;

/** a + b */
@inline
export function sum(a: f64, b: f64): f64 {
  const s = a + b;
  const part = s - a;
  low = a - (s - part) + (b - part);
  return s;
}

/** a + b for |a| >= |b|, or a = 0. */
@inline
export function sumOrdered(a: f64, b: f64): f64 {
  const s = a + b;
  low = b - (s - a);
  return s;
}

/** a b, for factors below 2^996 (Dekker 1971): each is cut into halves whose products are exact. */
@inline
export function product(a: f64, b: f64): f64 {
  const p = a * b;
  const c = a * 134217729;
  const aHigh = c - (c - a);
  const aLow = a - aHigh;
  const d = b * 134217729;
  const bHigh = d - (d - b);
  const bLow = b - bHigh;
  low = aHigh * bHigh - p + aHigh * bLow + aLow * bHigh + aLow * bLow;
  return p;
}

/** (a + aRest) / (b + bRest) */
@inline
export function quotient(a: f64, aRest: f64, b: f64, bRest: f64): f64 {
  const q = a / b;
  const p = product(q, b);
  low = (a - p - low + aRest - q * bRest) / b;
  return q;
}

/** The square root of a + aRest. */
@inline
export function root(a: f64, aRest: f64): f64 {
  const r = sqrt<f64>(a);
  const p = product(r, r);
  low = r == 0 ? 0 : (a - p - low + aRest) / (2 * r);
  return r;
}

/** The polynomial of `count` coefficients, the highest power first. */
@inline
export function polynomial(table: usize, count: i32, x: f64): f64 {
  let y = load<f64>(table);
  for (let i = 1; i < count; i++) {
    table += 8;
    y = y * x + load<f64>(table);
  }
  return y;
}

/** y 2^k, |k| below 2,000: in two factors, of which only the second may round or overflow. */
@inline
export function scaled(y: f64, k: i32): f64 {
  const first = k >> 1;
  return y * reinterpret<f64>(<i64>(first + 1023) << 52) * reinterpret<f64>(<i64>(k - first + 1023) << 52);
}
