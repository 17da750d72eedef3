// The public face of `synaptape/dendrites`: dendrites for the neurons of a network, which learn on the error that it leaves.
export { type Cycle, type Cycled, type CyclesOptions, growWhileItHelps } from "./cycles.js";
export { type Candidates, type Grown, type GrowOptions, grow } from "./grow.js";
export { type Dendrites, type DendriteTree, noDendrites, withDendrites } from "./perforated.js";
