// Special functions, differentiable in both modes and to any order. In float64 the functions are within 2 units of the last
// place, in float32 within 4; `polygamma`, and `lgamma` and `digamma` near their zeros below 0, are less exact.

export { logAddExp } from "../ops/index.js";
export { digamma, erfc, erfInv, exp2, lgamma, log2, log10, polygamma } from "./functions.js";
