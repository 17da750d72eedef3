// Choices and comparisons. Truth is 1 or 0, of the type that was compared; what is not 0, NaN among it, counts as true.

import { type AnyOp, anyType, apply, checkTensors, type Op, zerosLike } from "../autodiff/index.js";
import { emptyLike, kernelsOf, sameShape, showShape, type Tensor } from "../core/index.js";
import { broadcastShapes, gridReference, runGrid, scalar } from "./broadcast.js";
import { asFloat, cast } from "./cast.js";
import { add, greater, maximum, minimum, mul, type Operand, operand, sub } from "./elementwise.js";
import { broadcastTo } from "./stretch.js";

/** y = a where the condition is not 0, b elsewhere; three equal shapes. No derivative reaches the condition. */
export const whereOp: Op = {
  name: "where",
  batch: "leading",
  types: { takes: "any", masks: [0] },
  shapes: ([condition, a, b]) => {
    if (condition.type.isFloat && condition.type !== a.type) {
      throw new TypeError(
        `[where] the condition is ${condition.dtype}, the choices ${a.dtype}. Use cast(condition, "${a.dtype}").`,
      );
    }
    if (!sameShape(condition.shape, a.shape) || !sameShape(a.shape, b.shape)) {
      throw new RangeError(`[where] shapes ${[condition, a, b].map(({ shape }) => showShape(shape))} differ.`);
    }
    return [a.shape];
  },
  forward: ([y], [condition, a, b]) => {
    const mask = condition.type === y.type ? condition : emptyLike(y);
    if (mask !== condition) kernelsOf(y).toFloat(mask.address, condition.address, y.size);
    kernelsOf(y).where(y.address, mask.address, a.address, b.address, y.size);
  },
  vjp: ([dy], { inputs: [condition], needs }) => [
    undefined,
    needs(1) ? choose(condition, dy!, zerosLike(dy!)) : undefined,
    needs(2) ? choose(condition, zerosLike(dy!), dy!) : undefined,
  ],
  jvp: ([_, da, db], { inputs: [condition, a] }) => [
    (da || db) && choose(condition, da ?? zerosLike(a), db ?? zerosLike(a)),
  ],
  reference: ([condition, a, b]) => [
    { shape: a.shape, data: a.data.map((x, i) => (condition.data[i] === 0 ? b.data[i] : x)) },
  ],
  domain: [
    {
      inputs: [{ shape: [3, 4], dtype: "int32", high: 2 }, { shape: [3, 4] }, { shape: [3, 4] }],
      attributes: undefined,
    },
  ],
};

const choose = (condition: Tensor, a: Tensor, b: Tensor): Tensor => apply(whereOp, [condition, a, b], undefined);

/**
 * `a` where `condition` (0 or 1, float32 or int32) is not 0, `b` elsewhere; all three broadcast. The derivative goes to
 * what was chosen, and the other side adds 0 even where it is NaN or infinite; still, a derivative that is infinite
 * *inside* the other side times that 0 is NaN: choose the argument before the function too, as in
 * `where(x.greater(0), log(where(x.greater(0), x, 1)), 0)`.
 *
 * @example where(tensor([1, 0]), tensor([1, 2]), -1) // [1, -1]
 */
export function where(condition: Tensor, a: Operand, b: Operand): Tensor {
  checkTensors("where", [condition]);
  const like = typeof a === "number" ? (typeof b === "number" ? asFloat(condition) : b) : a;
  const [left, right] = [operand(a, like), operand(b, like)];
  checkTensors("where", [condition, left, right]);
  const shape = broadcastShapes("where", broadcastShapes("where", condition.shape, left.shape), right.shape);
  return choose(broadcastTo(maskFor(condition, left), shape), broadcastTo(left, shape), broadcastTo(right, shape));
}

/** The condition in the type of the chosen values; a number that underflows in that type still counts as true. */
function maskFor(condition: Tensor, { type, dtype }: Tensor): Tensor {
  if (condition.type === type) return condition;
  return cast(condition.type.isFloat ? notEqual(condition, 0) : condition, dtype);
}

/** y = 1 where a = b, else 0; constant almost everywhere */
export const equalOp: Op = {
  name: "equal",
  batch: "elementwise",
  types: anyType,
  shapes: ([a, b]) => [broadcastShapes("equal", a.shape, b.shape)],
  forward: ([y], [a, b]) => runGrid("equal", y, a, b),
  vjp: () => [undefined, undefined],
  jvp: () => [undefined],
  reference: ([a, b]) => gridReference(a, b, (x, y) => Number(x === y)),
  domain: [],
};

/**
 * 1 where a = b, else 0; NaN equals nothing. No derivative passes.
 *
 * @example equal(tensor([1, 2]), 2) // [0, 1]
 */
export const equal = (a: Tensor, b: Operand): Tensor => apply(equalOp, [a, operand(b, a)], undefined);
/**
 * 1 where a and b differ, else 0; NaN differs from everything. No derivative passes.
 *
 * @example notEqual(tensor([1, 2]), 2) // [1, 0]
 */
export function notEqual(a: Tensor, b: Operand): Tensor {
  const same = equal(a, b);
  return sub(scalar(1, same), same);
}
/**
 * 1 where a < b, else 0. No derivative passes.
 *
 * @example less(tensor([1, 2, 3]), 2) // [1, 0, 0]
 */
export const less = (a: Tensor, b: Operand): Tensor => greater(operand(b, a), a);
/**
 * 1 where a >= b, else 0. No derivative passes.
 *
 * @example greaterEqual(tensor([1, 2, 3]), 2) // [0, 1, 1]
 */
export const greaterEqual = (a: Tensor, b: Operand): Tensor => add(greater(a, b), equal(a, b));
/**
 * 1 where a <= b, else 0. No derivative passes.
 *
 * @example lessEqual(tensor([1, 2, 3]), 2) // [1, 1, 0]
 */
export const lessEqual = (a: Tensor, b: Operand): Tensor => add(less(a, b), equal(a, b));
/**
 * 1 where x is 0, else 0.
 *
 * @example logicalNot(tensor([1, 0])) // [0, 1]
 */
export const logicalNot = (x: Tensor): Tensor => equal(x, 0);
/**
 * 1 where neither a nor b is 0, else 0. The two may be of different types; the result has that of a.
 *
 * @example logicalAnd(tensor([1, 1, 0]), tensor([1, 0, 0])) // [1, 0, 0]
 */
export const logicalAnd = (a: Tensor, b: Tensor): Tensor => mul(notEqual(a, 0), truthOf(b, a));
/**
 * 1 where a and b are not both 0, else 0. The two may be of different types; the result has that of a.
 *
 * @example logicalOr(tensor([1, 1, 0]), tensor([1, 0, 0])) // [1, 1, 0]
 */
export const logicalOr = (a: Tensor, b: Tensor): Tensor => maximum(notEqual(a, 0), truthOf(b, a));

/** Whether `x` is not 0, in the type of `like`. */
function truthOf(x: Tensor, like: Tensor): Tensor {
  const truth = notEqual(x, 0);
  return cast(truth, like.dtype);
}

/**
 * `x` inside [low, high], the nearer bound outside, NaN where x is. At a bound itself the derivative passes to x.
 *
 * @example clip(tensor([-2, 0.5, 2]), -1, 1) // [-1, 0.5, 1]
 */
export function clip(x: Tensor, low: Operand, high: Operand): Tensor {
  return minimum(maximum(x, low), high);
}

/** Every record of this file. */
export const whereOps: readonly AnyOp[] = [whereOp, equalOp] as AnyOp[];
