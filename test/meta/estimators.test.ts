// Estimators of meta-gradients against what they estimate: backpropagation through the whole lifetime, and for evolution
// strategies the known gradient of the smoothed loss.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { InputError, Key, scope, tensor } from "../../src/index.js";
import {
  defaultTrainConfig,
  type EstimatorConfig,
  episodeKind,
  layerSizes,
  parseTrainConfig,
  resume,
  ruleOf,
  runEpisode,
  type TrainConfig,
  train,
} from "../../src/meta/index.js";
import { estimate, hashedPart, type MetaLoss } from "../../src/meta/internal.js";
import { newLearner } from "../../src/meta/learner.js";
import type { Life, Rule } from "../../src/plasticity/index.js";
import { here } from "../../src/runs/index.js";
import { bundle, inTemporary, small, tiny, tinySizes } from "./fixtures.js";

/** All estimators but backpropagation, with settings for lifetimes of six steps. */
const others: readonly EstimatorConfig[] = [
  { kind: "truncated", steps: 2 },
  { kind: "forward", directions: "all" },
  { kind: "forward", directions: 3 },
  { kind: "es", pairs: 2, noise: 0.01 },
  { kind: "pes", steps: 2, pairs: 2, noise: 0.01 },
];

const nameOf = (config: EstimatorConfig): string => Object.values(config).join(" ");

/** The gradient of an episode, all leaves in one list. */
function gradientOf(config: TrainConfig, sizes: readonly number[], index = 0): number[] {
  const rule = newLearner(config, sizes).rule;
  return scope(() => runEpisode(config, sizes, small, ruleOf(rule), index).grad.flatMap((leaf) => [...leaf]));
}

describe("an estimator of meta-gradients", () => {
  it("that is truncated to the whole lifetime has the bits of backpropagation, and to less has others", () => {
    const whole = gradientOf(tiny, tinySizes);
    expect(gradientOf({ ...tiny, estimator: { kind: "truncated", steps: 6 } }, tinySizes)).toEqual(whole);
    expect(gradientOf({ ...tiny, estimator: { kind: "truncated", steps: 5 } }, tinySizes)).not.toEqual(whole);
  });

  it("that is truncated to K steps is the gradient of the last K steps of a network that lived the others", () => {
    // A loss that is the sum of the steps' own, each theta times its number: the last K numbers are the gradient.
    const numbers = [1, 10, 100, 1000];
    const found = scope(() => estimate({ kind: "truncated", steps: 2 }, additive(numbers)).grad.P[0].toArray());
    expect(found).toEqual([1100]);
  });

  it.each(["rcn", "bio", "rcn-layer", "rcn-momentum"] as const)(
    "forward is backpropagation, but for rounding: %s",
    (preset) => {
      for (const dtype of ["float32"] as const) {
        const config = { ...tiny, ...defaultTrainConfig(preset), hidden: [12], ways: 2, shots: 3, queries: 2, dtype };
        const sizes = layerSizes(config, small);
        const wanted = gradientOf(config, sizes);
        const found = gradientOf({ ...config, estimator: { kind: "forward", directions: "all" } }, sizes);
        const largest = Math.max(...wanted.map(Math.abs));
        expect(found.length).toBe(wanted.length);
        expect(largest).toBeGreaterThan(0);
        found.forEach((each, i) => {
          expect(Math.abs(each - wanted[i])).toBeLessThan(1e-5 * largest);
        });
      }
    },
  );

  it("has the score of the rule itself, whatever noise it adds", () => {
    const score = (estimator: EstimatorConfig) => {
      const rule = newLearner(tiny, tinySizes).rule;
      const { loss, accuracy } = scope(() => runEpisode({ ...tiny, estimator }, tinySizes, small, ruleOf(rule), 1));
      return { loss, accuracy };
    };
    for (const other of others) expect(score(other)).toEqual(score({ kind: "backprop" }));
  });

  it("by antithetic pairs has no part of even powers: a loss that is even about the rule has a gradient of 0", () => {
    for (const kind of ["es", "pes"] as const) {
      const even = additive([1, 1, 1, 1], (x) => x * x);
      const settings = kind === "es" ? { kind, pairs: 5, noise: 0.5 } : { kind, pairs: 5, noise: 0.5, steps: 1 };
      expect(scope(() => estimate(settings, even).grad.P[0].toArray())).toEqual([0]);
    }
  });
});

/**
 * A meta-loss whose truth is known: a network is one number, to which each step adds theta times the step's number, and the
 * loss is a function of it.
 */
function additive(numbers: readonly number[], loss: (x: number) => number = (x) => x, theta = 0, seed = 0): MetaLoss {
  const rule = { P: [tensor([theta])], K: [], v: [], b: [] } as unknown as Rule;
  return {
    ...{ rule, steps: numbers.length, key: Key.of(seed), episode: 1 },
    live(rule, begin, end, before) {
      const sum = numbers.slice(begin, end).reduce((a, b) => a + b, 0);
      const grown = rule.P[0].mul(sum).sum();
      const weights = [before ? before.weights[0].add(grown) : grown];
      return { weights, feedback: [], layers: [], feedbackLayers: [] } as unknown as Life;
    },
    test: ({ weights: [w] }) => ({ loss: loss.length === 1 && loss(2) === 2 ? w : w.mul(w), accuracy: 0 }),
  };
}

/** The mean of estimates over seeds, with its standard error. */
function meanOf(estimator: EstimatorConfig, of: (seed: number) => MetaLoss, draws: number) {
  const found = Array.from({ length: draws }, (_, seed) => scope(() => estimate(estimator, of(seed)).grad.P[0].item()));
  const mean = found.reduce((a, b) => a + b, 0) / draws;
  const variance = found.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (draws - 1);
  return { mean, error: Math.sqrt(variance / draws) };
}

describe("evolution strategies of lifetimes", () => {
  // The loss is (theta s)^2 with s the sum of the numbers. It is of degree two, so smoothing does not change its gradient,
  // 2 theta s^2, and estimates must be right in the mean.
  const numbers = [1, -0.5, 2, 0.25];
  const theta = 0.7;
  const truth = 2 * theta * 2.75 ** 2;
  const square = (seed: number) => additive(numbers, (x) => x * x, theta, seed);

  it.each([
    { kind: "es", pairs: 4, noise: 0.3 },
    { kind: "pes", pairs: 4, noise: 0.3, steps: 1 },
    { kind: "pes", pairs: 4, noise: 0.3, steps: 3 },
    { kind: "forward", directions: 2 },
  ] as const)("are right in the mean, within an interval that their spread makes small: %o", (estimator) => {
    const { mean, error } = meanOf(estimator, square, 2000);
    expect(error).toBeLessThan(0.05 * truth);
    expect(Math.abs(mean - truth)).toBeLessThan(4 * error);
  });

  it("tell truncation, which is biased, from the truth", () => {
    const { mean } = meanOf({ kind: "truncated", steps: 1 }, square, 2);
    expect(mean).toBeCloseTo(2 * theta * 2.75 * 0.25, 5);
  });

  it("are noisier with windows than without where the effects of parts of a life cancel", () => {
    // The same noise throughout sees only the sum of the effects, which is small; noise of their own sees them all.
    const opposed = (seed: number) => additive([5, -5, 1, 0], (x) => x, theta, seed);
    const whole = meanOf({ kind: "es", pairs: 1, noise: 0.3 }, opposed, 500);
    const windows = meanOf({ kind: "pes", pairs: 1, noise: 0.3, steps: 1 }, opposed, 500);
    expect(whole.error).toBeLessThan(windows.error);
    expect(Math.abs(windows.mean - 1)).toBeLessThan(4 * windows.error);
  });
});

describe("a run with an estimator", () => {
  it.each(others.map((each) => [nameOf(each), each] as const))(
    "has one result, whatever carries it out: %s",
    async (_, estimator) => {
      const config = { ...tiny, estimator, metaBatch: 2 };
      const alone = await train(small, config, { workers: 1 });
      expect(alone.diverged).toBe(0);
      await inTemporary(async (folder) => {
        const out = join(folder, "run");
        const stop = new AbortController();
        const onEpisode = ({ episode }: { episode: number }) => episode === 2 && stop.abort();
        const first = await train(small, config, { out, workers: 1, signal: stop.signal, onEpisode });
        expect(first.stopped).toBe(true);
        expect((await resume(small, { out, workers: 1 })).ruleHash).toBe(alone.ruleHash);
        const workerEntry = pathToFileURL(await bundle("src/meta/episode-worker.ts", folder));
        expect((await train(small, config, { workers: 2, workerEntry })).ruleHash).toBe(alone.ruleHash);
      });
      const executor = here([episodeKind], { data: [small] });
      expect((await train(small, config, { workers: 1, executor })).ruleHash).toBe(alone.ruleHash);
    },
  );

  it("has a hash of its own, and one by backpropagation that of older versions", () => {
    expect(Object.keys(hashedPart(tiny))).not.toContain("estimator");
    for (const estimator of others) expect(hashedPart({ ...tiny, estimator })).toMatchObject({ estimator });
    const { estimator: _, ...older } = JSON.parse(JSON.stringify(tiny));
    expect(parseTrainConfig(older).estimator).toEqual({ kind: "backprop" });
  });

  it.each([
    [{ kind: "truncated", steps: 7 }, /goes back 7 steps, but a lifetime has 6\. Go back 6 or fewer/],
    [
      { kind: "pes", steps: 7, pairs: 1, noise: 0.1 },
      /windows of 7 steps, but a lifetime has 6\. Make them 6 or shorter/,
    ],
    [{ kind: "es", pairs: 1, noise: 0 }, /"estimator\.noise" is 0\. Make it a number above 0/],
    [{ kind: "es", pairs: 1, noise: Number.NaN }, /"estimator\.noise" is NaN/],
    [{ kind: "es", pairs: 0, noise: 1 }, /"estimator\.pairs" is 0\. Make it a whole number from 1/],
    [{ kind: "truncated", steps: 0 }, /"estimator\.steps" is 0/],
    [{ kind: "forward", directions: "some" }, /"estimator\.directions" is "some"\. Make it "all", or a whole number/],
    [{ kind: "magic" }, /"estimator\.kind" is "magic"\. Make it one of "backprop", "truncated"/],
    [{ kind: "es", pairs: 1 }, /"estimator\.noise" is missing/],
  ])("is refused if it does not fit, with the cure: %o", (estimator, words) => {
    const bad = { ...tiny, estimator } as unknown as TrainConfig;
    expect(() => parseTrainConfig(bad)).toThrow(InputError);
    expect(() => parseTrainConfig(bad)).toThrow(words);
  });

  it("says which noise was too much", async () => {
    const { plasticity } = defaultTrainConfig("bio"); // without a tanh that would bound its updates
    const config = {
      ...tiny,
      plasticity,
      clip: "off" as const,
      estimator: { kind: "es", pairs: 1, noise: 900 } as const,
    };
    await expect(train(small, config, { workers: 1 })).rejects.toThrow(/noise of 900 on it\. Give less `noise`/);
    const guarded = await train(small, { ...config, clip: 10 }, { workers: 1 });
    expect(guarded.diverged).toBeGreaterThan(0);
  });
});
