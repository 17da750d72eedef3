// metrics.jsonl: one line of JSON per episode, {"episode":1,"loss":...,"accuracy":...,"seconds":...}. If the guard
// acted, there is more: "clipped":0.02, what the meta-gradient of the episode's step was multiplied by (0: no step),
// and "diverged":true with "loss":null for an episode that diverged.
import type { Lines } from "../runs/internal.js";

/** The result of one episode, under the rule before the step that followed. */
export interface EpisodeReport {
  /** From 1. */
  readonly episode: number;
  /** Mean cross-entropy of the queries, or for regression half their mean squared error, plus l1 times the sum of |P|; NaN if the episode diverged. */
  readonly loss: number;
  /** Share of the queries answered correctly, for regression R2; 0 if the episode diverged. */
  readonly accuracy: number;
  /** How many seconds the episode took. */
  readonly seconds: number;
  /** The factor by which the meta-gradient of its step was multiplied, if it was not 1; see `TrainConfig.clip`. */
  readonly clipped?: number;
  /** True if the episode or its gradient was not finite, so that it was left out. */
  readonly diverged?: true;
}

/** How reports are written. */
export const metricsLines: Lines<EpisodeReport> = {
  file: "metrics.jsonl",
  checksum: "metrics",
  /** Its fields in a fixed order. NaN, which JSON does not have, becomes null. */
  encode: ({ episode, loss, accuracy, seconds, clipped, diverged }) =>
    JSON.stringify({ episode, loss, accuracy, seconds, clipped, diverged }),
  decode(line) {
    try {
      const { episode, loss, accuracy, seconds, clipped, diverged } = JSON.parse(line);
      const numbers = [episode, accuracy, seconds, diverged === true ? 0 : loss, clipped ?? 1];
      if (!numbers.every(Number.isFinite) || accuracy > 1 || seconds < 0) return undefined;
      return {
        ...{ episode, loss: diverged === true ? Number.NaN : loss, accuracy, seconds },
        ...(clipped === undefined ? {} : { clipped }),
        ...(diverged === true ? { diverged } : {}),
      };
    } catch {
      return undefined;
    }
  },
  /** Everything except the seconds. */
  checked: (report) => metricsLines.encode({ ...report, seconds: 0 }),
  stepOf: ({ episode }) => episode,
};
