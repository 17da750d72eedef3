// The public face of `synaptape/nn`: layers, initialisers, networks as plain trees, training.
export { type Adapter, adapt, biases, everything, gains, gates, type LoraOptions, lora } from "./adapt.js";
export { alignedWeights, kernelAlignment, similarityKernel } from "./alignment.js";
export {
  type AttentionOptions,
  attention,
  type MultiHeadAttention,
  type MultiHeadOptions,
  multiHeadAttention,
} from "./attention.js";
export { type BatchNormLayer, type BatchNormOptions, batchNorm } from "./batch-norm.js";
export {
  avgPool,
  type Conv2dLayer,
  type Conv2dOptions,
  conv2d,
  maxPool,
  type Pair,
  type PoolLayer,
} from "./convolution.js";
export { type DenseLayer, type DenseOptions, dense } from "./dense.js";
export {
  accuracy,
  classification,
  type EvaluateOptions,
  evaluate,
  type Loss,
  type MeasureOptions,
  type Metric,
  type Scores,
} from "./evaluate.js";
export { type Batch, type Examples, examplesOf, type ImageOptions, imagesOf, subset } from "./examples.js";
export { type Fans, type Initialiser, type InitialiserKind, initialise } from "./initialisers.js";
export type { Applied, LayerContext, LayerDescription, LayerKind, LayerParams, LayerState, Synapses } from "./layer.js";
export { type MambaLayer, type MambaOptions, mamba } from "./mamba.js";
export {
  type ApplyOptions,
  layerKinds,
  type Network,
  type NetworkDescription,
  type NetworkRun,
  network,
  type Params,
  type PlacedLayer,
  type States,
} from "./network.js";
export {
  type GroupNormLayer,
  groupNorm,
  type LayerNormLayer,
  type LayerNormOptions,
  layerNorm,
  type NormOptions,
  type RmsNormLayer,
  rmsNorm,
} from "./norms.js";
export {
  type Orthogonalised,
  type OrthogonaliseOptions,
  type OrthogonalityPenaltyOptions,
  ojaStep,
  orthogonalise,
  orthogonalityCost,
  orthogonalityPenalty,
} from "./orthogonality.js";
export {
  type Cell,
  gruCell,
  type HiddenState,
  lstmCell,
  type MemoryState,
  type RnnOptions,
  rnnCell,
  unroll,
} from "./recurrent.js";
export { type DecodedNetwork, decodeNetwork, encodeNetwork } from "./save.js";
export {
  decayRates,
  type SelectiveCell,
  type SelectiveOptions,
  type SelectiveParams,
  type SelectiveStep,
  type SelectiveTerms,
  selectiveCell,
  selectiveScan,
} from "./selective.js";
export {
  type ActivationLayer,
  type ActivationName,
  activation,
  type DropoutLayer,
  dropout,
  type FlattenLayer,
  flatten,
} from "./simple.js";
export { tangentKernel } from "./tangent-kernel.js";
export { type GainLayer, gain, type TauGateLayer, type TauGateOptions, tauGate } from "./tau-gate.js";
export {
  type EpochScores,
  type FitOptions,
  type Fitted,
  fit,
  type Hook,
  initialState,
  type Progress,
  type Step,
  type TrainOptions,
  type TrainState,
  train,
} from "./train.js";
