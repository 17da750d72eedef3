// The public face of `synaptape/brain`: brain reference architectures as data, their interfaces and their checks.
export { cerebellum } from "./cerebellum.js";
export { checkBra, checks, type Finding } from "./checks.js";
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
export type { Check } from "./structure-checks.js";
