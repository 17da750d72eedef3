// The run that the flags of `train` describe. A preset is the base and other flags override its fields; flags that
// contradict each other are refused, since guessing which one was meant would waste hours.
import { basename } from "node:path";
import { defaultTrainConfig, isRegression, type TrainConfig } from "../meta/config.js";
import { withTask } from "../meta/task-defaults.js";
import { checkConfig, type PlasticityConfig, presets } from "../plasticity/index.js";
import { checkPrefix, sourceOf } from "./data.js";
import { UsageError } from "./failure.js";
import { BASES, DEFAULT_PRESET, presetNames, type TrainFlags } from "./flags.js";
import { checkTaskFlags, taskOf } from "./task-flags.js";
import { flagOf } from "./values.js";

/** Refuses `--resume` beside flags that the run has settled already. */
export function checkResume(flags: TrainFlags): void {
  const others = Object.keys(flags).filter(
    (field) => !["resume", "workers", "device", "diagnostics", "json"].includes(field),
  );
  if (others.length > 0) {
    throw new UsageError(
      `--resume continues a run as it began, so it cannot stand beside ${others.map(flagOf).join(", ")}. ` +
        "Leave that out, or begin another run with --out.",
    );
  }
}

/** The run that these flags describe; contradictions are a UsageError. */
export function trainConfig(flags: TrainFlags): TrainConfig {
  const { rule, chemicals, bias, data = "glyphs", prefix } = flags;
  const name = flags.preset ?? (rule ? BASES[rule] : DEFAULT_PRESET);
  const base = withTask(defaultTrainConfig(name), flags.task ?? "classify");
  const { synapse } = base.plasticity;
  if (rule && rule !== synapse) {
    const fitting = presetNames.filter((preset) => presets[preset].config.synapse === rule);
    throw new UsageError(
      `--preset ${name} is a ${synapse} rule, which contradicts --rule ${rule}. ` +
        `Leave one of them out, or use --preset ${fitting.join(" or ")}.`,
    );
  }
  if (synapse === "linear") {
    const cause = rule ? `--rule ${rule}` : `--preset ${name}`;
    const cure = `Leave it out, or use --rule chemical.`;
    if (chemicals !== undefined && chemicals !== 1) {
      throw new UsageError(`--chemicals ${chemicals} contradicts ${cause}: a linear rule has no chemicals. ${cure}`);
    }
    if (bias !== undefined && bias !== "none") {
      throw new UsageError(`--bias ${bias} contradicts ${cause}: only chemicals have a bias. ${cure}`);
    }
  }
  checkPrefix(prefix, data);
  checkTaskFlags(flags, base.task);
  return {
    ...base,
    task: taskOf(flags, base.task),
    plasticity: plasticityConfig(flags, base.plasticity),
    hidden: flags.hidden ?? base.hidden,
    data: { source: sourceOf(data), prefix: prefix ?? base.data.prefix },
    protocol: flags.protocol ?? base.protocol,
    ways: flags.ways ?? base.ways,
    shots: flags.shots ?? base.shots,
    queries: flags.queries ?? base.queries,
    episodes: flags.episodes ?? base.episodes,
    metaBatch: flags.metaBatch ?? base.metaBatch,
    learningRate: flags.lr ?? base.learningRate,
    l1: flags.l1 ?? base.l1,
    clip: flags.clip ?? base.clip,
    seed: flags.seed ?? base.seed,
    checkpoint: flags.checkpoint ?? base.checkpoint,
  };
}

/** The rule of these flags; what does not go together is a UsageError. */
function plasticityConfig(flags: TrainFlags, base: PlasticityConfig): PlasticityConfig {
  const { feedback } = flags;
  const own = Object.keys(flags).find((flag) => /^feedback./.test(flag));
  const config: PlasticityConfig = {
    ...base,
    chemicals: flags.chemicals ?? base.chemicals,
    motifs: flags.motifs ?? base.motifs,
    scope: flags.scope ?? base.scope,
    bias: flags.bias ?? base.bias,
    feedback: feedback ?? base.feedback,
    feedbackSynapse: flags.feedbackRule ?? base.feedbackSynapse,
    feedbackMotifs: flags.feedbackMotifs ?? base.feedbackMotifs,
    feedbackChemicals: flags.feedbackChemicals ?? base.feedbackChemicals,
    tauMin: flags.tauMin ?? base.tauMin,
    tauMax: flags.tauMax ?? base.tauMax,
    scales: flags.scales ?? base.scales,
    coupling: flags.coupling ?? base.coupling,
    readout: flags.readout ?? base.readout,
    initialChemicals: flags.initialChemicals ?? base.initialChemicals,
    normalise: flags.normalise ?? base.normalise,
  };
  if (own && config.feedback !== "plastic") {
    throw new UsageError(
      `${flagOf(own)} is about plastic feedback, but it is ${config.feedback}. Add --feedback plastic.`,
    );
  }
  try {
    checkConfig(config);
  } catch (error) {
    throw new UsageError(`The flags do not go together: ${(error as Error).message.replace(/^\[plasticity\] /, "")}`);
  }
  return config;
}

/** Where a run goes that names no folder. */
export function defaultFolder({ preset, task, data, seed }: TrainConfig): string {
  if (isRegression(task)) return `runs/${preset}-${task.kind}-seed${seed}`;
  const name = data.source === "glyphs" ? "glyphs" : basename(data.source) || "data";
  return `runs/${preset}-${name.replace(/[^\w.-]+/g, "_")}-seed${seed}`;
}
