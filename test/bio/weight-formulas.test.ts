// Every formula of what happens to weights on a layer of 2 x 2, worked out by hand. Draws are taken from the key and then treated
// as given numbers.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bioDefaults,
  crystallize,
  daleSigns,
  daleViolations,
  enforceDale,
  exponentialStep,
  imposeDale,
  referenceSigns,
  rejuvenate,
  rejuvenateReference,
  rejuvenationProbability,
  splitOutputs,
} from "../../src/bio/index.js";
import { grad, Key, random, scope, type Tensor, tensor } from "../../src/index.js";
import { arbShape } from "../../src/testing/index.js";
import { expectClose, key, numbers, shape } from "./by-hand.js";

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

  it("slows settled synapses and large signals, down to a floor", () => {
    expectClose(crystallize(config, rates, w, g), [0.6, 0.8, 0.7, 0.5]);
  });

  it("thaws the others on request", () => {
    expectClose(crystallize({ ...config, thaw: 0.25 }, rates, w, g), [0.6, 0.85, 0.775, 0.5]);
  });

  it("does not treat unused synapses as settled, as the published formula does", () => {
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

  it("replaces weights with probability e^(-dre |w| / s)", () => {
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

  it("prunes in the reference formula: e^N(lm, (ls / 2)²) of a signed mean, weights within [-1, 1], NaN replaced", () => {
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

  it("begins balanced: four excitatory units of half strength against one inhibitory unit of twice the strength", () => {
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

  it("names an axis or a share that cannot be", () => {
    for (const axis of [-1, 2, 0.5, Number.NaN]) {
      expect(() => daleSigns(key, [4, 2], axis, 0.5)).toThrow(/^\[daleSigns\] pre .* Axes run from 0 to 1\.$/);
      expect(() => referenceSigns(key, [4, 2], axis, 1)).toThrow(/^\[referenceSigns\] pre /);
      expect(() => referenceSigns(key, [4, 2], 0, axis)).toThrow(/^\[referenceSigns\] post /);
    }
    for (const share of [-0.1, 1.1, Number.NaN]) {
      expect(() => daleSigns(key, [4, 2], 0, share)).toThrow(/^\[daleSigns\] excitatory .* Use 0 to 1\.$/);
    }
  });

  it("puts them on the postsynaptic axis in the reference formula", () => {
    expect(referenceSigns(key, [10, 3], 0, 1).shape).toEqual([1, 3]);
    const filters = referenceSigns(key, [3, 3, 4, 8], 2, 3);
    expect(filters.shape).toEqual([1, 1, 4, 8]);
    expect(new Set(numbers(filters))).toEqual(new Set([-1, 1]));
  });
});

describe("split connections", () => {
  it("are groups whose sum is the connection", () => {
    const y = tensor([
      [1, 2, 3, 4],
      [5, 6, 7, -8],
    ]);
    expectClose(splitOutputs(y, 2), [3, 3, 7, 7, 11, 11, -1, -1]);
    expectClose(splitOutputs(y, 4), [10, 10, 10, 10, 10, 10, 10, 10]);
    expect(splitOutputs(y, 1)).toBe(y);
    expect(() => splitOutputs([1, 2] as never, 2)).toThrow("[splitOutputs] operand 1 is an Array, not a tensor");
  });

  it("of any shape are as defined, group by group, with the derivative of that definition", () => {
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
