// Derivatives to third order over the range where the op itself is finite: a law with inputs from 1e-30 to 1e30, against the
// derivatives of textbooks in float64, which are exact to some units in the last place. Where those leave the range of floats,
// so do ours: infinities keep their sign, and nothing becomes NaN on the way.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import {
  asinh,
  atan,
  atan2,
  cast,
  cbrt,
  type DType,
  div,
  fullLike,
  grad,
  hypot,
  log,
  log1p,
  pow,
  reciprocal,
  rsqrt,
  softsign,
  sqrt,
  sum,
  type Tensor,
  tensor,
} from "../../src/index.js";

type Function = (x: Tensor) => Tensor;

const one = (x: Tensor): Tensor => fullLike(x, 1);
const inverse = (x: number): number[] => [-1 / x / x, 2 / x / x / x, -6 / x / x / x / x];
const angle = (x: number): number[] => {
  const r = 1 + x * x;
  return [1 / r, (-2 * x) / r / r, (6 * ((x * x) / r)) / r / r - 2 / r / r / r];
};
const root = (x: number): number[] => {
  const y = Math.sqrt(x);
  return [0.5 / y, -0.25 / y / x, 0.375 / y / x / x];
};

const cubeRoot = (x: number): number[] => {
  const y = Math.cbrt(x);
  return [y / x / 3, ((-2 / 9) * y) / x / x, ((10 / 27) * y) / x / x / x];
};

/** The function, its first three derivatives, and whether negative numbers have any. */
const functions: [string, Function, (x: number) => number[], boolean][] = [
  ["reciprocal", reciprocal, inverse, true],
  ["1 / x", (x) => div(one(x), x), inverse, true],
  ["x to the -1", (x) => pow(x, -1), inverse, true],
  ["log", log, (x) => [1 / x, -1 / x / x, 2 / x / x / x], false],
  ["log1p", log1p, (x) => [1 / (1 + x), -1 / (1 + x) / (1 + x), 2 / (1 + x) / (1 + x) / (1 + x)], false],
  ["sqrt", sqrt, root, false],
  [
    "rsqrt",
    rsqrt,
    (x) => {
      const y = 1 / Math.sqrt(x);
      return [(-0.5 * y) / x, (0.75 * y) / x / x, (-1.875 * y) / x / x / x];
    },
    false,
  ],
  ["cbrt", cbrt, cubeRoot, true],
  [
    "x to the 2.5",
    (x) => pow(x, 2.5),
    (x) => [2.5 * x * Math.sqrt(x), 3.75 * Math.sqrt(x), 1.875 / Math.sqrt(x)],
    false,
  ],
  [
    "softsign",
    softsign,
    (x) => {
      const u = 1 + Math.abs(x);
      return [1 / u / u, (-2 * Math.sign(x)) / u / u / u, 6 / u / u / u / u];
    },
    true,
  ],
  ["atan", atan, angle, true],
  ["atan2 in its first", (x) => atan2(x, one(x)), angle, true],
  ["atan2 in its second", (x) => atan2(one(x), x), (x) => angle(x).map((d) => -d), true],
  [
    "hypot",
    (x) => hypot(one(x), x),
    (x) => {
      const h = Math.hypot(1, x);
      return [x / h, 1 / h / h / h, (-3 * (x / h)) / h / h / h / h];
    },
    true,
  ],
  [
    "asinh",
    asinh,
    (x) => {
      const h = Math.hypot(1, x);
      return [1 / h, -(x / h) / h / h, (3 * (x / h) * (x / h) - 1 / h / h - (x / h) * (x / h)) / h / h / h];
    },
    true,
  ],
];

/** The first three derivatives of f, element by element. */
function derivativesOf(f: Function): Function[] {
  const next = (g: Function): Function => grad((x: Tensor) => sum(g(x)));
  return [next(f), next(next(f)), next(next(next(f)))];
}

const limits: Partial<Record<DType, { tolerance: number; least: number; round: (x: number) => number }>> = {
  float32: { tolerance: 1e-5, least: 2 ** -126, round: Math.fround },
  float64: { tolerance: 1e-12, least: 2 ** -1022, round: (x) => x },
};

describe.each(["float32", "float64"] as const)("in %s", (dtype) => {
  const { tolerance, least, round } = limits[dtype]!;
  const sizes = Array.from({ length: 61 }, (_, i) => [1, 3.7].map((m) => round(m * 10 ** (i - 30)))).flat();

  it.each(functions)("%s has its derivatives to third order", (_, f, exact, both) => {
    const numbers = both ? [...sizes, ...sizes.map((x) => -x)] : sizes;
    const x = cast(tensor(numbers, { dtype: "float64" }), dtype);
    derivativesOf(f).forEach((derivative, order) => {
      const found = derivative(x).data();
      const wrong = numbers.filter((number, i) => {
        const right = round(exact(number)[order]);
        if (Object.is(found[i], right) || found[i] === right) return false;
        // Numbers below the normal ones have few digits, and those next to the largest may be beyond it.
        if (!Number.isFinite(right)) return !(Math.abs(found[i]) > 1 / (4 * least) && found[i] > 0 === right > 0);
        return !(Math.abs(found[i] - right) <= tolerance * Math.max(Math.abs(right), least / tolerance));
      });
      expect(wrong, `order ${order + 1}`).toEqual([]);
    });
  });

  it("a normalisation by max(|x|, eps) is flat on both sides of eps, whatever the order", () => {
    const numbers = sizes.filter((x) => Math.abs(x / 1e-3 - 1) > 0.1);
    const x = cast(tensor(numbers, { dtype: "float64" }), dtype);
    const [first, second, third] = derivativesOf((v) => div(v, v.abs().maximum(1e-3))).map((g) => g(x).data());
    numbers.forEach((number, i) => {
      const scale = 1 / Math.max(number, 1e-3);
      expect(Math.abs(first[i] - (number < 1e-3 ? 1e3 : 0))).toBeLessThanOrEqual(tolerance * scale);
      expect(Math.abs(second[i])).toBeLessThanOrEqual(tolerance * scale ** 2);
      expect(Math.abs(third[i])).toBeLessThanOrEqual(tolerance * scale ** 3);
    });
  });
});
