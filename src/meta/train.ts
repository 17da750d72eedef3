// Meta-training: episode after episode, gradient after gradient, a rule is learned, in a folder that can be resumed.
import type { Dataset } from "../data/index.js";
import type { TrainConfig } from "./config.js";
import type { RuleValues } from "./rule-values.js";

/** How one episode went, under the rule before the step that it led to. */
export interface EpisodeReport {
  /** From 1. */
  readonly episode: number;
  /** Mean cross-entropy of the queries, plus l1 times the sum of |P|. */
  readonly loss: number;
  /** Share of the queries answered right. */
  readonly accuracy: number;
  /** What the episode took. */
  readonly seconds: number;
}

/** What a run came to. Means over no episodes are NaN. */
export interface TrainResult {
  /** Episodes done, those before a resume included. */
  readonly episodes: number;
  /** Means of the last 50 episodes, or of all if there are fewer. */
  readonly meanAccuracyLast50: number;
  readonly meanLossLast50: number;
  /** SHA-256, in hexadecimal digits, of the rule's leaves in order, little-endian float32. */
  readonly ruleHash: string;
  /** The rule's numbers. */
  readonly rule: RuleValues;
  /** Whether `signal` ended the run before its last episode. */
  readonly stopped: boolean;
  /** Mean accuracy of the first 50 episodes, or of all if there are fewer. */
  readonly firstAccuracy: number;
}

export interface TrainOptions {
  /** The run's folder. */
  readonly out: string;
  /** Threads to spread the episodes of a meta-batch over. The result does not depend on it. */
  readonly workers: number;
  /** Called after each episode, when it is safe on disk. */
  readonly onEpisode?: (report: EpisodeReport) => void;
  /** Aborting it ends the run after the meta-step under way; it can be resumed. */
  readonly signal?: AbortSignal;
  /** The built file `episode-worker.js`, where it does not lie beside the built code. */
  readonly workerEntry?: string | URL;
}

/**
 * Learns a rule in a new folder.
 *
 * @throws InputError for what cannot be used (the configuration, the data, the folder), DivergedError for an episode
 * that leaves the finite numbers; the folder then holds the last good checkpoint.
 */
export async function train(_dataset: Dataset, _config: TrainConfig, _options: TrainOptions): Promise<TrainResult> {
  throw new Error("not yet");
}

/** Continues the run in the folder `out`, to the same bits as if it had never stopped. */
export async function resume(_dataset: Dataset, _options: TrainOptions): Promise<TrainResult> {
  throw new Error("not yet");
}
