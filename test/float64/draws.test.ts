// Draws of float64 that are made of other draws: of that type, with digits that float32 does not hold, and true to their
// distributions. Those of float32 are held to theirs in test/ops/distributions.test.ts.
import { describe, expect, it } from "vitest";
import { float64 } from "../../src/float64/index.js";
import { grad, Key, type Tensor, tensor } from "../../src/index.js";
import { multivariateNormal } from "../../src/linalg/index.js";
import { random } from "../../src/ops/index.js";

const N = 20_000;
const key = Key.of(5);
const double = (values: number[] | number[][]): Tensor => tensor(values, float64);

/** The largest distance between the distribution of the draws and the true one (Kolmogorov and Smirnov). */
function distance(draws: Tensor, below: (x: number) => number): number {
  const sorted = [...draws.data()].sort((a, b) => a - b);
  return sorted.reduce((worst, x, i) => Math.max(worst, Math.abs(below(x) - (i + 0.5) / sorted.length)), 0);
}
/** What chance alone stays below 999 times of 1000. */
const CHANCE = 1.95 / Math.sqrt(N);

describe("draws of float64", () => {
  const covariance = [
    [2, 1],
    [1, 2],
  ];
  it.each([
    ["exponential", (k: Key) => random.exponential(k, [50], float64)],
    ["exponential of a rate", (k: Key) => random.exponential(k, [50], { rate: tensor(2, float64) })],
    ["laplace", (k: Key) => random.laplace(k, [50], float64)],
    ["laplace of a scale", (k: Key) => random.laplace(k, [50], { scale: tensor(2, float64) })],
    ["gumbel", (k: Key) => random.gumbel(k, [50], float64)],
    ["gumbel of a location", (k: Key) => random.gumbel(k, [50], { location: tensor(1, float64) })],
    ["dirichlet", (k: Key) => random.dirichlet(k, double([1, 2, 3]), [20])],
    ["orthogonal", (k: Key) => random.orthogonal(k, [7, 7], float64)],
    ["multivariateNormal", (k: Key) => multivariateNormal(k, double([0, 1]), double(covariance), [25])],
  ] as const)("%s: of that type and with all its digits, the same for the same key", (_, draw) => {
    const x = draw(Key.of(0));
    expect(x.dtype).toBe("float64");
    expect(x.data().filter((value) => value === Math.fround(value))).toHaveLength(0);
    expect(draw(Key.of(0)).data()).toEqual(x.data());
    expect(draw(Key.of(1)).data()).not.toEqual(x.data());
  });

  it("exponential, laplace and gumbel have their distribution functions", () => {
    expect(distance(random.exponential(key, [N], { rate: 4, ...float64 }), (x) => 1 - Math.exp(-4 * x))).toBeLessThan(
      CHANCE,
    );
    const laplace = (x: number): number => (x < 1 ? Math.exp((x - 1) / 2) / 2 : 1 - Math.exp((1 - x) / 2) / 2);
    expect(distance(random.laplace(key, [N], { location: 1, scale: 2, ...float64 }), laplace)).toBeLessThan(CHANCE);
    const gumbel = (x: number): number => Math.exp(-Math.exp(-(x + 1) / 3));
    expect(distance(random.gumbel(key, [N], { location: -1, scale: 3, ...float64 }), gumbel)).toBeLessThan(CHANCE);
  });

  it("their derivatives pass to rate, location and scale, with all digits", () => {
    const by = (f: (x: Tensor) => Tensor): number => grad((x: Tensor) => f(x).sum())(tensor(2, float64)).item();
    const sum = (x: Tensor): number => x.sum().item();
    const drawn = sum(random.exponential(key, [9], float64));
    expect(by((rate) => random.exponential(key, [9], { rate }))).toBeCloseTo(-drawn / 4, 13);
    expect(by((scale) => random.laplace(key, [9], { scale }))).toBeCloseTo(sum(random.laplace(key, [9], float64)), 13);
    expect(by((location) => random.gumbel(key, [9], { location }))).toBe(9);
  });

  it("rademacher and choice give the same items as they are, of the type that is asked for", () => {
    const signs = random.rademacher(key, [N], float64);
    expect(signs.dtype).toBe("float64");
    expect(new Set(signs.data())).toEqual(new Set([1, -1]));
    expect(Math.abs(signs.mean().item())).toBeLessThan(4 / Math.sqrt(N));
    const items = double([0.1, 1 / 3, 0.7]);
    const p = double([0.2, 0, 0.8]);
    const chosen = random.choice(key, items, { shape: [N], p });
    expect(new Set(chosen.data())).toEqual(new Set([0.1, 0.7]));
    expect(Math.abs(chosen.equal(0.1).mean().item() - 0.2)).toBeLessThan(2 / Math.sqrt(N));
    expect(new Set(random.choice(key, items, { shape: [2], replace: false, p }).data())).toEqual(new Set([0.1, 0.7]));
  });

  it("poisson takes a mean of float64 and gives int32", () => {
    const counts = random.poisson(key, double([0, 3.5]), [2000, 2]);
    expect(counts.dtype).toBe("int32");
    const mean = [...counts.data()].reduce((a, b) => a + b, 0) / 2000;
    expect(Math.abs(mean - 3.5)).toBeLessThan(4 * Math.sqrt(3.5 / 2000));
  });

  it("dirichlet sums to 1 to the last digits", () => {
    const drawn = random.dirichlet(key, double([0.01, 2, 3]), [1000]);
    expect(drawn.sum(-1).sub(1).abs().max().item()).toBeLessThan(5e-16);
    expect(Math.abs(drawn.mean(0).data()[1] - 2 / 5.01)).toBeLessThan(0.03);
  });

  it.each([[[6, 6]], [[9, 4]], [[4, 9]]])("orthogonal is orthonormal to the last digits: %j", (shape) => {
    const q = random.orthogonal(key, shape, float64);
    const [rows, columns] = shape;
    const square = rows >= columns ? q.transpose().matmul(q) : q.matmul(q.transpose());
    const side = Math.min(rows, columns);
    const unit = tensor(
      Array.from({ length: side }, (_, i) => Array.from({ length: side }, (_, j) => Number(i === j))),
      float64,
    );
    expect(square.sub(unit).abs().max().item()).toBeLessThan(1e-15);
  });

  it("refuses draws of int32, and parameters of two types", () => {
    expect(() => random.exponential(key, [2], { dtype: "int32" })).toThrow(
      "[random.exponential] draws are floats, not int32. Use float32 or float64, or random.integers.",
    );
    expect(() => multivariateNormal(key, tensor([0, 1]), double(covariance))).toThrow("float64");
  });
});
