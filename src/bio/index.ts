// The public face of `synaptape/bio`: Bio Transformations, synapses that differ, settle, vanish, grow and keep their signs.

export type { Scheduled } from "../optim/index.js";
export { type Bio, bio } from "./bio.js";
export {
  type BioConfig,
  type BioOptions,
  bioConfig,
  bioDefaults,
  type CrystallizeConfig,
  type DaleConfig,
  type Distribution,
  distributions,
  type FuzzyConfig,
  type HomeostasisConfig,
  type Mechanism,
  type MechanismConfigs,
  mechanisms,
  type RejuvenateConfig,
  type ScaleGradConfig,
  type SplitConfig,
  type VolumeConfig,
  withMechanisms,
} from "./config.js";
export { crystallize } from "./crystallize.js";
export { daleSigns, daleViolations, enforceDale, exponentialStep, imposeDale, referenceSigns } from "./dale.js";
export { agedRates, type FuzzyContext, fuzzyRates } from "./fuzzy.js";
export { type DaleLifetime, daleLifetime } from "./lifetime.js";
export { type BioOptimizer, type BioState, bioOptimizer } from "./optimizer.js";
export { homeostaticRates, scaleGrad, volumeRates } from "./rates.js";
export { type Rejuvenated, rejuvenate, rejuvenateReference, rejuvenationProbability } from "./rejuvenate.js";
export { type LoadedBio, loadBio, saveBio } from "./save.js";
export { type Site, sitesOf } from "./sites.js";
export { type SplitLayer, splitKind, splitNetwork, splitOutputs } from "./split.js";
export type { SynapseState } from "./state.js";
export {
  type Lawful,
  move,
  obey,
  type Proposed,
  propose,
  type Regulated,
  type Remodelled,
  regulate,
  remodel,
  type Updated,
} from "./step-stages.js";
