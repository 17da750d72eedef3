// The table of all op records.
import { type AnyOp, primitives } from "../autodiff/index.js";
import { activationOps } from "./activations.js";
import { atOps } from "./at.js";
import { castOps } from "./cast.js";
import { chainOps } from "./chain.js";
import { convolutionOps } from "./convolution.js";
import { elementwiseOps } from "./elementwise.js";
import { erfOps } from "./erf.js";
import { extremeOps } from "./extremes.js";
import { gatherOps } from "./gather.js";
import { hypotOps } from "./hypot.js";
import { joinOps } from "./join.js";
import { logAddExpOps } from "./log-add-exp.js";
import { lossOps } from "./losses.js";
import { batchMatmulOp, matmulOp } from "./matmul.js";
import { orderOps } from "./order.js";
import { patchOps } from "./patches.js";
import { permuteOp } from "./permute.js";
import { powerOps } from "./power.js";
import { productOps } from "./product.js";
import { rootOps } from "./roots.js";
import { roundingOps } from "./rounding.js";
import { runningOps } from "./running.js";
import { segmentOps } from "./segments.js";
import { shapeOps } from "./shape.js";
import { sliceOps } from "./slice.js";
import { broadcastToOp, sumOp } from "./stretch.js";
import { trigonometricOps } from "./trigonometry.js";
import { unstackOps } from "./unstack.js";
import { whereOps } from "./where.js";
import { wholeOps } from "./whole.js";

/**
 * Every op record: the table that the laws are tested on. Marked as pure and written without `...`, so that a bundler can
 * drop it, and the ops that a program does not use with it.
 */
export const opTable: readonly AnyOp[] = /* @__PURE__ */ [
  primitives,
  chainOps,
  elementwiseOps,
  activationOps,
  rootOps,
  trigonometricOps,
  erfOps,
  roundingOps,
  hypotOps,
  logAddExpOps,
  powerOps,
  whereOps,
  wholeOps,
  broadcastToOp,
  sumOp,
  matmulOp,
  shapeOps,
  permuteOp,
  sliceOps,
  joinOps,
  unstackOps,
  gatherOps,
  extremeOps,
  orderOps,
  productOps,
  runningOps,
  atOps,
  segmentOps,
  castOps,
  batchMatmulOp,
  patchOps,
  convolutionOps,
  lossOps,
].flat() as AnyOp[];
