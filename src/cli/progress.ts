// The live progress of a run on a terminal: a bar on standard error, with the moving accuracy, the loss and the time
// left. Where standard error is no terminal nothing is shown.
import { SingleBar } from "cli-progress";
import { duration, percent } from "./output.js";

/** Episodes that the moving accuracy and the time left look back on. */
const WINDOW = 50;

export interface Progress {
  /** Tells of an episode that is done. */
  step(score: Score): void;
  /** Puts a word beside the bar, such as "stopping". */
  note(text: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** The mean of the last `WINDOW` values that are numbers: an episode that was left out has no loss. */
class Moving {
  private readonly values: number[] = [];

  add(value: number): number {
    if (!Number.isNaN(value)) this.values.push(value);
    if (this.values.length > WINDOW) this.values.shift();
    return this.values.reduce((sum, each) => sum + each, 0) / this.values.length;
  }
}

/** How an episode went. */
interface Score {
  readonly episode: number;
  readonly loss: number;
  readonly accuracy: number;
}

export interface ProgressOptions {
  /** Episodes that are done already. */
  readonly history?: readonly Score[];
  /** Shows nothing even on a terminal. */
  readonly quiet?: boolean;
}

/** A bar on standard error; `format` is what stands on its line. */
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
    emptyOnZero: true,
    autopadding: true,
  });
}

/** Progress over many runs. */
export interface WorkBar {
  /** How much of the work is done, from 0 to 1, and what to say beside it. */
  step(share: number, facts: string): void;
  /** Puts a word beside the bar, such as "stopping". */
  note(text: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** Steps of a `WorkBar`. */
const FINE = 1000;

/** Shows how much of a long piece of work is done; with `quiet`, or where nobody looks, nothing. */
export function startWorkBar({ quiet }: { readonly quiet: boolean }): WorkBar {
  if (quiet || !process.stderr.isTTY) return { step() {}, note() {}, end() {} };
  const bar = newBar("{bar} {percentage} %  {facts}");
  let said = "";
  bar.start(FINE, 0, { facts: "starting" });
  return {
    step(share, facts) {
      said = facts;
      bar.update(Math.floor(share * FINE), { facts });
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
    `accuracy ${percent(accuracy.add(score.accuracy))} (last ${WINDOW})  loss ${loss.add(score.loss).toFixed(3)}`;
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
