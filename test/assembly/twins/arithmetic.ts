// Arithmetic of elements: each operation rounded once, as the vector instructions round theirs. A double holds the
// sum, product, quotient and root of two float32 with bits enough that rounding twice equals rounding once.
import { Floats, LANES, round } from "../element.js";

const word = new DataView(new ArrayBuffer(4));

export const f = round;
export const add = (a: number, b: number) => f(a + b);
export const sub = (a: number, b: number) => f(a - b);
export const mul = (a: number, b: number) => f(a * b);
export const div = (a: number, b: number) => f(a / b);

/** a + b c, rounded twice: no fused multiply-add anywhere. */
export const plus = (a: number, b: number, c: number) => f(a + f(b * c));

/** The 32 bits of a float, as a signed integer. */
export function bitsOf(x: number): number {
  word.setFloat32(0, x);
  return word.getInt32(0);
}

export function fromBits(bits: number): number {
  word.setInt32(0, bits);
  return word.getFloat32(0);
}

/** f32x4.pmin and pmax: a NaN in the first operand stays, one in the second does not. */
export const pmin = (a: number, b: number) => (b < a ? b : a);
export const pmax = (a: number, b: number) => (a < b ? b : a);

/**
 * A sum of n terms as assembly/long.ts makes it: up to 1,024 in one go; more in runs of 256, whose sums are added with
 * what rounding took from the total, which is added last.
 */
const inRuns = (n: number, inOneGo: (from: number, count: number) => number): number =>
  n <= 1024 ? inOneGo(0, n) : compensated(n, 256, inOneGo);

function compensated(n: number, run: number, inOneGo: (from: number, count: number) => number): number {
  let [total, missing] = [0, 0];
  for (let from = 0; from < n; from += run) {
    const next = inOneGo(from, Math.min(run, n - from));
    const sum = add(total, next);
    const added = sub(sum, total);
    missing = add(missing, add(sub(total, sub(sum, added)), sub(next, added)));
    total = sum;
  }
  return Number.isNaN(missing) ? total : add(total, missing);
}

/** Partial sums of `vectors` vectors, term i in number i mod their lanes, folded in halves; long sums in runs. */
export function laneSum(n: number, term: (i: number) => number, vectors: 1 | 4): number {
  const lanes = vectors * LANES;
  return inRuns(n, (from, count) => {
    const sums: number[] = new Array(lanes).fill(0);
    for (let i = 0; i < count; i++) sums[i % lanes] = add(sums[i % lanes], term(from + i));
    for (let half = lanes / 2; half >= 1; half /= 2) {
      for (let i = 0; i < half; i++) sums[i] = add(sums[i], sums[i + half]);
    }
    return sums[0];
  });
}

/** The first n terms in runs, each one term after another from zero. */
export const sumOfRuns = (n: number, run: number, term: (i: number) => number): number =>
  compensated(n, run, (from, count) => inOrder(from, count, term));

function inOrder(from: number, count: number, term: (i: number) => number): number {
  let sum = 0;
  for (let i = from; i < from + count; i++) sum = add(sum, term(i));
  return sum;
}

/** Terms added one after another, from zero; long sums in runs. */
export function runningSum(n: number, term: (i: number) => number): number {
  return inRuns(n, (from, count) => inOrder(from, count, term));
}

/** The numbers f(0) .. f(n - 1) as elements. */
export const tabulate = (n: number, value: (i: number) => number) => Floats.from({ length: n }, (_, i) => value(i));
