// Functions of one example as functions of many.
export { type Axes, type VmapOptions, vmap } from "./vmap.js";
