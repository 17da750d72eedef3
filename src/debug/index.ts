// The public face of `synaptape/debug`: where a number went wrong, what a gradient stores, and what consoles show.
export { explain } from "./explain.js";
export { type FirstNaNOptions, firstNaN, type NonFinite } from "./first-nan.js";
export { formatInConsole } from "./formatter.js";
