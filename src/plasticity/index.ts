// The public face of `synaptape/plasticity`.
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
  checkConfig,
  defaultConfig,
  type Feedback,
  type Head,
  type InputGate,
  type PlasticityConfig,
  type Scope,
  type SynapseKind,
  timeScales,
} from "./config.js";
export { type Divergence, findDivergence, type LifetimeOptions, lifetime, type Stream } from "./lifetime.js";
export { linearStep, linearStepOp } from "./linear-step.js";
export { MOTIFS, motifFactors, motifFactorsOp, naiveMotifs, type Signals } from "./motifs.js";
export { accuracyOf, initialStart, logitsOf, lossOf, r2Of, type Start, signalsOf } from "./network.js";
export { type Preset, type PresetName, presets } from "./presets.js";
export { initialRule, type Rule, ruleFrom } from "./rule.js";
export { type LayerState, type Synapses, synapsesOf, type TimeScales } from "./synapse.js";
