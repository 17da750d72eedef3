// The public face of `synaptape/debug`: where a number went wrong, and what a gradient stores.
export { explain } from "./explain.js";
export { type FirstNaNOptions, firstNaN, type NonFinite } from "./first-nan.js";
