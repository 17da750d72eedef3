// Every op: one record each, and the functions and methods that apply them.
import "./methods.js";
import { type AnyOp, primitives } from "../autodiff/index.js";
import { broadcastToOp } from "./broadcast.js";
import { elementwiseOps } from "./elementwise.js";
import { lossOps } from "./losses.js";
import { matmulOp } from "./matmul.js";
import { shapeOps } from "./shape.js";
import { sumOp } from "./sum.js";

export { broadcastTo } from "./broadcast.js";
export { full, ones, random, type TensorOptions, tensor, zeros } from "./create.js";
export * from "./elementwise.js";
export { crossEntropy, logSoftmax, softmax, softmaxError } from "./losses.js";
export { matmul, matvec, outer, type Transposed } from "./matmul.js";
export { mean } from "./mean.js";
export { columnsOf, placeColumns, reshape, transpose } from "./shape.js";
export { type Axes, sum } from "./sum.js";

/** Every op record: the table that the laws are tested on. */
export const opTable: readonly AnyOp[] = [
  ...primitives,
  ...elementwiseOps,
  broadcastToOp,
  sumOp,
  matmulOp,
  ...shapeOps,
  ...lossOps,
] as AnyOp[];
