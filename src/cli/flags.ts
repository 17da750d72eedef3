// The flags of `train`: what they are called, what they take, and what the help says of them.
import { type Command, Option } from "commander";
import type { Checkpoint } from "../autodiff/index.js";
import { defaultTrainConfig, EPISODE_LIMIT, type TaskConfig, taskKinds } from "../meta/config.js";
import {
  type BiasScope,
  type Feedback,
  type MotifId,
  motifNames,
  type PlasticityConfig,
  type PresetName,
  presets,
  type Scope,
} from "../plasticity/index.js";
import { DEVICES, type Device } from "./device.js";
import { checkpoint, clip, list, motifs, positive, text, weight, whole, word } from "./values.js";

/** The flags of `train` that were given. */
export interface TrainFlags {
  readonly rule?: keyof typeof BASES;
  readonly preset?: PresetName;
  readonly chemicals?: number;
  readonly motifs?: MotifId[];
  readonly scope?: Scope;
  readonly bias?: BiasScope;
  readonly feedback?: Feedback;
  readonly feedbackRule?: PlasticityConfig["feedbackSynapse"];
  readonly feedbackMotifs?: MotifId[];
  readonly feedbackChemicals?: number;
  readonly tauMin?: number;
  readonly tauMax?: number;
  readonly scales?: PlasticityConfig["scales"];
  readonly coupling?: PlasticityConfig["coupling"];
  readonly readout?: PlasticityConfig["readout"];
  readonly initialChemicals?: PlasticityConfig["initialChemicals"];
  readonly normalise?: PlasticityConfig["normalise"];
  readonly hidden?: number[];
  readonly task?: TaskConfig["kind"];
  readonly inputs?: number;
  readonly outputs?: number;
  readonly segment?: number[];
  readonly data?: string;
  readonly prefix?: string;
  readonly protocol?: "faithful" | "strict";
  readonly ways?: number;
  readonly shots?: number;
  readonly queries?: number;
  readonly episodes?: number;
  readonly metaBatch?: number;
  readonly lr?: number;
  readonly l1?: number;
  readonly clip?: number | "off";
  readonly seed?: number;
  readonly workers?: number;
  readonly device?: Device;
  readonly diagnostics?: number;
  readonly checkpoint?: Checkpoint;
  readonly out?: string;
  readonly resume?: string;
  readonly json?: boolean;
}

/** The preset that `--rule` alone begins from. */
export const BASES = {
  linear: "bio",
  chemical: "rcn",
  momentum: "rcn-momentum",
  gated: "rcn-gated",
  cascade: "cascade",
} as const;

/** The preset of a run that names neither preset nor rule. */
export const DEFAULT_PRESET: PresetName = "rcn";

const defaults = defaultTrainConfig(DEFAULT_PRESET);
export const presetNames = Object.keys(presets) as PresetName[];

/** Adds the flags of `train` to a command. */
export function addTrainFlags(command: Command): void {
  const add = <T>(flags: string, help: string, read: (flag: string) => (text: string) => T): void => {
    const option = new Option(flags, help);
    // commander hands over the value before as well; a flag given twice means its last value.
    const parse = read(flags.split(" ")[0]);
    command.addOption(option.argParser((given: string) => parse(given)));
  };
  command.optionsGroup("The rule (a preset, and what to change in it):");
  add("--preset <name>", `${presetNames.join(", ")} (default: ${DEFAULT_PRESET})`, (f) => word(f, presetNames));
  const kinds = Object.keys(BASES) as (keyof typeof BASES)[];
  add("--rule <kind>", `${kinds.join(", ")}: alone, begins from ${Object.values(BASES).join(", ")}`, (f) =>
    word(f, kinds),
  );
  add("--chemicals <n>", "chemicals that a synapse holds", (f) => whole(f, 1, 64));
  const names = `0 to 9 and ${motifNames().join(", ")}`;
  add("--motifs <list>", `terms of the rule that are on, of ${names}, such as 0,2,9`, (f) => motifs(f, motifNames()));
  add("--scope <scope>", "shared or layer: one rule for all layers, or one each", (f) => word(f, ["shared", "layer"]));
  add("--bias <scope>", "none, layer, neuron or synapse: where a chemical has a bias", (f) =>
    word(f, ["none", "layer", "neuron", "synapse"]),
  );
  add("--feedback <kind>", "fixed (random), symmetric (as in backpropagation), direct, sign or plastic", (f) =>
    word(f, ["fixed", "symmetric", "direct", "sign", "plastic"]),
  );
  add("--feedback-rule <kind>", "plastic feedback: linear, chemical or momentum", (f) =>
    word(f, ["linear", "chemical", "momentum"]),
  );
  add("--feedback-motifs <list>", "plastic feedback: terms of its rule, such as 0,3", (f) => motifs(f, motifNames()));
  add("--feedback-chemicals <n>", "plastic feedback: chemicals that a feedback weight holds", (f) => whole(f, 1, 64));
  add("--tau-min <x>", "fastest time constant of the chemicals, in steps", (f) => positive(f, 1e6));
  add("--tau-max <x>", "slowest time constant of the chemicals, in steps", (f) => positive(f, 1e6));
  add("--scales <how>", "fixed or learned: the time constants", (f) => word(f, ["fixed", "learned"]));
  add("--coupling <how>", "plain or scaled: whether slow chemicals act on others as fast ones do, or weakly", (f) =>
    word(f, ["plain", "scaled"]),
  );
  add("--readout <how>", "free or softmax: how the weight is read out of chemicals", (f) =>
    word(f, ["free", "softmax"]),
  );
  add(
    "--initial-chemicals <which>",
    "all or first: which begin with the initial weight; or own: each with another",
    (f) => word(f, ["all", "first", "own"]),
  );
  add("--normalise <how>", "none, frobenius or columns: what chemicals are scaled to", (f) =>
    word(f, ["none", "frobenius", "columns"]),
  );
  add("--hidden <list>", `widths of the hidden layers (default: ${defaults.hidden})`, (f) =>
    list(f, { from: 1, to: 16384, example: String(defaults.hidden) }),
  );
  command.optionsGroup("The tasks:");
  add("--task <kind>", `${taskKinds.join(", ")} (default: classify; see below)`, (f) => word(f, taskKinds));
  add("--inputs <n>", "numbers that a teacher or two-timescale teacher is shown (default: 8)", (f) =>
    whole(f, 1, 16384),
  );
  add("--outputs <n>", "numbers that it answers (default: 4)", (f) => whole(f, 1, 16384));
  add("--segment <a,b>", "steps after which a two-timescale teacher changes, from a to b (default: 5,15)", (f) =>
    list(f, { from: 1, to: 1e6, example: "5,15" }),
  );
  add("--data <glyphs|dir>", "the built-in characters, or a folder with IDX files (default: glyphs)", (f) =>
    text(f, "glyphs or a folder"),
  );
  add("--prefix <text>", `which files of the folder (default: ${defaults.data.prefix})`, (f) =>
    text(f, "what the names of the files begin with"),
  );
  add("--protocol <name>", `faithful to the published one, or strict (default: ${defaults.protocol})`, (f) =>
    word(f, ["faithful", "strict"]),
  );
  add("--ways <n>", `classes in a task (default: ${defaults.ways})`, (f) => whole(f, 1, 65536));
  add("--shots <n>", `images of each class to learn from (default: ${defaults.shots})`, (f) => whole(f, 1, 1e6));
  add("--queries <n>", `images of each class asked about (default: ${defaults.queries})`, (f) => whole(f, 1, 1e6));
  command.optionsGroup("Learning the rule:");
  add("--episodes <n>", `tasks to learn from (default: ${defaults.episodes})`, (f) => whole(f, 1, EPISODE_LIMIT));
  add("--meta-batch <n>", `episodes to a step of the rule (default: ${defaults.metaBatch})`, (f) => whole(f, 1, 4096));
  add("--lr <x>", "step size of Adam (default: the preset's)", (f) => positive(f, 10));
  add("--l1 <x>", "weight of the sum of |P| in the meta-loss (default: the preset's)", (f) => weight(f, 1000));
  add(
    "--clip <k>",
    `guard the run: shorten a meta-gradient k times as long as usual, and go back after one that explodes or where losses rise for good; or off (default: ${defaults.clip})`,
    clip,
  );
  add("--seed <n>", `what all random numbers follow from (default: ${defaults.seed})`, (f) =>
    whole(f, 0, Number.MAX_SAFE_INTEGER),
  );
  add(
    "--checkpoint <how>",
    "what a lifetime stores: auto (what fits a share of free memory), off, every:K or bytes:N (default: auto)",
    checkpoint,
  );
  command.optionsGroup("The run:");
  add("--workers <n>", "threads for the episodes of a meta-batch (default: as many as help)", (f) => whole(f, 1, 256));
  add("--device <name>", "wasm or gpu: where the episodes of a meta-batch are lived (default: wasm)", (f) =>
    word(f, DEVICES),
  );
  add("--diagnostics <n>", "every n episodes measure angles of errors, leaks, norms (diagnostics.jsonl)", (f) =>
    whole(f, 1, EPISODE_LIMIT),
  );
  add("--out <dir>", "folder of the run (default: runs/<preset>-<data>-seed<seed>)", (f) => text(f, "a folder"));
  add("--resume <dir>", "continue the run in this folder, to the same result as if it had never stopped", (f) =>
    text(f, "the folder of a run"),
  );
  command.option("--json", "one JSON object a line on standard output, and no progress bar");
}

/** The lines about presets under the flags. */
export function presetHelp(): string {
  const width = Math.max(...presetNames.map((name) => name.length));
  return [
    "Presets:",
    ...presetNames.map((name) => `  ${name.padEnd(width)}  ${presets[name].summary}`),
    "",
    "Tasks:",
    "  classify       images of some classes (--ways, --shots, --queries)",
    "  continual      images of some classes, then of as many others; queries about both",
    "  sinusoid       a sine of random amplitude and phase, from points on it (--shots points, --queries)",
    "  teacher        a random network of two layers, from what it answers",
    "  two-timescale  a linear teacher that changes by half every few steps (--segment)",
    "For the last three a line's accuracy is R2, the share of the variance explained.",
  ].join("\n");
}
