// Sorts the results of the study: runs of experiments, long runs, draws of images, and frozen rules on other tasks.
import {
  configOfCell,
  type TrainCellConfig,
  type TrainRow,
  type TrialCell,
  type TrialRow,
  trainKind,
  trialKind,
} from "../../meta/index.js";
import { type Cell, canonical, type Result } from "../../runs/index.js";
import { type Evidence, evidenceOf, type KeptRun, keptRun } from "../training/evidence.js";
import { type DrawConfig, type DrawRow, drawKind } from "./draws.js";
import { configOf, type Label, labelOf, labels, settingOf } from "./experiments.js";

/** A frozen rule on tasks of one condition. */
export interface KeptTrial {
  /** The query accuracies, one per task. */
  readonly learned: readonly number[];
}

/** What is kept of a cell's row. */
export type Row = KeptRun | KeptTrial | DrawRow;

/** What is kept of a row. For long runs, rule and loss are not kept. */
export function keptRow(row: unknown, cell: Cell): Row {
  if (cell.kind === trialKind.name) return { learned: (row as TrialRow).learned.map(({ accuracy }) => accuracy) };
  if (cell.kind === drawKind.name) return row as DrawRow;
  const kept = keptRun(row as TrainRow);
  return longOf(cell as Cell<TrainCellConfig>) ? { ...kept, loss: [], rule: { P: [], K: [] } } : kept;
}

/** The runs of the experiments. */
export const runsOf = (results: readonly Result[]): Evidence[] =>
  evidenceOf(
    results.filter(({ cell }) => cell.kind === trainKind.name),
    labels,
    labelOf,
  );

/** The guarded long runs: which experiment with which seed. */
export const LONG: readonly (readonly [label: Label, seed: number])[] = [
  ["rcn-5", 0],
  ["logged-5", 4],
];

/** The experiment of a long run; undefined for any other cell. */
export function longOf(cell: Cell<TrainCellConfig>): Label | undefined {
  if (cell.kind !== trainKind.name || labelOf(cell) !== undefined) return undefined;
  const { clip, ...own } = configOfCell(cell);
  if (clip === "off") return undefined;
  const text = (config: object): string => canonical({ ...config, clip: 0, preset: "", checkpoint: "auto", seed: 0 });
  return LONG.map(([label]) => label).find(
    (label) => text(configOf(label, settingOf({ ...own, clip }), 0)) === text(own),
  );
}

/** The long runs among the results. */
export const longRuns = (results: readonly Result[]) =>
  results.flatMap(({ cell, row }) => {
    const label = longOf(cell as Cell<TrainCellConfig>);
    return label ? [{ label, seed: cell.seed, ...(row as KeptRun) }] : [];
  });

/** The draws among the results, in ascending order. */
export const drawsOf = (results: readonly Result[]) =>
  results
    .filter(({ cell }) => cell.kind === drawKind.name)
    .map(({ cell, row }) => ({
      draw: (cell.config as DrawConfig).draw,
      label: labelOf(cell.needs?.[0] as Cell<TrainCellConfig>),
      ...{ seed: cell.seed, accuracy: (row as DrawRow).accuracy },
    }))
    .sort((a, b) => a.draw - b.draw);

/** The trials of frozen rules among the results. */
export const trialsIn = (results: readonly Result[]) =>
  results
    .filter(({ cell }) => cell.kind === trialKind.name)
    .map(({ cell, row }) => {
      const { needs, config, seed, data, test } = cell as TrialCell;
      return {
        label: labelOf(needs[0]),
        seed,
        condition: config.condition,
        images: test ?? data,
        ...(row as KeptTrial),
      };
    });
