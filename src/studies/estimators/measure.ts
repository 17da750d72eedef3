// Estimates of one meta-gradient, against the gradient itself. The lifetimes are short enough to store, so that
// backpropagation gives the truth.
import { type Key, leavesOf, scope } from "../../core/index.js";
import { noImages } from "../../data/index.js";
import { defaultTrainConfig, type EstimatorConfig, layerSizes, type TrainConfig } from "../../meta/index.js";
import { episodeOf, estimate, type MetaLoss, metaLossOf, withTask } from "../../meta/internal.js";
import { tensor } from "../../ops/index.js";
import { initialRule, type Rule } from "../../plasticity/index.js";
import { type Cell, type Context, Stopped, yieldToEvents } from "../../runs/index.js";

/** Steps of truncation, and of a window of persistent evolution strategies. */
export const WINDOW = 50;
/** The noise of evolution strategies, as a share of the rule's first number. */
const NOISE = 0.1;

/**
 * What a rule is learned for. In "fading", a teacher changes all the time, and the rule has much decay: what a network did more
 * than some fifty steps ago is gone. In "lasting", the teacher stays and decay is small: what it did at first is still there.
 */
export const settings = {
  fading: { segment: [5, 15], P: [0.02, 0.02] },
  lasting: { segment: [20_000, 20_000], P: [0.0005, 0.00005] },
} as const;

/** The name of such a task. */
export type TaskName = keyof typeof settings;

/** The names of the tasks. */
export const taskNames = Object.keys(settings) as readonly TaskName[];

/** The estimators that are compared; `fitted` gives them the noise of a task. Those with noise have one pair, or one direction, so that more of them can be thought of. */
export const estimators = {
  truncated: { kind: "truncated", steps: WINDOW },
  forward: { kind: "forward", directions: "all" },
  "forward:1": { kind: "forward", directions: 1 },
  es: { kind: "es", pairs: 1, noise: 1 },
  pes: { kind: "pes", pairs: 1, noise: 1, steps: WINDOW },
} as const satisfies Readonly<Record<string, EstimatorConfig>>;

/** The name of an estimator. */
export type EstimatorName = keyof typeof estimators;

/** The names of the estimators. */
export const estimatorNames = Object.keys(estimators) as readonly EstimatorName[];

/** Those that draw noise, and the lifetimes that each of their draws takes, without that of the score. */
export const noisy = { "forward:1": 2, es: 2, pes: 2 } as const;

/** What a cell measures. */
export interface MeasureConfig {
  readonly task: TaskName;
  /** Steps of a lifetime. */
  readonly steps: number;
  /** Draws of the estimators that have noise. */
  readonly draws: number;
}

/** How an estimator compares with the gradient. */
export interface Compared {
  /** The length of the difference of its mean from the gradient, relative to the gradient; what draws explain is taken off. */
  readonly bias: number;
  /** The part of its mean along the gradient, relative to the gradient, minus 1. */
  readonly along: number;
  /** The standard error of `along`. */
  readonly error: number;
  /** The length of one draw's difference from the mean (root mean square), relative to the gradient. */
  readonly spread: number;
}

/** The row of a cell. */
export type MeasureRow = MeasureConfig & { readonly found: Readonly<Record<EstimatorName, Compared>> };

/** The run whose meta-gradient is estimated: a linear rule of two numbers, the gradient and decay, on one plastic layer. */
function configOf({ task, steps }: MeasureConfig, seed: number): TrainConfig {
  const base = withTask(defaultTrainConfig("bio"), "two-timescale");
  return {
    ...{ ...base, seed, shots: steps, checkpoint: "off" },
    plasticity: { ...base.plasticity, motifs: [0, 3] },
    task: { ...base.task, segment: settings[task].segment } as TrainConfig["task"],
  };
}

/** The rule at which gradients are taken. */
function ruleAt(config: TrainConfig, sizes: readonly number[], numbers: readonly number[]): Rule {
  return { ...initialRule(config.plasticity, sizes), P: [tensor([[...numbers]])] };
}

const flat = (rule: Rule): number[] => leavesOf("rule", rule).flatMap(({ tensor }) => Array.from(tensor.data()));

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, x, i) => sum + x * b[i], 0);

/** Compares estimates with the gradient. */
export function compared(estimates: readonly (readonly number[])[], truth: readonly number[]): Compared {
  const [count, square] = [estimates.length, dot(truth, truth)];
  const mean = truth.map((_, i) => estimates.reduce((sum, each) => sum + each[i], 0) / count);
  const apart = estimates.map((each) => each.map((x, i) => x - mean[i]));
  const variance = count > 1 ? apart.reduce((sum, each) => sum + dot(each, each), 0) / (count - 1) : 0;
  const [along, off] = [dot(mean, truth) / square - 1, mean.map((x, i) => x - truth[i])];
  const spreadAlong =
    count > 1 ? apart.reduce((sum, each) => sum + (dot(each, truth) / square) ** 2, 0) / (count - 1) : 0;
  return {
    ...{ along, error: Math.sqrt(spreadAlong / count), spread: Math.sqrt(variance / square) },
    bias: Math.sqrt(Math.max(0, dot(off, off) - variance / count) / square),
  };
}

/** An estimator for a task: its truncation within the lifetime, and its noise in proportion to the rule. */
function fitted(how: EstimatorConfig, { task, steps }: MeasureConfig): EstimatorConfig {
  if (how.kind === "truncated") return { ...how, steps: Math.min(WINDOW, steps) };
  return "noise" in how ? { ...how, noise: NOISE * settings[task].P[0] } : how;
}

/** Measures all estimators at one episode. */
export async function measureCell({ config, seed }: Cell<MeasureConfig>, context: Context): Promise<MeasureRow> {
  const run = configOf(config, seed);
  const sizes = layerSizes(run, noImages);
  const gradient = (how: EstimatorConfig, key?: (of: Key) => Key): number[] =>
    scope(() => {
      const rule = ruleAt(run, sizes, settings[config.task].P);
      const of: MetaLoss = metaLossOf(run, episodeOf(run, sizes, noImages, 0), rule, 0);
      return flat(estimate(how, key ? { ...of, key: key(of.key) } : of).grad);
    });
  const truth = gradient({ kind: "backprop" });
  const found: Partial<Record<EstimatorName, Compared>> = {};
  for (const [done, name] of estimatorNames.entries()) {
    const how = fitted(estimators[name], config);
    const estimates: number[][] = [];
    for (let draw = 0; draw < (Object.hasOwn(noisy, name) ? config.draws : 1); draw++) {
      estimates.push(gradient(how, (key) => key.fold(draw)));
      context.progress(done / estimatorNames.length, `${name}, draw ${draw + 1}`);
      await yieldToEvents();
      if (context.signal.aborted) throw new Stopped();
    }
    found[name] = compared(estimates, truth);
  }
  return { ...config, found: found as Record<EstimatorName, Compared> };
}
