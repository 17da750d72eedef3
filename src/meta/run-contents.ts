// What there is of a meta-training: while it runs, and in its folder.
import type { Run } from "../runs/internal.js";
import type { TrainConfig } from "./config.js";
import type { Diagnosis } from "./diagnose.js";
import type { Learner } from "./learner.js";
import type { EpisodeReport } from "./metrics.js";
import type { RuleValues } from "./rule-values.js";

/** A meta-training under way: a row an episode, the learner, and what was measured. */
export type TrainingRun = Run<Learner, EpisodeReport, Diagnosis>;

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
  /** Whether the checkpoint holds a checksum of the metrics; runs of earlier versions have none until they are continued. */
  readonly covered: boolean;
}
