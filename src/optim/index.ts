// The public face of `synaptape/optim`: optimizers as pure functions, so that they restart and can be differentiated.
export { type Adam, type AdamOptions, type AdamState, adam } from "./adam.js";
