// The special functions in float64 and plain loops, with which the laws compare the records.

/** erf x by Kummer's series, all of whose terms are positive. */
export function erfReference(x: number): number {
  if (Math.abs(x) > 10) return Math.sign(x);
  let [term, total] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}

/** The x with erf x = y, by bisection. */
export function erfInvReference(y: number): number {
  if (!(Math.abs(y) < 1)) return Math.abs(y) === 1 ? y * Number.POSITIVE_INFINITY : Number.NaN;
  let [low, high] = [-6, 6];
  for (let i = 0; i < 100; i++) {
    const middle = (low + high) / 2;
    if (erfReference(middle) < y) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Whether x is 0 or a negative whole number. */
const isPole = (x: number): boolean => x <= 0 && Number.isInteger(x);

/** ln |gamma(x)|, by Stirling's series for large x, and by reflection below 0. */
export function lgammaReference(x: number): number {
  if (isPole(x) || Math.abs(x) === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (x < 0) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgammaReference(1 - x);
  let [y, factors] = [x, 0];
  for (; y < 30; y++) factors += Math.log(y);
  const z = 1 / (y * y);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z / 1680))) / y;
  return (y - 0.5) * Math.log(y) - y + 0.5 * Math.log(2 * Math.PI) + series - factors;
}

/** The derivative of ln gamma(x). */
export function digammaReference(x: number): number {
  if (isPole(x) || x === Number.NEGATIVE_INFINITY) return Number.NaN;
  if (x < 0) return digammaReference(1 - x) - Math.PI / Math.tan(Math.PI * x);
  let [y, total] = [x, 0];
  for (; y < 30; y++) total -= 1 / y;
  const z = 1 / (y * y);
  return total + Math.log(y) - 1 / (2 * y) - z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z / 240)));
}

/** Derivative n of that, for x above -200: n! times Hurwitz's zeta function, by many terms and an integral. */
export function polygammaReference(n: number, x: number): number {
  if (x === Number.NEGATIVE_INFINITY) return Number.NaN;
  if (isPole(x)) return n % 2 === 1 ? Number.POSITIVE_INFINITY : Number.NaN;
  const s = n + 1;
  let [total, factorial] = [0, 1];
  for (let k = 0; k < 200; k++) total += (x + k) ** -s;
  const y = x + 200;
  total += y ** (1 - s) / n + y ** -s / 2 + (s * y ** (-s - 1)) / 12 - (s * (s + 1) * (s + 2) * y ** (-s - 3)) / 720;
  for (let i = 2; i <= n; i++) factorial *= i;
  return (n % 2 === 1 ? 1 : -1) * factorial * total;
}
