// The public face of `synaptape/testing`: what this library is tested with, for your own code. Needs fast-check, an
// optional peer dependency.
export type { AnyOp, Array64, Op, Sample, SampleInput } from "../autodiff/index.js";
export { type ArbShapeOptions, type ArbTensorOptions, arbShape, arbTensor } from "./arbitraries.js";
export { equalBits, relativeError } from "./arrays.js";
export { type CheckGradsOptions, checkGrads } from "./check-grads.js";
export { checkOp } from "./check-op.js";
export { type ArbProgramOptions, arbProgram, type Instruction, Program } from "./programs.js";
