// Runs cells under a progress bar. Ctrl-C stops them at a point from which they can be resumed.
import type { QueueOptions } from "../runs/index.js";
import { duration } from "./output.js";
import { startWorkBar, type WorkBar } from "./progress.js";
import { watchSignals } from "./signals.js";

/** The outcome, and the exit code of the signal that stopped the work, if one did. */
export interface Ended<T> {
  readonly found: T;
  readonly code: number | undefined;
}

/**
 * Runs `work` under a progress bar.
 *
 * @param quiet shows no bar.
 * @param work gets the bar, and the signal at which to stop.
 * @param close is called at the end in any case.
 */
export async function underBar<T>(
  quiet: boolean,
  work: (bar: WorkBar, signal: AbortSignal) => Promise<T>,
  close: () => Promise<void> = async () => {},
): Promise<Ended<T>> {
  const bar = startWorkBar({ quiet });
  const watch = watchSignals(
    () => bar.note("stopping"),
    () => bar.end(),
  );
  const found = await work(bar, watch.signal).finally(async () => {
    bar.end();
    watch.end();
    await close();
  });
  return { found, code: watch.code() };
}

/** Shows in a bar how much of a queue is done, what is being computed, and the time left. */
export const stepsOf =
  (bar: WorkBar): NonNullable<QueueOptions["onProgress"]> =>
  ({ part, note, secondsLeft }) =>
    bar.step(part, `${note ?? "starting"}${secondsLeft === undefined ? "" : `  ${duration(secondsLeft)} left`}`);

/** Says that a signal stopped the work, and how to continue. */
export function sayStopped(code: number, cure = "Run the same command again to continue."): void {
  process.stderr.write(`Stopped. ${cure}\n`);
  process.exitCode = code;
}
