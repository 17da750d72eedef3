// A whole run as a cell: any executor can compute it, and it resumes where it was stopped. The cell's folder is an
// ordinary run folder.
import { checkMade, type FloatName } from "../core/index.js";
import { type Dataset, noImages } from "../data/index.js";
import { ruleParts } from "../plasticity/index.js";
import { partInFiles } from "../plasticity/internal.js";
import { type Cell, type CellKind, type DataRef, Stopped } from "../runs/index.js";
import { heldAbove, inNode } from "../runs/internal.js";
import { hashedPart, parseTrainConfig, runOfCell, type TrainConfig } from "./config.js";
import type { Diagnosis } from "./diagnose.js";
import type { EpisodeReport } from "./metrics.js";
import { eachPart, floatsOf, type RuleValues, ruleHash } from "./rule-values.js";
import { contentsOf } from "./run.js";
import type { RunContents } from "./run-contents.js";
import { resumeHolding, type TrainResult, trainHolding } from "./train.js";

/** The configuration of such a cell, without the seed and the images. */
export interface TrainCellConfig {
  /**
   * The run's configuration in the form of the first version that can express it, so that a new setting does not rename
   * cells.
   */
  readonly run: object;
  /** How often, in episodes, its networks are measured; null for never. */
  readonly diagnostics: number | null;
}

/** The result of a run. */
export interface TrainRow {
  /** SHA-256 of the rule's bytes, as `ruleHash` gives it. */
  readonly ruleHash: string;
  /** The accuracy of each episode. */
  readonly accuracy: readonly number[];
  /** The loss of each episode; null if it diverged. */
  readonly loss: readonly (number | null)[];
  /** Episodes, counted from 1, whose meta-gradient was multiplied by a factor other than 1, with the factor. */
  readonly clipped: readonly (readonly [episode: number, scale: number])[];
  /** The rule's numbers, under the names that files give its parts; see `ruleOfRow`. */
  readonly rule: Readonly<Record<string, readonly { shape: readonly number[]; data: readonly number[] }[]>>;
  /** What was measured, as in diagnostics.jsonl. */
  readonly measured: readonly Diagnosis[];
}

/**
 * The cell of a run. Settings that do not affect its bits (the preset's name, the tape's checkpoints) are left out.
 *
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * const cell = trainCell(config, await dataRef(images, "glyphs", "8"));
 * cell.kind; // "meta/train"
 * cell.seed; // 0
 */
export function trainCell(config: TrainConfig, data?: DataRef, diagnostics?: number): Cell<TrainCellConfig> {
  const whole = parseTrainConfig(config, "the cell");
  const { seed: _, ...run } = hashedPart(whole);
  // A longer run is still the same run, but its row differs.
  const cellConfig = { run: { ...run, episodes: whole.episodes }, diagnostics: diagnostics ?? null };
  const cell = { kind: trainKind.name, config: cellConfig, seed: whole.seed };
  return data ? { ...cell, data } : cell;
}

/** Throws a TypeError for what is no cell of a training. */
export function checkTrainCell(op: string, cell: Cell<TrainCellConfig>): void {
  checkMade(op, "the cell", cell, ["config", "seed"], "Make one with trainCell().");
  checkMade(op, "the cell's `config`", cell.config, ["run"], "Make one with trainCell().");
}

/**
 * The configuration of the run of a cell.
 *
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const cell = trainCell({ ...config, seed: 3 });
 * configOfCell(cell).seed; // 3
 */
export function configOfCell(given: Cell<TrainCellConfig>): TrainConfig {
  checkTrainCell("configOfCell", given);
  const { config, seed, data } = given;
  return runOfCell(config.run, seed, data);
}

/** The kind of cell that is a meta-training. */
export const trainKind: CellKind<TrainCellConfig, TrainRow> = {
  name: "meta/train",
  async run(cell, { folder, signal, progress, open }) {
    const config = configOfCell(cell);
    const dataset: Dataset = cell.data ? await open(cell.data) : noImages;
    const metrics: EpisodeReport[] = [];
    const measured: Diagnosis[] = [];
    const options = {
      ...{ workers: 1, signal, diagnostics: cell.config.diagnostics ?? undefined },
      onEpisode(report: EpisodeReport) {
        metrics.push(report);
        progress(report.episode / config.episodes, `episode ${report.episode} of ${config.episodes}`);
      },
      onDiagnosis: (diagnosis: Diagnosis) => void measured.push(diagnosis),
    };
    let result: TrainResult;
    if (folder === undefined || !inNode) result = await trainHolding(dataset, config, options);
    else {
      const before = await contentsOf(folder);
      metrics.push(...(before?.metrics ?? []));
      measured.push(...(before?.diagnoses ?? []));
      const out = { ...options, out: folder };
      result = before
        ? await resumeHolding(dataset, out, heldAbove)
        : await trainHolding(dataset, config, out, heldAbove);
    }
    if (result.stopped) throw new Stopped();
    return rowOf(result, metrics, measured);
  },
};

/**
 * The result of the run in a folder, as if it ended with the last episode in it.
 *
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * await train(images, config, { out: "runs/first", workers: 1 });
 * const { accuracy } = await rowOfRun(await readRun("runs/first"));
 * accuracy.length; // 2
 */
export async function rowOfRun(given: RunContents): Promise<TrainRow> {
  checkMade("rowOfRun", "the run", given, ["rule", "metrics", "diagnoses"], "Read one with readRun().");
  const { rule, metrics, diagnoses } = given;
  return rowOf({ rule, ruleHash: await ruleHash(rule) }, metrics, diagnoses);
}

/**
 * The rule of a row, as numbers of the run's type again.
 *
 * @param dtype the run's type; float32 by default. float64 has to be loaded.
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * const cell = trainCell(config, await dataRef(images, "glyphs", "8"));
 * const executor = here([trainKind], { data: [images] });
 * const { results } = await runCells([cell], { store: memoryStore(), executor });
 * const row = results[0].row as TrainRow;
 * (await ruleHash(ruleOfRow(row))) === row.ruleHash; // true
 */
export function ruleOfRow(given: Pick<TrainRow, "rule">, dtype: FloatName = "float32"): RuleValues {
  checkMade("ruleOfRow", "the row", given, ["rule"], "Give the row of a training.");
  const { rule } = given;
  checkMade("ruleOfRow", "the row's `rule`", rule, ruleParts.map(partInFiles), "Give the row of a training.");
  return eachPart((part) => rule[partInFiles(part)].map(({ shape, data }) => ({ shape, data: floatsOf(data, dtype) })));
}

function rowOf(
  { ruleHash, rule }: Pick<TrainResult, "rule" | "ruleHash">,
  metrics: readonly EpisodeReport[],
  measured: readonly Diagnosis[],
): TrainRow {
  return {
    ruleHash,
    accuracy: metrics.map(({ accuracy }) => accuracy),
    loss: metrics.map(({ loss }) => (Number.isFinite(loss) ? loss : null)),
    clipped: metrics.flatMap(({ episode, clipped }) => (clipped === undefined ? [] : [[episode, clipped] as const])),
    rule: Object.fromEntries(
      ruleParts.map((part) => [
        partInFiles(part),
        rule[part].map(({ shape, data }) => ({ shape: [...shape], data: Array.from(data) })),
      ]),
    ),
    // As in a file, infinite time constants are null.
    measured: JSON.parse(JSON.stringify(measured)),
  };
}
