// Which runs a reproduction still needs, and how long they take.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { decodeCheckpoint } from "../meta/checkpoint.js";
import { readRun, type TrainConfig, train } from "../meta/index.js";
import { configHash } from "../meta/run-folder.js";
import { dataHash } from "../runs/index.js";
import { writeAside } from "../runs/internal.js";
import { configOf, type Label, type Setting } from "./experiments.js";

/** One run: an experiment and a seed. */
export interface Job {
  readonly label: Label;
  readonly seed: number;
  /** Where it is kept. */
  readonly folder: string;
  readonly config: TrainConfig;
  /** Episodes that are there already. */
  readonly done: number;
}

/** The name of a run and of its folder. */
export const nameOf = ({ label, seed }: Pick<Job, "label" | "seed">): string => `${label}-seed${seed}`;

/**
 * The runs of these experiments, all of one seed before the next seed, each with what is there of it in `out`.
 *
 * @throws InputError for a folder of that name with another run in it, or with a damaged one.
 */
export async function planJobs(
  out: string,
  labels: readonly Label[],
  seeds: number,
  setting: Setting,
  dataset: Dataset,
): Promise<Job[]> {
  const data = await dataHash(dataset);
  const jobs: Job[] = [];
  for (let seed = 0; seed < seeds; seed++) {
    for (const label of labels) {
      const folder = join(out, "runs", nameOf({ label, seed }));
      const config = configOf(label, setting, seed);
      jobs.push({ label, seed, folder, config, done: await episodesIn(folder, config, data) });
    }
  }
  return jobs;
}

/** Episodes of this run that are in its folder. */
async function episodesIn(folder: string, config: TrainConfig, dataset: string): Promise<number> {
  if (!existsSync(join(folder, "config.json"))) return 0;
  const found = await readRun(folder);
  const file = join(folder, "checkpoint.safetensors");
  const { position } = decodeCheckpoint(await readFile(file), file);
  const different = configHash(found.config) !== configHash(config) ? "settings" : "images";
  if (configHash(found.config) === configHash(config) && position.dataset === dataset) return position.episodes;
  throw new InputError(
    `[reproduce] ${folder} holds a run with other ${different} than asked for. Choose another --out, or move it away.`,
  );
}

/** Makes the folder of a run ready for `synaptape train --resume`: there, and with at least so many episodes to go to. */
export async function prepare({ folder, config }: Job, dataset: Dataset): Promise<void> {
  if (!existsSync(join(folder, "config.json"))) {
    // A run that is stopped before its first episode is a folder and nothing else.
    await train(dataset, config, { out: folder, workers: 1, signal: AbortSignal.abort() });
    return;
  }
  const found = (await readRun(folder)).config;
  if (found.episodes >= config.episodes) return;
  await writeAside(folder, "config.json", `${JSON.stringify({ ...found, episodes: config.episodes }, undefined, 2)}\n`);
}

/**
 * How long work takes on some lanes, each piece on the lane that is free first, in the order given.
 *
 * @param costs seconds of each piece.
 */
export function makespan(costs: readonly number[], lanes: number): number {
  const busy = new Array<number>(lanes).fill(0);
  for (const cost of costs) {
    const free = busy.indexOf(Math.min(...busy));
    busy[free] += cost;
  }
  return Math.max(...busy);
}
