// The public face of `synaptape/plasticity`.

export { checkConfig } from "./check-config.js";
export { checkMotif, checkRule, checkSynapse } from "./check-rule.js";
export {
  type Chemistry,
  chemicalStep,
  chemicalStepOp,
  type Drive,
  momentumStep,
  type Output,
} from "./chemical-step.js";
export {
  type BiasScope,
  defaultConfig,
  type Feedback,
  type Head,
  type InputGate,
  type MotifId,
  type PlasticityConfig,
  type Scope,
  type SynapseKind,
  timeScales,
} from "./config.js";
export {
  type Divergence,
  findDivergence,
  type Life,
  type LifetimeOptions,
  lifetime,
  live,
  type Stream,
} from "./lifetime.js";
export { linearStep, linearStepOp } from "./linear-step.js";
export { defineMotif, type LocalSignals, type Motif, motifNames } from "./motif-registry.js";
export { MOTIFS, motifFactors, motifFactorsOp, naiveMotifs, type Signals } from "./motifs.js";
export { accuracyOf, initialStart, logitsOf, lossOf, r2Of, type Start, signalsOf } from "./network.js";
export { type Preset, type PresetName, presets } from "./presets.js";
export { emptyRule, initialRule, type Rule, ruleFrom, ruleParts } from "./rule.js";
export { learnedScales, synapsesOf, type TimeScales } from "./synapse.js";
export type { LayerState, Synapses } from "./synapse-kind.js";
export {
  defineSynapse,
  type Synapse,
  type SynapseCoefficients,
  type SynapseInputs,
  synapseNames,
} from "./synapse-registry.js";
