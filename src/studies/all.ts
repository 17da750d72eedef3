// The list of all studies, one per line.
export { backpropDiffusion } from "./backprop-diffusion/study.js";
export { bioInspiredMamba } from "./bio-inspired-mamba/study.js";
export { bioTransformations } from "./bio-transformations/study.js";
export { brainArchitecture } from "./brain-architecture/study.js";
export { brainModes } from "./brain-modes/study.js";
export { equilibriumPropagation } from "./equilibrium-propagation/study.js";
export { fluxQuantumXor } from "./flux-quantum-xor/study.js";
export { homeostaticShift } from "./homeostatic-shift/study.js";
export { nestedLearners } from "./nested-learners/study.js";
export { neuralCircuitPriors } from "./neural-circuit-priors/study.js";
export { orthogonalInitialisation } from "./orthogonal-initialisation/study.js";
export { predictiveCoding } from "./predictive-coding/study.js";
export { recurrentChemicalNetworks } from "./recurrent-chemical-networks/study.js";
export { richAndLazy } from "./rich-and-lazy/study.js";
export { sparseRepresentations } from "./sparse-representations/study.js";
export { stdpHomeostasis } from "./stdp-homeostasis/study.js";
export { twoTimeScales } from "./two-time-scales/study.js";
