// Scalar twins of assembly/random.ts; the words are those of `Key`.
import { Key } from "../../../src/core/key.js";
import { add, f, mul, sub, tabulate } from "./arithmetic.js";
import { log1p } from "./transcendental.js";

const CENTRE = [
  2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503, -0.00417768164,
  0.246640727, 1.50140941,
].map(f);
const TAIL = [
  -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047,
  1.00167406, 2.83297682,
].map(f);

export function erfinv(x: number): number {
  if (Math.abs(x) === 1) return x * Number.POSITIVE_INFINITY;
  const w = -log1p(-mul(x, x));
  const [coefficients, t] = w >= 5 ? [TAIL, sub(f(Math.sqrt(w)), 3)] : [CENTRE, sub(w, 2.5)];
  const [first, ...rest] = coefficients;
  return mul(
    rest.reduce((p, c) => add(mul(p, t), c), first),
    x,
  );
}

/** The key of two words. */
export const keyOf = (k0: number, k1: number) =>
  Key.parse([k0, k1].map((k) => (k >>> 0).toString(16).padStart(8, "0")).join(""));

export const randomBits = (key: Key, n: number) => Int32Array.from({ length: n }, (_, i) => key.bits(i) | 0);

export const randomUniform = (key: Key, n: number, low: number, high: number) =>
  tabulate(n, (i) => add(mul(key.uniform(i), sub(high, low)), low));

export const randomNormal = (key: Key, n: number, mean: number, std: number) =>
  tabulate(n, (i) => {
    const u = add(mul(key.uniform(i), 2), f(-0.99999994));
    return add(mul(mul(f(Math.SQRT2), erfinv(u)), std), mean);
  });
