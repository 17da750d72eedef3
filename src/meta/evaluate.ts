// Tests a frozen rule on tasks of the kind that it was trained on, and on others. Its gain over its initial rule, on
// the same tasks from the same initial weights, shows what was learned: a rule works on any classes and labels; an
// initialisation (which biases for each synapse can amount to) works only on those that were the same throughout
// training.
import { checkMade, InputError, quote, scope } from "../core/index.js";
import { type Dataset, protocolNamed, type TaskOptions } from "../data/index.js";
import { sizeText } from "../data/internal.js";
import { yieldToEvents } from "../runs/index.js";
import { isRegression, layerSizes, type TrainConfig } from "./config.js";
import { DivergedError } from "./diverged.js";
import { type EpisodeScore, evaluateRule } from "./episode.js";
import { firstRule } from "./first-rule.js";
import { loadFloat } from "./load-float.js";
import { RETENTION_SHARES, type Retention } from "./retention.js";
import { type RuleValues, ruleOf } from "./rule-values.js";
import { imagesOf, taskName } from "./task-kinds.js";
import { checkTask } from "./tasks.js";

/**
 * How tasks differ from those of training.
 * - "trained": only in the draw of classes and, under "strict", of images.
 * - "permuted": the same images with random output units; "faithful" runs only, since "strict" ones train on that.
 * - "new images": images of the classes of training that no episode showed; "faithful" runs only.
 * - "held out": classes that no episode showed; "strict" runs only, since "faithful" ones show all.
 * - "other data": classes of another dataset with images of the same size, at random output units.
 */
export type Condition = "trained" | "permuted" | "new images" | "held out" | "other data";

/** How one task went: a line of evaluation.jsonl. */
export interface EvaluationLine {
  /** How the task differs from those of training. */
  readonly condition: Condition;
  /** The dataset's name. */
  readonly data: string;
  /** Images of each class that were learned from, or steps of a regression. */
  readonly shots: number;
  /** From 1; the same number has the same initial weights and, where the images allow it, the same task. */
  readonly task: number;
  /** Under the learned rule; if the network diverged, the loss is NaN (null in the file) and the accuracy 0. */
  readonly learned: EpisodeScore;
  /** Under the rule before any learning. */
  readonly initial: EpisodeScore;
}

/**
 * The retention curves of these lines, one per task. A task without any class of its own in a part has no curve for
 * that part.
 */
export function retentionCurves(
  lines: readonly EvaluationLine[],
  rule: "learned" | "initial",
  part: keyof Retention,
): (readonly number[])[] {
  return lines.flatMap((line) => {
    const curve = line[rule].retention?.[part];
    return curve && !curve.some(Number.isNaN) ? [curve] : [];
  });
}

/** Options of an evaluation. */
export interface EvaluateOptions {
  /** Tasks for each condition and number of shots. */
  readonly tasks: number;
  /** Numbers of shots; by default that of training. */
  readonly shots?: readonly number[] | undefined;
  /** Another dataset to test it on. */
  readonly other?: Dataset | undefined;
  /** Called for each task. */
  readonly onLine?: (line: EvaluationLine) => void;
}

/** Tasks of one condition. */
export interface Trial {
  readonly condition: Condition;
  readonly dataset: Dataset;
  readonly options: Partial<TaskOptions>;
}

/** The score of a network that diverged. */
function scoreOfDiverged({ task }: TrainConfig): EpisodeScore {
  const none = RETENTION_SHARES.map(() => 0);
  const retention = { first: none, second: none };
  return { loss: Number.NaN, accuracy: 0, ...((imagesOf(task)?.parts ?? 1) > 1 && { retention }) };
}

/** The conditions that fit a run. Throws an InputError for another dataset with images of another size. */
export function trialsOf(config: TrainConfig, dataset: Dataset, other: Dataset | undefined): Trial[] {
  const trained: Trial = { condition: "trained", dataset, options: {} };
  if (isRegression(config.task)) return [trained];
  const outputs = dataset.classes;
  const protocol = protocolNamed(config.protocol);
  const beyond = protocol.beyond(protocol.shown(config.shots + config.queries));
  const trials: Trial[] = [trained, ...beyond.map((trial) => ({ ...trial, dataset }))];
  if (!other) return trials;
  if (sizeText(other) !== sizeText(dataset)) {
    throw new InputError(
      `[evaluate] ${other.name} has images of ${sizeText(other)} pixels, but the rule was learned on ` +
        `${sizeText(dataset)}. Use data of that size.`,
    );
  }
  return [
    ...trials,
    { condition: "other data", dataset: other, options: { protocol: "strict", relabel: true, outputs } },
  ];
}

/**
 * Tests a frozen rule and its initial rule on the same tasks.
 *
 * @param dataset what it was trained on; ignored for regression.
 * @throws InputError before any work if tasks of a condition cannot be drawn.
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * const { rule } = await train(images, config, { workers: 1 });
 * const lines = await evaluate(images, config, rule, { tasks: 3 });
 * [...new Set(lines.map(({ condition }) => condition))]; // ["trained", "permuted", "new images"]
 */
export async function evaluate(
  dataset: Dataset,
  config: TrainConfig,
  rule: RuleValues,
  given: EvaluateOptions,
): Promise<EvaluationLine[]> {
  checkMade("evaluate", "the configuration", config, ["shots", "plasticity"], "Make one with defaultTrainConfig().");
  checkMade("evaluate", "the last argument", given, ["tasks"], "Give { tasks }.");
  const { tasks, shots = [config.shots], other, onLine } = given;
  if (!(Number.isSafeInteger(tasks) && tasks > 0)) {
    throw new InputError(`[evaluate] \`tasks\` is ${quote(tasks)}. Make it a whole number from 1 up.`);
  }
  await loadFloat(config.dtype);
  const trials = trialsOf(config, dataset, other);
  checkTrials(trials, config, shots);
  const score = scorer(config, dataset, [rule, initialValues(config, dataset)]);
  const lines: EvaluationLine[] = [];
  for (const count of shots) {
    for (const trial of trials) {
      for (let index = 0; index < tasks; index++) {
        const data = nameOfTrial(trial, config);
        const [learned, initial] = score(trial, count, index);
        const line = { condition: trial.condition, data, shots: count, task: index + 1, learned, initial };
        lines.push(line);
        onLine?.(line);
        await yieldToEvents();
      }
    }
  }
  return lines;
}

/** The name of a trial's data in lines. */
export const nameOfTrial = ({ dataset }: Trial, { task }: TrainConfig): string =>
  isRegression(task) ? taskName(task) : dataset.name;

/** Throws an InputError if tasks of a trial cannot be drawn with one of these numbers of shots. */
export function checkTrials(trials: readonly Trial[], config: TrainConfig, shots: readonly number[]): void {
  for (const count of shots) {
    for (const { dataset, options } of trials) checkTask({ ...config, shots: count }, dataset, options);
  }
}

/** The rule with which a run begins. */
export const initialValues = (config: TrainConfig, dataset: Dataset): RuleValues =>
  firstRule(config, layerSizes(config, dataset));

/**
 * Makes a function that tests these frozen rules on one task, from the same initial weights.
 *
 * @param dataset what sets the widths of the network's first and last layer.
 */
export function scorer(config: TrainConfig, dataset: Dataset, rules: readonly RuleValues[]) {
  const sizes = layerSizes(config, dataset);
  return (trial: Trial, shots: number, index: number): EpisodeScore[] => {
    const asked = { ...config, shots };
    return rules.map((values) => {
      try {
        return scope(() => evaluateRule(asked, sizes, trial.dataset, ruleOf(values), [index], trial.options)[0]);
      } catch (error) {
        if (error instanceof DivergedError) return scoreOfDiverged(asked);
        throw error;
      }
    });
  };
}
