// Special functions, differentiable in both modes and to any order. Their results are within 2 units of the last place in
// float64 and within 4 in float32. `polygamma`, and `lgamma` and `digamma` near their zeros below 0, are less exact.

export { logAddExp } from "../ops/index.js";
export { digamma, erfc, erfInv, exp2, lgamma, log2, log10, polygamma } from "./functions.js";
