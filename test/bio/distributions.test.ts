// Draws against the means, spreads and probabilities that they are said to have.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bioDefaults,
  type Distribution,
  distributions,
  fuzzyRates,
  rejuvenate,
  volumeRates,
} from "../../src/bio/index.js";
import { Key, random, scope, type Tensor, tensor } from "../../src/index.js";

/** The mean and the standard deviation of numbers. */
function moments(values: ArrayLike<number>): { mean: number; std: number } {
  const numbers = Array.from(values);
  const mean = numbers.reduce((a, b) => a + b) / numbers.length;
  return { mean, std: Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length) };
}

/** The standard deviation of each distribution, from textbooks. */
const spreads: Readonly<Record<Distribution, (nu: number) => number>> = {
  baseline: () => 0,
  uniform: (nu) => nu / Math.sqrt(3),
  normal: (nu) => nu,
  lognormal: (nu) => Math.sqrt(Math.exp(nu * nu) - 1),
  gamma: (nu) => nu,
  beta: (nu) => nu * Math.sqrt(nu / (2 + nu)),
  "layer-adaptive": (nu) => (0.75 * nu) / Math.sqrt(3), // in the middle one of three layers
  "weight-adaptive": (nu) => nu / Math.sqrt(3), // of weights that are all as large
  temporal: (nu) => nu / Math.sqrt(3),
  activity: (nu) => nu / Math.sqrt(3), // of units that are all as active
};

const COUNT = 20_000;
const weight = tensor(new Float32Array(COUNT).fill(-0.3), { shape: [COUNT / 2, 2] });

describe("fuzzy rates", () => {
  it.each(distributions)("of distribution %s have mean 1 and the stated spread", (distribution) => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 0.6, noNaN: true }), fc.nat(2 ** 20), (nu, seed) => {
        scope(() => {
          const config = { ...bioDefaults.fuzzy, distribution, nu, min: 0, max: 1e3 };
          // A normal rate may be negative: bounds far away would still cut it off at 0.
          const context = { weight, layer: 1, layers: 3, post: 1, activity: tensor([2, 2]) };
          const unbound = distribution === "normal" && nu > 0.2 ? { ...config, nu: 0.2 } : config;
          const { mean, std } = moments(fuzzyRates(unbound, Key.of(seed), context).data());
          const wanted = spreads[distribution](unbound.nu);
          // Five standard errors of the mean, and as many of the spread of a distribution with heavy tails.
          expect(Math.abs(mean - 1)).toBeLessThan((5 * wanted) / Math.sqrt(COUNT) + 1e-6);
          expect(Math.abs(std - wanted)).toBeLessThan(0.06 * wanted + 1e-6);
        });
      }),
      { numRuns: 6 },
    );
  });

  it("of the published gamma have mean 2", () => {
    const config = { ...bioDefaults.fuzzy, distribution: "gamma", max: 1e3 } as const;
    const rates = fuzzyRates(config, Key.of(0), { weight, layer: 0, layers: 1, post: 1, reference: true });
    expect(moments(rates.data()).mean).toBeCloseTo(2, 1);
  });
});

describe("volume-dependent rates", () => {
  it("have mean 1, fall with size, and vary by the stated share among synapses of one size", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 4, noNaN: true }),
        fc.double({ min: 0, max: 0.25, noNaN: true }),
        fc.nat(1000),
        (stability, variability, seed) => {
          scope(() => {
            const half = COUNT / 2;
            const sizes = Float32Array.from({ length: COUNT }, (_, i) => (i < half ? 0.1 : -2));
            const config = { ...bioDefaults.volume, stability, variability };
            const rates = volumeRates(config, Key.of(seed), tensor(sizes)).data();
            expect(moments(rates).mean).toBeCloseTo(1, 4);
            const [small, large] = [moments(rates.slice(0, half)), moments(rates.slice(half))];
            const ratio = Math.exp(-stability * (2 / 3 - 0.1 / 1.1));
            expect(large.mean / small.mean / ratio).toBeCloseTo(1, 1);
            for (const { mean, std } of [small, large]) expect(Math.abs(std / mean - variability)).toBeLessThan(0.02);
          });
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe("rejuvenation", () => {
  it("replaces small and large weights with the stated probabilities", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.5, max: 8, noNaN: true }), fc.nat(1000), (dre, seed) => {
        scope(() => {
          // Sizes 0, 0.5 and 1, both signs: the standard deviation is sqrt(5 / 12).
          const sizes = [0, 0, 0.5, -0.5, 1, -1];
          const old = tensor(Float32Array.from({ length: COUNT * 6 }, (_, i) => sizes[i % 6]));
          const fresh = random.normal(Key.of(seed + 1), [COUNT * 6]);
          const { weight: after, reborn } = rejuvenate({ dre, every: 1 }, Key.of(seed), old, fresh);
          const [mask, values] = [reborn.data(), after.data()];
          const spread = Math.sqrt(2.5 / 6);
          for (const size of [0, 0.5, 1]) {
            const own = Array.from(mask).filter((_, i) => Math.abs(sizes[i % 6]) === size);
            const p = Math.exp((-dre * size) / spread);
            const found = own.reduce((a, b) => a + b) / own.length;
            expect(Math.abs(found - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / own.length) + 1e-9);
          }
          const kept = (x: Tensor): number[] => Array.from(x.data()).filter((_, i) => mask[i] === 0);
          expect(kept(after)).toEqual(kept(old));
          const born = Array.from(values).filter((_, i) => mask[i] === 1);
          expect(moments(born).mean).toBeCloseTo(0, 1);
          expect(moments(born).std).toBeCloseTo(1, 1);
        });
      }),
      { numRuns: 5 },
    );
  });
});
