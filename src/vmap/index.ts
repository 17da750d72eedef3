// Turns functions of one example into functions of many.
export { type Axes, type VmapOptions, vmap } from "./vmap.js";
