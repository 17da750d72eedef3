// The public face of `synaptape/infer`: rules of plasticity, fitted to what was recorded of neurons and of behaviour.
export { type BootstrapOptions, bootstrapRule } from "./bootstrap.js";
export { type Coefficient, type FittedRule, fitRule, heldOut } from "./fit.js";
export type { Noise } from "./likelihood.js";
export type { FitOptions } from "./options.js";
export { type ArrayOfNumbers, readRecordings, recordingsFrom } from "./reading.js";
export type { Given, Recording, Rows } from "./recording.js";
export { type Selected, type Selection, type SelectOptions, selectTerms } from "./selection.js";
export { type SimulateOptions, simulate } from "./simulate.js";
export { monomial, type Signals, type TaylorOptions, type Term, taylor } from "./terms.js";
export type { Observation } from "./unrolled.js";
