// A meta-training while it runs, and the content of its folder.
import type { Run } from "../runs/internal.js";
import type { TrainConfig } from "./config.js";
import type { Diagnosis } from "./diagnose.js";
import type { Learner } from "./learner.js";
import type { EpisodeReport } from "./metrics.js";
import type { RuleValues } from "./rule-values.js";

/** A meta-training in progress: a row per episode, the learner, and the measurements. */
export type TrainingRun = Run<Learner, EpisodeReport, Diagnosis>;

/** The content of a run's folder. */
export interface RunContents {
  /** The configuration of the run. */
  readonly config: TrainConfig;
  /** The hash of the images that it was trained on; see `dataHash`. */
  readonly images: string;
  /** What it has learned so far. */
  readonly rule: RuleValues;
  /** The report of each episode that the checkpoint includes. */
  readonly metrics: readonly EpisodeReport[];
  /** What was measured in these episodes; empty if the run was not asked for `diagnostics`. */
  readonly diagnoses: readonly Diagnosis[];
  /**
   * Whether the checkpoint holds a checksum of the metrics. Runs of earlier versions have none until they are
   * continued.
   */
  readonly covered: boolean;
}
