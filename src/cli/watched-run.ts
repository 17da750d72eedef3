// A run that is watched: what is new in its folder since it was last looked at. Nothing is written there.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readRun, type TrainConfig } from "../meta/index.js";
import { differences, settingsOf } from "../meta/internal.js";
import { failureOf } from "./failure.js";

/** An episode for the page: a loss that is no number is null. */
export interface Point {
  readonly episode: number;
  readonly loss: number | null;
  readonly accuracy: number;
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

/** What the page knows of a run. */
export interface Watched {
  readonly name: string;
  readonly episodes: number;
  readonly points: readonly Point[];
  readonly coefficients: readonly Coefficients[];
  /** Why nothing can be shown, in a sentence. */
  readonly problem?: string;
}

/** A run in a folder. */
export class WatchedRun {
  private seen = "";
  private config: TrainConfig | undefined;
  private coefficients: Coefficients[] = [];
  /** What was found last. */
  state: Watched;

  constructor(readonly folder: string) {
    this.state = { name: folder, episodes: 0, points: [], coefficients: [], problem: "It has not begun." };
  }

  /** The settings on which its result depends; undefined before it has begun. */
  get settings(): object | undefined {
    return this.config && settingsOf(this.config);
  }

  /** Looks at the folder, and says whether something is new. */
  async look(): Promise<boolean> {
    const found = await stat(join(this.folder, "checkpoint.safetensors")).catch(() => undefined);
    const mark = found ? `${found.mtimeMs} ${found.ino}` : "none";
    if (mark === this.seen) return false;
    this.seen = mark;
    if (found) this.state = await this.read();
    return found !== undefined;
  }

  private async read(): Promise<Watched> {
    try {
      const { config, metrics, rule } = await readRun(this.folder);
      this.config = config;
      const values = rule.P.flatMap(({ data }) => Array.from(data, Number));
      this.coefficients = [...this.coefficients, { episode: metrics.length, values }];
      const points = metrics.map(
        ({ episode, loss, accuracy, clipped, diverged }): Point => ({
          ...{ episode, loss: Number.isFinite(loss) ? loss : null, accuracy },
          ...(clipped === undefined ? {} : { clipped }),
          ...(diverged ? { diverged } : {}),
        }),
      );
      return { name: this.folder, episodes: config.episodes, points, coefficients: this.coefficients };
    } catch (error) {
      this.seen = ""; // it may have been caught between two files: look again
      return { ...this.state, problem: failureOf(error).message };
    }
  }
}

/** Where the settings of runs differ: the name of a setting, and its value in each run. */
export function settingsThatDiffer(runs: readonly WatchedRun[]): [name: string, ...values: string[]][] {
  const first = runs.find(({ settings }) => settings)?.settings;
  if (!first) return [];
  const names = runs.flatMap(({ settings }) => (settings ? differences(first, settings).map(([path]) => path) : []));
  const at = (settings: unknown, path: string): unknown =>
    path.split(".").reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], settings);
  return [...new Set(names)].map((name) => [
    name,
    ...runs.map(({ settings }) => JSON.stringify(at(settings, name)) ?? ""),
  ]);
}
