// Weights brought to orthogonality: the cost and its derivative, when the descent converges, and the local rule.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { eye, grad, Key, matmul, random, scope, type Tensor, tensor } from "../../src/index.js";
import { svd } from "../../src/linalg/index.js";
import { ojaStep, orthogonalise, orthogonalityCost, orthogonalityPenalty } from "../../src/nn/index.js";

const f64 = { dtype: "float64" } as const;
const distance = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item();
const product = (w: Tensor): Tensor =>
  w.shape[0] < w.shape[1] ? matmul(w, w, { b: true }) : matmul(w, w, { a: true });
const side = fc.integer({ min: 1, max: 12 });
const seeds = fc.integer({ min: 0, max: 1e6 });

describe("the cost", () => {
  it("has the gradient 4 (WW'W - W), for wide and for tall weights", () => {
    fc.assert(
      fc.property(seeds, side, side, (seed, rows, columns) =>
        scope(() => {
          const w = random.normal(Key.of(seed), [rows, columns], { std: 0.5, ...f64 });
          const wanted = matmul(matmul(w, w, { b: true }), w)
            .sub(w)
            .mul(4);
          expect(distance(grad(orthogonalityCost)(w), wanted)).toBeLessThan(1e-11);
        }),
      ),
      { numRuns: 100 },
    );
  });

  it("of a kernel of four axes is that of the matrix of its last axis", () => {
    const w = random.normal(Key.of(1), [3, 3, 2, 4], f64);
    expect(orthogonalityCost(w).item()).toBe(orthogonalityCost(w.reshape([18, 4])).item());
  });

  it("as a penalty has the derivative 0 at exact orthogonality, and elsewhere the direction of the cost's", () => {
    const slope = grad((w: Tensor) => orthogonalityPenalty([w]))(eye(4, 4, 0, f64));
    expect(Array.from(slope.data())).toEqual(new Array(16).fill(0));
    const w = random.normal(Key.of(2), [4, 4], f64);
    const cost = orthogonalityCost(w).item();
    const byRoot = grad((x: Tensor) => orthogonalityPenalty([x]))(w);
    const squared = grad((x: Tensor) => orthogonalityPenalty([x], { squared: true }))(w);
    expect(distance(byRoot.mul(2 * Math.sqrt(cost)), squared)).toBeLessThan(1e-9);
    expect(orthogonalityPenalty([w, w], { squared: true }).item()).toBe(2 * cost);
  });
});

describe("orthogonalise", () => {
  it("makes the smaller product the identity, whatever the shape and the size of the weight", () => {
    fc.assert(
      fc.property(seeds, side, side, fc.integer({ min: -3, max: 6 }), (seed, rows, columns, exponent) =>
        scope(() => {
          const drawn = random.orthogonal(Key.of(seed), [rows, columns], f64);
          const some = Array.from({ length: rows }, (_, i) => 0.2 + 0.7 * Key.of(seed).fold(i).uniform(0));
          const w = drawn.mul(tensor(some, f64).reshape([rows, 1])).mul(10 ** exponent);
          const { weight, cost, scale } = orthogonalise(w, { steps: 200 });
          expect(weight.shape).toEqual([rows, columns]);
          expect(cost).toBeLessThan(1e-6);
          const size = Math.min(rows, columns);
          expect(distance(product(weight), eye(size, size, 0, f64))).toBeLessThan(1e-3);
          expect(scale).toBeLessThanOrEqual(1);
        }),
      ),
      { numRuns: 60 },
    );
  });

  it("gives the nearest orthogonal matrix: the polar factor by singular vectors", () => {
    const w = random.uniform(Key.of(3), [8, 5], { low: -0.4, high: 0.4, ...f64 });
    const { u, v } = svd(w);
    const { weight, scale } = orthogonalise(w, { tolerance: 1e-20 });
    expect(scale).toBe(1);
    expect(distance(weight, matmul(u, v, { b: true }))).toBeLessThan(1e-9);
  });

  it("leaves weights below the limit as they are, and scales those beyond it to a largest singular value of 1", () => {
    for (const [sigma, scaled] of [
      [2.44, false],
      [2.46, true],
      [1e4, true],
    ] as const) {
      const turn = random.orthogonal(Key.of(4), [6, 6], f64);
      const w = turn.mul(sigma);
      const { scale, weight } = orthogonalise(w, { steps: 1000 });
      expect(scale === 1).toBe(!scaled);
      if (scaled) expect(scale * sigma).toBeCloseTo(1, 2);
      expect(orthogonalityCost(weight).item()).toBeLessThan(1e-6);
    }
  });

  it("is an identity, in no step, for weights that are orthogonal", () => {
    const w = random.orthogonal(Key.of(5), [7, 3]);
    const { weight, steps } = orthogonalise(w);
    expect(steps).toBe(0);
    expect(weight.toArray()).toEqual(w.toArray());
  });

  it("takes weights of float32 and of more than two axes", () => {
    const { weight } = orthogonalise(random.normal(Key.of(6), [3, 3, 4, 8], { std: 0.05 }));
    expect(weight.shape).toEqual([3, 3, 4, 8]);
    expect(weight.dtype).toBe("float32");
    expect(distance(product(weight.reshape([36, 8])), eye(8))).toBeLessThan(1e-3);
  });

  it("says what to do about weights and options that it cannot use", () => {
    const w = random.normal(Key.of(7), [4, 4], { std: 5 });
    expect(() => orthogonalise(w, { rescale: false })).toThrow(/must be below 2\.449.*Scale the weight down/);
    expect(() =>
      orthogonalise(
        tensor([
          [1, 1],
          [1, 1],
        ]),
      ),
    ).toThrow(/without full rank cannot be made orthogonal/);
    expect(() =>
      orthogonalise(
        tensor([
          [0, 0],
          [0, 0],
        ]),
      ),
    ).toThrow(/without full rank/);
    expect(() => orthogonalise(tensor([[1, Number.NaN]]))).toThrow(/not finite/);
    expect(() => orthogonalise(w, { rate: 0.25 })).toThrow(/`rate` is 0\.25\. Give a number above 0 and below 0\.25/);
    expect(() => orthogonalise(w, { tolerance: 0 })).toThrow(/`tolerance`/);
    expect(() => orthogonalise(w, { steps: -1 })).toThrow(/`steps`/);
    expect(() => orthogonalise(tensor([1, 2]))).toThrow(/\[orthogonalise\] a weight of shape \[2\]/);
    expect(() => orthogonalityPenalty([])).toThrow(/there is no weight/);
  });
});

describe("the local rule", () => {
  it("moves in the mean as the descent does: by a quarter of the rate times minus the gradient", () => {
    const w = random.normal(Key.of(8), [6, 4], { std: 0.5, ...f64 });
    // Noise whose second moments are exactly those of white noise: columns of an orthogonal matrix, scaled.
    const x = random.orthogonal(Key.of(9), [24, 6], f64).mul(Math.sqrt(24));
    const moved = ojaStep(w, x, 0.02).sub(w);
    expect(distance(moved, grad(orthogonalityCost)(w).mul(-0.02 / 4))).toBeLessThan(1e-12);
  });

  it("leaves orthogonal square weights where they are, whatever the noise", () => {
    const w = random.orthogonal(Key.of(10), [5, 5], f64);
    expect(distance(ojaStep(w, random.normal(Key.of(11), [64, 5], f64), 0.02), w)).toBeLessThan(1e-14);
  });

  it("refuses rates and shapes that it cannot use", () => {
    const w = random.normal(Key.of(12), [3, 2]);
    expect(() => ojaStep(w, random.normal(Key.of(0), [4, 3]), 0)).toThrow(/`rate` is 0/);
    expect(() => ojaStep(w, random.normal(Key.of(0), [4, 2]), 0.1)).toThrow(/for a weight of \[3, 2\]/);
  });
});
