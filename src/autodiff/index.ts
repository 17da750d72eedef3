// What the floors above use of automatic differentiation.

export { sweepParts } from "./backward.js";
export { checkpoint } from "./checkpoint.js";
export type { CotangentStore, Part } from "./cotangents.js";
export { type CustomGradient, customGrad } from "./custom.js";
export { hvp, jvp } from "./forward.js";
export { type Gathered, gather, type Use } from "./gather.js";
export { replay } from "./iterate.js";
export { hessian, type Jacobian, type JacobianOptions, jacobian } from "./jacobian.js";
export { type Checkpoint, type LoopOptions, loop, scan } from "./loop.js";
export {
  type AnyOp,
  type Application,
  type Array64,
  type Batch,
  type BatchRule,
  type Op,
  OuterProduct,
  type Sample,
  type SampleInput,
} from "./op.js";
export {
  accumulate,
  alias,
  matvecOp,
  outerCotangent,
  outerOp,
  placeRowOp,
  primitives,
  rowOp,
  stackOp,
  stop,
  stopOp,
  sumOf,
  swapOp,
  zerosLike,
} from "./primitives.js";
export { segmentLength } from "./segment-plan.js";
export { Sweep } from "./sweep.js";
export {
  type Applied,
  apply,
  applyAll,
  type Batching,
  type Cotangent,
  checkTensors,
  type Entry,
  followedBy,
  followersNow,
  isDifferentiated,
  isFollowed,
  Log,
  recordingIn,
  type Segment,
} from "./tape.js";
export {
  type GradOptions,
  grad,
  type Pullback,
  parametersOf,
  recorded,
  valueAndGrad,
  valueAndGradAux,
  vjp,
} from "./transforms.js";
export { anyType, type Typing } from "./typing.js";
export { currentWatcher, type RuleParts, type Watcher, watchedBy } from "./watch.js";
