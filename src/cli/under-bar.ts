// Cells run under a bar, which Ctrl-C stops where they can be taken up again.
import type { QueueOptions } from "../runs/index.js";
import { duration } from "./output.js";
import { startWorkBar, type WorkBar } from "./progress.js";
import { watchSignals } from "./signals.js";

/** What came of it, and the exit code of the signal that stopped it, if one did. */
export interface Ended<T> {
  readonly found: T;
  readonly code: number | undefined;
}

/**
 * Runs `work` under a bar.
 *
 * @param quiet shows no bar.
 * @param work gets the bar, and the signal at which to stop.
 * @param close is called at the end, whatever happened.
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

/** Shows in a bar how much of a queue is done, what is under way, and the time left. */
export const stepsOf =
  (bar: WorkBar): NonNullable<QueueOptions["onProgress"]> =>
  ({ part, note, secondsLeft }) =>
    bar.step(part, `${note ?? "starting"}${secondsLeft === undefined ? "" : `  ${duration(secondsLeft)} left`}`);

/** Says that a signal stopped the work, and what goes on with it. */
export function sayStopped(code: number, cure = "The same command goes on from here."): void {
  process.stderr.write(`Stopped. ${cure}\n`);
  process.exitCode = code;
}
