// The rule of triplets against the sum over spikes that its definition names, and a tempotron that learns what is known to be
// learnable.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key, scope, type Tensor } from "../../src/core/index.js";
import { float64 } from "../../src/float64/index.js";
import { random, split, tensor, zeros } from "../../src/ops/index.js";
import { stdp, type TripletOptions, tempotron, tripletStdp } from "../../src/spiking/index.js";

interface Rule<S> {
  init(weights: Tensor): S;
  step(weights: Tensor, state: S, pre: Tensor, post: Tensor): { weights: Tensor; state: S };
}

/** The weight of one synapse after these trains, from 0. */
const weightAfter = <S>(rule: Rule<S>, pre: readonly number[], post: readonly number[]): number =>
  scope(() => {
    let weights: Tensor = tensor([[0]], float64);
    let state = rule.init(weights);
    pre.forEach((spike, t) => {
      ({ weights, state } = rule.step(weights, state, tensor([spike], float64), tensor([post[t]], float64)));
    });
    return tensor(weights.item(), float64);
  }).item();

const trains = fc
  .integer({ min: 1, max: 25 })
  .chain((steps) =>
    fc.tuple(...[0, 1].map(() => fc.array(fc.constantFrom(0, 0, 1), { minLength: steps, maxLength: steps }))),
  );

describe("triplets", () => {
  const options: TripletOptions & { pairing?: "all" | "nearest" } = {
    ...{ plus: 0.3, minus: 0.2, triplePlus: 0.5, tripleMinus: 0.4 },
    ...{ tauPlus: 5, tauMinus: 9, tauSlowPlus: 12, tauSlowMinus: 20 },
  };

  it.each(["all", "nearest"] as const)("change a weight by the sum over pairs and triplets: %s", (pairing) => {
    fc.assert(
      fc.property(trains, ([pre, post]) => {
        const trace = (train: readonly number[], until: number, tau: number, now: number): number => {
          const moments = train.flatMap((spike, at) => (spike === 1 && at <= until ? [at] : []));
          const counted = pairing === "all" ? moments : moments.slice(-1);
          return counted.reduce((sum, at) => sum + Math.exp((at - now) / tau), 0);
        };
        let expected = 0;
        pre.forEach((_, t) => {
          if (post[t] === 1) expected += trace(pre, t, 5, t) * (0.3 + 0.5 * trace(post, t - 1, 20, t));
          if (pre[t] === 1) expected -= trace(post, t, 9, t) * (0.2 + 0.4 * trace(pre, t - 1, 12, t));
        });
        expect(Math.abs(weightAfter(tripletStdp({ ...options, pairing }), pre, post) - expected)).toBeLessThan(1e-11);
      }),
      { numRuns: 30 },
    );
  });

  it("without their own terms are pairs", () => {
    fc.assert(
      fc.property(trains, ([pre, post]) => {
        const pairs = { plus: 0.3, minus: 0.2, tauPlus: 5, tauMinus: 9 };
        const triplets = tripletStdp({ ...pairs, triplePlus: 0, tripleMinus: 0 });
        const difference = weightAfter(triplets, pre, post) - weightAfter(stdp({ ...pairs, bound: "none" }), pre, post);
        expect(Math.abs(difference)).toBeLessThan(1e-14);
      }),
      { numRuns: 20 },
    );
  });

  it("turn weakening into strengthening when pairs come often, whichever spike is first", () => {
    // The receiver spikes 10 ms before the sender, twenty times, at 10 and at 50 pairs a second.
    const change = (period: number): number => {
      const train = (phase: number): number[] =>
        Array.from({ length: 20 * period }, (_, t) => Number(t % period === phase));
      return weightAfter(tripletStdp(), train(10), train(0));
    };
    expect(change(100)).toBeLessThan(0);
    expect(change(20)).toBeGreaterThan(0);
  });

  it("refuse what is no rule", () => {
    expect(() => tripletStdp({ tauPlus: 0 })).toThrow("[tripletStdp] tauPlus is 0: give a number of steps above 0");
    expect(() => tripletStdp({ plus: Number.NaN })).toThrow("plus is NaN: give a finite number");
    expect(() => tripletStdp({ bounds: [1, 0] })).toThrow("Give the smallest weight first");
  });
});

/**
 * In how many passes a tempotron of 100 inputs learns to spike for every second of these patterns, in which each input spikes once
 * within 500 steps: Infinity where that takes more than `most`. Each pass is in an order of its own: in one that
 * stays, some sets are never learned.
 */
function passesOf(patterns: number, most: number, seed: number): number {
  const [inputs, steps] = [100, 500];
  const neuron = tempotron();
  const [ofMoments, ofWeights, ofOrder] = Key.of(seed).split(3);
  return scope(() => {
    const spikes = new Float32Array(steps * patterns * inputs);
    const moments = random.integers(ofMoments, [patterns * inputs], { high: steps }).data();
    moments.forEach((moment, i) => {
      spikes[moment * patterns * inputs + i] = 1;
    });
    const potentials = neuron.potentials(tensor(spikes, { shape: [steps, patterns * inputs] }));
    const shown = split(potentials, patterns, 1);
    let weights: Tensor = random.normal(ofWeights, [inputs], { std: 0.05 });
    for (let pass = 1; pass <= most; pass++) {
      let wrong = 0;
      weights = scope(() => {
        for (const p of random.permutation(ofOrder.fold(pass), patterns).data()) {
          const next = neuron.step(weights, shown[p], p % 2 === 0);
          if (next !== weights) wrong++;
          weights = next;
        }
        return weights;
      });
      if (wrong === 0) return tensor(pass);
    }
    return tensor(Infinity);
  }).item();
}

describe("a tempotron", () => {
  it("has potentials of a double exponential with a peak of 1", () => {
    const spikes = tensor(
      Array.from({ length: 60 }, (_, t) => [Number(t === 5)]),
      float64,
    );
    const [tau, fast] = [15, 15 / 4];
    const top = (Math.log(4) * tau * fast) / (tau - fast);
    const kernel = (t: number): number => Math.exp(-t / tau) - Math.exp(-t / fast);
    const course = tempotron().potentials(spikes).data();
    course.forEach((x, t) => {
      expect(Math.abs(x - (t < 5 ? 0 : kernel(t - 5) / kernel(top)))).toBeLessThan(1e-12);
    });
  });

  // The bounds are those of the same in NumPy, where three seeds took 8 to 16, 19 to 25 and 44 to 121 passes.
  it.each([0, 1, 2])("learns 50 patterns of 100 inputs without error in at most 50 passes (B6): seed %d", (seed) => {
    expect(passesOf(50, 50, seed)).toBeLessThanOrEqual(50);
  });

  it.each([0, 1, 2])("learns 100 patterns in at most 100 passes (B6): seed %d", (seed) => {
    expect(passesOf(100, 100, seed)).toBeLessThanOrEqual(100);
  });

  it("learns 150 patterns in at most 300 passes, for two seeds of three at least (B6)", () => {
    const most = 300;
    // The third is only tried where the first two do not settle it.
    const learned = [0, 1, 2].reduce((sum, seed) => sum + Number(sum < 2 && passesOf(150, most, seed) <= most), 0);
    expect(learned).toBe(2);
  });

  it("refuses what is no neuron, and no pattern", () => {
    expect(() => tempotron({ tauSynapse: 20 })).toThrow("[tempotron] tau is 15 and tauSynapse 20");
    expect(() => tempotron({ threshold: 0 })).toThrow("threshold is 0");
    expect(() => tempotron().fires(zeros([2]), zeros([2]))).toThrow("[steps, inputs] is needed");
  });
});
