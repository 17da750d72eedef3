// The live progress of a run on a terminal: a bar on standard error, with the moving accuracy, the loss and the time
// left. Where standard error is no terminal nothing is shown.
import { SingleBar } from "cli-progress";
import { duration, percent } from "./output.js";

/** Episodes that the moving accuracy and the time left look back on. */
const WINDOW = 50;

export interface Progress {
  /** Tells of an episode that is done. */
  step(episode: { readonly episode: number; readonly loss: number; readonly accuracy: number }): void;
  /** Puts a word beside the bar, such as "stopping". */
  note(text: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** The mean of the last `WINDOW` values. */
class Moving {
  private readonly values: number[] = [];

  add(value: number): number {
    this.values.push(value);
    if (this.values.length > WINDOW) this.values.shift();
    return this.values.reduce((sum, each) => sum + each, 0) / this.values.length;
  }
}

/** Progress over `total` episodes, of which `done` are there already; nothing at all where `quiet`. */
export function startProgress(total: number, { title = "", done = 0, quiet = false } = {}): Progress {
  const stream = process.stderr;
  if (quiet || !stream.isTTY) return { step() {}, note() {}, end() {} };
  const bar = new SingleBar({
    stream,
    // A narrow terminal gets a short bar, so that the line is not cut.
    barsize: Math.max(8, Math.min(30, (stream.columns ?? 80) - 72)),
    barCompleteChar: "█",
    barIncompleteChar: "░",
    format: `${title}{bar} {value}/{total}  {facts}`,
    hideCursor: true,
    clearOnComplete: true,
    gracefulExit: false, // signals are ours: see signals.ts
    fps: 10,
    emptyOnZero: true,
    autopadding: true,
  });
  const accuracy = new Moving();
  const loss = new Moving();
  const pace = new Moving();
  let last = performance.now();
  let facts = "starting";
  bar.start(total, done, { facts });
  return {
    step(report) {
      const now = performance.now();
      const left = (pace.add(now - last) / 1000) * (total - report.episode);
      last = now;
      facts = `accuracy ${percent(accuracy.add(report.accuracy))}  loss ${loss.add(report.loss).toFixed(3)}  ${duration(left)} left`;
      bar.update(report.episode, { facts });
    },
    note(text) {
      bar.update({ facts: `${facts}  ${text}` });
    },
    end() {
      bar.stop();
    },
  };
}
