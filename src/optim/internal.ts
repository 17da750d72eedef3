// What the floors above use of this folder that is no part of the public names.
export { checkOptimizer } from "./common.js";
