// The rules that are compared, the teachers that they follow, and tests of frozen rules.
import { fromNumbers, Key, scope } from "../../core/index.js";
import { noImages, type RegressionKind, sampleRegression } from "../../data/index.js";
import { defaultTrainConfig, layerSizes, type RuleValues, ruleOf, type TrainConfig } from "../../meta/index.js";
import { initialStart, lifetime, logitsOf, type PlasticityConfig } from "../../plasticity/index.js";
import { mean } from "../statistics.js";

/** Online steps of a lifetime. */
const STEPS = 120;
const QUERIES = 32;
/** The seed of the tasks that rules are tested on, which is the same for all rules. */
const OWN_SEED = 1_000_003;

/** The rules by name. Two motifs are enough for one layer: the pseudo-gradient and decay. */
export const rules = {
  "1 chemical": { synapse: "chemical", chemicals: 1 },
  "2 chemicals": { synapse: "chemical", chemicals: 2 },
  linear: { synapse: "linear", chemicals: 1 },
  "3 chemicals": { synapse: "chemical", chemicals: 3 },
  "2 chemicals, tau 50": { synapse: "chemical", chemicals: 2, tauMax: 50 },
} as const satisfies Record<string, Partial<PlasticityConfig>>;

/** The name of a rule. */
export type RuleName = keyof typeof rules;

/** A teacher one half of which changes every `segment` steps on average: after half to one and a half times as many. */
function teacherOf(segment: number) {
  return {
    kind: "two-timescale",
    inputs: 8,
    outputs: 4,
    segment: [Math.ceil(segment / 2), Math.floor((3 * segment) / 2)],
    fast: 0.5,
  } as const satisfies RegressionKind;
}

/** The configuration of the run that learns a rule for a teacher. */
export function configOf(
  rule: RuleName,
  segment: number,
  { seed, episodes, metaBatch }: Pick<TrainConfig, "seed" | "episodes" | "metaBatch">,
): TrainConfig {
  const base = defaultTrainConfig("rcn");
  const plasticity: PlasticityConfig = {
    ...base.plasticity,
    motifs: [0, 3],
    tauMax: 10,
    initialP0: 0.02,
    head: "linear",
    inputGate: "one",
    ...rules[rule],
  };
  return {
    ...base,
    ...{ task: teacherOf(segment), plasticity, hidden: [], ways: 1, shots: STEPS, queries: QUERIES },
    ...{ learningRate: 3e-3, seed, episodes, metaBatch },
  };
}

/** Mean squared errors. The variance of the targets is 1. */
export interface Errors {
  /** The error of the answers against the teacher of the last step. */
  readonly error: number;
  /** The error of the answers against the part of the teacher that stays. */
  readonly slow: number;
}

const drawTask = (segment: number, trial: number) => {
  const [startKey, taskKey] = Key.of(OWN_SEED).fold(trial).split();
  return { startKey, task: sampleRegression(teacherOf(segment), taskKey, STEPS, QUERIES) };
};

/** The errors of a frozen rule on one new task. */
export function tryOut(config: TrainConfig, segment: number, values: RuleValues, trial: number): Errors {
  return scope(() => {
    const { startKey, task } = drawTask(segment, trial);
    const rows = (data: Float32Array, count: number) => fromNumbers(data, [count, data.length / count], "float32");
    const stream = { images: rows(task.inputs, STEPS), labels: rows(task.targets, STEPS) };
    const start = initialStart(startKey, layerSizes(config, noImages));
    const weights = lifetime(config.plasticity, ruleOf(values), start, stream);
    const answers = logitsOf(weights, rows(task.queryInputs, QUERIES), config.plasticity.beta).data();
    const distance = (targets: Float32Array): number => mean(targets.map((t, i) => (answers[i] - t) ** 2));
    return { error: distance(task.queryTargets), slow: distance(task.slowTargets as Float32Array) };
  });
}

/** The errors on one task of always answering zero, and of knowing only the slow part of the teacher. */
export function ignorance(segment: number, trial: number): { readonly zero: number; readonly slowOnly: number } {
  const { queryTargets, slowTargets = new Float32Array() } = drawTask(segment, trial).task;
  return {
    zero: mean(queryTargets.map((t) => t ** 2)),
    slowOnly: mean(queryTargets.map((t, i) => (t - slowTargets[i]) ** 2)),
  };
}
