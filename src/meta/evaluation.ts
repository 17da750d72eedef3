// The evaluation of a run as cells. Each cell has some tasks of one condition, and needs the run as a result.
import type { Dataset } from "../data/index.js";
import { type Cell, canonical, cellName, dataRef, NUMERICS, type Result, type Store } from "../runs/index.js";
import { isRegression } from "./config.js";
import { dataRefOf, refOf } from "./data-config.js";
import { checkTrials, type EvaluateOptions, type EvaluationLine, nameOfTrial, trialsOf } from "./evaluate.js";
import { scoreOfTrial, type TrialConfig, type TrialRow, trialCell } from "./evaluate-cell.js";
import type { RunContents } from "./run-contents.js";
import { rowOfRun, type TrainCellConfig, trainCell } from "./train-cell.js";

/** Tasks per cell: at most this many are repeated after a stop. */
const TASKS_TO_A_CELL = 5;

/** The tasks of cells that have this many together: the first of each cell, from 1, and how many it has. */
export const shares = (tasks: number): { readonly first: number; readonly tasks: number }[] =>
  Array.from({ length: Math.ceil(tasks / TASKS_TO_A_CELL) }, (_, i) => {
    const first = 1 + i * TASKS_TO_A_CELL;
    return { first, tasks: Math.min(TASKS_TO_A_CELL, tasks - first + 1) };
  });

/** A run as other cells need it, and a store that has its result in addition to what another store has. */
export interface NeededRun {
  readonly run: Cell<TrainCellConfig>;
  over(store: Store): Store;
}

/** The run as it is now; it may not have finished all its episodes. */
export async function neededRun(contents: RunContents): Promise<NeededRun> {
  const { config, images, metrics } = contents;
  const episodes = Math.max(1, metrics.length);
  const run = trainCell({ ...config, episodes }, isRegression(config.task) ? undefined : refOf(config.data, images));
  const name = await cellName(run);
  const result = { cell: run, numerics: NUMERICS, row: await rowOfRun(contents), seconds: 0 };
  return {
    run,
    over: (store) => ({
      ...store,
      get: async (cell) => ((await cellName(cell)) === name ? result : store.get(cell)),
    }),
  };
}

/** What an evaluation consists of. */
export interface Evaluation {
  /** In the order of the conditions, the shots and the tasks. */
  readonly cells: readonly Cell<TrialConfig>[];
  /** A store that has the run, which the cells need, in addition to what another store has. */
  over(store: Store): Store;
  /** The lines of a cell's tasks, from a result that may have been read from a file. */
  linesOf(result: Result): EvaluationLine[];
}

/**
 * The evaluation of a run.
 *
 * @param dataset what it was trained on, or more of the same.
 * @throws InputError if tasks of a condition cannot be drawn.
 */
export async function evaluationOf(
  contents: RunContents,
  dataset: Dataset,
  { tasks, shots = [contents.config.shots], other }: Omit<EvaluateOptions, "onLine">,
): Promise<Evaluation> {
  const { config } = contents;
  const trials = trialsOf(config, dataset, other);
  checkTrials(trials, config, shots);
  const { run, over } = await neededRun(contents);
  const data = isRegression(config.task) ? undefined : await dataRefOf(dataset, config.data);
  const test = other && (await dataRef(other, other.name, ""));
  const cells = shots.flatMap((perClass) =>
    trials.flatMap(({ condition }) =>
      shares(tasks).map((share) => {
        // Only one condition uses the other images; the results of the rest stay valid when they change.
        const images = condition === "other data" ? { data, test } : { data };
        return trialCell(run, { condition, shots: perClass, ...share }, images);
      }),
    ),
  );
  return {
    cells,
    over,
    linesOf({ cell, row: scores }) {
      const { condition, shots: each, first } = cell.config as TrialConfig;
      const trial = trials.find((one) => one.condition === condition);
      if (!trial) throw new TypeError(`[evaluate] no tasks are "${condition}": ${canonical(cell.config)}`);
      const { learned, initial } = scores as TrialRow;
      return learned.map((score, i) => ({
        ...{ condition, data: nameOfTrial(trial, config), shots: each, task: first + i },
        ...{ learned: scoreOfTrial(score), initial: scoreOfTrial(initial[i]) },
      }));
    },
  };
}
