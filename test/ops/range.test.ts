// Over the whole range of floats: values and derivatives stay right as long as they fit, far beyond where the laws' domains
// end. The oracle is the formula of each derivative, in float64 at the very float that the op sees.
import { describe, expect, it } from "vitest";
import { grad, hvp } from "../../src/autodiff/index.js";
import { scope, type Tensor } from "../../src/core/index.js";
import * as ops from "../../src/ops/index.js";
import { tensor } from "../../src/ops/index.js";

/** The sizes from 1e-30 to 1e30, and between them. */
const SIZES = Array.from({ length: 61 }, (_, i) => Math.fround(10 ** (i - 30) * (1 + (i % 7) / 8)));
const SIGNED = SIZES.flatMap((x) => [x, -x]);

/** What a float can hold to six digits. */
const [LEAST, MOST] = [1.2e-38, 3.4e38];

/** A derivative is right to 1e-5 of itself, or, where the function saturates, to the rounding of its own scale. */
function expectRight(what: string, got: number, wanted: number, scale: number): void {
  if (Math.abs(wanted) > MOST) return;
  const tolerance = Math.max(1e-5 * Math.abs(wanted), LEAST, scale);
  expect(Math.abs(got - wanted), `${what}: ${got}, wanted ${wanted}`).toBeLessThanOrEqual(tolerance);
}

interface Smooth {
  readonly f: (x: Tensor) => Tensor;
  /** The first two derivatives. */
  readonly first: (x: number) => number;
  readonly second: (x: number) => number;
  readonly at?: readonly number[];
  /** Rounding of the scale on which it saturates. */
  readonly scale?: number;
}

const sech2 = (x: number): number => (Math.abs(x) > 300 ? 0 : 1 / Math.cosh(x) ** 2);
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const cubed = (x: number, c: number): number => (x / c) ** 3;

const functions: Record<string, Smooth> = {
  reciprocal: { f: (x) => x.reciprocal(), first: (x) => -1 / x / x, second: (x) => 2 / x / x / x, at: SIGNED },
  "1 / x": { f: (x) => tensor(1).div(x), first: (x) => -1 / x / x, second: (x) => 2 / x / x / x, at: SIGNED },
  "x / 3": { f: (x) => x.div(3), first: () => 1 / 3, second: () => 0, at: SIGNED },
  sqrt: { f: (x) => x.sqrt(), first: (x) => 0.5 / Math.sqrt(x), second: (x) => -0.25 / x / Math.sqrt(x) },
  rsqrt: { f: ops.rsqrt, first: (x) => -0.5 / x / Math.sqrt(x), second: (x) => 0.75 / x / x / Math.sqrt(x) },
  cbrt: { f: (x) => x.cbrt(), first: (x) => Math.cbrt(x) / x / 3, second: (x) => (-2 * Math.cbrt(x)) / x / x / 9 },
  log: { f: (x) => x.log(), first: (x) => 1 / x, second: (x) => -1 / x / x },
  log1p: { f: (x) => x.log1p(), first: (x) => 1 / (1 + x), second: (x) => -1 / (1 + x) / (1 + x) },
  asinh: {
    f: (x) => x.asinh(),
    first: (x) => 1 / Math.hypot(x, 1),
    second: (x) => -x / Math.hypot(x, 1) / Math.hypot(x, 1) / Math.hypot(x, 1),
    at: SIGNED,
  },
  acosh: {
    f: (x) => x.acosh(),
    first: (x) => 1 / Math.sqrt(x - 1) / Math.sqrt(x + 1),
    second: (x) => -x / Math.sqrt(x - 1) ** 3 / Math.sqrt(x + 1) ** 3,
    at: SIZES.filter((x) => x > 1),
  },
  atan: {
    f: (x) => x.atan(),
    first: (x) => 1 / Math.hypot(x, 1) / Math.hypot(x, 1),
    second: (x) => (-2 * x) / Math.hypot(x, 1) / Math.hypot(x, 1) / Math.hypot(x, 1) / Math.hypot(x, 1),
    at: SIGNED,
  },
  softsign: {
    f: (x) => x.softsign(),
    first: (x) => 1 / (1 + Math.abs(x)) / (1 + Math.abs(x)),
    second: (x) => (-2 * Math.sign(x)) / (1 + Math.abs(x)) / (1 + Math.abs(x)) / (1 + Math.abs(x)),
    at: SIGNED,
  },
  "x^-1.5": {
    f: (x) => x.pow(-1.5),
    first: (x) => -1.5 / x / x / Math.sqrt(x),
    second: (x) => 3.75 / cubed(x, 1) / Math.sqrt(x),
  },
  expm1: { f: (x) => x.expm1(), first: Math.exp, second: Math.exp, at: SIGNED.filter((x) => x < 80) },
  exp: { f: (x) => x.exp(), first: Math.exp, second: Math.exp, at: SIGNED.filter((x) => x < 80) },
  tanh: { f: (x) => x.tanh(), first: sech2, second: (x) => -2 * Math.tanh(x) * sech2(x), at: SIGNED, scale: 3e-7 },
  sigmoid: {
    f: (x) => x.sigmoid(),
    first: (x) => sigmoid(x) * sigmoid(-x),
    second: (x) => sigmoid(x) * sigmoid(-x) * (sigmoid(-x) - sigmoid(x)),
    at: SIGNED,
    scale: 1.2e-7,
  },
  softplus: {
    f: (x) => x.softplus(),
    first: sigmoid,
    second: (x) => sigmoid(x) * sigmoid(-x),
    at: SIGNED,
    scale: 1.2e-7,
  },
  silu: {
    f: (x) => x.silu(),
    first: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
    second: (x) => (Math.abs(x) > 300 ? 0 : sigmoid(x) * sigmoid(-x) * (2 + x * (sigmoid(-x) - sigmoid(x)))),
    at: SIGNED,
    scale: 1e-5,
  },
};

describe("derivatives over the whole range", () => {
  it.each(Object.entries(functions))("of %s", (name, { f, first, second, at = SIZES, scale = 0 }) => {
    scope(() => {
      const x = tensor([...at]);
      const one = grad((x: Tensor) => f(x).sum())(x).data();
      const two = hvp((x: Tensor) => f(x).sum(), x, ops.onesLike(x)).data();
      at.forEach((value, i) => {
        expectRight(`${name}' at ${value}`, one[i], first(value), scale);
        expectRight(`${name}'' at ${value}`, two[i], second(value), scale);
      });
    });
  });

  const pairs = SIGNED.filter((_, i) => i % 5 === 0).flatMap((a) =>
    SIZES.filter((_, i) => i % 4 === 1).map((b) => [a, b]),
  );
  const ofTwo = {
    quotient: {
      f: ops.div,
      value: (a: number, b: number) => a / b,
      da: (_: number, b: number) => 1 / b,
      db: (a: number, b: number) => -a / b / b,
    },
    atan2: {
      f: ops.atan2,
      value: Math.atan2,
      da: (a: number, b: number) => b / Math.hypot(a, b) / Math.hypot(a, b),
      db: (a: number, b: number) => -a / Math.hypot(a, b) / Math.hypot(a, b),
    },
    hypot: {
      f: ops.hypot,
      value: Math.hypot,
      da: (a: number, b: number) => a / Math.hypot(a, b),
      db: (a: number, b: number) => b / Math.hypot(a, b),
    },
  };
  it.each(Object.entries(ofTwo))("of the %s of numbers of any two sizes", (name, { f, value, da, db }) => {
    scope(() => {
      const [a, b] = [0, 1].map((i) => tensor(pairs.map((pair) => pair[i])));
      const y = f(a, b).data();
      const g = grad((p: { a: Tensor; b: Tensor }) => f(p.a, p.b).sum())({ a, b });
      pairs.forEach(([p, q], i) => {
        // A quotient that does not fit has no derivative that anybody could use.
        const whole = value(p, q);
        if (Math.abs(whole) > MOST || Math.abs(whole) < LEAST) return;
        expectRight(`${name}(${p}, ${q})`, y[i], whole, 0);
        expectRight(`${name} by a at (${p}, ${q})`, g.a.data()[i], da(p, q), 0);
        expectRight(`${name} by b at (${p}, ${q})`, g.b.data()[i], db(p, q), 0);
      });
    });
  });

  it("also of third order", () => {
    const third = (f: (x: Tensor) => Tensor, x: number): number =>
      grad((x: Tensor) => grad((x: Tensor) => grad(f)(x))(x))(tensor(x)).item();
    for (const x of [1e-10, 1e-5, 1, 1e5, 1e9]) {
      expectRight(
        `log''' at ${x}`,
        third((x) => x.log(), x),
        2 / cubed(Math.fround(x), 1),
        0,
      );
      expectRight(
        `(1/x)''' at ${x}`,
        third((x) => tensor(1).div(x), x),
        -6 / cubed(Math.fround(x), 1) / Math.fround(x),
        0,
      );
    }
  });
});

describe("a derivative that is cut off", () => {
  const slope = (f: (x: Tensor) => Tensor, x: number | number[]): number[] => {
    const given = typeof x === "number" ? tensor(x) : tensor(x);
    return Array.from(grad((x: Tensor) => f(x).sum())(given).data());
  };
  const infinite = {
    "√": (x: Tensor) => x.sqrt(),
    log: (x: Tensor) => x.log(),
    "x^0.3": (x: Tensor) => x.pow(0.3),
    cbrt: (x: Tensor) => x.cbrt(),
  };

  it.each(Object.entries(infinite))("stays 0 in front of %s at 0", (_, f) => {
    expect(slope((x) => f(x.relu()), -1)).toEqual([0]);
    expect(slope((x) => f(x.clip(0, 1)), -1)).toEqual([0]);
    expect(slope((x) => f(x.maximum(0)), -1)).toEqual([0]);
    expect(slope((x) => f(x.minimum(0).neg()), 1)).toEqual([0]);
    expect(slope((x) => f(x.max()), [0, -1])[1]).toBe(0);
    expect(slope((x) => f(ops.where(x.greater(0), x, 0)), -1)).toEqual([0]);
    // The other way round: what is not chosen has no say.
    expect(slope((x) => ops.where(x.greater(0), f(x), 0), 0)).toEqual([0]);
    expect(slope((x) => f(x).mul(0), 0)).toEqual([0]);
  });

  it("stays 0 where a product, a quotient or an exponential overflows", () => {
    const chosen = (f: (x: Tensor) => Tensor) => slope((x) => ops.where(x.less(10), x, f(x)), 5);
    expect(chosen((x) => x.mul(1000).exp())).toEqual([1]);
    expect(chosen((x) => x.mul(1e38).mul(x))).toEqual([1]);
    expect(chosen((x) => x.div(x.mul(0)))).toEqual([1]);
    expect(chosen((x) => x.mul(tensor(Number.POSITIVE_INFINITY)))).toEqual([1]);
  });

  it("is also 0 in forward mode", () => {
    const along = (f: (x: Tensor) => Tensor, x: number) => hvp((x: Tensor) => f(x), tensor(x), tensor(1)).item();
    expect(along((x) => x.relu().sqrt(), -1)).toBe(0);
    expect(along((x) => x.clip(0, 1).sqrt(), -1)).toBe(0);
  });

  it("does not hide NaN", () => {
    expect(slope((x) => x.relu().sqrt(), Number.NaN)).toEqual([Number.NaN]);
    expect(slope((x) => x.sqrt(), 0)).toEqual([Number.POSITIVE_INFINITY]);
  });
});

describe("lengths, spreads and products of large and small numbers", () => {
  it("norm and std of any size equal those of ordinary size, scaled", () => {
    const x = [3, -4, 12, 0.5];
    for (const exponent of [-120, -70, -20, 0, 20, 70, 120]) {
      const scaled = tensor(x.map((value) => value * 2 ** exponent));
      const plain = tensor(x);
      expect(scaled.norm().item()).toBe(plain.norm().item() * 2 ** exponent);
      expect(scaled.std().item()).toBeCloseTo(plain.std().item() * 2 ** exponent, -Math.log10(1e-6 * 2 ** exponent));
      const [g, h] = [scaled, plain].map((y) => Array.from(grad((x: Tensor) => x.norm())(y).data()));
      expect(g).toEqual(h);
      expectRight(
        "norm of order 3",
        scaled.norm(undefined, false, 3).item(),
        Math.cbrt(27 + 64 + 1728 + 0.125) * 2 ** exponent,
        0,
      );
    }
    expect(tensor([Number.POSITIVE_INFINITY, 1]).norm().item()).toBe(Number.POSITIVE_INFINITY);
    expect(Array.from(grad((x: Tensor) => x.norm(undefined, false, 1.5))(tensor([0, 0])).data())).toEqual([0, 0]);
  });

  it("products do not depend on the order of factors that would overflow", () => {
    const factors = [1e30, 1e30, 1e30, 1e-30, 1e-30, 1e-30, 2];
    for (let turn = 0; turn < factors.length; turn++) {
      const x = tensor([...factors.slice(turn), ...factors.slice(0, turn)]);
      expectRight("product", x.prod().item(), 2, 0);
      const g = grad((x: Tensor) => x.prod())(x).data();
      x.data().forEach((factor, i) => {
        expectRight(`by ${factor}`, g[i], 2 / factor, 0);
      });
    }
    const running = tensor([1e-30, 1e30, 1e30, 1e-30, 5]);
    expect(Array.from(running.cumprod().data(), (y) => Number(y.toPrecision(6)))).toEqual([1e-30, 1, 1e30, 1, 5]);
  });

  it("products with zeros and without", () => {
    const slopes = (x: number[]) => Array.from(grad((x: Tensor) => x.prod())(tensor(x)).data());
    expect(slopes([2, 0, 3])).toEqual([0, 6, 0]);
    expect(slopes([0, 0, 3])).toEqual([0, 0, 0]);
    const many = Array.from({ length: 50 }, (_, i) => i);
    expect(tensor(many).prod().item()).toBe(0);
    expect(slopes(many).slice(1)).toEqual(many.slice(1).map(() => 0));
    expect(grad((x: Tensor) => x.prod())(ops.zeros([0])).shape).toEqual([0]);
    expect(ops.zeros([2, 0]).prod(1).data()).toEqual(Float32Array.of(1, 1));
    const weights = tensor([1, 10, 100]);
    const running = grad((x: Tensor) => x.cumprod().mul(weights).sum())(tensor([2, 0, 3])).data();
    expect(Array.from(running)).toEqual([1, 20 + 600, 0]);
  });
});
