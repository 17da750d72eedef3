// Measurements in the networks of a frozen rule as a cell, on tasks that no training reaches. It needs the run that learned the
// rule.
import { scope } from "../core/index.js";
import { noImages } from "../data/index.js";
import { type Cell, type CellKind, Stopped, yieldToEvents } from "../runs/index.js";
import { EPISODE_LIMIT, layerSizes } from "./config.js";
import { type Diagnosis, diagnose } from "./diagnose.js";
import { loadFloat } from "./load-float.js";
import { ruleOf } from "./rule-values.js";
import { configOfCell, ruleOfRow, type TrainCellConfig, type TrainRow } from "./train-cell.js";

/** Which tasks: those that evaluation has under the same numbers. */
export interface DiagnosisConfig {
  /** The first of the tasks, from 1. */
  readonly first: number;
  /** The number of tasks. */
  readonly tasks: number;
}

/** What was measured, task by task; as in a file, infinite numbers are null. */
export interface DiagnosisRow {
  readonly measured: readonly Diagnosis[];
}

/** The kind of cell that measures. Its `data` are the images of training. */
export const diagnosisKind: CellKind<DiagnosisConfig, DiagnosisRow> = {
  name: "meta/diagnosis",
  async run(cell, { row, open, progress, signal }) {
    const [run] = cell.needs as readonly [Cell<TrainCellConfig>];
    const config = configOfCell(run);
    const { first, tasks } = cell.config;
    const dataset = cell.data ? await open(cell.data) : noImages;
    await loadFloat(config.dtype);
    const rule = ruleOfRow(row(0) as TrainRow, config.dtype);
    const measured: Diagnosis[] = [];
    for (let task = first; task < first + tasks; task++) {
      measured.push(
        scope(() => ({
          ...diagnose(config, layerSizes(config, dataset), dataset, ruleOf(rule), EPISODE_LIMIT + task - 1),
          episode: task,
        })),
      );
      progress(measured.length / tasks, `measured: task ${task}`);
      await yieldToEvents();
      if (signal.aborted) throw new Stopped();
    }
    return JSON.parse(JSON.stringify({ measured }));
  },
};
