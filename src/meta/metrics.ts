// metrics.jsonl: one line of JSON an episode, {"episode":1,"loss":...,"accuracy":...,"seconds":...}. Where the guard
// acted there is more: "clipped":0.02, what the meta-gradient of the episode's step was multiplied by (0: no step), and
// "diverged":true with "loss":null for an episode that left the finite numbers.
import type { Lines } from "../runs/internal.js";

/** How one episode went, under the rule before the step that it led to. */
export interface EpisodeReport {
  /** From 1. */
  readonly episode: number;
  /** Mean cross-entropy of the queries, or for regression half their mean squared error, plus l1 times the sum of |P|; NaN if the episode diverged. */
  readonly loss: number;
  /** Share of the queries answered right, for regression R2; 0 if the episode diverged. */
  readonly accuracy: number;
  /** What the episode took. */
  readonly seconds: number;
  /** What the meta-gradient of its step was multiplied by, where that was not 1; see `TrainConfig.clip`. */
  readonly clipped?: number;
  /** True if the episode, or its gradient, left the finite numbers, and was left out. */
  readonly diverged?: true;
}

/** How reports are written. */
export const metricsLines: Lines<EpisodeReport> = {
  file: "metrics.jsonl",
  checksum: "metrics",
  /** Its fields in one order. NaN, which JSON has not, becomes null. */
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
  /** All but the seconds. */
  checked: (report) => metricsLines.encode({ ...report, seconds: 0 }),
  stepOf: ({ episode }) => episode,
};
