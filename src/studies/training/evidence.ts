// Runs of meta-training in one form, whether they come from cells, from folders, or from a file that keeps many of
// them.
import {
  configOfCell,
  type Diagnosis,
  type RuleValues,
  type RunContents,
  type TrainCellConfig,
  type TrainConfig,
  type TrainRow,
} from "../../meta/index.js";
import { hashedPart } from "../../meta/internal.js";
import { type Cell, canonical, type Result } from "../../runs/index.js";
import { statistic } from "../statistics.js";

/** One run. */
export interface RunRecord {
  /** The seed of all its random numbers. */
  readonly seed: number;
  /** The share of queries answered correctly, one number per episode. */
  readonly accuracy: readonly number[];
  /** The mean cross-entropy of the queries, one number per episode; NaN if the episode diverged. */
  readonly loss: readonly number[];
  /** The learned coefficients that figures show. */
  readonly rule: Coefficients;
  /** Everything that was learned. It is not kept, since there may be as many biases as synapses. */
  readonly whole?: RuleValues;
  /** What was measured in its networks, in ascending order of the episodes; empty if nothing was. */
  readonly measured: readonly NetworkMeasures[];
  /** When its last episode was written, by ISO 8601 in UTC, if that is known. */
  readonly ended?: string;
}

/** The measurements of one episode. Kept runs have only the angles of the errors. */
export type NetworkMeasures = Pick<Diagnosis, "episode" | "errorAngles"> & Partial<Diagnosis>;

/** The numbers of a leaf, row by row. */
export interface Matrix {
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** The coefficients that heat maps show. */
export type Coefficients = Readonly<Record<"P" | "K", readonly Matrix[]>>;

/** The runs of one configuration, one per seed, in ascending order of the seeds. */
export interface Evidence {
  /** Names the configuration. */
  readonly label: string;
  /** The first run's configuration; the others differ only in the seed. */
  readonly config: TrainConfig;
  /** The hash of the images that all of them were trained on. */
  readonly images?: string | undefined;
  /** The runs, one for each seed. */
  readonly runs: readonly RunRecord[];
}

/** What is kept of the row of a run: enough for every figure, and small. */
export interface KeptRun {
  readonly accuracy: readonly number[];
  /** Null if the episode diverged. */
  readonly loss: readonly (number | null)[];
  /** Episodes at which the guard acted. */
  readonly guarded: readonly number[];
  readonly rule: Readonly<Record<"P" | "K", readonly { shape: readonly number[]; data: readonly number[] }[]>>;
  readonly measured: readonly { readonly episode: number; readonly errorAngles: readonly (number | null)[] }[];
}

/** A number with six digits, enough for every figure. */
export const sixDigits = (value: number): number => Number(value.toPrecision(6));

/** What is kept of a row. */
export function keptRun({ accuracy, loss, clipped, rule, measured }: TrainRow): KeptRun {
  const leaves = (part: "P" | "K") => rule[part].map(({ shape, data }) => ({ shape, data: data.map(sixDigits) }));
  return {
    accuracy: accuracy.map(sixDigits),
    loss: loss.map((each) => (each === null ? null : sixDigits(each))),
    guarded: clipped.map(([episode]) => episode),
    rule: { P: leaves("P"), K: leaves("K") },
    measured: measured.map(({ episode, errorAngles }) => ({
      episode,
      errorAngles: errorAngles.map((degrees) => degrees && Math.round(degrees * 10) / 10),
    })),
  };
}

/** The record of the run in a folder. */
export function recordOf({ config, metrics, rule: whole, diagnoses }: RunContents): RunRecord {
  return {
    seed: config.seed,
    accuracy: metrics.map(({ accuracy }) => accuracy),
    loss: metrics.map(({ loss }) => loss),
    rule: { P: whole.P, K: whole.K },
    whole,
    measured: diagnoses,
  };
}

/**
 * The runs among these results, grouped by the name that `labelOf` gives their cells; those without a name are left
 * out. Groups come in the order of `labels`, and runs in ascending order of the seeds.
 */
export function evidenceOf(
  results: readonly Result[],
  labels: readonly string[],
  labelOf: (cell: Cell<TrainCellConfig>) => string | undefined,
): Evidence[] {
  const groups = grouped(results, ({ cell }) => labelOf(cell as Cell<TrainCellConfig>) ?? "");
  return labels.flatMap((label) => {
    const [...group] = groups.get(label) ?? [];
    if (group.length === 0) return [];
    group.sort((a, b) => a.cell.seed - b.cell.seed);
    const cell = group[0].cell as Cell<TrainCellConfig>;
    const runs = group.map(({ cell: { seed }, row }): RunRecord => {
      const { accuracy, loss, rule, measured } = row as KeptRun;
      // Coefficients are float32 numbers.
      const leaves = (part: "P" | "K") =>
        rule[part].map(({ shape, data }) => ({ shape, data: Float32Array.from(data) }));
      const coefficients = { P: leaves("P"), K: leaves("K") };
      return { seed, accuracy, loss: loss.map((each) => each ?? Number.NaN), rule: coefficients, measured };
    });
    return [{ label, config: configOfCell(cell), images: cell.data?.hash, runs }];
  });
}

/** Groups of a list by a key, in the order in which the keys appear. */
export function grouped<T>(list: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) {
    const name = key(item);
    const group = groups.get(name);
    if (group) group.push(item);
    else groups.set(name, [item]);
  }
  return groups;
}

/**
 * Everything that the bits of a run depend on, except the seed: runs of the same family have the same configuration.
 */
export const familyOf = (config: TrainConfig): string => canonical(hashedPart({ ...config, seed: 0 }));

/**
 * Everything except the seed that tasks, images and initial weights depend on: if it is the same, seeds can be paired.
 */
export function streamOf({ config, images }: Pick<Evidence, "config" | "images">): string {
  const { task, data, hidden, protocol, ways, shots, queries } = config;
  return JSON.stringify([task, images ?? data, hidden, protocol, ways, shots, queries]);
}

/** The published statistic of each run's accuracy, over the episodes that all of them have. */
export function statistics({ runs }: Pick<Evidence, "runs">): number[] {
  const episodes = episodesOf({ runs });
  return runs.map(({ accuracy }) => statistic(accuracy.slice(0, episodes)));
}

/** Episodes that all runs have. */
export function episodesOf({ runs }: Pick<Evidence, "runs">): number {
  return Math.min(...runs.map(({ accuracy }) => accuracy.length));
}

/** The runs of both that have the same seeds; undefined if seeds cannot be paired or there are none. */
export function paired(first: Evidence, second: Evidence): readonly [Evidence, Evidence] | undefined {
  if (streamOf(first) !== streamOf(second)) return undefined;
  const common = (one: Evidence, other: Evidence): Evidence => ({
    ...one,
    runs: one.runs.filter(({ seed }) => other.runs.some((run) => run.seed === seed)),
  });
  const both = [common(first, second), common(second, first)] as const;
  return both[0].runs.length > 0 ? both : undefined;
}
