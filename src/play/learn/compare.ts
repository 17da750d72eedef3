// Two rules on the same tasks: the same characters, which no training showed, the same images in the same order, and, if
// both are for networks of the same size, the same first weights.

import { scope } from "../../core/index.js";
import { type Dataset, protocolNamed } from "../../data/index.js";
import { DivergedError, evaluateRule, layerSizes, type RuleValues, ruleOf } from "../../meta/index.js";
import type { PlasticityConfig } from "../../plasticity/index.js";
import { yieldToEvents } from "../../runs/index.js";
import { bootstrap, type Estimate } from "../../studies/index.js";
import { LIMITS } from "../limits.js";
import { presetOf, within } from "../setup.js";
import { learningConfig } from "./settings.js";

/** A rule, and the networks that it is for. */
export interface NetworkRule {
  readonly plasticity: PlasticityConfig;
  readonly hidden: readonly number[];
  readonly rule: RuleValues;
}

/** The tasks. */
export interface ComparisonSettings {
  readonly ways: number;
  readonly shots: number;
  readonly seed: number;
  readonly tasks: number;
}

/** The share of test images known in one task, under each of the rules. */
export type TaskScores = readonly [first: number, second: number];

/** How the rules compare. */
export interface Comparison {
  readonly scores: readonly TaskScores[];
  /** By how much more the second knew: the mean over the tasks, with an interval. */
  readonly gain: Estimate;
}

/**
 * Compares two rules.
 *
 * @param tell is given the scores of each task.
 */
export async function compared(
  rules: readonly [NetworkRule, NetworkRule],
  { tasks, ...settings }: ComparisonSettings,
  images: (shots: number) => Dataset,
  tell: (scores: TaskScores) => void,
): Promise<Comparison> {
  within("the number of tasks", tasks, LIMITS.tasks);
  const [{ options }] = protocolNamed("strict").beyond(0);
  const run = rules.map(({ plasticity, hidden, rule }) => {
    const given = { preset: presetOf(plasticity), plasticity, hidden, episodes: 1, learningRate: undefined };
    const config = learningConfig({ ...given, ...settings });
    const dataset = images(config.shots);
    const sizes = layerSizes(config, dataset);
    return (index: number): number => {
      try {
        return scope(() => evaluateRule(config, sizes, dataset, ruleOf(rule), [index], options)[0].accuracy);
      } catch (error) {
        if (error instanceof DivergedError) return 0; // as in `evaluate`
        throw error;
      }
    };
  });
  const scores: TaskScores[] = [];
  for (let index = 0; index < tasks; index++) {
    const score = [run[0](index), run[1](index)] as const;
    scores.push(score);
    tell(score);
    await yieldToEvents();
  }
  return { scores, gain: bootstrap(scores.map(([first, second]) => second - first)) };
}
