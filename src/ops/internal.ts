// What the floors above use of this folder that is no part of the public names: the records of ops, one by one and in a
// table.
export * from "./activations.js";
export * from "./cast.js";
export * from "./chain.js";
export * from "./elementwise.js";
export * from "./extremes.js";
export * from "./join.js";
export * from "./losses.js";
export * from "./matmul.js";
export { permuteOp } from "./permute.js";
export { unitOf } from "./reductions.js";
export * from "./roots.js";
export * from "./shape.js";
export * from "./slice.js";
export * from "./stretch.js";
export { opTable } from "./table.js";
export { unstack } from "./unstack.js";
export * from "./where.js";
