// The public names of the ops: the functions that apply them. The methods of tensors come with them.
import "./methods.js";

export { elu, gelu, leakyRelu, logSigmoid, selu, silu, softsign } from "./activations.js";
export { type At, at, type Masked } from "./at.js";
export { dot, matmul } from "./batch.js";
export { apply, applyAll } from "./by-hand.js";
export { cast } from "./cast.js";
export {
  conv1d,
  conv2d,
  depthwiseConv2d,
  type GroupedOptions,
  type GroupedOptions1d,
} from "./convolution.js";
export {
  arange,
  eye,
  full,
  fullLike,
  linspace,
  type OfType,
  ones,
  onesLike,
  type TensorOptions,
  tensor,
  tri,
  zeros,
  zerosLike,
} from "./create.js";
export { diag, diagonal, kron, trace } from "./diagonals.js";
export { type ChoiceOptions, random } from "./distributions.js";
export type { DrawOptions, DrawParameters } from "./draw-options.js";
export { einsum, tensordot } from "./einsum.js";
export {
  abs,
  add,
  div,
  exp,
  expm1,
  greater,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  type Operand,
  relu,
  sigmoid,
  sign,
  softplus,
  softplusGate,
  sqrt,
  square,
  sub,
  tanh,
} from "./elementwise.js";
export { erf } from "./erf.js";
export { argmax, argmin, max, min } from "./extremes.js";
export { embedding, type Indices, scatterAdd, take, takeAlong } from "./gather.js";
export { meshgrid, repeat } from "./grids.js";
export { hypot } from "./hypot.js";
export { concat, roll, split, stack, tile } from "./join.js";
export { logAddExp } from "./log-add-exp.js";
export { logSoftmax, softmax, softmaxError } from "./losses.js";
export { oneHot, tril, triu } from "./masks.js";
export { matvec, outer, type Transposed } from "./matmul.js";
export { mean } from "./mean.js";
export {
  bce,
  bceWithLogits,
  type ClassLossOptions,
  type CrossEntropyOptions,
  crossEntropy,
  huber,
  kl,
  type LossOptions,
  mse,
  nll,
  type Reduction,
} from "./objectives.js";
export { argsort, sort, topK } from "./order.js";
export { type PadMode, pad } from "./padding.js";
export { expandDims, moveAxis, squeeze, transpose } from "./permute.js";
export {
  type AvgPoolOptions,
  type AvgPoolOptions1d,
  adaptiveAvgPool,
  adaptiveAvgPool1d,
  adaptiveMaxPool,
  adaptiveMaxPool1d,
  avgPool,
  avgPool1d,
  maxPool,
  maxPool1d,
  type PoolOptions,
  type PoolOptions1d,
} from "./pooling.js";
export { atan2, mod, pow } from "./power.js";
export { all, any, type NanToNumOptions, nanToNum, whereFinite as isFinite, whereNaN as isNaN } from "./predicates.js";
export { prod } from "./product.js";
export { median, quantile } from "./quantiles.js";
export { logSumExp, norm, std, variance } from "./reductions.js";
export { cbrt, reciprocal, rsqrt } from "./roots.js";
export { ceil, floor, round } from "./rounding.js";
export { cumMax, cumMin, cumprod, cumsum, type RunningOptions } from "./running.js";
export {
  bincount,
  compress,
  nonzero,
  searchsorted,
  segmentMax,
  segmentMean,
  segmentSum,
  type Unique,
  unique,
} from "./segments.js";
export { columnsOf, placeColumns, reshape } from "./shape.js";
export { flip, slice } from "./slice.js";
export { broadcastTo } from "./stretch.js";
export { type Axes, sum } from "./sum.js";
export { convTranspose1d, convTranspose2d, type TransposedOptions, type TransposedOptions1d } from "./transposed.js";
export { acos, acosh, asin, asinh, atan, atanh, cos, cosh, sin, sinh, tan } from "./trigonometry.js";
export {
  clip,
  equal,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  notEqual,
  where,
} from "./where.js";
export { floorDiv, trunc } from "./whole.js";
export type { ConvolutionOptions, Padding, Padding1d, WindowOptions, WindowOptions1d } from "./windows.js";
