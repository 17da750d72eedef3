// The public face of `synaptape/brain`: brain reference architectures as data, with their interfaces and checks, and
// components that stand for circuits and can be run.
export { cerebellum } from "./cerebellum.js";
export { checkBra, checks, type Finding } from "./checks.js";
export {
  type Component,
  type Executable,
  type Moment,
  type RunOptions,
  run,
  type Signal,
  type Signals,
} from "./component.js";
export { type BraTables, parseTables, printTables } from "./csv.js";
export { interfaceOf, nodeInterface, parseInterface, printInterface } from "./interfaces.js";
export {
  type Bra,
  type Circuit,
  type Connection,
  type FrgNode,
  type Interface,
  parseBra,
  printBra,
  takeBra,
} from "./model.js";
export { CYCLE, gainError, type ReflexOptions, reflex } from "./reflex.js";
export { checkRun, type Prediction, type RunCheckOptions } from "./run-checks.js";
export type { Check } from "./structure-checks.js";
