// A run that is watched: what is new in its folder since it was last looked at. Nothing is written there.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type EpisodeReport, type RunContents, readRun, type TrainConfig } from "../meta/index.js";
import { movingAverage, WINDOWS } from "../studies/index.js";
import { failureOf } from "./failure.js";

/** An episode for the page. */
export interface Point {
  readonly episode: number;
  /** The moving average of the losses up to it, as reports draw it; null where an episode in it diverged. */
  readonly loss: number | null;
  /** That of the accuracies. */
  readonly accuracy: number | null;
  /** What the guard multiplied the meta-gradient by, if it acted. */
  readonly clipped?: number;
  /** Whether the episode was left out. */
  readonly diverged?: true;
}

/** The coefficients P after some episodes, as one list. */
export interface Coefficients {
  readonly episode: number;
  readonly values: readonly number[];
}

/** What is new about a run. */
export interface News {
  readonly name: string;
  /** Episodes in all. */
  readonly episodes: number;
  /** How many of the points that were told before still hold; 0 also forgets the coefficients. */
  readonly keep: number;
  /** The points after them. */
  readonly points: readonly Point[];
  /** Coefficients that were not told before. */
  readonly coefficients: readonly Coefficients[];
  /** Why nothing more can be shown, in a sentence. */
  readonly problem?: string;
}

/** Episodes over which curves are averaged. */
export const WINDOW = WINDOWS.report;

/** A run in a folder. */
export class WatchedRun {
  private seen = "";
  private read: RunContents | undefined;
  private points: Point[] = [];
  private coefficients: Coefficients[] = [];
  private problem: string | undefined = "It has not begun.";

  constructor(readonly folder: string) {}

  /** Its configuration; undefined before it has begun. */
  get begun(): TrainConfig | undefined {
    return this.read?.config;
  }

  /** What was read last; undefined before it has begun. */
  get contents(): RunContents | undefined {
    return this.read;
  }

  /** All that is known, as news for a page that knows nothing. */
  get whole(): News {
    return this.news(0, this.points, this.coefficients);
  }

  /** Looks at the folder, and returns what is new; undefined if nothing is. */
  async look(): Promise<News | undefined> {
    const found = await stat(join(this.folder, "checkpoint.safetensors")).catch(() => undefined);
    const mark = found ? `${found.mtimeMs} ${found.ino}` : "none";
    if (mark === this.seen) return undefined;
    this.seen = mark;
    if (!found) return undefined;
    try {
      return this.take(await readRun(this.folder));
    } catch (error) {
      this.seen = ""; // it may have been caught between two files: look again
      const { message } = failureOf(error);
      if (message === this.problem) return undefined;
      this.problem = message;
      return this.news(this.points.length, [], []);
    }
  }

  private take(contents: RunContents): News {
    const { config, metrics, rule } = contents;
    const before = this.points.length;
    // Another run in the same folder, or one that went back to an earlier checkpoint, begins anew.
    const same = this.read !== undefined && sameRun(config, this.read.config) && metrics.length >= before;
    const keep = same ? before : 0;
    if (!same) this.coefficients = [];
    this.read = contents;
    this.problem = undefined;
    const now = { episode: metrics.length, values: rule.P.flatMap(({ data }) => Array.from(data, Number)) };
    const points = pointsFrom(metrics, keep);
    this.points = [...this.points.slice(0, keep), ...points];
    this.coefficients = [...this.coefficients, now];
    return this.news(keep, points, [now]);
  }

  private news(keep: number, points: readonly Point[], coefficients: readonly Coefficients[]): News {
    const { folder: name, problem } = this;
    const episodes = this.read?.config.episodes ?? 0;
    return { name, episodes, keep, points, coefficients, ...(problem === undefined ? {} : { problem }) };
  }
}

/** Whether two configurations are of one run, which may have been given more episodes. */
const sameRun = (a: TrainConfig, b: TrainConfig): boolean =>
  JSON.stringify({ ...a, episodes: 0 }) === JSON.stringify({ ...b, episodes: 0 });

/** The points of the episodes after the first `from`. */
function pointsFrom(metrics: readonly EpisodeReport[], from: number): Point[] {
  const begin = Math.max(0, from - WINDOW + 1);
  const near = metrics.slice(begin);
  const average = (of: "loss" | "accuracy"): (number | null)[] =>
    movingAverage(
      near.map((report) => report[of]),
      WINDOW,
    ).map((value) => (Number.isFinite(value) ? value : null));
  const [losses, accuracies] = [average("loss"), average("accuracy")];
  return near.slice(from - begin).map(({ episode, clipped, diverged }, i) => ({
    ...{ episode, loss: losses[from - begin + i], accuracy: accuracies[from - begin + i] },
    ...(clipped === undefined ? {} : { clipped }),
    ...(diverged ? { diverged } : {}),
  }));
}
