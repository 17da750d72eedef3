// What runs have to tell, in one shape whether they come from their folders or from a file that keeps many of them.
import { basename, resolve } from "node:path";
import { InputError } from "../core/index.js";
import {
  type Diagnosis,
  type LeafValues,
  parseTrainConfig,
  type RuleValues,
  type RunContents,
  readRun,
  type TrainConfig,
} from "../meta/index.js";
import { configHash } from "../meta/run-folder.js";
import { statistic } from "../studies/index.js";

/** One run. */
export interface RunRecord {
  readonly seed: number;
  /** Share of the queries answered right, an episode each. */
  readonly accuracy: readonly number[];
  /** Mean cross-entropy of the queries, an episode each. */
  readonly loss: readonly number[];
  /** What was learned, as far as figures show it. */
  readonly rule: Coefficients;
  /** All that was learned. A file that keeps runs leaves it out, since biases may be as many as synapses. */
  readonly whole?: RuleValues;
  /** What was measured in its networks, in ascending order of the episodes; none where it was not asked for. */
  readonly measured: readonly Measured[];
}

/** One episode's measures. A file that keeps runs has the angles of the errors alone. */
export type Measured = Pick<Diagnosis, "episode" | "errorAngles"> & Partial<Diagnosis>;

/** The coefficients that heat maps show. */
export type Coefficients = Pick<RuleValues, "P" | "K" | "v">;

/** The runs of one configuration, a seed each, in ascending order. */
export interface Evidence {
  /** Names the configuration. */
  readonly label: string;
  /** The first run's configuration; the others differ in the seed. */
  readonly config: TrainConfig;
  /** The hash of the images that all of them learned on; a file that keeps runs says it apart. */
  readonly images?: string;
  readonly runs: readonly RunRecord[];
}

/** The record of what a run's folder holds, at most `episodes` of it. */
export function recordOf(
  { config, metrics, rule: whole, diagnoses }: RunContents,
  episodes = config.episodes,
): RunRecord {
  const used = metrics.slice(0, episodes);
  return {
    seed: config.seed,
    accuracy: used.map(({ accuracy }) => accuracy),
    loss: used.map(({ loss }) => loss),
    rule: { P: whole.P, K: whole.K, v: whole.v },
    whole,
    measured: diagnoses.filter(({ episode }) => episode <= episodes),
  };
}

/** Groups of a list by a key, in the order in which the keys appear. */
export function grouped<T>(list: Iterable<T>, key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of list) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}

/** The seed apart, what the bits of a run depend on. */
const family = (config: TrainConfig): string => configHash({ ...config, seed: 0 });

/** What tasks, images and initial weights depend on besides the seed: where it is the same, seeds can be paired. */
export function streamOf({ task, data, hidden, protocol, ways, shots, queries }: TrainConfig): string {
  return JSON.stringify([task, data, hidden, protocol, ways, shots, queries]);
}

/**
 * The runs in these folders, grouped by configuration. A group is called as its folders are, up to "-seed"; where these
 * differ, by the preset.
 *
 * @throws InputError for a folder that is no run, a run without an episode, or two runs of the same seed.
 */
export async function readEvidence(folders: readonly string[]): Promise<Evidence[]> {
  const groups = new Map<string, { names: string[]; configs: TrainConfig[]; images: string; runs: RunRecord[] }>();
  for (const folder of new Set(folders.map((path) => resolve(path)))) {
    const contents = await readRun(folder);
    const { config, metrics, images } = contents;
    if (metrics.length === 0) throw new InputError(`[report] ${folder} has no episode yet. Let it run first.`);
    const key = `${family(config)} ${streamOf(config)} ${images}`;
    const group = groups.get(key) ?? { names: [], configs: [], images, runs: [] };
    groups.set(key, group);
    if (group.runs.some(({ seed }) => seed === config.seed)) {
      throw new InputError(
        `[report] ${folder} is the same run as another of the folders: configuration and seed agree. Give one of them.`,
      );
    }
    group.names.push(basename(folder).replace(/-seed\d+$/, ""));
    group.configs.push(config);
    group.runs.push(recordOf(contents));
  }
  const all = [...groups.values()].map(({ names, configs, images, runs }) => ({
    label: new Set(names).size === 1 ? names[0] : configs[0].preset,
    config: configs[0],
    images,
    runs: runs.sort((a, b) => a.seed - b.seed),
  }));
  return all.map((evidence, i) => {
    const same = all.filter(({ label }, j) => j < i && label === evidence.label).length;
    return same === 0 ? evidence : { ...evidence, label: `${evidence.label} (${same + 1})` };
  });
}

/** The published statistic of each run's accuracy, over as many episodes as all of them have. */
export function statistics({ runs }: Evidence): number[] {
  const episodes = episodesOf({ runs });
  return runs.map(({ accuracy }) => statistic(accuracy.slice(0, episodes)));
}

/** Episodes that all runs have. */
export function episodesOf({ runs }: Pick<Evidence, "runs">): number {
  return Math.min(...runs.map(({ accuracy }) => accuracy.length));
}

/** Runs of both with the same seeds, if seeds can be paired at all and there are some. */
export function paired(first: Evidence, second: Evidence): readonly [Evidence, Evidence] | undefined {
  if (streamOf(first.config) !== streamOf(second.config) || first.images !== second.images) return undefined;
  const common = (one: Evidence, other: Evidence): Evidence => ({
    ...one,
    runs: one.runs.filter(({ seed }) => other.runs.some((run) => run.seed === seed)),
  });
  const both = [common(first, second), common(second, first)] as const;
  return both[0].runs.length > 0 ? both : undefined;
}

/** Numbers as JSON has them. */
interface KeptLeaf {
  readonly shape: number[];
  readonly data: readonly number[];
}

/** The loss of an episode that diverged is NaN, for which JSON has null. */
type Kept = Omit<RunRecord, "rule" | "loss"> & {
  readonly loss: readonly (number | null)[];
  readonly rule: Record<"P" | "K" | "v", readonly KeptLeaf[]>;
};

/** What a file keeps of a configuration's runs. Numbers are rounded to six digits, enough for every figure. */
export function encodeEvidence({ label, config, runs }: Evidence): string {
  const short = (value: number): number => Number(value.toPrecision(6));
  const leaves = (list: readonly LeafValues[]) =>
    list.map(({ shape, data }) => ({ shape, data: Array.from(data, short) }));
  const { data, ...rest } = config;
  const kept = runs.map(({ seed, accuracy, loss, rule, measured }) => ({
    seed,
    accuracy: accuracy.map(short),
    loss: loss.map(short),
    rule: { P: leaves(rule.P), K: leaves(rule.K), v: leaves(rule.v) },
    measured: measured.map(({ episode, errorAngles }) => ({
      episode,
      errorAngles: errorAngles.map((degrees) => degrees && Math.round(degrees * 10) / 10),
    })),
  }));
  const place = { ...data, source: data.source === "glyphs" ? data.source : basename(data.source) };
  return `${JSON.stringify({ label, config: { ...rest, data: place }, runs: kept })}\n`;
}

/** What `encodeEvidence` kept. Throws an InputError for anything else. */
export function decodeEvidence(text: string, name: string): Evidence {
  const fail = (cause?: unknown): never => {
    throw new InputError(`[report] ${name} keeps no runs. Give a file that "npm run bench science" wrote.`, { cause });
  };
  try {
    const { label, config, runs } = JSON.parse(text);
    const leaves = (list: readonly KeptLeaf[]): LeafValues[] =>
      list.map(({ shape, data }) => ({ shape, data: Float32Array.from(data) }));
    const records = runs.map(
      ({ seed, accuracy, loss, rule, measured }: Kept): RunRecord => ({
        seed,
        accuracy,
        loss: loss.map((each) => each ?? Number.NaN),
        rule: { P: leaves(rule.P), K: leaves(rule.K), v: leaves(rule.v) },
        measured,
      }),
    );
    return records.length > 0 ? { label, config: parseTrainConfig(config, name), runs: records } : fail();
  } catch (cause) {
    return fail(cause);
  }
}
