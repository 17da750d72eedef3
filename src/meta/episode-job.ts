// The messages between a run and the threads that run its episodes.
import { scope } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { type Failure, failureOf } from "../runs/internal.js";
import type { TrainConfig } from "./config.js";
import { DivergedError } from "./diverged.js";
import { type EpisodeResult, runEpisode } from "./episode.js";
import type { OwnModule } from "./own-parts.js";
import { type RuleValues, ruleOf } from "./rule-values.js";

/** What stays the same for all episodes of a run; sent to a thread once. */
export interface EpisodeSetup {
  readonly config: TrainConfig;
  readonly sizes: readonly number[];
  readonly dataset: Dataset;
}

/** The first message to a thread. The others are jobs. */
export interface WorkerData extends EpisodeSetup {
  readonly memory: { readonly maximumBytes: number; readonly tapeBytes: number };
  /** The modules with parts that the run may use. */
  readonly parts: readonly OwnModule[];
}

/** One episode to run. */
export interface EpisodeJob {
  readonly index: number;
  readonly rule: RuleValues;
}

export interface TimedResult extends EpisodeResult {
  readonly seconds: number;
  /** Why there is no gradient: the episode diverged, and the run has a guard that leaves it out. */
  readonly diverged?: Failure;
}

/** Runs an episode under a rule of plain numbers. With a guard, an episode that diverges has a result too. */
export function liveEpisode({ config, sizes, dataset }: EpisodeSetup, { index, rule }: EpisodeJob): TimedResult {
  const start = performance.now();
  const result = guarded(config, () => scope(() => runEpisode(config, sizes, dataset, ruleOf(rule), index)));
  return { ...result, seconds: rounded(Math.max(0, performance.now() - start)) };
}

/** The result of `live`. With a guard, an episode that diverges has a result too. */
export function guarded(config: TrainConfig, live: () => EpisodeResult): Omit<TimedResult, "seconds"> {
  try {
    return live();
  } catch (error) {
    if (config.clip === "off" || !(error instanceof DivergedError)) throw error;
    return { loss: Number.NaN, accuracy: 0, grad: [], diverged: failureOf(error) };
  }
}

/** Milliseconds as seconds with six digits. */
export const rounded = (milliseconds: number): number => Math.round(1e3 * milliseconds) / 1e6;
