// What other folders use of this one: the part that does without fast-check, an optional peer dependency.
export { type CheckGradsOptions, checkGrads } from "./check-grads.js";
