// The public face of `synaptape/circuits`: superconducting circuits that compute with single flux quanta.
export { type PulseInput, type PulseNeuronOptions, pulseNeuron, type XorBehaviour, xorBehaviour } from "./behaviour.js";
export type { Circuit } from "./circuit.js";
export {
  type CircuitParameters,
  type CircuitState,
  type DifferentiableOptions,
  differentiable,
} from "./differentiable.js";
export type { Element } from "./elements.js";
export { type Margin, type MarginOptions, margin } from "./margins.js";
export { parseNetlist } from "./netlist.js";
export { transmissionLine, twoInputNeuron, xorCircuit } from "./networks.js";
export type { Product } from "./product.js";
export type { Recording } from "./recording.js";
export type { Pulses } from "./sources.js";
export { type TransientOptions, transient } from "./transient.js";
