// The public face of `synaptape/credit`: ways to assign credit by local means. Each gives a tree of the shape of the
// parameters that points where the loss grows, so that optimizers take it where they take a gradient.
export {
  type CreditComparison,
  type CreditDifference,
  type CreditSlope,
  compareCredit,
  creditSlope,
} from "./compare.js";
export type { Activation, ActivationName, ActivationOption } from "./predictive/activations.js";
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
  type PredictiveParams,
  type PredictiveVertex,
  predictiveChain,
  predictiveNetwork,
  type VertexDescription,
} from "./predictive/network.js";
export type { OutputLossName } from "./predictive/output.js";
export {
  type FullyConnectedOptions,
  fullyConnected,
  type Projection,
  type ProjectionOptions,
  type ProjectionParams,
  projection,
  skip,
} from "./predictive/projections.js";
