// Distributions: each against its mean, spread or distribution function; the same bits from the same key.
import { describe, expect, it } from "vitest";
import { Key, type Tensor } from "../../src/core/index.js";
import { random, tensor } from "../../src/ops/index.js";

const N = 20_000;
const key = Key.of(3);
const list = (x: Tensor): number[] => Array.from(x.data());
const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length;
const variance = (x: readonly number[]): number => mean(x.map((v) => (v - mean(x)) ** 2));

/** The largest distance between the distribution of the draws and the true one (Kolmogorov and Smirnov). */
function distance(draws: readonly number[], below: (x: number) => number): number {
  const sorted = [...draws].sort((a, b) => a - b);
  return sorted.reduce((worst, x, i) => Math.max(worst, Math.abs(below(x) - (i + 0.5) / sorted.length)), 0);
}
/** What chance alone stays below 999 times of 1000. */
const CHANCE = 1.95 / Math.sqrt(N);

/** Within four standard deviations of what probability `p` gives. */
function expectShare(share: number, p: number): void {
  expect(Math.abs(share - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / N));
}

/** The regularised incomplete gamma function, by its series. */
function gammaBelow(alpha: number, x: number): number {
  let [term, total] = [1 / alpha, 1 / alpha];
  for (let n = 1; n < 400; n++) {
    term *= x / (alpha + n);
    total += term;
  }
  // log Gamma by Stirling's series, far out.
  let [shift, a] = [0, alpha];
  for (; a < 20; a++) shift += Math.log(a);
  const logGamma = (a - 0.5) * Math.log(a) - a + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * a) - shift;
  return total * Math.exp(alpha * Math.log(x) - x - logGamma);
}

function erf(x: number): number {
  let [term, total] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
}
const normalBelow = (x: number): number => (1 + erf(x / Math.SQRT2)) / 2;

describe("random", () => {
  it("gives the same bits for the same key, and other bits for another", () => {
    const draws: ((k: Key) => Tensor)[] = [
      (k) => random.uniform(k, [50]),
      (k) => random.normal(k, [50]),
      (k) => random.truncatedNormal(k, [50]),
      (k) => random.bernoulli(k, 0.5, [50]),
      (k) => random.integers(k, [50], { high: 1000 }),
      (k) => random.permutation(k, 50),
      (k) => random.categorical(k, tensor([0, 0, 0, 0]), { samples: 50 }),
      (k) => random.gamma(k, 2, [50]),
      (k) => random.beta(k, 2, 3, [50]),
    ];
    for (const draw of draws) {
      expect(list(draw(Key.of(0)))).toEqual(list(draw(Key.of(0))));
      expect(list(draw(Key.of(0)))).not.toEqual(list(draw(Key.of(1))));
    }
  });

  it("uniform and normal have their distributions", () => {
    expect(distance(list(random.uniform(key, [N], { low: -1, high: 3 })), (x) => (x + 1) / 4)).toBeLessThan(CHANCE);
    expect(distance(list(random.normal(key, [N])), normalBelow)).toBeLessThan(CHANCE);
  });

  it("truncatedNormal stays within its bounds, with the normal's shape there", () => {
    for (const [low, high] of [
      [-2, 2],
      [0.5, 3],
      [-1, 4],
    ]) {
      const draws = list(random.truncatedNormal(key, [N], { low, high }));
      expect(Math.min(...draws)).toBeGreaterThanOrEqual(low);
      expect(Math.max(...draws)).toBeLessThanOrEqual(high);
      const [from, to] = [normalBelow(low), normalBelow(high)];
      expect(distance(draws, (x) => (normalBelow(x) - from) / (to - from))).toBeLessThan(CHANCE);
    }
    const scaled = list(random.truncatedNormal(key, [N], { mean: 5, std: 0.1 }));
    expect(mean(scaled)).toBeCloseTo(5, 2);
    expect(Math.max(...scaled)).toBeLessThanOrEqual(5.2000005);
  });

  it("bernoulli is 1 with its probability, a number or a tensor", () => {
    expectShare(mean(list(random.bernoulli(key, 0.3, [N]))), 0.3);
    expect(list(random.bernoulli(key, tensor([0, 1, 0, 1])))).toEqual([0, 1, 0, 1]);
    expect(random.bernoulli(key, tensor([0.5, 0.5]), [3, 2]).shape).toEqual([3, 2]);
  });

  it("integers are the same as the key's, all equally likely", () => {
    const draws = random.integers(key, [N], { low: -3, high: 4 });
    expect(draws.dtype).toBe("int32");
    expect(list(draws).slice(0, 20)).toEqual(Array.from({ length: 20 }, (_, i) => key.integer(i, 7) - 3));
    for (let value = -3; value < 4; value++) {
      expectShare(list(draws).filter((x) => x === value).length / N, 1 / 7);
    }
    const whole = list(random.integers(key, [1000], { low: -(2 ** 31), high: 2 ** 31 }));
    expect(Math.min(...whole)).toBeLessThan(-(2 ** 30));
    expect(Math.max(...whole)).toBeGreaterThan(2 ** 30);
  });

  it("permutation holds each number once, and shuffles rows", () => {
    expect(list(random.permutation(key, 100)).sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    const rows = random
      .permutation(
        key,
        tensor([
          [1, 1],
          [2, 2],
          [3, 3],
        ]),
      )
      .toArray() as number[][];
    expect(rows.map(([a, b]) => a - b)).toEqual([0, 0, 0]);
    expect(rows.map(([a]) => a).sort()).toEqual([1, 2, 3]);
  });

  it("permutation: every item is equally likely at every position, and so is every order", () => {
    // Chi-squared of (count - 1) or (items - 1)^2 degrees of freedom; chance alone stays below the bound 999999 times of
    // a million (Wilson and Hilferty 1931).
    const bound = (degrees: number): number =>
      degrees * (1 - 2 / (9 * degrees) + 4.75 * Math.sqrt(2 / (9 * degrees))) ** 3;
    const spread = (counts: readonly number[], expected: number): number =>
      counts.reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
    for (const items of [2, 3, 4, 7]) {
      const places = new Array<number>(items * items).fill(0);
      const orders = new Map<string, number>();
      for (let i = 0; i < N; i++) {
        const order = list(random.permutation(key.fold(i), items));
        order.forEach((item, position) => {
          places[item * items + position]++;
        });
        orders.set(order.join(), (orders.get(order.join()) ?? 0) + 1);
      }
      expect(spread(places, N / items), `places of ${items}`).toBeLessThan(bound((items - 1) ** 2));
      const count = Array.from({ length: items }, (_, i) => i + 1).reduce((a, b) => a * b);
      if (count > 24) continue;
      expect(orders.size).toBe(count);
      expect(spread([...orders.values()], N / count), `orders of ${items}`).toBeLessThan(bound(count - 1));
    }
  });

  it("permutation shuffles the rows of a tensor as it shuffles their numbers", () => {
    const rows = tensor(Array.from({ length: 30 }, (_, i) => [i, -i]));
    expect(random.permutation(key, rows).slice([0, 0], [30, 1]).reshape([30]).toArray()).toEqual(
      list(random.permutation(key, 30)),
    );
  });

  it("categorical has the probabilities of softmax", () => {
    const draws = list(random.categorical(key, tensor([0, Math.log(2), Math.log(5)]), { samples: N }));
    for (const [value, p] of [1 / 8, 2 / 8, 5 / 8].entries()) {
      expectShare(draws.filter((x) => x === value).length / N, p);
    }
    const certain = random.categorical(
      key,
      tensor([
        [0, -1e9],
        [-1e9, 0],
      ]),
    );
    expect(certain.toArray()).toEqual([0, 1]);
  });

  it("uniform draws stay below high, even if rounding would reach it", () => {
    for (const [low, high] of [
      [100, 101],
      [-101, -100],
      [2 ** 24, 2 ** 24 + 2],
      [-1e-38, 1e-38],
      [0, 2 ** -149],
    ]) {
      const draws = random.uniform(key, [1_000_000], { low, high });
      expect(draws.max().item(), `from ${low} to ${high}`).toBeLessThan(Math.fround(high));
      expect(draws.min().item()).toBeGreaterThanOrEqual(Math.fround(low));
    }
    expect(list(random.uniform(key, [3], { low: 2, high: 2 }))).toEqual([2, 2, 2]);
  });

  it("truncatedNormal is the quantile of the uniform draw, also far from the mean", () => {
    // The points below which a quarter, a half and nine tenths lie: log_ndtr and ndtri_exp of scipy.special, 1.17.
    const known: [number, number, [number, number, number]][] = [
      [-2, 2, [-0.6391119, 0, 1.1840325]],
      [5, 6, [5.0549646, 5.1313718, 5.4214844]],
      [8, Number.POSITIVE_INFINITY, [8.035347, 8.084911, 8.2788033]],
      [-40, -38, [-38.0364388, -38.0182237, -38.0027706]],
      [-6, 0, [-1.1503494, -0.6744897, -0.1256613]],
    ];
    const u = list(random.uniform(key, [N]));
    const order = u.map((_, i) => i).sort((a, b) => u[a] - u[b]);
    for (const [low, high, points] of known) {
      const draws = list(random.truncatedNormal(key, [N], { low, high }));
      [0.25, 0.5, 0.9].forEach((part, i) => {
        const above = order.findIndex((at) => u[at] >= part);
        const near = 1e-6 * Math.max(1, Math.abs(points[i]));
        expect(draws[order[above - 1]], `${part} of ${low} to ${high}`).toBeLessThanOrEqual(points[i] + near);
        expect(draws[order[above]], `${part} of ${low} to ${high}`).toBeGreaterThanOrEqual(points[i] - near);
      });
    }
  });

  it("beta is a number from 0 to 1 for small parameters too", () => {
    for (const a of [0.001, 0.02, 0.05]) {
      const draws = list(random.beta(key, a, a, [20_000]));
      expect(draws.filter((x) => !(x >= 0 && x <= 1))).toEqual([]);
      // Nearly all of it lies at the two ends, as often at one as at the other.
      expect(Math.abs(draws.filter((x) => x > 0.5).length / draws.length - 0.5)).toBeLessThan(0.02);
    }
  });

  it("gamma and beta have their distributions", () => {
    for (const alpha of [0.3, 1, 2.5, 20]) {
      const draws = list(random.gamma(key, alpha, [N]));
      expect(
        distance(draws, (x) => gammaBelow(alpha, x)),
        `alpha ${alpha}`,
      ).toBeLessThan(CHANCE);
    }
    const [a, b] = [2, 5];
    const draws = list(random.beta(key, a, b, [N]));
    expect(mean(draws)).toBeCloseTo(a / (a + b), 2);
    expect(variance(draws)).toBeCloseTo((a * b) / ((a + b) ** 2 * (a + b + 1)), 3);
    expect(random.gamma(key, tensor([1, 2, 3]), [4, 3]).shape).toEqual([4, 3]);
    expect(random.beta(key, tensor([[1], [2]]), tensor([1, 2, 3])).shape).toEqual([2, 3]);
  });

  it("says which draws are impossible", () => {
    expect(() => random.integers(key, [2], { high: 0 })).toThrow("[random.integers] 0 to 0");
    expect(() => random.integers(key, [2], { low: 0.5, high: 2 })).toThrow(RangeError);
    expect(() => random.truncatedNormal(key, [2], { low: 1, high: 1 })).toThrow("[random.truncatedNormal] low 1");
    expect(() => random.bernoulli(key, tensor([0.5, 0.5]), [3])).toThrow("[random.bernoulli]");
    expect(() => random.gamma(key, tensor([1, 2]), [1])).toThrow("[random.gamma] parameters of shape [2]");
    expect(() => random.permutation(key, -1)).toThrow("[random.permutation]");
    expect(random.gamma(key, 0, []).item()).toBeNaN();
  });
});
