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
  square: { f: (x) => x.square(), first: (x) => 2 * x, second: () => 2, at: SIGNED },
  "x³": { f: (x) => x.pow(3), first: (x) => 3 * x * x, second: (x) => 6 * x, at: SIGNED },
  sinh: { f: (x) => x.sinh(), first: Math.cosh, second: Math.sinh, at: SIGNED.filter((x) => Math.abs(x) < 80) },
  cosh: { f: (x) => x.cosh(), first: Math.sinh, second: Math.cosh, at: SIGNED.filter((x) => Math.abs(x) < 80) },
  sin: { f: (x) => x.sin(), first: Math.cos, second: (x) => -Math.sin(x), at: SIGNED, scale: 2e-7 },
  cos: { f: (x) => x.cos(), first: (x) => -Math.sin(x), second: (x) => -Math.cos(x), at: SIGNED, scale: 2e-7 },
  asin: {
    f: (x) => x.asin(),
    first: (x) => 1 / Math.sqrt((1 - x) * (1 + x)),
    second: (x) => x / ((1 - x) * (1 + x)) ** 1.5,
    at: SIGNED.filter((x) => Math.abs(x) < 1),
  },
  acos: {
    f: (x) => x.acos(),
    first: (x) => -1 / Math.sqrt((1 - x) * (1 + x)),
    second: (x) => -x / ((1 - x) * (1 + x)) ** 1.5,
    at: SIGNED.filter((x) => Math.abs(x) < 1),
  },
  atanh: {
    f: (x) => x.atanh(),
    first: (x) => 1 / (1 - x) / (1 + x),
    second: (x) => (2 * x) / (1 - x) ** 2 / (1 + x) ** 2,
    at: SIGNED.filter((x) => Math.abs(x) < 1),
  },
  erf: {
    f: (x) => x.erf(),
    first: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x),
    second: (x) => (-4 / Math.sqrt(Math.PI)) * x * Math.exp(-x * x),
    at: SIGNED,
    scale: 1e-6,
  },
  logSigmoid: {
    f: (x) => x.logSigmoid(),
    first: (x) => sigmoid(-x),
    second: (x) => -sigmoid(x) * sigmoid(-x),
    at: SIGNED,
    scale: 1.2e-7,
  },
  elu: {
    f: (x) => x.elu(),
    first: (x) => (x > 0 ? 1 : Math.exp(x)),
    second: (x) => (x > 0 ? 0 : Math.exp(x)),
    at: SIGNED,
  },
  "x / max(|x|, 1e-12)": {
    f: (x) => x.div(x.abs().maximum(1e-12)),
    first: (x) => (Math.abs(x) > 1e-12 ? 0 : 1 / Math.fround(1e-12)),
    second: () => 0,
    at: SIGNED.filter((x) => Math.abs(Math.log10(Math.abs(x)) + 12) > 0.2),
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

  const seconds = {
    quotient: {
      f: ops.div,
      aa: () => 0,
      ab: (_: number, b: number) => -1 / b / b,
      bb: (a: number, b: number) => (2 * a) / b / b / b,
    },
    atan2: {
      f: ops.atan2,
      aa: (a: number, b: number) => turned(a, b, -2 * (a / Math.hypot(a, b)) * (b / Math.hypot(a, b))),
      ab: (a: number, b: number) => turned(a, b, (a / Math.hypot(a, b)) ** 2 - (b / Math.hypot(a, b)) ** 2),
      bb: (a: number, b: number) => turned(a, b, 2 * (a / Math.hypot(a, b)) * (b / Math.hypot(a, b))),
    },
    hypot: {
      f: ops.hypot,
      aa: (a: number, b: number) => (b / Math.hypot(a, b)) ** 2 / Math.hypot(a, b),
      ab: (a: number, b: number) => (-(a / Math.hypot(a, b)) * (b / Math.hypot(a, b))) / Math.hypot(a, b),
      bb: (a: number, b: number) => (a / Math.hypot(a, b)) ** 2 / Math.hypot(a, b),
    },
  };
  const turned = (a: number, b: number, share: number): number => share / Math.hypot(a, b) / Math.hypot(a, b);
  it.each(Object.entries(seconds))(
    "of second order of the %s of numbers of any two sizes",
    (name, { f, aa, ab, bb }) => {
      scope(() => {
        const [a, b] = [0, 1].map((i) => tensor(pairs.map((pair) => pair[i])));
        const [one, none] = [ops.onesLike(a), ops.zerosLike(a)];
        const sum = (p: { a: Tensor; b: Tensor }): Tensor => f(p.a, p.b).sum();
        const byA = hvp(sum, { a, b }, { a: one, b: none });
        const byB = hvp(sum, { a, b }, { a: none, b: one });
        pairs.forEach(([p, q], i) => {
          const whole = name === "quotient" ? p / q : Math.hypot(p, q);
          if (Math.abs(whole) > MOST || Math.abs(whole) < LEAST) return;
          const [pp, pq, qq] = [aa(p, q), ab(p, q), bb(p, q)];
          // Each is right to the rounding of the largest of the three: they are differences of numbers of that size.
          const scale = 1e-5 * Math.max(...[pp, pq, qq].map(Math.abs));
          if (scale > 1e-5 * MOST) return;
          expectRight(`${name} by a, a at (${p}, ${q})`, byA.a.data()[i], pp, scale);
          expectRight(`${name} by a, b at (${p}, ${q})`, byA.b.data()[i], pq, scale);
          expectRight(`${name} by b, a at (${p}, ${q})`, byB.a.data()[i], pq, scale);
          expectRight(`${name} by b, b at (${p}, ${q})`, byB.b.data()[i], qq, scale);
        });
      });
    },
  );

  it("of a vector over its length: as at ordinary size, scaled", () => {
    const v = [0.3, -0.7, 0.2, 0.5];
    const along = tensor([0.4, 0.1, -0.6, 0.2]);
    const normalised = (x: Tensor): Tensor => x.div(x.norm()).mul(along).sum().square();
    const [first, second] = [grad(normalised)(tensor(v)).data(), hvp(normalised, tensor(v), along).data()];
    for (const size of [1e-18, 1e-12, 1e-6, 1e6, 1e12, 1e18]) {
      const x = tensor(v.map((value) => value * size));
      grad(normalised)(x)
        .data()
        .forEach((got: number, i: number) => {
          expectRight(`first at ${size}`, got, first[i] / size, 1e-6 / size);
        });
      hvp(normalised, x, along)
        .data()
        .forEach((got: number, i: number) => {
          expectRight(`second at ${size}`, got, second[i] / size / size, 1e-5 / size / size);
        });
    }
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
