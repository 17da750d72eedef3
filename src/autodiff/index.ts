// What the floors above use of automatic differentiation.
export { type CustomGradient, customGrad } from "./custom.js";
export { hvp, jvp } from "./forward.js";
export { type Jacobian, type JacobianOptions, jacobian } from "./jacobian.js";
export { type Checkpoint, type LoopOptions, loop, scan } from "./loop.js";
export type { AnyOp, Application, Array64, Op, Outer, Sample, SampleInput } from "./op.js";
export { matvecOp, outerCotangent, outerOp, primitives, rowOp, stackOp, stop, sumOf, zerosLike } from "./primitives.js";
export { apply, applyAll, isDifferentiated } from "./tape.js";
export { type GradOptions, grad, type Pullback, valueAndGrad, valueAndGradAux, vjp } from "./transforms.js";
