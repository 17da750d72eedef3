// metrics.jsonl: one line of JSON an episode, {"episode":1,"loss":...,"accuracy":...,"seconds":...}. Where the guard
// acted there is more: "clipped":0.02, what the meta-gradient of the episode's step was multiplied by (0: no step), and
// "diverged":true with "loss":null for an episode that left the finite numbers.
import { InputError } from "../core/index.js";

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

/** The line of an episode: its fields in one order. NaN, which JSON has not, becomes null. */
function metricsLine({ episode, loss, accuracy, seconds, clipped, diverged }: EpisodeReport): string {
  return `${JSON.stringify({ episode, loss, accuracy, seconds, clipped, diverged })}\n`;
}

/** The lines of these episodes. */
export function metricsLines(reports: readonly EpisodeReport[]): string {
  return reports.map(metricsLine).join("");
}

/**
 * What the checksum of these lines is taken of: all but the seconds, so that runs of the same bits have checkpoints of the
 * same bytes.
 */
export function checkedLines(reports: readonly EpisodeReport[]): string {
  return metricsLines(reports.map((report) => ({ ...report, seconds: 0 })));
}

/** The report on this line, if it is one. */
function parseLine(line: string): EpisodeReport | undefined {
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
}

/**
 * The first `count` lines of a metrics file and the bytes that they take. What follows, a torn line or episodes that no
 * checkpoint includes, is not looked at.
 */
export function readMetrics(bytes: Uint8Array, count: number, name: string): { reports: EpisodeReport[]; end: number } {
  const reports: EpisodeReport[] = [];
  const decoder = new TextDecoder();
  let end = 0;
  while (reports.length < count) {
    const stop = bytes.indexOf(10, end);
    const report = stop < 0 ? undefined : parseLine(decoder.decode(bytes.subarray(end, stop)));
    if (report?.episode !== reports.length + 1) {
      throw new InputError(
        `[run] ${name} is damaged: line ${reports.length + 1} is not that of episode ${reports.length + 1}, ` +
          `and the checkpoint has ${count} episodes. Put back a copy, or begin a run anew with another --out.`,
      );
    }
    reports.push(report);
    end = stop + 1;
  }
  return { reports, end };
}
