// Every formula of the mechanisms on a layer of 2 x 2, worked out by hand. Draws are taken from the key and then treated
// as given numbers.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  agedRates,
  bioDefaults,
  crystallize,
  type Distribution,
  daleSigns,
  daleViolations,
  enforceDale,
  exponentialStep,
  fuzzyRates,
  homeostaticRates,
  imposeDale,
  referenceSigns,
  rejuvenate,
  rejuvenateReference,
  rejuvenationProbability,
  scaleGrad,
  splitOutputs,
  volumeRates,
} from "../../src/bio/index.js";
import { grad, Key, random, scope, type Tensor, tensor } from "../../src/index.js";
import { arbShape } from "../../src/testing/index.js";

const key = Key.of(3);
const shape = [2, 2];
const numbers = (x: Tensor): number[] => [...x.data()];
/** Equal to within some units in the last place of float32. */
const expectClose = (x: Tensor, wanted: readonly number[]): void => {
  expect(x.size).toBe(wanted.length);
  numbers(x).forEach((value, i) => {
    expect(Math.abs(value - wanted[i])).toBeLessThanOrEqual(2e-6 * Math.max(1, Math.abs(wanted[i])));
  });
};

describe("fuzzy rates", () => {
  const w = tensor([
    [0.1, -0.3],
    [0.2, 0.6],
  ]);
  const u = numbers(random.uniform(key, shape));
  const z = numbers(random.normal(key, shape));
  const nu = 0.2;
  const wide = { ...bioDefaults.fuzzy, nu, min: 0.01, max: 10 };
  const rates = (distribution: Distribution, more = {}): Tensor =>
    fuzzyRates({ ...wide, distribution }, key, { weight: w, layer: 1, layers: 3, post: 1, ...more });

  it("baseline: 1", () => expectClose(rates("baseline"), [1, 1, 1, 1]));

  it("uniform: 1 + nu (2U - 1)", () => {
    expectClose(
      rates("uniform"),
      u.map((x) => 1 + 0.2 * (2 * x - 1)),
    );
  });

  it("normal: 1 + N(0, nu²)", () => {
    expectClose(
      rates("normal"),
      z.map((x) => 1 + 0.2 * x),
    );
  });

  it("lognormal: e^N(-nu² / 2, nu²), mean 1", () => {
    expectClose(
      rates("lognormal"),
      z.map((x) => Math.exp(-0.02 + 0.2 * x)),
    );
  });

  it("gamma: Gamma(1 / nu²) nu², mean 1; the published one, of mean 2, on request", () => {
    expectClose(
      rates("gamma"),
      numbers(random.gamma(key, 25, shape)).map((x) => x * 0.04),
    );
    expectClose(
      rates("gamma", { reference: true }),
      numbers(random.gamma(key, 5, shape)).map((x) => 1 + x * 0.2),
    );
  });

  it("beta: 1 + (2 Beta(1 / nu, 1 / nu) - 1) nu", () => {
    expectClose(
      rates("beta"),
      numbers(random.beta(key, 5, 5, shape)).map((x) => 1 + (2 * x - 1) * 0.2),
    );
  });

  it("layer-adaptive: nu falls to its half at the last layer, where the published one did not get", () => {
    const uniform = (spread: number): number[] => u.map((x) => 1 + spread * (2 * x - 1));
    const at = (layer: number, reference = false): Tensor => rates("layer-adaptive", { layer, layers: 3, reference });
    expectClose(at(0), uniform(0.2));
    expectClose(at(1), uniform(0.15));
    expectClose(at(2), uniform(0.1));
    expectClose(at(2, true), uniform(0.2 * (1 - 0.5 * (2 / 3))));
    expectClose(rates("layer-adaptive", { layer: 0, layers: 1 }), uniform(0.2));
  });

  it("weight-adaptive: small weights vary more", () => {
    // mean |w| = 0.3; 2 - |w| / 0.3 = 5/3, 1, 4/3, 0, inside [0.5, 1.5]
    const factors = [1.5, 1, 4 / 3, 0.5];
    expectClose(
      rates("weight-adaptive"),
      u.map((x, i) => 1 + 0.2 * factors[i] * (2 * x - 1)),
    );
  });

  it("activity: units that are active more vary less", () => {
    // activity 1 and 3, mean 2: 1 + 0.1 (c - 1) = 0.95 and 1.05, so nu times 1.05 and 0.95
    const factors = [1.05, 0.95, 1.05, 0.95];
    expectClose(
      rates("activity", { activity: tensor([1, 3]) }),
      u.map((x, i) => 1 + 0.2 * factors[i] * (2 * x - 1)),
    );
    // beyond: 0 and 40 of mean 20 give 0.9 and 1.1, and 100 times the mean is cut off at 1.2
    const cut = Array.from({ length: 100 }, (_, i) => (i === 0 ? 100 : 0));
    const many = fuzzyRates({ ...wide, distribution: "activity" }, key, {
      weight: random.normal(key, [1, 100]),
      layer: 0,
      layers: 1,
      post: 1,
      activity: tensor(cut),
    });
    const draws = numbers(random.uniform(key, [1, 100]));
    expectClose(
      many,
      draws.map((x, i) => 1 + 0.2 * (i === 0 ? 0.8 : 1.1) * (2 * x - 1)),
    );
  });

  it("temporal: back to 1 by decay, and shaken at every tenth update", () => {
    const config = { ...wide, decay: 0.9, min: 0.5, max: 1.21 };
    const before = tensor([
      [0.5, 0.9],
      [1.1, 1.3],
    ]);
    expectClose(agedRates(config, key, before, 3), [0.55, 0.91, 1.09, 1.21]);
    expectClose(
      agedRates(config, key, before, 20),
      [0.55, 0.91, 1.09, 1.27].map((rate, i) => Math.min(1.21, rate + 0.02 * (2 * u[i] - 1))),
    );
  });

  it("stay inside their bounds", () => {
    const config = { ...wide, distribution: "uniform", min: 0.95, max: 1.02 } as const;
    expectClose(
      fuzzyRates(config, key, { weight: w, layer: 0, layers: 1, post: 1 }),
      u.map((x) => Math.min(1.02, Math.max(0.95, 1 + 0.2 * (2 * x - 1)))),
    );
  });
});

describe("volume-dependent rates", () => {
  const w = tensor([
    [0, 1],
    [-3, 0.25],
  ]);
  // V = 0, 1/2, 3/4, 1/5; e^(-2V)
  const middle = [1, Math.exp(-1), Math.exp(-1.5), Math.exp(-0.4)];
  const noise = numbers(random.normal(key, shape, { mean: 1, std: 0.2 })).map(Math.abs);

  it("are |N(m, (0.2 m)²)| divided by their mean, m = e^(-2V)", () => {
    const factors = middle.map((m, i) => m * noise[i]);
    const mean = factors.reduce((a, b) => a + b) / 4;
    expectClose(
      volumeRates(bioDefaults.volume, key, w),
      factors.map((f) => f / mean),
    );
  });

  it("are a tenth and not divided in the reference formula", () => {
    expectClose(
      volumeRates(bioDefaults.volume, key, w, true),
      middle.map((m, i) => 0.1 * m * noise[i]),
    );
  });
});

describe("scaling", () => {
  const u = tensor([
    [3, 0.6],
    [4, 0.8],
  ]); // lengths of the columns, the units: 5 and 1

  it("draws the updates of units to their mean length", () => {
    const config = { target: "mean", alpha: 0.5, min: 0.1, max: 10 } as const;
    expectClose(scaleGrad(config, u, 1), [Math.sqrt(3 / 5), Math.sqrt(3)]);
    expect(scaleGrad(config, u, 1).shape).toEqual([1, 2]);
    expectClose(scaleGrad({ ...config, min: 0.9, max: 1.5 }, u, 1), [0.9, 1.5]);
  });

  it("or to a length of one's own, altogether with alpha 1", () => {
    const scaled = u.mul(scaleGrad({ target: 2, alpha: 1, min: 0.01, max: 100 }, u, 1));
    expectClose(scaled, [1.2, 1.2, 1.6, 1.6]);
  });

  it("leaves updates that are all 0 as they are", () => {
    const zero = tensor([
      [0, 1],
      [0, 0],
    ]);
    const config = { target: "mean", alpha: 1, min: 0.5, max: 2 } as const;
    expectClose(zero.mul(scaleGrad(config, zero, 1)), [0, 0.5, 0, 0]);
  });

  it("homeostasis: silent units learn faster, the mean factor is 1", () => {
    const config = { ...bioDefaults.homeostasis, alpha: 0.5, min: 0.1, max: 10 };
    // mean 0.5: sqrt(0.5 / 0.1) = 2.236, sqrt(0.5 / 0.9) = 0.745; their mean 1.4907
    const [a, b] = [Math.sqrt(5), Math.sqrt(5 / 9)];
    const factors = homeostaticRates(config, tensor([0.1, 0.9]), 2, 1);
    expect(factors.shape).toEqual([1, 2]);
    expectClose(factors, [(2 * a) / (a + b), (2 * b) / (a + b)]);
    expectClose(homeostaticRates({ ...config, max: 2 }, tensor([0, 4]), 2, 0), [
      2 / (1 + Math.SQRT1_2 / 2),
      Math.SQRT1_2 / (1 + Math.SQRT1_2 / 2),
    ]);
  });
});

describe("crystallisation", () => {
  const config = { ...bioDefaults.crystallize, threshold: 0.01, damping: 0.6, floor: 0.5, thaw: 0 };
  const w = tensor([
    [1, -2],
    [0, 0.6],
  ]); // mean |w| = 0.9; the gradients are settled; neither; 0; large
  const g = tensor([
    [0.009, 0.5],
    [0, -0.95],
  ]);
  const rates = tensor([
    [1, 0.8],
    [0.7, 0.55],
  ]);

  it("holds settled synapses and large signals, down to a floor", () => {
    expectClose(crystallize(config, rates, w, g), [0.6, 0.8, 0.7, 0.5]);
  });

  it("thaws the others on request", () => {
    expectClose(crystallize({ ...config, thaw: 0.25 }, rates, w, g), [0.6, 0.85, 0.775, 0.5]);
  });

  it("does not take synapses that were not used for settled, as the published one does", () => {
    const weights = tensor([1, 1, 0]);
    const unused = tensor([0, 0.001, 0]);
    const start = tensor([1, 1, 1]);
    expectClose(crystallize(config, start, weights, unused), [1, 0.6, 1]);
    expectClose(crystallize(config, start, weights, unused, true), [0.6, 0.6, 1]);
  });

  it("has no floor and no thaw in the reference formula", () => {
    expectClose(crystallize({ ...config, thaw: 0.25 }, rates, w, g, true), [0.6, 0.8, 0.7, 0.33]);
  });
});

describe("rejuvenation", () => {
  const w = tensor([
    [0.1, -0.1],
    [0.3, -0.3],
  ]); // standard deviation sqrt(0.05)
  const spread = Math.sqrt(0.05);

  it("replaces with probability e^(-dre |w| / s) by fresh weights", () => {
    const p = [0.1, 0.1, 0.3, 0.3].map((size) => Math.exp((-2 * size) / spread));
    const config = { dre: 2, every: 1 };
    expectClose(rejuvenationProbability(config, w), p);
    const u = numbers(random.uniform(key, shape));
    const fresh = tensor([
      [5, 6],
      [7, 8],
    ]);
    const { weight, reborn } = rejuvenate(config, key, w, fresh);
    expect(numbers(reborn)).toEqual(u.map((x, i) => Number(x < p[i])));
    expect(numbers(weight)).toEqual(u.map((x, i) => (x < p[i] ? fresh.data()[i] : w.data()[i])));
  });

  it("replaces a layer of zeros as a whole", () => {
    const fresh = tensor([1, 2, 3]);
    expect(numbers(rejuvenate(bioDefaults.rejuvenate, key, tensor([0, 0, 0]), fresh).weight)).toEqual([1, 2, 3]);
  });

  it("prunes in the reference formula: e^N(lm, (ls / 2)²) of a signed mean, weights inside [-1, 1], NaN replaced", () => {
    const old = tensor([
      [2, -0.5],
      [0, Number.NaN],
    ]);
    const [chance, draw] = key.split();
    const u = numbers(random.uniform(chance, shape));
    const z = numbers(random.normal(draw, shape));
    // clamped: 1, -0.5, 0, 0; mean 0.125, standard deviation (n - 1) sqrt(1.1875 / 3)
    const [mean, std] = [0.125, Math.sqrt(1.1875 / 3)];
    const variance = Math.log(1 + (std * std) / (mean * mean));
    const location = Math.log(mean) - variance / 2;
    const clamped = [1, -0.5, 0, 0];
    const wanted = clamped.map((value, i) => {
      const fresh = Math.min(1, Math.exp(location + (Math.sqrt(variance) / 2) * z[i]));
      return i === 3 || u[i] < Math.exp((-8 * Math.abs(value)) / std) ? fresh : value;
    });
    expectClose(rejuvenateReference(bioDefaults.rejuvenate, key, old).weight, wanted);
    // of mean 0 the new weights are too small to count
    const balanced = tensor([
      [1e-3, -1e-3],
      [0.5, -0.5],
    ]);
    const { weight, reborn } = rejuvenateReference(bioDefaults.rejuvenate, key, balanced);
    expect(numbers(reborn).slice(0, 2)).toEqual([1, 1]);
    for (const value of numbers(weight).slice(0, 2)) expect(value).toBeLessThan(1e-10);
  });
});

describe("Dale's principle", () => {
  const w = tensor([
    [0.5, -0.2],
    [0.3, -0.4],
  ]);
  const signs = tensor([[1], [-1]]); // the first input excites, the second inhibits

  it("gives a presynaptic unit one sign", () => {
    expectClose(imposeDale(w, signs), [0.5, 0.2, -0.3, -0.4]);
    expectClose(enforceDale(w, signs), [0.5, 0, 0, -0.4]);
    expect(daleViolations(w, signs)).toBe(2);
    expect(daleViolations(enforceDale(w, signs), signs)).toBe(0);
  });

  it("begins balanced: four excitatory units against one inhibitory, of half and of twice the strength", () => {
    const five = tensor([[1], [1], [-1], [1], [1]]);
    const weights = tensor([[0.2], [-0.2], [0.2], [-0.2], [0.2]]);
    const lawful = imposeDale(weights, five, true);
    expectClose(lawful, [0.1, 0.1, -0.4, 0.1, 0.1]); // sum 0, sum of squares 0.2 as before
    expectClose(imposeDale(weights, tensor([[1], [1], [1], [1], [1]]), true), [0.2, 0.2, 0.2, 0.2, 0.2]);
  });

  it("moves logarithms: w e^(s u / mean |w|)", () => {
    const u = tensor([
      [0.07, -0.7],
      [-0.35, 0.035],
    ]);
    const lawful = imposeDale(w, signs); // mean |w| = 0.35
    const exponents = [0.2, -1, 1, -0.1]; // the second would be -2: no logarithm moves by more than 1
    expectClose(
      exponentialStep(lawful, u, signs),
      [0.5, 0.2, -0.3, -0.4].map((x, i) => x * Math.exp(exponents[i])),
    );
  });

  it("has the stated share of excitatory units, along the right axis", () => {
    for (const [excitatory, count] of [
      [0.8, 8],
      [0.5, 5],
      [0, 0],
      [1, 10],
      [0.44, 4],
    ]) {
      const dense = daleSigns(key, [10, 3], 0, excitatory);
      expect(dense.shape).toEqual([10, 1]);
      expect(numbers(dense).filter((s) => s === 1).length).toBe(count);
      expect(numbers(dense).filter((s) => s === -1).length).toBe(10 - count);
    }
    expect(daleSigns(key, [3, 3, 4, 8], 2, 0.5).shape).toEqual([1, 1, 4, 1]);
    expect(daleSigns(key, [3, 5], 1, 0.8).shape).toEqual([1, 5]);
  });

  it("has them on the postsynaptic axis in the reference formula", () => {
    expect(referenceSigns(key, [10, 3], 0, 1).shape).toEqual([1, 3]);
    const filters = referenceSigns(key, [3, 3, 4, 8], 2, 3);
    expect(filters.shape).toEqual([1, 1, 4, 8]);
    expect(new Set(numbers(filters))).toEqual(new Set([-1, 1]));
  });
});

describe("split connections", () => {
  it("are groups that share their sum", () => {
    const y = tensor([
      [1, 2, 3, 4],
      [5, 6, 7, -8],
    ]);
    expectClose(splitOutputs(y, 2), [3, 3, 7, 7, 11, 11, -1, -1]);
    expectClose(splitOutputs(y, 4), [10, 10, 10, 10, 10, 10, 10, 10]);
    expect(splitOutputs(y, 1)).toBe(y);
  });

  it("keep any shape and are their definition, group by group, with its derivative", () => {
    fc.assert(
      fc.property(
        arbShape({ minRank: 1, maxRank: 4 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(100),
        (head, gamma, seed) => {
          scope(() => {
            const sizes = [...head.slice(0, -1), head[head.length - 1] * gamma];
            const y = random.normal(Key.of(seed), sizes);
            const split = splitOutputs(y, gamma);
            expect(split.shape).toEqual(sizes);
            const given = y.data();
            split.data().forEach((value, i) => {
              const first = i - (i % gamma);
              let wanted = 0;
              for (let j = 0; j < gamma; j++) wanted += given[first + j];
              expect(Math.abs(value - wanted)).toBeLessThan(1e-5);
            });
            // The map is its own transpose.
            const weights = random.normal(Key.of(seed + 1), sizes);
            const slope = grad((x: Tensor) => splitOutputs(x, gamma).mul(weights).sum())(y);
            expectClose(slope, numbers(splitOutputs(weights, gamma)));
          });
        },
      ),
      { numRuns: 30 },
    );
  });
});
