// Values against NumPy's (LAPACK), in golden.json, written by golden.py.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type NestedNumbers, Tensor } from "../../src/core/index.js";
import * as linalg from "../../src/linalg/index.js";
import { tensor } from "../../src/ops/index.js";

type Numbers = NestedNumbers;
interface Known {
  readonly name: string;
  readonly a: Numbers;
  readonly b: Numbers;
  readonly positive?: Numbers;
  readonly [what: string]: Numbers | string | undefined;
}

const known: readonly Known[] = JSON.parse(readFileSync(new URL("golden.json", import.meta.url), "utf8"));

const flat = (x: Numbers): number[] => (typeof x === "number" ? [x] : x.flatMap(flat));
const make = (x: Numbers): Tensor => tensor(x as number[][]);

/**
 * Two float32 roundings of the largest number: ours are computed in float64 and rounded once. `slack` is for what a
 * badly conditioned matrix makes of float64's own last digits.
 */
function expectNumbers(got: Tensor, wanted: Numbers, slack = 0): void {
  const numbers = flat(wanted);
  const data = got.data();
  expect(data.length).toBe(numbers.length);
  const largest = Math.max(...numbers.map(Math.abs));
  numbers.forEach((x, i) => {
    expect(Math.abs(data[i] - x), `element ${i}: ${data[i]}, not ${x}`).toBeLessThanOrEqual(
      2 ** -23 * Math.abs(x) + slack * largest,
    );
  });
}

/** Float64's last digits times the condition of the worst matrix here (Hilbert's of 6 rows, 1.5e7), with room for sums. */
const SLACK = 1e-8;

/** Least squares go through factors in float32: some roundings more, times the condition, which is below 10 here. */
const SLACK_COMPOSED = 10 * 2 ** -24;

/** What each name in golden.json is of. */
const ours: Readonly<Record<string, (a: Tensor, b: Tensor, positive: () => Tensor) => Tensor>> = {
  solve: linalg.solve,
  inverse: linalg.inverse,
  det: linalg.det,
  sign: (a) => linalg.slogdet(a).sign,
  logAbsDet: (a) => linalg.slogdet(a).logAbsDet,
  cholesky: (_a, _b, positive) => linalg.cholesky(positive()),
  q: (a) => linalg.qr(a).q,
  r: (a) => linalg.qr(a).r,
  eigenvalues: (a) => linalg.eigh(a).values,
  s: (a) => linalg.svd(a).s,
  lstsq: linalg.lstsq,
};

describe.each(known)("$name", (matrix) => {
  const names = Object.keys(ours).filter((name) => matrix[name] !== undefined);
  it.each(names)("%s", (name) => {
    const result = ours[name](make(matrix.a), make(matrix.b), () => make(matrix.positive!));
    expect(result).toBeInstanceOf(Tensor);
    expectNumbers(result, matrix[name] as Numbers, name === "lstsq" ? SLACK_COMPOSED : SLACK);
  });
});

it("covers every name", () => {
  const covered = new Set(known.flatMap((matrix) => Object.keys(matrix)));
  expect(Object.keys(ours).filter((name) => !covered.has(name))).toEqual([]);
});
