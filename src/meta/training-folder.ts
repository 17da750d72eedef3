// The folder of a meta-training. This is for Node, and is loaded only when a folder is used (see `run.ts`).
import { createHash } from "node:crypto";
import { join } from "node:path";
import { InputError, plain, typeNamed } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { dataHash } from "../runs/index.js";
import type { Lock, RunFormat, RunState } from "../runs/internal.js";
import { hasRun, RunFolder, readConfig, readFolder } from "../runs/node.js";
import { hashedPart, isRegression, parseTrainConfig, type TrainConfig } from "./config.js";
import type { Diagnosis } from "./diagnose.js";
import { diagnosisLines } from "./diagnosis-lines.js";
import type { Learner } from "./learner.js";
import { learnerCodec } from "./learner-codec.js";
import { loadFloat } from "./load-float.js";
import { type EpisodeReport, metricsLines } from "./metrics.js";
import type { RunContents, TrainingRun } from "./run-contents.js";

/** SHA-256 of what the bits of a run depend on. The number of episodes, and what tapes store, may be changed. */
export function configHash(config: TrainConfig): string {
  return createHash("sha256")
    .update(JSON.stringify(hashedPart(parseTrainConfig(config))))
    .digest("hex");
}

/** What is kept of a meta-training. */
const format: RunFormat<TrainConfig, Learner, EpisodeReport, Diagnosis> = {
  unit: "episode",
  config: { parse: parseTrainConfig, hash: configHash, free: "episodes, checkpoint and data" },
  state: learnerCodec,
  rows: metricsLines,
  notes: diagnosisLines,
};

type Training = RunState<TrainConfig, Learner, EpisodeReport, Diagnosis>;

/** The configuration of the run in `folder`. Throws an InputError naming the file that is missing or broken. */
export const readRunConfig = (folder: string): Promise<TrainConfig> => readConfig(format, folder);

/** Throws an InputError for impossible numbers, which checkpoints of earlier versions do not detect by a checksum. */
function checkPossible(folder: string, { config, rows }: Pick<Training, "config" | "rows">): void {
  const least = isRegression(config.task) ? Number.NEGATIVE_INFINITY : 0;
  const { largest } = typeNamed(config.dtype).limits;
  const odd = rows.find(({ loss, accuracy }) => Math.abs(loss) > largest || accuracy < least);
  if (odd === undefined) return;
  throw new InputError(
    `[run] ${plain(join(folder, metricsLines.file))} is damaged: episode ${odd.episode} has loss ${odd.loss} and accuracy ` +
      `${odd.accuracy}, which is impossible. Put back a copy, or begin a new run with another \`out\`.`,
  );
}

/** Reads the run in `folder`, up to the step of its checkpoint, without changing anything. */
export async function readRun(folder: string): Promise<RunContents> {
  const run = await readFolder(format, folder);
  await loadFloat(run.config.dtype);
  checkPossible(folder, run);
  const { config, state, rows, notes, position } = run;
  return {
    ...{ config, images: position.marks.dataset, rule: state.rule, metrics: rows, diagnoses: notes },
    covered: position.checksums[metricsLines.checksum] !== undefined,
  };
}

/** Like `readRun`, but undefined if no run has begun. */
export async function contentsOf(folder: string): Promise<RunContents | undefined> {
  return hasRun(folder) ? readRun(folder) : undefined;
}

/** Sets up a new run in `folder`; see `RunFolder.create`. */
export async function createRun(
  folder: string,
  config: TrainConfig,
  dataset: Dataset,
  learner: Learner,
  held?: Lock,
): Promise<TrainingRun> {
  const marks = { seed: String(config.seed), config: configHash(config), dataset: await dataHash(dataset) };
  return RunFolder.create(format, folder, { config, state: learner, marks }, held);
}

/** Opens the run in `folder` at the step of its checkpoint; see `RunFolder.reopen`. */
export async function reopenRun(
  folder: string,
  dataset: Dataset,
  held?: Lock,
): Promise<{ run: TrainingRun; config: TrainConfig; learner: Learner; metrics: EpisodeReport[] }> {
  const check = async (training: Training): Promise<void> => {
    const { config, position } = training;
    const { done, marks } = position;
    await loadFloat(config.dtype);
    checkPossible(folder, training);
    if (marks.dataset !== (await dataHash(dataset))) {
      throw new InputError(
        `[run] ${plain(dataset.name)} are not the images that ${plain(folder)} was trained on. Give the data that it began with.`,
      );
    }
    if (done < config.episodes && done % config.metaBatch !== 0) {
      throw new InputError(
        `[run] ${plain(folder)} ended after ${done} episodes with a smaller batch and cannot be made longer. ` +
          "Put back the number of episodes in its config.json, or begin a new run with another `out`.",
      );
    }
  };
  const { run, config, state, rows } = await RunFolder.reopen(format, folder, check, held);
  return { run, config, learner: state, metrics: [...rows] };
}
