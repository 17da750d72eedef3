// What a training run is, as plain data: it is written to the run's folder and read back to resume it.
import type { Checkpoint } from "../autodiff/index.js";
import { InputError } from "../core/index.js";
import {
  checkRegression,
  type Dataset,
  type RegressionKind,
  regressionShape,
  type TaskOptions,
} from "../data/index.js";
import { checkConfig, type PlasticityConfig, type PresetName, presets } from "../plasticity/index.js";
import {
  type Check,
  checked,
  choice,
  count,
  type Fields,
  isObject,
  list,
  number,
  positive,
  text,
  whole,
} from "./fields.js";

/**
 * What a task is. "classify": images of `ways` classes. "continual": of `ways` classes, then of as many others, and
 * queries about both. The other kinds are regression, see `RegressionKind`: `ways` is 1, `shots` are the online steps and
 * `queries` the questions.
 */
export type TaskConfig = { readonly kind: "classify" } | { readonly kind: "continual" } | RegressionKind;

/** The names of the kinds of tasks. */
export const taskKinds = ["classify", "continual", "sinusoid", "teacher", "two-timescale"] as const;

/** Everything that the result of a run depends on, but for the images themselves. */
export interface TrainConfig {
  /** The preset that the run began from; a name only, since `plasticity` may differ from it. */
  readonly preset: string;
  /** The structure of the rule that is learned. */
  readonly plasticity: PlasticityConfig;
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  /** What is learned in an episode. Where a config.json has no such field it means "classify". */
  readonly task: TaskConfig;
  /**
   * Where the images come from: "glyphs" for the built-in set, else a folder, and in it the files of this prefix.
   * Regression does not look at it.
   */
  readonly data: { readonly source: "glyphs" | string; readonly prefix: string };
  /** How tasks are drawn; see `TaskOptions`. */
  readonly protocol: "faithful" | "strict";
  /** Classes in a task. */
  readonly ways: number;
  /** Images of each class that a network lives through. */
  readonly shots: number;
  /** Images of each class that it is asked about afterwards. */
  readonly queries: number;
  /** Episodes in all. */
  readonly episodes: number;
  /** Episodes whose gradients are averaged for one step of the rule; the last batch may be smaller. */
  readonly metaBatch: number;
  /** Adam's step size. */
  readonly learningRate: number;
  /** Weight of the sum of |P| in the meta-loss. */
  readonly l1: number;
  /**
   * A meta-gradient longer than this many times the median of the last hundred is shortened to that. One that explodes,
   * or is not finite, is left out instead of ending the run, which goes back and takes smaller steps for a while; so it
   * does where the losses rise and stay risen. See the head of `guard.ts`. "off": none of it. Where a config.json has no such field it means "off": it was written
   * before there was one.
   */
  readonly clip: number | "off";
  /** All random numbers follow from it. */
  readonly seed: number;
  /** What the tape of a lifetime stores; the result does not depend on it. */
  readonly checkpoint: Checkpoint;
}

/** The most episodes a run can have: the keys from there on are those of evaluation. */
export const EPISODE_LIMIT = 2 ** 31;

/**
 * How many times the median a meta-gradient may be long. In ordinary runs (rcn, bio, rcn-momentum on EMNIST, rcn on
 * glyphs) none was more than 7 times as long once the rule worked.
 */
const DEFAULT_CLIP = 10;

/** The published experiment for one of the presets: 5 classes, 10 images each, 600 episodes, on the built-in glyphs. */
export function defaultTrainConfig(presetName: PresetName): TrainConfig {
  if (!Object.hasOwn(presets, presetName)) {
    throw new InputError(
      `[train] no preset is called "${presetName}". Choose --preset ${Object.keys(presets).join(", ")}.`,
    );
  }
  const { config, learningRate, l1 } = presets[presetName];
  return {
    preset: presetName,
    plasticity: config,
    hidden: [170, 130, 100, 70],
    task: { kind: "classify" },
    data: { source: "glyphs", prefix: "train" },
    protocol: "faithful",
    ways: 5,
    shots: 10,
    queries: 10,
    episodes: 600,
    metaBatch: 1,
    learningRate,
    l1,
    clip: DEFAULT_CLIP,
    seed: 0,
    checkpoint: "auto",
  };
}

/** Whether the tasks of this kind are about numbers, not classes. */
export function isRegression(task: TaskConfig): task is RegressionKind {
  return task.kind !== "classify" && task.kind !== "continual";
}

/**
 * The widths of the network's layers, input first: as many inputs as pixels, as many outputs as classes. For regression
 * the task says both, and the dataset is not looked at.
 */
export function layerSizes({ hidden, task }: Pick<TrainConfig, "hidden" | "task">, dataset: Dataset): number[] {
  if (!isRegression(task)) return [dataset.rows * dataset.columns, ...hidden, dataset.classes];
  const { inputs, outputs } = regressionShape(task);
  return [inputs, ...hidden, outputs];
}

/** The part of a configuration that tasks are drawn by. */
export function taskOptions({ protocol, ways, shots, queries }: TrainConfig): TaskOptions {
  return { protocol, ways, shots, queries };
}

const motif: Check = [
  "0 to 9 or a name",
  (value) => (typeof value === "string" && value !== "") || whole(0, 9)[1](value),
];

const plasticityFields: Readonly<Record<keyof PlasticityConfig, Check>> = {
  synapse: text,
  motifs: list(motif),
  chemicals: count,
  scope: choice("shared", "layer"),
  bias: choice("none", "layer", "neuron", "synapse"),
  feedback: choice("fixed", "symmetric", "direct", "sign", "plastic"),
  feedbackSynapse: text,
  feedbackMotifs: list(motif),
  feedbackChemicals: count,
  feedbackP0: number,
  momentumOutput: choice("tanh", "identity"),
  head: choice("softmax", "linear"),
  inputGate: choice("softplus", "one"),
  beta: positive,
  tauMin: positive,
  tauMax: positive,
  scales: choice("fixed", "learned"),
  readout: choice("free", "softmax"),
  initialChemicals: choice("all", "first", "own"),
  normalise: choice("none", "frobenius", "columns"),
  coupling: choice("plain", "scaled"),
  initialP0: number,
};

/** Fields that came after the first runs were written, with the values that say what those runs did. */
const later: { readonly run: Partial<TrainConfig>; readonly plasticity: Partial<PlasticityConfig> } = {
  run: { clip: "off", task: { kind: "classify" } },
  plasticity: {
    head: "softmax",
    inputGate: "softplus",
    feedbackSynapse: "linear",
    feedbackMotifs: [0, 3],
    feedbackChemicals: 1,
    feedbackP0: 0,
    scales: "fixed",
    readout: "free",
    initialChemicals: "all",
    normalise: "none",
    coupling: "plain",
  },
};

function isCheckpoint(value: unknown): boolean {
  if (value === "auto" || value === "off") return true;
  if (!isObject(value) || Object.keys(value).length !== 1) return false;
  return count[1](value.every) || (Number.isFinite(value.bytes) && (value.bytes as number) >= 0);
}

const fields: Readonly<Record<keyof TrainConfig, Check>> = {
  preset: text,
  plasticity: ["an object", isObject],
  hidden: list(count),
  task: ["an object", isObject],
  data: ["an object", isObject],
  protocol: choice("faithful", "strict"),
  ways: count,
  shots: count,
  queries: count,
  episodes: whole(1, EPISODE_LIMIT),
  metaBatch: count,
  learningRate: positive,
  l1: ["a number of at least 0", (value) => Number.isFinite(value) && (value as number) >= 0],
  clip: [
    'a number of at least 1, or "off"',
    (value) => value === "off" || (Number.isFinite(value) && (value as number) >= 1),
  ],
  seed: whole(0, Number.MAX_SAFE_INTEGER),
  checkpoint: ['"auto", "off", {"every": steps} or {"bytes": number}', isCheckpoint],
};

const pair: Check = [
  "two whole numbers from 1 up",
  (value) => list(count)[1](value) && (value as number[]).length === 2,
];
const kind: Check = choice(...taskKinds);

/** The fields of each kind of task besides `kind`. */
const taskFields: { readonly [K in TaskConfig["kind"]]: Readonly<Record<string, Check>> } = {
  classify: {},
  continual: {},
  sinusoid: {},
  teacher: { inputs: count, outputs: count, width: count },
  "two-timescale": { inputs: count, outputs: count, segment: pair, fast: number },
};

/** The task, each field checked. */
function checkedTask(name: string, value: Fields): TaskConfig {
  const found = checked(name, { kind: value.kind }, { kind }, "task.").kind as TaskConfig["kind"];
  const task = checked(name, value, { kind, ...taskFields[found] }, "task.") as unknown as TaskConfig;
  if (!isRegression(task)) return task;
  try {
    checkRegression(task);
  } catch (error) {
    throw new InputError(`[config] ${name}: ${(error as Error).message.replace(/^\[task\] /, "")}`, { cause: error });
  }
  return task;
}

/** Throws an InputError for a task and a network that do not fit each other. */
function checkTogether(name: string, { task, ways, plasticity }: TrainConfig): void {
  const fail = (fact: string): InputError => new InputError(`[config] ${name}: ${fact}`);
  const regression = isRegression(task);
  if (regression && ways !== 1) {
    throw fail(`the task "${task.kind}" has no classes, but "ways" is ${ways}. Make it 1.`);
  }
  if (regression !== (plasticity.head === "linear")) {
    const head = regression ? "linear" : "softmax";
    throw fail(`the task "${task.kind}" does not go with the head "${plasticity.head}". Use the head "${head}".`);
  }
  if (regression && plasticity.inputGate !== "one") {
    throw fail(`the task "${task.kind}" has negative inputs, on which the softplus gate explodes. Use the gate "one".`);
  }
}

/**
 * A configuration as the first version would have written it: without the fields that came later, where those say what
 * that version did. What is hashed, so that adding a field does not make a run another one.
 */
export function asFirstWritten(config: Partial<TrainConfig>): object {
  const without = (fields: object, added: object): object =>
    Object.fromEntries(
      Object.entries(fields).filter(([field, value]) => {
        const old: unknown = (added as Fields)[field];
        return !(Object.hasOwn(added, field) && JSON.stringify(old) === JSON.stringify(value));
      }),
    );
  return { ...without(config, later.run), plasticity: without(config.plasticity ?? {}, later.plasticity) };
}

/**
 * The configuration in a parsed config.json, each field checked.
 *
 * @param name what the error calls it.
 * @throws InputError naming the first field that is missing, unknown or makes no sense.
 */
export function parseTrainConfig(json: unknown, name = "config.json"): TrainConfig {
  if (!isObject(json)) throw new InputError(`[config] ${name} holds no object. Put back the file that the run wrote.`);
  const config = checked(name, { ...later.run, ...json }, fields);
  const plasticity = checked(
    name,
    { ...later.plasticity, ...(json.plasticity as Fields) },
    plasticityFields,
    "plasticity.",
  );
  const data = checked(
    name,
    json.data as Fields,
    { source: text, prefix: ["text", (v) => typeof v === "string"] },
    "data.",
  );
  const task = checkedTask(name, config.task as Fields);
  checkTogether(name, { ...config, task, plasticity } as unknown as TrainConfig);
  try {
    checkConfig(plasticity as unknown as PlasticityConfig);
  } catch (error) {
    throw new InputError(`[config] ${name}: ${(error as Error).message.replace(/^\[plasticity\] /, "")}`, {
      cause: error,
    });
  }
  return structuredClone({ ...config, task, plasticity, data }) as unknown as TrainConfig;
}
