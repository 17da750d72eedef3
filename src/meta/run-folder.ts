// The folder of a run.
import type { TrainConfig } from "./config.js";
import type { RuleValues } from "./rule-values.js";
import type { EpisodeReport } from "./train.js";

/** The configuration of the run in `folder`. Throws an InputError naming the file that is missing or broken. */
export async function readRunConfig(_folder: string): Promise<TrainConfig> {
  throw new Error("not yet");
}

/** What is in a run's folder. */
export interface RunContents {
  readonly config: TrainConfig;
  readonly rule: RuleValues;
  /** One for each episode that the checkpoint includes. */
  readonly metrics: readonly EpisodeReport[];
}

/** The run in `folder` as its checkpoint has it; changes nothing. */
export async function readRun(_folder: string): Promise<RunContents> {
  throw new Error("not yet");
}
