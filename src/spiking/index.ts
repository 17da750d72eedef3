// The public face of `synaptape/spiking`: spiking neurons with surrogate gradients, spike trains and their measures, and
// plasticity that depends on the times of spikes.
export {
  bernoulliTrains,
  type LatencyOptions,
  latencyTrains,
  type MarkovOptions,
  markovTrains,
  poissonTrains,
} from "./codings.js";
export { type DelayOptions, delayedCurrents } from "./delays.js";
export { eventMatmul } from "./event-matmul.js";
export { type CellGrid, cellGrid, type GridOptions, type GridState } from "./grid.js";
export {
  type CellType,
  cellTypes,
  type IzhikevichInternal,
  type IzhikevichMethod,
  type IzhikevichOptions,
  type IzhikevichState,
  izhikevich,
} from "./izhikevich.js";
export { type RatesLayer, rates, type SpikingLayer, spiking, spikingKinds } from "./layers.js";
export {
  type ComplexityClassifier,
  complexityClassifier,
  lempelZiv76,
  lempelZiv78,
  lempelZivComplexity,
  type Train,
} from "./lempel-ziv.js";
export { type LifInternal, type LifOptions, type LifState, lif } from "./lif.js";
export { firingRates, interspikeIntervals, synchrony } from "./measures.js";
export { type MetaInternal, type MetaOptions, type MetaState, metaNeuron } from "./meta-neuron.js";
export { type ChanceOptions, type Neuron, type PerUnit, runNeurons, type SpikingState } from "./neuron.js";
export type { RuleOptions } from "./rule-options.js";
export { type Scaling, type ScalingOptions, synapticScaling } from "./scaling.js";
export { type Stdp, type StdpOptions, type StdpState, stdp } from "./stdp.js";
export { type Spike, type Surrogate, type SurrogateKind, spikeFunction } from "./surrogates.js";
export { type Tempotron, type TempotronOptions, tempotron } from "./tempotron.js";
export { type TripletOptions, type TripletState, type TripletStdp, tripletStdp } from "./triplets.js";
