// The run that the flags of `train` describe. A preset is the base and other flags override its settings; flags that
// contradict each other are refused, since guessing which one was meant would waste hours.
import { basename } from "node:path";
import { flagsOf, givenIn, inFlags, UsageError } from "../fields/index.js";
import { defaultTrainConfig, keptRule, type TrainConfig } from "../meta/index.js";
import {
  beginWith,
  begunWith,
  dataFields,
  isRegression,
  optionTables,
  taskName,
  trainFields,
  withTask,
} from "../meta/internal.js";
import { checkConfig, type PlasticityConfig, type PresetName, plasticityFields, presets } from "../plasticity/index.js";
import { feedbackPath, synapseKind } from "../plasticity/internal.js";
import { dataOf } from "./data.js";
import { estimatorOf } from "./estimator-flags.js";
import { DEFAULT_PRESET, isKept, presetNames, presetOfRule, runFields, type TrainFlags } from "./flags.js";
import { moduleOf } from "./own-module.js";
import { checkTaskFlags, taskOf } from "./task-flags.js";
import { flagOf } from "./values.js";

/** Flags for how a run is carried out, which may differ each time it is resumed. */
const CARRIED_OUT: ReadonlySet<string> = new Set(
  [...Object.keys(runFields), "module", "config", "json", "tensorboard"].filter((flag) => flag !== "out"),
);

/** Refuses `--resume` together with flags that the run has already fixed. */
export function checkResume(flags: TrainFlags): void {
  const others = Object.keys(flags).filter((key) => !CARRIED_OUT.has(key));
  if (others.length > 0) {
    throw new UsageError(
      `--resume continues a run with its own settings, so it cannot be combined with ${others.map(flagOf).join(", ")}. ` +
        "Leave that out, or start another run with --out.",
    );
  }
}

/** What a record of a run settles, so that flags cannot name another. */
const SETTLED = ["preset", "rule", "task"] as const;

/**
 * The run that these flags describe. Throws a UsageError if they contradict each other.
 *
 * @param record a run whose settings are the base, in the place of a preset's.
 */
export function trainConfig(flags: TrainFlags, record?: TrainConfig): TrainConfig {
  const { rule: given } = flags;
  const learned = given !== undefined && isKept(given) ? given : undefined;
  const rule = learned === undefined ? given : undefined;
  const settled = record && SETTLED.find((flag) => flags[flag] !== undefined);
  if (settled) {
    throw new UsageError(
      `--${settled} contradicts --config ${flags.config}, the record of a run, which settles it. Leave one of them out.`,
    );
  }
  if (learned !== undefined && flags.preset !== undefined) {
    throw new UsageError(
      `--preset ${flags.preset} contradicts --rule ${learned}, which is learned already and brings its own. Leave one of them out.`,
    );
  }
  const name =
    (record?.preset as PresetName | undefined) ?? flags.preset ?? (rule ? presetOfRule(rule) : DEFAULT_PRESET);
  const base =
    record ??
    withTask(
      learned === undefined ? defaultTrainConfig(name) : learnedConfig(learned),
      flags.task ?? trainFields.task.default.kind,
    );
  // A kind of the user's own stands in the place of that of the preset from which it starts.
  const fitting = presetNames.filter((preset) => presets[preset].config.synapse === rule);
  const own = rule !== undefined && fitting.length === 0 && name === presetOfRule(rule);
  const synapse = own ? rule : base.plasticity.synapse;
  if (rule && rule !== synapse) {
    throw new UsageError(
      `--preset ${name} is a ${synapse} rule, which contradicts --rule ${rule}. ` +
        `Leave one of them out, or use --preset ${fitting.join(" or ") || presetOfRule(rule)}.`,
    );
  }
  checkRuleFlags(flags, synapse, rule ? `--rule ${rule}` : `--preset ${name}`);
  const images = record && flags.data === undefined ? { ...record.data, ...givenIn(dataFields, flags) } : dataOf(flags);
  checkTaskFlags(flags, base.task);
  const config: TrainConfig = {
    ...base,
    ...givenIn(trainFields, flags),
    task: taskOf(flags, base.task),
    estimator: estimatorOf(flags, base.estimator),
    plasticity: plasticityConfig(flags, { ...base.plasticity, synapse }),
    module: record && flags.module === undefined ? record.module : moduleOf(flags),
    data: images,
  };
  try {
    begunWith(config);
  } catch (error) {
    const fact = (error as Error).message.replace(/^\[train\] /, "");
    throw new UsageError(`The flags do not go together: ${inFlags(fact, optionTables)}`);
  }
  return config;
}

/** The run that begins with a learned rule: its structure and its network, with the step size of its preset. */
function learnedConfig(name: string): TrainConfig {
  const { preset, plasticity, hidden } = keptRule(name).config;
  return { ...defaultTrainConfig(preset as PresetName), plasticity, hidden, begin: beginWith(name) };
}

/** Refuses flags about chemicals for a kind of synapse that has none. */
function checkRuleFlags({ chemicals, bias }: TrainFlags, synapse: string, cause: string): void {
  const kind = synapseKind(synapse);
  const cure = "Leave it out, or use --rule chemical.";
  if (!kind.chemicals && chemicals !== undefined && chemicals !== 1) {
    throw new UsageError(`--chemicals ${chemicals} contradicts ${cause}: a ${synapse} rule has no chemicals. ${cure}`);
  }
  if (!kind.scales && bias !== undefined && bias !== "none") {
    throw new UsageError(`--bias ${bias} contradicts ${cause}: a ${synapse} rule has no bias. ${cure}`);
  }
}

/** The rule that these flags describe. Throws a UsageError if they do not fit together. */
function plasticityConfig(flags: TrainFlags, base: PlasticityConfig): PlasticityConfig {
  const config: PlasticityConfig = { ...base, ...givenIn(plasticityFields, flags) };
  const own = flagsOf(plasticityFields).find(({ key }) => /^feedback./.test(key) && flags[key] !== undefined);
  if (own && !feedbackPath(config.feedback).plastic) {
    throw new UsageError(
      `${own.name} is about plastic feedback, but the feedback is ${config.feedback}. Add --feedback plastic.`,
    );
  }
  try {
    checkConfig(config);
  } catch (error) {
    const fact = (error as Error).message.replace(/^\[plasticity\] /, "");
    throw new UsageError(`The flags do not go together: ${inFlags(fact, optionTables)}`);
  }
  return config;
}

/** The folder of a run for which none is given. */
export function defaultFolder({ preset: named, begin, task, data, seed }: TrainConfig): string {
  const preset = begin.rule || named;
  if (isRegression(task)) return `runs/${preset}-${taskName(task)}-seed${seed}`;
  const name = data.source === "glyphs" ? "glyphs" : basename(data.source) || "data";
  return `runs/${preset}-${name.replace(/[^\w.-]+/g, "_")}-seed${seed}`;
}
