import { describe, expect, it } from "vitest";
import { memory, scope } from "../../src/index.js";
import {
  DivergedError,
  evaluateRule,
  type RuleValues,
  ruleOf,
  runEpisode,
  type TrainConfig,
} from "../../src/meta/index.js";
import { newLearner } from "../../src/meta/learner.js";
import { small, tiny, tinySizes } from "./fixtures.js";

/** The beginning rule with some coefficients changed. */
function ruleWith(config: TrainConfig, change: (rule: RuleValues) => void = () => {}): RuleValues {
  const { rule } = newLearner(config, tinySizes);
  change(rule);
  return rule;
}

const live = (config: TrainConfig, rule: RuleValues, index = 0) =>
  scope(() => runEpisode(config, tinySizes, small, ruleOf(rule), index));
const evaluate = (config: TrainConfig, rule: RuleValues, indices: number[]) =>
  scope(() => evaluateRule(config, tinySizes, small, ruleOf(rule), indices));

/** What an episode throws. */
function errorOf(f: () => unknown): DivergedError {
  try {
    f();
  } catch (error) {
    expect(error).toBeInstanceOf(DivergedError);
    return error as DivergedError;
  }
  throw new Error("nothing was thrown");
}

describe("runEpisode", () => {
  it("depends on seed, index and rule, and on nothing else", () => {
    const rule = ruleWith(tiny);
    const first = live(tiny, rule, 3);
    live(tiny, rule, 4);
    expect(live(tiny, rule, 3)).toEqual(first);
    expect(live(tiny, rule, 4)).not.toEqual(first);
    expect(live({ ...tiny, seed: 6 }, rule, 3)).not.toEqual(first);
  });

  it.each(["off", { every: 2 }, { bytes: 0 }] as const)("has the same bits with checkpoint %j", (checkpoint) => {
    const rule = ruleWith(tiny);
    expect(live({ ...tiny, checkpoint }, rule)).toEqual(live(tiny, rule));
  });

  it("gives the gradient of the loss, leaf by leaf", () => {
    const rule = ruleWith(tiny, ({ P, K }) => {
      P[0].data.fill(0.02);
      K[0].data.fill(0.01);
    });
    const { grad } = live(tiny, rule);
    expect(grad.map(({ length }) => length)).toEqual([14, 4, 2]);
    const loss = (leaf: "P" | "K" | "v", at: number, by: number): number =>
      live(
        tiny,
        ruleWith(tiny, (moved) => {
          moved.P[0].data.fill(0.02);
          moved.K[0].data.fill(0.01);
          moved[leaf][0].data[at] += by;
        }),
      ).loss;
    for (const [i, leaf] of (["P", "K", "v"] as const).entries()) {
      const difference = (loss(leaf, 1, 2e-3) - loss(leaf, 1, -2e-3)) / 4e-3;
      expect(Math.abs(grad[i][1] - difference)).toBeLessThan(0.02 * Math.abs(difference) + 2e-3);
    }
  });

  it("frees all memory that it used", () => {
    const rule = ruleWith(tiny);
    live(tiny, rule);
    const before = memory.stats();
    for (let index = 0; index < 5; index++) live(tiny, rule, index);
    expect(memory.stats()).toEqual(before);
  });

  it("names episode, step and layer if weights are no longer finite", () => {
    const config = { ...tiny, plasticity: { ...tiny.plasticity, synapse: "linear", chemicals: 1 } } as const;
    const rule = ruleWith(config, ({ P }) => {
      P[0].data[3] = -1e30; // each step multiplies the weights by 1e30
    });
    const error = errorOf(() => live(config, rule, 8));
    expect([error.episode, error.step, error.layer]).toEqual([9, 2, 1]);
    expect(error.message).toBe(
      "[train] episode 9 diverged: the weights of layer 1 leave the finite numbers at step 2 of 6. " +
        "Lower `learningRate`, or begin from smaller coefficients.",
    );
    expect(memory.stats().arenaBytes).toBe(0);
    expect(errorOf(() => evaluate(config, rule, [0, 1])).message).toMatch(/^\[train\] evaluation 1 diverged/);
  });

  /** A rule that only multiplies all weights by 1 + growth at each step. */
  const growing = (shots: number, ways: number, growth: number): [TrainConfig, RuleValues] => {
    const plasticity = { ...tiny.plasticity, synapse: "linear", chemicals: 1, motifs: [3] } as const;
    const config = { ...tiny, plasticity, ways, shots, queries: 1 };
    return [config, ruleWith(config, ({ P }) => P[0].data.fill(-growth))];
  };

  it("says so if all weights are finite and the loss is not", () => {
    // Two layers of weights near 1e20 make logits near 1e40.
    const error = errorOf(() => live(...growing(1, 1, 1e21)));
    expect([error.episode, error.step, error.layer]).toEqual([1, undefined, undefined]);
    expect(error.message).toMatch("all weights stay finite, but they are so large that the loss is not");
  });

  it("says so if the loss is finite and its gradient is not", () => {
    // The loss grows as 2.96^80, and its derivative is 80 / 2.96 times the loss, which is more than float32 holds. There are only
    // ten queries, because their losses are added up before they are divided, and with more of them the loss overflows first.
    const error = errorOf(() => live(...growing(4, 10, 1.96)));
    expect([error.episode, error.step, error.layer]).toEqual([1, undefined, undefined]);
    expect(error.message).toMatch(
      /^\[train\] episode 1: the loss is finite \(\S+e\+3\d\), but its gradient with respect to P\[0\] is not/,
    );
  });
});

describe("evaluateRule", () => {
  it("draws tasks different from those of training, each by its index", () => {
    const rule = ruleWith(tiny);
    const scores = evaluate(tiny, rule, [0, 1, 2]);
    expect(evaluate(tiny, rule, [2, 0])).toEqual([scores[2], scores[0]]);
    expect(new Set(scores.map(({ loss }) => loss)).size).toBe(3);
    const trained = [0, 1, 2].map((index) => live(tiny, rule, index).loss);
    for (const { loss } of scores) expect(trained).not.toContain(loss);
  });

  it("can ask about held-out classes", () => {
    const config = { ...tiny, protocol: "strict" } as const;
    const score = (classes: "train" | "heldout") =>
      scope(() => evaluateRule(config, tinySizes, small, ruleOf(ruleWith(config)), [0], { classes }));
    expect(score("heldout")).not.toEqual(score("train"));
    expect(score("train")).toEqual(evaluate(config, ruleWith(config), [0]));
  });
});
