// The live progress of a run on a terminal: a bar on standard error, with the moving accuracy, the loss and the time
// left. If standard error is not a terminal, nothing is shown.
import { SingleBar } from "cli-progress";
import { duration, percent } from "./output.js";

/** Episodes over which the moving accuracy and the time left are averaged. */
const WINDOW = 50;

export interface Progress {
  /** Shows a finished episode. */
  step(score: Score): void;
  /** Shows a word next to the bar, such as "stopping". */
  note(text: string): void;
  /** Removes the bar. */
  end(): void;
}

/** The mean of the last `WINDOW` values. NaN is skipped: an episode that was left out has no loss. */
class Moving {
  private readonly values: number[] = [];

  add(value: number): number {
    if (!Number.isNaN(value)) this.values.push(value);
    if (this.values.length > WINDOW) this.values.shift();
    return this.values.reduce((sum, value) => sum + value, 0) / this.values.length;
  }
}

/** How an episode went. */
interface Score {
  readonly episode: number;
  readonly loss: number;
  readonly accuracy: number;
}

export interface ProgressOptions {
  /** Episodes that were finished before. */
  readonly history?: readonly Score[];
  /** Shows nothing even on a terminal. */
  readonly quiet?: boolean;
}

/** A bar on standard error; `format` describes its line. */
function newBar(format: string): SingleBar {
  const stream = process.stderr;
  return new SingleBar({
    stream,
    // A narrow terminal gets a short bar, so that the line is not cut.
    barsize: Math.max(8, Math.min(30, (stream.columns ?? 80) - 70)),
    barCompleteChar: "█",
    barIncompleteChar: "░",
    format,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false, // signals are ours: see signals.ts
    fps: 10,
    autopadding: true,
  });
}

/** Whether a terminal has no room for more than the bar and a number; one that does not know its width says 0. */
const narrow = ({ columns }: NodeJS.WriteStream): boolean => (columns || 80) < 70;

/** Progress over many runs. */
export interface WorkBar {
  /** Shows how much of the work is done, from 0 to 1, with a text next to it. */
  step(share: number, facts: string): void;
  /** Shows a word next to the bar, such as "stopping". */
  note(text: string): void;
  /** Removes the bar. */
  end(): void;
}

/** How many steps a `WorkBar` is divided into. */
const BAR_STEPS = 1000;

/** Shows how much of a long piece of work is done. Shows nothing if `quiet`, or if standard error is not a terminal. */
export function startWorkBar({ quiet }: { readonly quiet: boolean }): WorkBar {
  if (quiet || !process.stderr.isTTY) return { step() {}, note() {}, end() {} };
  const bar = newBar("{bar} {percentage} %  {facts}");
  let said = "";
  bar.start(BAR_STEPS, 0, { facts: "starting" });
  return {
    step(share, facts) {
      said = facts;
      bar.update(Math.floor(share * BAR_STEPS), { facts });
    },
    note: (text) => bar.update({ facts: said === "" ? text : `${said}  ${text}` }),
    end: () => bar.stop(),
  };
}

/** Shows progress over `total` episodes. */
export function startProgress(total: number, { history = [], quiet = false }: ProgressOptions = {}): Progress {
  const stream = process.stderr;
  if (quiet || !stream.isTTY) return { step() {}, note() {}, end() {} };
  const bar = newBar(`{bar} {value}/{total}  {facts}`);
  const accuracy = new Moving();
  const loss = new Moving();
  const pace = new Moving();
  let facts = "starting";
  let last = performance.now();
  const take = (score: Score): string =>
    narrow(stream)
      ? percent(accuracy.add(score.accuracy))
      : `accuracy ${percent(accuracy.add(score.accuracy))} (last ${WINDOW})  loss ${loss.add(score.loss).toFixed(3)}`;
  for (const score of history.slice(-WINDOW)) facts = take(score);
  bar.start(total, history.length, { facts });
  return {
    step(score) {
      const now = performance.now();
      const left = (pace.add(now - last) / 1000) * (total - score.episode);
      last = now;
      facts = `${take(score)}  ${duration(left)} left`;
      bar.update(score.episode, { facts });
    },
    note(text) {
      bar.update({ facts: `${facts}  ${text}` });
    },
    end() {
      bar.stop();
    },
  };
}
