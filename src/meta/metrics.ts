// metrics.jsonl: one line of JSON an episode, {"episode":1,"loss":...,"accuracy":...,"seconds":...}.
import { InputError } from "../core/index.js";

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

/** The lines of these episodes. */
export function metricsLines(reports: readonly EpisodeReport[]): string {
  return reports
    .map(({ episode, loss, accuracy, seconds }) => `${JSON.stringify({ episode, loss, accuracy, seconds })}\n`)
    .join("");
}

/** The report on this line, if it is one. */
function parseLine(line: string): EpisodeReport | undefined {
  try {
    const { episode, loss, accuracy, seconds } = JSON.parse(line);
    return [episode, loss, accuracy, seconds].every(Number.isFinite) ? { episode, loss, accuracy, seconds } : undefined;
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
