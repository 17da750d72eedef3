// The distributions made of other draws: each against its distribution function or its exact probabilities at fixed keys.
import { describe, expect, it } from "vitest";
import { grad, Key, type Tensor, tensor } from "../../src/index.js";
import { multivariateNormal } from "../../src/linalg/index.js";
import { random } from "../../src/ops/index.js";

const N = 20_000;
const key = Key.of(5);
const list = (x: Tensor): number[] => Array.from(x.data());
const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;

/** The largest distance between the distribution of the draws and the true one (Kolmogorov and Smirnov). */
function distance(draws: readonly number[], below: (x: number) => number): number {
  const sorted = [...draws].sort((a, b) => a - b);
  return sorted.reduce((worst, x, i) => Math.max(worst, Math.abs(below(x) - (i + 0.5) / sorted.length)), 0);
}
/** What chance alone stays below 999 times of 1000. */
const CHANCE = 1.95 / Math.sqrt(N);

/** Pearson's sum over counts that should be `chances`, less its mean, in standard deviations. */
function surprise(counts: readonly number[], chances: readonly number[], draws: number): number {
  const used = chances.map((p, i) => [p * draws, counts[i] ?? 0]).filter(([wanted]) => wanted >= 5);
  const sum = used.reduce((total, [wanted, found]) => total + (found - wanted) ** 2 / wanted, 0);
  return (sum - used.length) / Math.sqrt(2 * used.length);
}
const countsOf = (draws: readonly number[], length: number): number[] => {
  const counts = new Array<number>(length).fill(0);
  for (const draw of draws) if (draw < length) counts[draw]++;
  return counts;
};

describe("distributions", () => {
  const draws: [string, (k: Key) => Tensor][] = [
    ["exponential", (k) => random.exponential(k, [50])],
    ["laplace", (k) => random.laplace(k, [50])],
    ["gumbel", (k) => random.gumbel(k, [50])],
    ["rademacher", (k) => random.rademacher(k, [50])],
    ["poisson", (k) => random.poisson(k, 50, [20])],
    ["dirichlet", (k) => random.dirichlet(k, tensor([1, 2, 3]))],
    ["choice", (k) => random.choice(k, 1000, { shape: [50] })],
    ["orthogonal", (k) => random.orthogonal(k, [5, 5])],
    [
      "multivariateNormal",
      (k) =>
        multivariateNormal(
          k,
          tensor([0, 1]),
          tensor([
            [2, 1],
            [1, 2],
          ]),
          [5],
        ),
    ],
  ];
  it.each(draws)("%s has the same bits for the same key, others for another", (_, draw) => {
    expect(list(draw(Key.of(0)))).toEqual(list(draw(Key.of(0))));
    expect(list(draw(Key.of(0)))).not.toEqual(list(draw(Key.of(1))));
  });

  it("exponential, laplace and gumbel have their distribution functions", () => {
    expect(distance(list(random.exponential(key, [N])), (x) => 1 - Math.exp(-x))).toBeLessThan(CHANCE);
    expect(distance(list(random.exponential(key, [N], { rate: 4 })), (x) => 1 - Math.exp(-4 * x))).toBeLessThan(CHANCE);
    const laplace = (x: number): number => (x < 1 ? Math.exp((x - 1) / 2) / 2 : 1 - Math.exp((1 - x) / 2) / 2);
    expect(distance(list(random.laplace(key, [N], { location: 1, scale: 2 })), laplace)).toBeLessThan(CHANCE);
    const gumbel = (x: number): number => Math.exp(-Math.exp(-(x + 1) / 3));
    expect(distance(list(random.gumbel(key, [N], { location: -1, scale: 3 })), gumbel)).toBeLessThan(CHANCE);
  });

  it("their derivatives pass to rate, location and scale", () => {
    const by = (f: (x: Tensor) => Tensor): number => grad((x: Tensor) => f(x).sum())(tensor(2)).item();
    const [e, l] = [list(random.exponential(key, [9])), list(random.laplace(key, [9]))];
    expect(by((rate) => random.exponential(key, [9], { rate }))).toBeCloseTo(-e.reduce((a, b) => a + b, 0) / 4, 4);
    expect(by((scale) => random.laplace(key, [9], { scale }))).toBeCloseTo(
      l.reduce((a, b) => a + b, 0),
      4,
    );
    expect(by((location) => random.gumbel(key, [9], { location }))).toBe(9);
  });

  it("rademacher is 1 or -1, equally likely", () => {
    const found = list(random.rademacher(key, [N]));
    expect(new Set(found)).toEqual(new Set([1, -1]));
    expect(Math.abs(mean(found))).toBeLessThan(4 / Math.sqrt(N));
  });

  it.each([0, 0.3, 4, 15.5, 40, 300])("poisson of mean %d has its probabilities", (rate) => {
    const n = 3000;
    const found = list(random.poisson(key, rate, [n]));
    const chances: number[] = [Math.exp(-rate)];
    for (let k = 1; k < rate + 12 * Math.sqrt(rate) + 12; k++) chances.push((chances[k - 1] * rate) / k);
    expect(Math.abs(mean(found) - rate)).toBeLessThanOrEqual(4 * Math.sqrt(rate / n));
    expect(surprise(countsOf(found, chances.length), chances, n)).toBeLessThan(4);
  });

  it("poisson of a very large mean has its mean and its variance", () => {
    const [n, rate] = [500, 1e6];
    const found = list(random.poisson(key, rate, [n]));
    const middle = mean(found);
    const variance = mean(found.map((x) => (x - middle) ** 2));
    expect(Math.abs(middle - rate)).toBeLessThan(4 * Math.sqrt(rate / n));
    expect(Math.abs(variance / rate - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  });

  it("poisson accepts a tensor of means, and refuses invalid means", () => {
    const found = random.poisson(key, tensor([0, 3, 1000]), [2, 3]);
    expect([found.dtype, found.shape]).toEqual(["int32", [2, 3]]);
    expect(list(found)[0] + list(found)[3]).toBe(0);
    expect(Math.abs(list(found)[5] - 1000)).toBeLessThan(200);
    for (const bad of [-1, Number.NaN, 1e10]) {
      expect(() => random.poisson(key, bad)).toThrow("a number from 0 to 10^9");
    }
  });

  it("dirichlet sums to 1 and has beta marginals, also if gamma draws underflow", () => {
    const alpha = tensor([1, 2, 3]);
    const found = random.dirichlet(key, alpha, [N]);
    expect(found.sum(-1).sub(1).abs().max().item()).toBeLessThan(1e-6);
    const column = (i: number): number[] => list(found).filter((_, at) => at % 3 === i);
    // Beta of 1 and 5, and of 3 and 3.
    expect(distance(column(0), (x) => 1 - (1 - x) ** 5)).toBeLessThan(CHANCE);
    expect(distance(column(2), (x) => x ** 3 * (10 - 15 * x + 6 * x ** 2))).toBeLessThan(CHANCE);
    const tiny = random.dirichlet(key, tensor([1e-4, 1e-4, 2e-4]), [2000]);
    expect(tiny.sum(-1).sub(1).abs().max().item()).toBeLessThan(1e-6);
    expect(Math.abs(mean(list(tiny).filter((_, at) => at % 3 === 2)) - 0.5)).toBeLessThan(0.05);
  });

  it("choice has the given probabilities, with and without replacement", () => {
    const p = tensor([0.5, 0, 0.3, 0.2]);
    const found = list(random.choice(key, 4, { shape: [N], p }));
    expect(surprise(countsOf(found, 4), [0.5, 0, 0.3, 0.2], N)).toBeLessThan(4);
    expect(found).not.toContain(1);
    // The first of two without repeating has the chances p, the pair p q / (1 - p).
    const pairs = Array.from({ length: 2000 }, (_, i) =>
      list(random.choice(key.fold(i), 4, { shape: [2], p, replace: false })),
    );
    expect(
      surprise(
        countsOf(
          pairs.map(([first]) => first),
          4,
        ),
        [0.5, 0, 0.3, 0.2],
        2000,
      ),
    ).toBeLessThan(4);
    const second = pairs.filter(([first]) => first === 0).map(([, next]) => next);
    expect(surprise(countsOf(second, 4), [0, 0, 0.6, 0.4], second.length)).toBeLessThan(4);
    expect(list(random.choice(key, 9, { shape: [3, 3], replace: false })).sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    const items = tensor([
      [1, 2],
      [3, 4],
    ]);
    const chosen = random.choice(key, items, { shape: [5] });
    expect(chosen.shape).toEqual([5, 2]);
    for (const row of chosen.toArray() as number[][])
      expect([
        [1, 2],
        [3, 4],
      ]).toContainEqual(row);
  });

  it("choice refuses probabilities and counts that do not fit", () => {
    const choose = (options: object) => () => random.choice(key, 3, options);
    expect(choose({ shape: [4], replace: false })).toThrow(
      "[random.choice] 4 choices of 3 items without repeating one.",
    );
    expect(choose({ p: tensor([1, 2]) })).toThrow(
      "[random.choice] p of shape [2] for 3 items: give one number an item.",
    );
    expect(choose({ p: tensor([1, -1, 1]) })).toThrow("[random.choice] p has -1: finite numbers of at least 0.");
    expect(choose({ p: tensor([1, 0, 1]), shape: [3], replace: false })).toThrow("p is above 0 for 2 items, and 3 are");
    expect(() => random.choice(key, 0)).toThrow("[random.choice] 0 items");
    expect(() => random.choice(key, 3, { p: [0.2, 0.3, 0.5] as never })).toThrow(
      "[random.choice] operand 1 is an Array",
    );
  });

  it("orthogonal matrices are orthogonal", () => {
    const q = random.orthogonal(key, [6, 4]);
    list(q.transpose().matmul(q)).forEach((x, i) => void expect(x).toBeCloseTo(i % 5 === 0 ? 1 : 0, 5));
  });

  it("multivariateNormal has its mean and covariance, and derivatives pass to both", () => {
    const covariance = tensor([
      [2, 0.6],
      [0.6, 1],
    ]);
    const found = multivariateNormal(key, tensor([1, -3]), covariance, [N]);
    const [a, b] = [0, 1].map((i) => list(found).filter((_, at) => at % 2 === i));
    expect(Math.abs(mean(a) - 1)).toBeLessThan(4 * Math.sqrt(2 / N));
    expect(Math.abs(mean(b) + 3)).toBeLessThan(4 / Math.sqrt(N));
    expect(mean(a.map((x, i) => (x - 1) * (b[i] + 3)))).toBeCloseTo(0.6, 1);
    expect(mean(a.map((x) => (x - 1) ** 2))).toBeCloseTo(2, 1);
    const slope = grad((p: { m: Tensor; c: Tensor }) => multivariateNormal(key, p.m, p.c, [7]).square().sum());
    const { m, c } = slope({ m: tensor([1, -3]), c: covariance });
    expect(m.abs().min().item()).toBeGreaterThan(0);
    expect(c.abs().max().item()).toBeGreaterThan(0);
    expect(() => multivariateNormal(key, tensor([1]), covariance)).toThrow("Give [n] and [n, n]");
  });
});
