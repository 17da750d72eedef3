// The public face of `synaptape/plasticity`.

export { type DualLifetime, type DualOptions, dualLifetime } from "./dual.js";
export type { Feedback } from "./feedback/paths.js";
export {
  type Divergence,
  findDivergence,
  type Life,
  type LifetimeOptions,
  lifetime,
  live,
  type Stream,
} from "./lifetime.js";
export { defineMotif, type LocalSignals, type Motif, motifNames } from "./motifs/named.js";
export { MOTIFS, motifFactors, motifFactorsOp, naiveMotifs, numberedMotifs, type Signals } from "./motifs/numbered.js";
export { accuracyOf, initialStart, logitsOf, lossOf, r2Of, type Start, signalsOf } from "./network.js";
export { checkConfig } from "./rule/check-config.js";
export { checkMotif, checkRule, checkSynapse } from "./rule/check-rule.js";
export {
  type BiasScope,
  defaultConfig,
  type Head,
  type InputGate,
  type MotifId,
  type PlasticityConfig,
  plasticityFields,
  type Scope,
  type SynapseKind,
} from "./rule/config.js";
export { initialRule } from "./rule/initial-rule.js";
export { emptyRule, type Rule, type RulePart, ruleFrom, ruleParts } from "./rule/parts.js";
export { type Preset, type PresetName, presets } from "./rule/presets.js";
export {
  type Chemistry,
  chemicalStep,
  chemicalStepOp,
  type Drive,
  momentumStep,
  type Output,
} from "./synapses/chemical-step.js";
export type { LayerState, Synapses } from "./synapses/kind.js";
export { learnedScales, synapsesOf } from "./synapses/layers.js";
export { linearStep, linearStepOp } from "./synapses/linear-step.js";
export { defineSynapse, type Synapse, type SynapseCoefficients, type SynapseInputs } from "./synapses/own.js";
export { synapseNames, timeScales } from "./synapses/registry.js";
export type { TimeScales } from "./synapses/time-scales.js";
