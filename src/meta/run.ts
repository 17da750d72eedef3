// Where a run is kept: in memory, or in a folder. The code for folders takes Node and is loaded when one is asked for.
import { InputError } from "../core/index.js";
import { inNode } from "../runs/index.js";
import type { TrainConfig } from "./config.js";
import type { Diagnosis } from "./diagnose.js";
import type { Learner } from "./learner.js";
import type { EpisodeReport } from "./metrics.js";
import type { RuleValues } from "./rule-values.js";

/** A run under way. */
export interface Run {
  /** Episodes that are safe. */
  readonly episodes: number;
  /** Keeps a meta-step: its episodes' reports, the learner after it, and what was measured before it. */
  record(reports: readonly EpisodeReport[], learner: Learner, measured?: readonly Diagnosis[]): Promise<void>;
  close(): Promise<void>;
}

/** What is in a run's folder. */
export interface RunContents {
  /** What the run is. */
  readonly config: TrainConfig;
  /** The hash of the images that it learned on; see `dataHash`. */
  readonly images: string;
  /** What it has learned so far. */
  readonly rule: RuleValues;
  /** One for each episode that the checkpoint includes. */
  readonly metrics: readonly EpisodeReport[];
  /** What was measured in these episodes; none where the run was not asked for `diagnostics`. */
  readonly diagnoses: readonly Diagnosis[];
}

/** A run that is gone when it ends, but for what `train` returns. */
export function runInMemory(): Run {
  let episodes = 0;
  return {
    get episodes() {
      return episodes;
    },
    async record(reports) {
      episodes += reports.length;
    },
    async close() {},
  };
}

/** The code for folders. Throws an InputError in a page. */
export async function runFolders(): Promise<typeof import("./run-folder.js")> {
  if (inNode) return import("./run-folder.js");
  throw new InputError(
    "[run] a page has no folders to keep a run in. Leave out `out`: the run is then kept in memory, and its result returned.",
  );
}

/** The run in `folder` as its checkpoint has it; changes nothing. Needs Node. */
export async function readRun(folder: string): Promise<RunContents> {
  return (await runFolders()).readRun(folder);
}

/** As `readRun`; undefined where no run has begun. */
export async function contentsOf(folder: string): Promise<RunContents | undefined> {
  return (await runFolders()).contentsOf(folder);
}

/**
 * The configuration of the run in `folder`. Needs Node.
 *
 * @throws InputError naming the file that is missing or broken.
 */
export async function readRunConfig(folder: string): Promise<TrainConfig> {
  return (await runFolders()).readRunConfig(folder);
}
