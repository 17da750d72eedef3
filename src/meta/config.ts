// The configuration of a training run, as plain data: it is written to the run's folder and read back to resume it.
// Each setting is a row of a table; see `fields/table.ts`.

import type { Checkpoint } from "../autodiff/index.js";
import { checkMade, floatNames, InputError, quote } from "../core/index.js";
import { type Dataset, PROTOCOLS, type RegressionKind, regressionShape, type TaskOptions } from "../data/index.js";
import { checkDataset, pixelsOf } from "../data/internal.js";
import {
  type ConfigOf,
  canonical,
  choice,
  defaultsOf,
  field,
  group,
  isObject,
  type Leaf,
  leaf,
  list,
  number,
  Place,
  take,
  text,
  whole,
  wholeIn,
  wordOr,
} from "../fields/index.js";
import { checkConfig, defaultConfig, type PresetName, plasticityFields, presets } from "../plasticity/index.js";
import type { DataRef } from "../runs/index.js";
import { beginFields, unlearned } from "./begin-fields.js";
import { dataAt, dataFields } from "./data-config.js";
import { estimatorTables, estimatorType, misfitOf } from "./estimators/kinds.js";
import { formNames, formOf } from "./forms.js";
import { checkParts, moduleFields } from "./own-parts.js";
import { checkTaskSettings, imagesOf, taskName, taskNamed, taskTables, taskType } from "./task-kinds.js";

/** The most episodes a run can have: the keys from there on are those of evaluation. */
export const EPISODE_LIMIT = 2 ** 31;

/**
 * How many times longer than the median a meta-gradient may be. In ordinary runs (rcn, bio, rcn-momentum on EMNIST, rcn
 * on glyphs) none was more than 7 times as long once the rule worked.
 */
const DEFAULT_CLIP = 10;

/** "auto", "off", one checkpoint every so many steps, or a limit in bytes. */
const checkpoint: Leaf<Checkpoint> = leaf<Checkpoint>({
  allowed: '"auto", "off", {"every": steps} or {"bytes": number}',
  holds: (value) => {
    if (value === "auto" || value === "off") return true;
    if (!isObject(value) || Object.keys(value).length !== 1) return false;
    return whole(1).holds(value.every) || number({ from: 0 }).holds(value.bytes);
  },
  text: {
    allowed: "auto, off, every:K (steps) or bytes:N, with whole numbers from 1",
    read: (given) => {
      if (given === "auto" || given === "off") return given;
      const [kind, digits = ""] = given.split(":");
      if (kind === "every") {
        const every = wholeIn(digits, 1, 2 ** 31);
        return every === undefined ? undefined : { every };
      }
      const bytes = kind === "bytes" ? wholeIn(digits, 1, Number.MAX_SAFE_INTEGER) : undefined;
      return bytes === undefined ? undefined : { bytes };
    },
  },
});

const networkFields = {
  /** The preset that the run is based on. It is only a name, since `plasticity` may differ from the preset. */
  preset: field({ type: text(), default: "rcn", hashed: false }),
  /** The structure of the rule that is learned. */
  plasticity: field({ type: group(plasticityFields), default: defaultConfig }),
  /** The module that its own parts come from, as `loadParts` returns it. */
  module: field({
    type: group(moduleFields),
    default: defaultsOf(moduleFields),
    since: "0.2.0",
    before: defaultsOf(moduleFields),
  }),
  /** The kept rule that the run begins with, as `keptRules` names it; none for a rule before any learning. */
  begin: field({ type: group(beginFields), default: unlearned, since: "0.2.0", before: unlearned }),
  /** Widths of the hidden layers. */
  hidden: field({
    type: list(whole(1, { most: 16384 }), { example: "170,130,100,70" }),
    default: [170, 130, 100, 70],
    flag: "--hidden <list>",
    help: "widths of the hidden layers",
  }),
};

const episodeFields = {
  /** What is learned in an episode. */
  task: field({ type: taskType, default: { kind: "classify" }, since: "0.1.0", before: { kind: "classify" } }),
  /** Where the images come from; regression ignores it. */
  data: field({ type: group(dataFields), default: defaultsOf(dataFields), hashed: false }),
  /** How tasks are drawn; see `TaskOptions`. */
  protocol: field({
    type: choice(PROTOCOLS),
    default: PROTOCOLS[0],
    flag: "--protocol <name>",
    help: "faithful to the published one, or strict",
  }),
  /** Classes in a task. */
  ways: field({ type: whole(1, { most: 65536 }), default: 5, flag: "--ways <n>", help: "classes in a task" }),
  /** Images of each class that a network learns from. */
  shots: field({
    type: whole(1, { most: 1e6 }),
    default: 10,
    flag: "--shots <n>",
    help: "images of each class to learn from",
  }),
  /** Images of each class that it is tested on afterwards. */
  queries: field({
    type: whole(1, { most: 1e6 }),
    default: 10,
    flag: "--queries <n>",
    help: "images of each class to test it on",
  }),
};

const learningFields = {
  /** Episodes in all. */
  episodes: field({
    type: whole(1, { to: EPISODE_LIMIT }),
    default: 600,
    flag: "--episodes <n>",
    help: "tasks to train the rule on",
    hashed: false,
  }),
  /** Episodes whose gradients are averaged for one step of the rule; the last batch may be smaller. */
  metaBatch: field({
    type: whole(1, { most: 4096 }),
    default: 1,
    flag: "--meta-batch <n>",
    help: "episodes averaged for each step of the rule",
  }),
  /** Adam's step size. */
  learningRate: field({
    type: number({ above: 0, most: 10, example: "0.001 or 4e-4" }),
    default: 4e-4,
    defaultHelp: "the preset's",
    flag: "--lr <x>",
    help: "step size of Adam",
  }),
  /** Weight of the sum of |P| in the meta-loss. */
  l1: field({
    type: number({ from: 0, most: 1000, example: "1.5" }),
    default: 0,
    defaultHelp: "the preset's",
    flag: "--l1 <x>",
    help: "weight of the sum of |P| in the meta-loss",
  }),
  /**
   * The guard: a meta-gradient longer than this many times the median of the last hundred is shortened to that. If one
   * explodes or is not finite, it is left out instead of ending the run, and the run rolls back and takes smaller steps
   * for a while; it does the same if losses stay high. See the head of `guard.ts`. "off" turns all of this off.
   */
  clip: field({
    type: wordOr(["off"], number({ from: 1, most: 1e6, example: "10" })),
    default: DEFAULT_CLIP,
    flag: "--clip <k>",
    help: "guard the run: shorten meta-gradients that are over k times as long as usual, and roll back if one explodes or losses stay high; or off",
    since: "0.1.0",
    before: "off",
  }),
  /**
   * How an episode's meta-gradient is found. "backprop": backwards through the whole lifetime. "truncated": through its last
   * `steps` alone. "forward": by forward mode, for each number of the rule ("all") or along some random `directions`. "es":
   * from the losses of `pairs` of lifetimes with `noise` on the rule. "pes": the same, with new noise every `steps`. All but
   * "backprop" take memory that does not grow with the lifetime.
   */
  estimator: field({
    type: estimatorType,
    default: { kind: "backprop" },
    defaultHelp: "backprop",
    flag: "--estimator <kind>",
    help: "how meta-gradients are found: backprop, truncated:K, forward, es or pes:K (see below)",
    since: "0.2.0",
    before: { kind: "backprop" },
  }),
  /**
   * What lifetimes hold of the first layer: its weights ("direct"), or for linear rules its products with the images
   * ("dual"; see `dualLifetime`), which takes less time for few images of many pixels. Both are exact, and differ by
   * rounding. A continual task is evaluated, and a run diagnosed, in the direct form.
   */
  form: field({
    type: choice(formNames),
    default: formNames[0],
    flag: "--form <name>",
    help: "direct, or dual: hold a linear rule's first layer as its products with the images, faster for few of many pixels",
    since: "0.2.0",
    before: formNames[0],
  }),
  /** All random numbers follow from it. */
  seed: field({
    type: whole(0, { to: Number.MAX_SAFE_INTEGER }),
    default: 0,
    flag: "--seed <n>",
    help: "seed of all random numbers",
  }),
  /** The type of all numbers of the run: of the networks, the rule and Adam's state. The random draws of float64 are others. */
  dtype: field({
    type: choice(floatNames),
    default: floatNames[0],
    flag: "--dtype <name>",
    help: "float32, or float64: more than twice the digits in twice the time and memory",
    since: "0.1.0",
    before: floatNames[0],
  }),
  /** What the tape of a lifetime stores; the result does not depend on this. */
  checkpoint: field({
    type: checkpoint,
    default: "auto",
    flag: "--checkpoint <how>",
    help: "what a lifetime stores: auto (what fits a share of free memory), off, every:K or bytes:N",
    hashed: false,
  }),
};

/** Every setting of a run that the result may depend on, in the groups in which the help shows them. */
export const trainGroups = { network: networkFields, episodes: episodeFields, learning: learningFields } as const;

/** Every setting of a run that the result may depend on. */
export const trainFields = { ...networkFields, ...episodeFields, ...learningFields };

/** The tables whose settings messages about a run may name. */
export const optionTables = [
  ...[trainFields, plasticityFields, dataFields, moduleFields],
  ...Object.values(taskTables),
  ...Object.values(estimatorTables),
];

/** Everything that the result of a run depends on, except the images themselves. */
export type TrainConfig = ConfigOf<typeof trainFields>;

/**
 * The kind of task and its settings. "classify": images of `ways` classes. "continual": images of `ways` classes, then
 * of the same number of others, and queries about both. The other kinds are regression, see `RegressionKind`: `ways` is
 * 1, `shots` is the number of online steps, and `queries` is the number of queries.
 */
export type TaskConfig = TrainConfig["task"];

/**
 * The published experiment for one of the presets: 5 classes, 10 images each, 600 episodes, on the built-in glyphs.
 * @example defaultTrainConfig("rcn").hidden // [170, 130, 100, 70]
 */
export function defaultTrainConfig(presetName: PresetName): TrainConfig {
  if (!Object.hasOwn(presets, presetName)) {
    const names = Object.keys(presets).join(", ");
    throw new InputError(`[train] no preset is called ${quote(presetName)}. Choose a \`preset\` of ${names}.`);
  }
  const { config, learningRate, l1 } = presets[presetName];
  return { ...defaultsOf(trainFields), preset: presetName, plasticity: config, learningRate, l1 };
}

/** The run `base` with tasks of this name, and the settings that they need. */
export function withTask(base: TrainConfig, name: string): TrainConfig {
  const { run, plasticity, task } = taskNamed(name);
  return { ...base, ...run, task: task as TaskConfig, plasticity: { ...base.plasticity, ...plasticity } };
}

/** Whether the answers of this kind of task are numbers, not classes. */
export function isRegression(task: TaskConfig): task is TaskConfig & RegressionKind {
  return imagesOf(task) === undefined;
}

/**
 * The widths of the network's layers, input first: one input per pixel and one output per class. For regression the
 * task sets both, and the dataset is ignored.
 * @example layerSizes(defaultTrainConfig("rcn"), glyphs({ perClass: 4 })) // [784, 170, 130, 100, 70, 47]
 */
export function layerSizes(config: Pick<TrainConfig, "hidden" | "task">, dataset: Dataset): number[] {
  checkMade("layerSizes", "the configuration", config, ["hidden", "task"], "Make one with defaultTrainConfig().");
  checkDataset("layerSizes", dataset);
  const { hidden, task } = config;
  if (!isRegression(task)) return [pixelsOf(dataset), ...hidden, dataset.classes];
  const { inputs, outputs } = regressionShape(task);
  return [inputs, ...hidden, outputs];
}

/** The part of a configuration from which tasks are drawn. */
export function taskOptions({ protocol, ways, shots, queries }: TrainConfig): TaskOptions {
  return { protocol, ways, shots, queries };
}

/** The steps of a lifetime. */
export function stepsOf({ task, ways, shots }: Pick<TrainConfig, "task" | "ways" | "shots">): number {
  return (imagesOf(task)?.parts ?? 1) * ways * shots;
}

/** The part of a configuration that is hashed. A field that is added later does not change the hashes of older runs. */
export function hashedPart(config: TrainConfig): Record<string, unknown> {
  return canonical(trainFields, config);
}

/**
 * The configuration in a parsed config.json, each field checked.
 * @param name what the error calls it.
 * @throws InputError that names the first field that is missing, unknown or invalid.
 * @example parseTrainConfig(JSON.parse(JSON.stringify(defaultTrainConfig("rcn")))).shots // 10
 */
export function parseTrainConfig(json: unknown, name = "config.json"): TrainConfig {
  const before = `[config] ${name}: `;
  if (!isObject(json))
    throw new InputError(`[config] ${name} does not hold an object. Put back the file that the run wrote.`);
  const config = take(trainFields, json, new Place(before, "", "file"));
  checkTogether(config, before);
  return config;
}

/** Throws an InputError if the task, the network and the rule do not fit together. */
function checkTogether(config: TrainConfig, before: string): void {
  const { task, ways, plasticity, module, estimator, form } = config;
  checkParts(module, before);
  const fail = (fact: string): InputError => new InputError(`${before}${fact}`);
  const regression = isRegression(task);
  if (regression) checkTaskSettings(task, before);
  if (regression && ways !== 1) {
    throw fail(`the task "${taskName(task)}" has no classes, but "ways" is ${ways}. Make it 1.`);
  }
  const head = regression ? "linear" : "softmax";
  if (plasticity.head !== head) {
    throw fail(`the task "${taskName(task)}" does not go with the head "${plasticity.head}". Use the head "${head}".`);
  }
  if (regression && plasticity.inputGate !== "one") {
    throw fail(
      `the task "${taskName(task)}" may have negative inputs, on which the softplus gate explodes. Use the gate "one".`,
    );
  }
  const misfit = misfitOf(estimator, stepsOf(config));
  if (misfit) throw fail(misfit);
  try {
    checkConfig(plasticity);
  } catch (error) {
    throw new InputError(`${before}${(error as Error).message.replace(/^\[plasticity\] /, "")}`, { cause: error });
  }
  const unformed = formOf(form).misfit(plasticity);
  if (unformed) throw fail(unformed);
}

/** The run in a cell: what is hashed of its configuration, with its seed and its images. */
export const runOfCell = (run: object, seed: number, data?: DataRef): TrainConfig =>
  parseTrainConfig(
    {
      ...run,
      ...{ preset: "cell", seed, checkpoint: "auto" },
      data: dataAt(data?.source ?? dataFields.source.default, data?.prefix, data),
    },
    "the cell",
  );
