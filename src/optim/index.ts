// The public face of `synaptape/optim`: optimizers as pure functions, so that they restart and can be differentiated; and
// evolution strategies, for losses that cannot be.
export { type Adam, type AdamOptions, type AdamState, type AdamWOptions, adam, adamW } from "./adam.js";
export { clipByGlobalNorm, clipByValue, globalNorm } from "./clip.js";
export { type CmaEs, type CmaEsOptions, type CmaEsState, cmaEs } from "./cma-es.js";
export { type Optimizer, optimizerAt, type Rate, type Scheduled, type Stepped } from "./common.js";
export {
  type Evolution,
  type EvolutionOptions,
  evolution,
  type PersistentEvolution,
  type PersistentState,
  persistentEvolution,
  type ShapedEvolutionOptions,
} from "./evolution.js";
export {
  affectedRate,
  type HomeostaticSample,
  homeostasis,
  type Regulated,
  type RegulationOptions,
  randomRegulation,
} from "./homeostasis.js";
export { type Rmsprop, type RmspropOptions, type RmspropState, rmsprop } from "./rmsprop.js";
export { constant, cosine, exponential, linear, type Schedule, warmup } from "./schedules.js";
export { type Sgd, type SgdOptions, type SgdState, sgd } from "./sgd.js";
