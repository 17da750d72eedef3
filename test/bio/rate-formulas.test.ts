// Every formula of the rates on a layer of 2 x 2, worked out by hand. Draws are taken from the key and then treated
// as given numbers.
import { describe, expect, it } from "vitest";
import {
  agedRates,
  bioDefaults,
  type Distribution,
  fuzzyRates,
  homeostaticRates,
  scaleGrad,
  volumeRates,
} from "../../src/bio/index.js";
import { random, type Tensor, tensor } from "../../src/index.js";
import { expectClose, key, numbers, shape } from "./by-hand.js";

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

  it("gamma: Gamma(1 / nu²) nu², mean 1; on request the published formula, whose mean is 2", () => {
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

  it("layer-adaptive: nu falls to its half at the last layer, which the published formula does not reach", () => {
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

  it("temporal: rates decay back to 1 and are redrawn at every tenth update", () => {
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

  it("stay within their bounds", () => {
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

  it("are a tenth of that, and not divided, in the reference formula", () => {
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

  it("pulls the updates of units toward their mean length", () => {
    const config = { target: "mean", alpha: 0.5, min: 0.1, max: 10 } as const;
    expectClose(scaleGrad(config, u, 1), [Math.sqrt(3 / 5), Math.sqrt(3)]);
    expect(scaleGrad(config, u, 1).shape).toEqual([1, 2]);
    expectClose(scaleGrad({ ...config, min: 0.9, max: 1.5 }, u, 1), [0.9, 1.5]);
  });

  it("pulls them toward a given length, and all the way with alpha 1", () => {
    const scaled = u.mul(scaleGrad({ target: 2, alpha: 1, min: 0.01, max: 100 }, u, 1));
    expectClose(scaled, [1.2, 1.2, 1.6, 1.6]);
  });

  it("leaves updates that are all 0 unchanged", () => {
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
