// Special functions in float32: within 4 units of the last place of mpmath's values, and the identities between them. The
// kernels of float64 are held to 2 against 400-bit arithmetic in test/assembly/precision.test.ts, the derivatives of every
// order by the laws of the table.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { grad, type Tensor, tensor } from "../../src/index.js";
import * as special from "../../src/special/index.js";

interface Case {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}
const { cases } = JSON.parse(readFileSync(join(import.meta.dirname, "golden.json"), "utf8")) as { cases: Case[] };

/** The distance of float32 neighbours at y. */
const unit = (y: number): number => 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(y)))) - 23);

const { log2, log10, exp2, erfc, erfInv, lgamma, digamma, polygamma } = special;
const functions: Readonly<Record<string, (x: Tensor) => Tensor>> = {
  ...{ log2, log10, exp2, erfc, erfInv, lgamma, digamma },
  polygamma1: (x) => polygamma(1, x),
  polygamma2: (x) => polygamma(2, x),
  polygamma5: (x) => polygamma(5, x),
};
const at = (f: (x: Tensor) => Tensor, ...x: readonly number[]): number[] => Array.from(f(tensor([...x])).data());
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe("in float32", () => {
  it.each(cases)("$name is within 4 units of the last place", ({ name, x, y }) => {
    const found = at(functions[name], ...x);
    let worst = 0;
    found.forEach((value, i) => {
      if (Math.fround(y[i]) === value) return;
      worst = Math.max(worst, Math.abs(value - y[i]) / unit(y[i]));
    });
    console.info(`${name} ${worst.toFixed(3)} ULP`);
    expect(worst).toBeLessThan(4);
  });

  it("has the documented special values", () => {
    expect(at(log2, 0, -1, 8, inf)).toEqual([-inf, nan, 3, inf]);
    expect(at(log10, 0, -1, 1000, inf)).toEqual([-inf, nan, 3, inf]);
    expect(at(exp2, -inf, 10, inf, nan)).toEqual([0, 1024, inf, nan]);
    expect(at(erfc, -inf, 0, inf, nan)).toEqual([2, 1, 0, nan]);
    expect(at(erfInv, -1, 0, 1, 2, nan)).toEqual([-inf, 0, inf, nan, nan]);
    expect(at(lgamma, 0, -3, 1, 2, inf)).toEqual([inf, inf, 0, 0, inf]);
    expect(at(digamma, 0, -3, inf, -inf)).toEqual([nan, nan, inf, nan]);
    expect(at(functions.polygamma1, 0, -3, inf, -inf, nan)).toEqual([inf, inf, 0, nan, nan]);
    expect(at(functions.polygamma2, 0, -3, nan)).toEqual([nan, nan, nan]);
  });

  it("satisfies the recurrences of lgamma, digamma and polygamma at x + 1", () => {
    const x = [0.3, 1.7, 4.2, 9.5];
    const next = x.map((v) => v + 1);
    at(lgamma, ...next).forEach((y, i) => void expect(y).toBeCloseTo(at(lgamma, x[i])[0] + Math.log(x[i]), 4));
    at(digamma, ...next).forEach((y, i) => void expect(y).toBeCloseTo(at(digamma, x[i])[0] + 1 / x[i], 4));
    for (const n of [1, 2, 3, 8]) {
      const psi = (v: Tensor): Tensor => polygamma(n, v);
      let factorial = 1;
      for (let i = 2; i <= n; i++) factorial *= i;
      at(psi, ...next).forEach((y, i) => {
        const wanted = at(psi, x[i])[0] + (n % 2 === 0 ? 1 : -1) * factorial * x[i] ** -(n + 1);
        expect(Math.abs(y - wanted)).toBeLessThan(2e-6 * Math.abs(at(psi, x[i])[0]) + 1e-6 * Math.abs(y));
      });
    }
  });

  it("differentiates lgamma four times, each time to the next polygamma", () => {
    const slope = (f: (x: Tensor) => Tensor) => (x: Tensor) => grad((p: Tensor) => f(p).sum())(x);
    const x = tensor([0.7, 2.5, 12]);
    let f: (x: Tensor) => Tensor = lgamma;
    for (const order of [0, 1, 2, 3]) {
      f = slope(f);
      expect(f(x).toArray()).toEqual(polygamma(order, x).toArray());
    }
  });

  it("refuses invalid orders", () => {
    expect(() => polygamma(-1, tensor(1))).toThrow("[polygamma] `order` is -1. Give a whole number from 0 to 100.");
    expect(() => polygamma(0.5, tensor(1))).toThrow("[polygamma] `order` is 0.5");
  });
});
