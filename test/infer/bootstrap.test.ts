// Intervals by fitting again, against what is known of means.
import { describe, expect, it } from "vitest";
import { Key } from "../../src/index.js";
import { bootstrapRule, fitRule, monomial, type Recording, simulate } from "../../src/infer/index.js";

const terms = [monomial({ pre: 1 })];

/** Recordings of one neuron under a constant input, whose weight grows by a rate that differs between recordings. */
function recordings(count: number, spread: number, seed: number, steps = 20): Recording[] {
  return Array.from({ length: count }, (_, r) => {
    const key = Key.of(seed).fold(r);
    const rate = 0.1 + spread * (key.uniform(0) - 0.5);
    const given = { inputs: Array.from({ length: steps }, () => [1]), start: [[0]] };
    return simulate(given, terms, [rate], key, { noise: 0.1 });
  });
}

describe("bootstrapRule", () => {
  it("keeps the estimate, gives the same bits for a key, and others for another", () => {
    const data = recordings(6, 0, 0);
    const [one, two, other] = [1, 1, 2].map((seed) => bootstrapRule(data, terms, Key.of(seed), { draws: 20 }));
    expect(one).toEqual(two);
    expect(other.coefficients[0].low).not.toBe(one.coefficients[0].low);
    expect(one.coefficients[0].estimate).toBe(fitRule(data, terms).coefficients[0].estimate);
    expect(one.coefficients[0].low).toBeLessThan(one.coefficients[0].high);
  });

  it.each(["recordings", "model"] as const)("agrees with Laplace where the model is right: %s", (of) => {
    const data = recordings(15, 0, 3);
    const laplace = fitRule(data, terms).coefficients[0];
    const drawn = bootstrapRule(data, terms, Key.of(1), { of, draws: 150 }).coefficients[0];
    expect(drawn.error / laplace.error).toBeGreaterThan(0.6);
    expect(drawn.error / laplace.error).toBeLessThan(1.6);
    expect(Math.abs(drawn.low - laplace.low)).toBeLessThan(laplace.error);
    expect(Math.abs(drawn.high - laplace.high)).toBeLessThan(laplace.error);
  });

  it("sees that recordings differ, which the model does not know", () => {
    // The estimate is close to the mean of the rates, whose standard error is known: spread / sqrt(12 count).
    const data = recordings(15, 0.2, 4);
    const error = 0.2 / Math.sqrt(12 * 15);
    const drawn = bootstrapRule(data, terms, Key.of(1), { draws: 150 }).coefficients[0];
    expect(drawn.error / error).toBeGreaterThan(0.6);
    expect(drawn.error / error).toBeLessThan(1.6);
    expect(fitRule(data, terms).coefficients[0].error).toBeLessThan(error / 2);
  });

  it("is as wide for few recordings as Student's interval of a mean", () => {
    // Recordings with the same inputs: the estimate is the mean of those of single recordings.
    const ratios = [5, 6, 7, 8].map((seed) => {
      const data = recordings(5, 0.2, seed);
      const single = data.map((each) => fitRule([each], terms).coefficients[0].estimate);
      const mean = single.reduce((sum, x) => sum + x, 0) / 5;
      const error = Math.sqrt(single.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 4 / 5);
      const drawn = bootstrapRule(data, terms, Key.of(seed), { draws: 400 }).coefficients[0];
      expect(drawn.estimate).toBeCloseTo(mean, 6);
      expect(drawn.error / error).toBeGreaterThan(0.9);
      expect(drawn.error / error).toBeLessThan(1.1);
      const T_90_OF_4 = 2.131846786; // Student's table
      return (drawn.high - drawn.low) / (2 * T_90_OF_4 * error);
    });
    const ratio = ratios.reduce((sum, x) => sum + x, 0) / ratios.length;
    expect(ratio).toBeGreaterThan(0.9); // plain percentiles have 0.69
    expect(ratio).toBeLessThan(1.1);
  });

  it("counts places among few draws so that ends are not too near each other", () => {
    // The outputs are linear in the coefficient, so that what is drawn from the model is normal. With 19 draws, an interval of 90 %
    // goes from the least to the largest, which hold a further draw in 18 of 20 cases: 1.8445 standard errors on either side.
    const widths = Array.from({ length: 200 }, (_, seed) => {
      const data = recordings(1, 0, seed);
      const drawn = bootstrapRule(data, terms, Key.of(1000 + seed), { of: "model", draws: 19 }).coefficients[0];
      return (drawn.high - drawn.low) / 2 / fitRule(data, terms).coefficients[0].error;
    });
    const mean = widths.reduce((sum, x) => sum + x, 0) / widths.length;
    expect(Math.abs(mean - 1.8445)).toBeLessThan(0.09); // the deviation of one is 0.37; percentiles of 19 draws have 1.55
  });

  it("draws choices, keeps gaps, and knows weights that were seen", () => {
    const key = Key.of(5);
    const inputs = Array.from({ length: 150 }, (_, t) => [key.uniform(t)]);
    const given = { inputs, start: [[-0.5], [0.5]] };
    const choices = simulate(given, terms, [0.05], key, { observe: "bernoulli", missing: 0.2 });
    const [rule] = bootstrapRule([choices], terms, key, { observe: "bernoulli", of: "model", draws: 60 }).coefficients;
    expect(rule.low).toBeLessThan(rule.estimate);
    expect(rule.high).toBeGreaterThan(rule.estimate);
    const known = simulate(given, terms, [0.05], key, { noise: 0.1, weights: 0.1 });
    const { weights: _, ...hidden } = known;
    const error = (each: Recording) =>
      bootstrapRule([each], terms, key, { of: "model", draws: 60 }).coefficients[0].error;
    expect(error(known)).toBeLessThan(error(hidden));
  });

  it("refuses what it cannot do, with the cure", () => {
    const data = recordings(2, 0, 0);
    const again = (options: object, of = data) => bootstrapRule(of, terms, Key.of(0), options as never);
    expect(() => again({}, [data[0]])).toThrow(/one recording cannot be drawn.*Cut it into several.*of: "model"/);
    expect(() => again({ l1: 1 })).toThrow(/`l1` shrinks coefficients.*fit those that are left/);
    expect(() => again({ of: "trials" })).toThrow(/`of` is "trials": give "recordings" or "model"/);
    expect(() => again({ draws: 1 })).toThrow(/`draws` is 1: give a whole number from 2/);
    expect(() => bootstrapRule(data, terms, 3 as never)).toThrow(TypeError);
    expect(() => fitRule(data, terms, { noise: { output: 1 } as never })).toThrow(/output/);
  });
});
