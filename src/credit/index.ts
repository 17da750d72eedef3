// The public face of `synaptape/credit`: algorithms that assign credit by local computations. Each gives a tree shaped like
// the parameters that points in the direction in which the loss grows, so optimizers accept it in place of a gradient.

export type { Activation, ActivationName, ActivationOption } from "./activations.js";
export type { CreditParams } from "./checks.js";
export {
  type CreditComparison,
  type CreditDifference,
  type CreditSlope,
  compareCredit,
  creditSlope,
} from "./compare.js";
export {
  type ConvolutionalDescription,
  type ConvolutionalModel,
  type ConvolutionalParams,
  convolutionalModel,
} from "./equilibrium/convolutional.js";
export {
  type DrawnModel,
  type EnergyOptions,
  energyModel,
  type LayeredModel,
  prototypicalModel,
  type SymmetricLayer,
} from "./equilibrium/layered.js";
export {
  type EquilibriumDescription,
  type EquilibriumModel,
  type EquilibriumStates,
  type EquilibriumStep,
  equilibriumModel,
} from "./equilibrium/model.js";
export { type EquilibriumOptions, nudgedStep } from "./equilibrium/phases.js";
export {
  type Continual,
  type ContinualOptions,
  continualEquilibriumPropagation,
  type Equilibrium,
  equilibriumPropagation,
  type Nudging,
  type NudgingOptions,
  unrolledGradient,
} from "./equilibrium/propagation.js";
export { type ReadoutModel, type ReadoutParams, readoutModel } from "./equilibrium/readout.js";
export { jacobianAsymmetry } from "./equilibrium/symmetry.js";
export {
  type UntiedLayer,
  type VectorField,
  type VectorFieldModel,
  vectorFieldModel,
  vectorFieldPropagation,
} from "./equilibrium/vector-field.js";
export { type BoxDescription, type BoxState, box, type Machine, type Readouts } from "./learners/box.js";
export {
  compose,
  copyLearner,
  discardLearner,
  type GradientState,
  gradientLearner,
  identityLearner,
  type Learned,
  type Learner,
  lossLearner,
  type NoState,
  parallel,
  swapLearner,
} from "./learners/learner.js";
export { type NestedState, nest, predictionMarket, type Rewiring } from "./learners/rewiring.js";
export type { OutputLossName } from "./output.js";
export {
  type FaZil,
  type FaZilOptions,
  faZil,
  type InferenceOptions,
  type Inferred,
  inferenceLearning,
  type PredictiveOptions,
  type VertexValues,
  type Zil,
  zil,
} from "./predictive/inference.js";
export type { LevelledVertex } from "./predictive/levels.js";
export {
  type ChainOptions,
  type PredictiveDescription,
  type PredictiveNetwork,
  type PredictiveVertex,
  predictiveChain,
  predictiveNetwork,
  type VertexDescription,
} from "./predictive/network.js";
export { type NetworkCreditOptions, networkCredit, type PredictiveAlgorithm } from "./predictive/of-network.js";
export {
  type FullyConnectedOptions,
  fullyConnected,
  type Projection,
  type ProjectionOptions,
  type ProjectionParams,
  projection,
  skip,
} from "./projections.js";
export {
  type RtrlTick,
  type SelectiveRtrl,
  type SelectiveRtrlOptions,
  type SelectiveTraces,
  selectiveRtrl,
} from "./recurrent/rtrl.js";
export type { WaveEdge, WaveVertex, WaveVertexDescription } from "./waves/graph.js";
export {
  type WaveChainOptions,
  type WaveDescription,
  type WaveNetwork,
  type WaveState,
  type WaveTick,
  waveChain,
  waveNetwork,
} from "./waves/waves.js";
