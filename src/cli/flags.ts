// The flags of `train`: those for the settings of a run, from their tables of fields, and those for how the run is
// carried out.
import type { Command } from "commander";
import {
  type AnyFields,
  type ConfigOf,
  choice,
  type Flag,
  field,
  flagsOf,
  named,
  orOf,
  readFlag,
  text,
  whole,
} from "../fields/index.js";
import { keptRules } from "../meta/index.js";
import {
  dataFields,
  EPISODE_LIMIT,
  estimatorSummaries,
  estimatorTables,
  taskNamed,
  taskNames,
  taskTables,
  trainFields,
  trainGroups,
} from "../meta/internal.js";
import { type PresetName, plasticityFields, presets } from "../plasticity/index.js";
import { synapseKinds } from "../plasticity/internal.js";
import { addFlags } from "./add-flags.js";
import type { DataFlags } from "./data.js";
import { DEVICES } from "./device.js";
import { episodeForms, executorField, queueFields } from "./executor.js";
import { addModule, type ModuleFlags } from "./own-module.js";

/** How a run is carried out. Its result does not depend on these. */
export const runFields = {
  /** Threads. */
  workers: field({
    type: whole(1, { to: 256 }),
    default: 1,
    defaultHelp: "one per episode, up to the number of CPUs",
    flag: "--workers <n>",
    help: "threads for the episodes of a meta-batch",
  }),
  /** What computes the episodes. */
  executor: { ...executorField, help: `what computes the episodes of a meta-batch: ${episodeForms()}` },
  ...queueFields,
  /** What runs the lifetimes. */
  device: field({
    type: choice(DEVICES),
    default: "wasm",
    flag: "--device <name>",
    help: "wasm or gpu: where to run the episodes of a meta-batch",
  }),
  /** How often networks are measured during training. */
  diagnostics: field({
    type: whole(1, { to: EPISODE_LIMIT }),
    default: 1,
    defaultHelp: "",
    flag: "--diagnostics <n>",
    help: "every n episodes, measure error angles, leaks and norms (diagnostics.jsonl)",
  }),
  /** The folder of a new run. */
  out: field({
    type: text("a folder"),
    default: "runs",
    defaultHelp: "runs/<preset>-<data>-seed<seed>",
    flag: "--out <dir>",
    help: "folder of the run",
  }),
  /** The folder of a run to continue. */
  resume: field({
    type: text("the folder of a run"),
    default: "",
    defaultHelp: "",
    flag: "--resume <dir>",
    help: "continue the run in this folder; the result is the same as if it had never stopped",
  }),
};

/** The flags of `train` that were given, by their names without dashes: `tauMin` is what --tau-min said. */
export type TrainFlags = Partial<ConfigOf<typeof runFields>> &
  DataFlags &
  ModuleFlags & {
    readonly rule?: string;
    readonly preset?: PresetName;
    readonly task?: string;
    readonly json?: boolean;
    readonly continue?: boolean;
    readonly tensorboard?: boolean;
    readonly config?: string;
    readonly [setting: string]: unknown;
  };

/** The preset of a run that names neither preset nor rule. */
export const DEFAULT_PRESET: PresetName = "rcn";

/** The names of all presets. */
export const presetNames = Object.keys(presets) as PresetName[];

/** The kinds of synapse that `--rule` can name, including those of a module that was loaded. */
const ruleKinds = () => synapseKinds().filter(({ preset }) => preset !== undefined);

/** Whether `--rule` names a learned rule that comes with the package, not a kind of synapse. */
export const isKept = (rule: string): boolean => keptRules.some(({ name }) => name === rule);

/** What `--rule` can name. */
const ruleNames = (): readonly string[] => [...ruleKinds(), ...keptRules].map(({ name }) => name);

/** The preset that `--rule` without `--preset` starts from. */
export const presetOfRule = (rule: string): PresetName =>
  ruleKinds().find(({ name }) => name === rule)?.preset as PresetName;

/** A flag that is no setting by itself. */
function word(usage: string, help: string, words: readonly string[]): TrainFlag {
  return { usage, help, words, read: (given) => readFlag(usage.split(" ", 1)[0], choice(words), given) };
}

/** The flags of the settings of several kinds, each once. */
const flagsOfKinds = (tables: Readonly<Record<string, AnyFields>>): readonly Flag[] => [
  ...new Map(
    Object.values(tables).flatMap((fields) => flagsOf(fields).map((flag) => [flag.name, flag] as const)),
  ).values(),
];

/** The flags of the tasks' own settings. */
export const taskFlags = flagsOfKinds(taskTables);

/** The flags of the estimators' own settings. */
export const estimatorFlags = flagsOfKinds(estimatorTables);

/** A flag as commands and sweeps use it. */
export type TrainFlag = Pick<Flag, "usage" | "help" | "read"> & Partial<Pick<Flag, "words">>;

/** `--rule`: what it says depends on what was loaded. */
const rule: TrainFlag = {
  usage: "--rule <name>",
  get words() {
    return ruleNames();
  },
  get help() {
    const kinds = ruleKinds();
    const begin = kinds.map(({ preset }) => preset).join(", ");
    const learned = keptRules.length === 0 ? "" : `; or a learned rule to begin with (see below)`;
    return `${kinds.map(({ name }) => name).join(", ")}: without --preset, starts from ${begin}${learned}`;
  },
  read: (given) => readFlag("--rule", named(ruleNames), given),
};

/** `--task`: what it says depends on what was loaded. */
const task: TrainFlag = {
  usage: "--task <kind>",
  get words() {
    return taskNames();
  },
  get help() {
    return `${taskNames().join(", ")} (default: ${trainFields.task.default.kind}; see below)`;
  },
  read: (given) => readFlag("--task", named(taskNames), given),
};

/** The flags for the settings of a run, in the groups in which the help shows them. */
export const settingFlags: Readonly<Record<string, readonly TrainFlag[]>> = {
  "The rule (a preset, and what to change in it):": [
    word("--preset <name>", `${presetNames.join(", ")} (default: ${DEFAULT_PRESET})`, presetNames),
    rule,
    ...flagsOf(plasticityFields, { defaults: false }),
    ...flagsOf(trainGroups.network),
  ],
  "The tasks:": [task, ...taskFlags, ...flagsOf(dataFields), ...flagsOf(trainGroups.episodes)],
  "Learning the rule:": flagsOf(trainGroups.learning).flatMap((flag) =>
    flag.option === "estimator" ? [flag, ...estimatorFlags] : [flag],
  ),
};

/** Adds the flags of `train` to a command. */
export function addTrainFlags(command: Command): void {
  for (const [title, flags] of Object.entries(settingFlags)) addFlags(command.optionsGroup(title), flags);
  addFlags(command.optionsGroup("The run:"), flagsOf(runFields));
  addModule(command);
  command
    .option("--continue", "go on with the run in --out if it has begun, and begin it if not")
    .option(
      "--tensorboard",
      "also write the numbers of each episode to tensorboard/ in the run's folder, as an event file",
    )
    .option("--json", "print one JSON object per line, and no progress bar");
}

/** Names with what they mean, in columns. */
function lines(names: readonly string[], about: (name: string) => string): string[] {
  const width = Math.max(...names.map((name) => name.length));
  return names.map((name) => `  ${name.padEnd(width)}  ${about(name)}`);
}

/** The lines about presets and tasks under the flags. */
export function presetHelp(): string {
  const regression = taskNames().filter((name) => !taskNamed(name).images);
  return [
    "Presets:",
    ...lines(presetNames, (name) => presets[name as PresetName].summary),
    "",
    "Learned rules:",
    ...lines(
      keptRules.map(({ name }) => name),
      (name) => keptRules.find((each) => each.name === name)!.about,
    ),
    "",
    "Estimators:",
    ...lines(
      estimatorSummaries.map(([name]) => name),
      (name) => estimatorSummaries.find(([other]) => other === name)![1],
    ),
    "",
    "Tasks:",
    ...lines(taskNames(), (name) => taskNamed(name).summary),
    `For ${orOf(regression)} accuracy means R2, the share of the variance explained.`,
  ].join("\n");
}
