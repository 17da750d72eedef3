// One episode.
import type { Dataset, TaskOptions } from "../data/index.js";
import type { Rule } from "../plasticity/index.js";
import type { TrainConfig } from "./config.js";

/** An episode, or the gradient of one, left the finite numbers. */
export class DivergedError extends Error {
  override name = "DivergedError";
  constructor(
    message: string,
    /** From 1. */
    readonly episode: number,
    /** Online step, from 1; undefined if all weights stayed finite. */
    readonly step?: number,
    /** Layer, from 1; undefined if all weights stayed finite. */
    readonly layer?: number,
  ) {
    super(message);
  }
}

/** How an episode went. */
export interface EpisodeScore {
  readonly loss: number;
  readonly accuracy: number;
}

export interface EpisodeResult extends EpisodeScore {
  /** The gradient of the loss, in the leaf order of the rule. */
  readonly grad: Float32Array[];
}

/** Lives episode `index` (from 0). */
export function runEpisode(
  _config: TrainConfig,
  _sizes: readonly number[],
  _dataset: Dataset,
  _rule: Rule,
  _index: number,
): EpisodeResult {
  throw new Error("not yet");
}

/** Lives the evaluation episodes `indices` (from 0), tasks that training never draws, without a gradient. */
export function evaluateRule(
  _config: TrainConfig,
  _sizes: readonly number[],
  _dataset: Dataset,
  _rule: Rule,
  _indices: readonly number[],
  _options: Pick<TaskOptions, "classes"> = {},
): EpisodeScore[] {
  throw new Error("not yet");
}
