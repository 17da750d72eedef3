// Tasks of one condition as a cell, which tests a frozen rule and its initial rule on them. It needs the run that
// learned the rule.
import { noImages } from "../data/index.js";
import { type Cell, type CellKind, type DataRef, Stopped, yieldToEvents } from "../runs/index.js";
import type { TrainConfig } from "./config.js";
import type { EpisodeScore } from "./episode.js";
import { type Condition, initialValues, scorer, trialsOf } from "./evaluate.js";
import { loadFloat } from "./load-float.js";
import { checkTrainCell, configOfCell, ruleOfRow, type TrainCellConfig, type TrainRow } from "./train-cell.js";
import { type Removed, ruleWithout } from "./without.js";

/** Settings of a run in which its frozen rule can be tested. */
export type TrialSetting = Partial<Pick<TrainConfig, "ways" | "hidden" | "task">>;

/** Which tasks. */
export interface TrialConfig {
  /** How the tasks differ from those of training. */
  readonly condition: Condition;
  /** Images of each class to learn from, or steps of a regression. */
  readonly shots: number;
  /** The first of the tasks, from 1. */
  readonly first: number;
  /** The number of tasks. */
  readonly tasks: number;
  /** Where the setting differs from that of training. */
  readonly setting?: TrialSetting;
  /** What is taken out of the rule; the initial rule is then not tested. */
  readonly without?: Removed;
}

/**
 * A cell of tasks. Its `data` are the images of training (if there are more of each class, the first ones), or others
 * to which the network is fitted; its `test` are other images for the network of training.
 */
export interface TrialCell extends Cell<TrialConfig> {
  /** The run that learned the rule. */
  readonly needs: readonly [Cell<TrainCellConfig>];
}

/** A score as JSON. The loss of a network that diverged is null, and so is a part without queries. */
export interface TrialScore {
  /** As in `EpisodeScore`. */
  readonly loss: number | null;
  /** As in `EpisodeScore`. */
  readonly accuracy: number;
  /** Of continual tasks; as in `Retention`. */
  readonly retention?: { readonly first: readonly (number | null)[]; readonly second: readonly (number | null)[] };
}

/** The scores of the tasks, in order. */
export interface TrialRow {
  /** Under the rule that was learned. */
  readonly learned: readonly TrialScore[];
  /** Under the rule before any learning; empty if something was taken out of the rule. */
  readonly initial: readonly TrialScore[];
}

/**
 * The cell of these tasks under the rule of a run.
 *
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * const cell = trainCell(config, await dataRef(images, "glyphs", "8"));
 * const trial = trialCell(cell, { condition: "trained", shots: 2, first: 1, tasks: 5 }, cell);
 * trial.needs[0] === cell; // true
 */
export function trialCell(
  run: Cell<TrainCellConfig>,
  config: TrialConfig,
  { data, test }: { readonly data?: DataRef | undefined; readonly test?: DataRef | undefined } = {},
): TrialCell {
  checkTrainCell("trialCell", run);
  const { seed } = run;
  return { kind: trialKind.name, config, seed, needs: [run], ...(data && { data }), ...(test && { test }) };
}

/** The score for its JSON form in a row. */
export function scoreOfTrial({ loss, accuracy, retention }: TrialScore): EpisodeScore {
  const numbers = (values: readonly (number | null)[]): number[] => values.map((value) => value ?? Number.NaN);
  return {
    ...{ loss: loss ?? Number.NaN, accuracy },
    ...(retention && { retention: { first: numbers(retention.first), second: numbers(retention.second) } }),
  };
}

/** The kind of cell that tests a rule. */
export const trialKind: CellKind<TrialConfig, TrialRow> = {
  name: "meta/trial",
  async run(cell, { row, open, progress, signal }) {
    const [run] = (cell as TrialCell).needs;
    const { condition, shots, first, tasks, setting, without } = cell.config;
    const config = { ...configOfCell(run), ...setting };
    const dataset = cell.data ? await open(cell.data) : noImages;
    const other = cell.test && (await open(cell.test));
    const trial = trialsOf(config, dataset, other).find((each) => each.condition === condition);
    if (!trial) throw new TypeError(`[evaluate] a run like this has no tasks of the condition "${condition}".`);
    await loadFloat(config.dtype);
    const learned = ruleOfRow(row(0) as TrainRow, config.dtype);
    const rules = without ? [ruleWithout(config, learned, without)] : [learned, initialValues(config, dataset)];
    const score = scorer(config, dataset, rules);
    const scores: EpisodeScore[][] = [];
    for (let task = first; task < first + tasks; task++) {
      scores.push(score(trial, shots, task - 1));
      progress(scores.length / tasks, `${condition}, ${shots} shots: task ${task}`);
      await yieldToEvents();
      if (signal.aborted) throw new Stopped();
    }
    const of = (rule: number): EpisodeScore[] => scores.flatMap((each) => each[rule] ?? []);
    // In JSON, NaN is null.
    return JSON.parse(JSON.stringify({ learned: of(0), initial: of(1) }));
  },
};
