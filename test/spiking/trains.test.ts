// Trains of spikes: what they are drawn from, and what is measured of them, against definitions.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key, scope, type Tensor } from "../../src/core/index.js";
import { full, tensor } from "../../src/ops/index.js";
import {
  bernoulliTrains,
  complexityClassifier,
  firingRates,
  interspikeIntervals,
  latencyTrains,
  lempelZiv76,
  lempelZiv78,
  lempelZivComplexity,
  markovTrains,
  poissonTrains,
  synchrony,
} from "../../src/spiking/index.js";

const bits = fc.array(fc.constantFrom(0, 1), { minLength: 1, maxLength: 60, size: "max" });
const rowsOf = (trains: Tensor, steps: number): number[][] => {
  const data = Array.from(trains.data());
  return Array.from({ length: data.length / steps }, (_, i) => data.slice(i * steps, (i + 1) * steps));
};
const share = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

describe("complexity", () => {
  it("counts the phrases of known sequences (B1)", () => {
    const known = { "00000000": 2, "01010101": 3, "0001101001000101": 6, "1001111011000010": 6, "0101101": 4 };
    for (const [train, phrases] of Object.entries(known)) {
      expect([train, lempelZiv76([...train].map(Number))]).toEqual([train, phrases]);
    }
  });

  it("counts phrases as their definition of 1976 does: each the shortest that did not occur before its last symbol", () => {
    const defined = (train: readonly number[]): number => {
      const text = train.join("");
      let [start, phrases] = [0, 0];
      while (start < text.length) {
        let end = start + 1;
        while (end < text.length && text.slice(0, end - 1).includes(text.slice(start, end))) end++;
        [start, phrases] = [end, phrases + 1];
      }
      return phrases;
    };
    fc.assert(
      fc.property(bits, (train) => {
        expect(lempelZiv76(train)).toBe(defined(train));
      }),
      { numRuns: 500 },
    );
  });

  it("counts phrases as their definition of 1978 does: each a phrase of before with one more symbol", () => {
    const defined = (train: readonly number[]): number => {
      const seen = new Set<string>();
      let [phrase, phrases] = ["", 0];
      for (const symbol of train) {
        phrase += symbol;
        if (seen.has(phrase)) continue;
        seen.add(phrase);
        [phrase, phrases] = ["", phrases + 1];
      }
      return phrases + Number(phrase !== "");
    };
    fc.assert(
      fc.property(bits, (train) => {
        expect(lempelZiv78(train)).toBe(defined(train));
      }),
      { numRuns: 500 },
    );
  });

  it("is near the entropy of independent steps, in bits (B2)", () => {
    for (const p of [0.05, 0.1, 0.2, 0.3, 0.5]) {
      const entropy = -p * Math.log2(p) - (1 - p) * Math.log2(1 - p);
      scope(() => {
        const trains = rowsOf(bernoulliTrains(Key.of(4), full([20, 1], p), 4096), 4096);
        expect(Math.abs(share(trains.map((train) => lempelZivComplexity(train))) - entropy)).toBeLessThanOrEqual(0.05);
      });
    }
  });

  it("tells apart what rates do not: chains that stay from independent steps (B8)", () => {
    scope(() => {
      const steps = 512;
      const half = (key: Key): { trains: number[][]; labels: number[] } => {
        const [first, second] = key.split();
        const independent = rowsOf(bernoulliTrains(first, full([200, 1], 0.2), steps), steps);
        const sticky = rowsOf(markovTrains(second, [200, 1], steps, { rate: 0.2, stay: 0.7 }), steps);
        return { trains: [...independent, ...sticky], labels: [...independent.map(() => 0), ...sticky.map(() => 1)] };
      };
      const [train, test] = Key.of(5).split().map(half);
      const accuracy = (measure?: (train: ArrayLike<number>) => number): number => {
        const { predict } = complexityClassifier(train.trains, train.labels, measure);
        return share(test.trains.map((each, i) => Number(predict(each) === test.labels[i])));
      };
      expect(accuracy()).toBeGreaterThanOrEqual(0.93);
      const byCount = accuracy((each) => share(Array.from(each)));
      expect(byCount).toBeGreaterThanOrEqual(0.4);
      expect(byCount).toBeLessThanOrEqual(0.6);
    });
  });

  it("refuses tensors that are not trains of spikes", () => {
    expect(() => lempelZiv76([])).toThrow("[lempelZiv76] the train is empty. Give at least one step.");
    for (const train of [5, undefined, {}, { length: Number.NaN }, { length: -1 }, { length: 1.5 }]) {
      expect(() => lempelZiv76(train as never)).toThrow(/^\[lempelZiv76\] the train is/);
    }
    expect(() => lempelZiv78([0, 2])).toThrow("[lempelZiv78] entry 1 of the train is 2. Give only 0 and 1.");
    expect(() => lempelZivComplexity([0.5])).toThrow(/entry 0 of the train is 0.5/);
    expect(() => complexityClassifier([[0, 1]], [])).toThrow(/1 trains and 0 labels/);
    expect(() => complexityClassifier([[0, 1]], [-1])).toThrow(/a label is -1/);
  });
});

describe("trains", () => {
  it("have the shares of spikes that they are drawn with", () => {
    scope(() => {
      const n = 40_000;
      const far = (found: number, p: number): number => Math.abs(found - p) / Math.sqrt((p * (1 - p)) / n);
      const bernoulli = bernoulliTrains(Key.of(1), tensor([[0.1, 0.7]]), n).data();
      expect(far(share(Array.from(bernoulli).filter((_, i) => i % 2 === 0)), 0.1)).toBeLessThan(4);
      expect(far(share(Array.from(bernoulli).filter((_, i) => i % 2 === 1)), 0.7)).toBeLessThan(4);
      const poisson = poissonTrains(Key.of(2), tensor([[30]]), n, { dt: 0.02 }).data();
      expect(far(share(Array.from(poisson)), 1 - Math.exp(-0.6))).toBeLessThan(4);
    });
  });

  it("of a chain keep the share of spikes at every step, and stay as often as they should", () => {
    scope(() => {
      const [n, steps] = [4000, 12];
      const trains = rowsOf(markovTrains(Key.of(3), [n, 1], steps, { rate: 0.3, stay: 0.8 }), steps);
      for (let t = 0; t < steps; t++) {
        const found = share(trains.map((train) => train[t]));
        expect(Math.abs(found - 0.3)).toBeLessThan(4.5 * Math.sqrt(0.21 / n));
      }
      const pairs = trains.flatMap((train) => train.slice(1).flatMap((next, t) => (train[t] === 1 ? [next] : [])));
      expect(Math.abs(share(pairs) - 0.8)).toBeLessThan(4.5 * Math.sqrt(0.16 / pairs.length));
    });
  });

  it("of latencies have one spike each, the sooner the larger", () => {
    scope(() => {
      const x = tensor([[0, 0.25, 0.5, 1]]);
      const moments = (trains: Tensor): number[] => {
        const data = Array.from(trains.data());
        return [0, 1, 2, 3].map((i) => data.filter((_, at) => at % 4 === i).indexOf(1));
      };
      expect(moments(latencyTrains(x, 9))).toEqual([8, 6, 4, 0]);
      // tau log(x / (x - threshold)): never for 0; 5 log(0.25 / 0.05) = 8.05, 5 log(0.5 / 0.3) = 2.55, 5 log(1 / 0.8) = 1.1.
      expect(moments(latencyTrains(x, 9, { scale: "logarithmic", threshold: 0.2 }))).toEqual([-1, 8, 3, 1]);
      expect(moments(latencyTrains(x, 5, { scale: "logarithmic", threshold: 0.2 }))).toEqual([-1, -1, 3, 1]);
    });
  });

  it("are refused with parameters out of their range", () => {
    expect(() => markovTrains(Key.of(0), [1, 1], 4, { rate: 0.9, stay: 0 })).toThrow(/at 0 the `rate` is at most 0.5/);
    expect(() => markovTrains(Key.of(0), [1, 1], 0, { rate: 0.5, stay: 0.5 })).toThrow(/`steps` is 0/);
    expect(() => poissonTrains(Key.of(0), tensor([[1]]), 4, { dt: 0 })).toThrow(/`dt` is 0/);
    expect(() => bernoulliTrains(Key.of(0), tensor([1]), 4)).toThrow(/Reshape them to \[n, inputs\]/);
    expect(() => latencyTrains(tensor([[1]]), 4, { scale: "cubic" as never })).toThrow(/`scale` is "cubic"/);
  });
});

describe("measures", () => {
  it("know rates, intervals and synchrony", () => {
    scope(() => {
      const trains = tensor([1, 0, 0, 0, 1, 1, 0, 1], { shape: [1, 4, 2] });
      expect(Array.from(firingRates(trains).data())).toEqual([0.5, 0.5]);
      expect(interspikeIntervals([0, 1, 1, 0, 0, 1])).toEqual([1, 3]);
      const together = tensor([1, 1, 0, 0, 0, 0, 1, 1], { shape: [4, 2] });
      expect(synchrony(together)).toBe(1);
      const independent = rowsOf(bernoulliTrains(Key.of(6), full([1, 25], 0.5), 4000), 1).flat();
      expect(Math.abs(synchrony(tensor(independent, { shape: [4000, 25] })) - 0.2)).toBeLessThan(0.02);
      expect(synchrony(tensor([0, 0, 0, 0], { shape: [2, 2] }))).toBeNaN();
    });
  });
});
