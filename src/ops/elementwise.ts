// Elementwise ops: arithmetic, exponentials and what activations are made of. One record each, with the derivative as a
// textbook would print it.

import { type AnyOp, anyType, apply, isFollowed, type Op } from "../autodiff/index.js";
import { emptyLike, kernelsOf, Tensor, traceable } from "../core/index.js";
import { binary } from "./binary.js";
import { broadcastShapes, gridReference, runGrid, scalar } from "./broadcast.js";
import { chain } from "./chain.js";
import { scaled } from "./scaled.js";
import { unary } from "./unary.js";

const oneLike = (x: Tensor): Tensor => scalar(1, x);
const everywhere = { low: -3, high: 3 };
const positive = { low: 0.2, high: 4 };

// y = -x
export const negOp = unary({
  name: "neg",
  reference: (x) => -x,
  derivative: (x) => scalar(-1, x),
  domain: everywhere,
  integers: true,
});
// y = |x|, y' = sign x, 0 at 0
export const absOp = unary({
  name: "abs",
  reference: Math.abs,
  derivative: (x) => sign(x),
  domain: positive,
  integers: true,
});
// y = sign x, y' = 0
export const signOp = unary({
  name: "sign",
  reference: Math.sign,
  derivative: (x) => scalar(0, x),
  domain: positive,
  integers: true,
});
// y = x², y' = 2x
export const squareOp = unary({
  name: "square",
  integers: true,
  reference: (x) => x * x,
  derivative: (x) => mul(x, 2),
  domain: everywhere,
});
// y = √x, y' = 1 / 2y
export const sqrtOp = unary({
  name: "sqrt",
  reference: Math.sqrt,
  derivative: (_, y) => div(scalar(0.5, y), y),
  domain: positive,
});
// y = max(x, 0), y' = 1 for x > 0, else 0, also at 0
export const reluOp = unary({
  name: "relu",
  reference: (x) => Math.max(x, 0),
  derivative: (_, y) => sign(y),
  domain: positive,
});
// y = eˣ = y'
export const expOp = unary({ name: "exp", reference: Math.exp, derivative: (_, y) => y, domain: everywhere });
// y = eˣ - 1, y' = eˣ, which y + 1 is not for large negative x
export const expm1Op = unary({
  name: "expm1",
  reference: Math.expm1,
  derivative: (x) => exp(x),
  domain: everywhere,
});
// y = log x, y' = 1 / x
export const logOp = unary({
  name: "log",
  reference: Math.log,
  derivative: (x) => div(oneLike(x), x),
  domain: positive,
});
// y = log(1 + x), y' = 1 / (1 + x)
export const log1pOp = unary({
  name: "log1p",
  reference: Math.log1p,
  derivative: (x) => div(oneLike(x), add(x, 1)),
  domain: positive,
});
// y = tanh x, y' = 1 - y²
export const tanhOp = unary({
  name: "tanh",
  reference: Math.tanh,
  derivative: (_, y) => sub(oneLike(y), square(y)),
  grad: "tanhGrad",
  domain: everywhere,
});
// y = 1 / (1 + e⁻ˣ), y' = y (1 - y)
export const sigmoidOp = unary({
  name: "sigmoid",
  reference: (x) => 1 / (1 + Math.exp(-x)),
  derivative: (_, y) => mul(y, sub(oneLike(y), y)),
  grad: "sigmoidGrad",
  domain: everywhere,
});
// y = log(1 + e^(c x)) / c, y' = sigmoid(c x) = 1 - e^(-c y)
export const softplusOp = scaled({
  name: "softplus",
  reference: (x, c) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(c * x))) / c,
  derivative: (_, y, c) => softplusGate(y, c),
  domain: { low: -1, high: 1 },
});
// g = 1 - e^(-c y), g' = c (1 - g)
export const softplusGateOp = scaled({
  name: "softplusGate",
  reference: (y, c) => -Math.expm1(-c * y),
  derivative: (_, g, c) => mul(sub(oneLike(g), g), c),
  domain: { low: 0, high: 1 },
});
// y = x + c
export const addScalarOp = scaled({
  name: "addScalar",
  integers: true,
  reference: (x, c) => x + c,
  derivative: oneLike,
  domain: everywhere,
});
// y = c x
export const mulScalarOp = scaled({
  name: "mulScalar",
  integers: true,
  reference: (x, c) => x * c,
  derivative: (x, _, c) => scalar(c, x),
  domain: everywhere,
});

// y = a + b
export const addOp = binary({
  name: "add",
  integers: true,
  reference: (a, b) => a + b,
  pull: [(d) => d, (d) => d],
  domain: everywhere,
});
// y = a - b
export const subOp = binary({
  name: "sub",
  integers: true,
  reference: (a, b) => a - b,
  pull: [(d) => d, (d) => neg(d)],
  domain: everywhere,
});
// y = a b
export const mulOp = binary({
  name: "mul",
  integers: true,
  reference: (a, b) => a * b,
  pull: [(d, a, b) => times(d, b, a), (d, a, b) => times(d, a, b)],
  domain: everywhere,
});

// y = a / b, and 0 where a is 0, for the reason that chain has
export const chainOverOp = binary({
  name: "chainOver",
  reference: (a, b) => (a === 0 ? 0 : a / b),
  pull: [(d, _, b) => chainOver(d, b), overDivisor],
  domain: positive,
});

/** d x, what a product sends to its factor `to`; for a single number at once the sum of it, with the same bits. */
function times(d: Tensor, x: Tensor, to: Tensor): Tensor {
  if (to.rank > 0 || d.rank === 0 || x.size !== d.size || isFollowed()) return chain(d, x);
  const result = emptyLike(d, []);
  traceable([result], [d, x], ([sum], [d, x]) => kernelsOf(sum).dotChain(sum.address, d.address, x.address, d.size));
  return result;
}

// y = a / b, dy/db = -y / b, which stays in range where b² would not
export const divOp = binary({
  name: "div",
  reference: (a, b) => a / b,
  pull: [(d, _, b) => chainOver(d, b), overDivisor],
  domain: positive,
});

/** d times the derivative of a quotient y in its divisor b. */
function overDivisor(d: Tensor, _: Tensor, b: Tensor, y: Tensor): Tensor {
  return neg(chain(d, chainOver(y, b)));
}

// y = the larger; at a tie the derivative goes to a
export const maximumOp = binary({
  name: "maximum",
  integers: true,
  reference: Math.max,
  pull: [(d, a, b) => chain(d, sub(oneLike(a), greater(b, a))), (d, a, b) => chain(d, greater(b, a))],
  domain: everywhere,
});
// y = the smaller; at a tie the derivative goes to a
export const minimumOp = binary({
  name: "minimum",
  integers: true,
  reference: Math.min,
  pull: [(d, a, b) => chain(d, sub(oneLike(a), greater(a, b))), (d, a, b) => chain(d, greater(a, b))],
  domain: everywhere,
});
// y = 1 where a > b, else 0; constant almost everywhere
export const greaterOp: Op = {
  name: "greater",
  batch: "elementwise",
  types: anyType,
  shapes: ([a, b]) => [broadcastShapes("greater", a.shape, b.shape)],
  forward: ([y], [a, b]) => runGrid("greater", y, a, b),
  vjp: () => [undefined, undefined],
  jvp: () => [undefined],
  reference: ([a, b]) => gridReference(a, b, (x, y) => Number(x > y)),
  domain: [],
};

/** A tensor, or a number that stands for one of shape []. */
export type Operand = Tensor | number;

/** `x` as a tensor: a number becomes one of the type of `like`, which it stands beside. For ops of two operands. */
export function operand(x: Operand, like: Tensor): Tensor {
  // What is no tensor is for the op to refuse, by its place.
  return typeof x === "number" && like instanceof Tensor ? scalar(x, like) : (x as Tensor);
}

/**
 * -x
 * @example neg(tensor([1, -2])) // [-1, 2]
 */
export const neg = (x: Tensor): Tensor => apply(negOp, [x], undefined);
/** `x` in the reverse order: -x, and of int32 -1 - x, which exists for the least number too. Its own inverse. */
export const reversed = (x: Tensor): Tensor =>
  !(x instanceof Tensor) || x.type.isFloat ? neg(x) : sub(scalar(-1, x), x);
/**
 * |x|; its derivative is 0 at 0.
 * @example abs(tensor([-1, 2])) // [1, 2]
 */
export const abs = (x: Tensor): Tensor => apply(absOp, [x], undefined);
/**
 * 1, 0 or -1, by the sign of x; its derivative is 0.
 * @example sign(tensor([-3, 0, 2])) // [-1, 0, 1]
 */
export const sign = (x: Tensor): Tensor => apply(signOp, [x], undefined);
/**
 * x²
 * @example square(tensor([2, -3])) // [4, 9]
 */
export const square = (x: Tensor): Tensor => apply(squareOp, [x], undefined);
/**
 * The square root; NaN below 0, and an infinite derivative at 0.
 * @example sqrt(tensor([4, 9])) // [2, 3]
 */
export const sqrt = (x: Tensor): Tensor => apply(sqrtOp, [x], undefined);
/**
 * max(x, 0); its derivative is 0 at 0.
 * @example relu(tensor([-1, 2])) // [0, 2]
 */
export const relu = (x: Tensor): Tensor => apply(reluOp, [x], undefined);
/**
 * eˣ
 * @example exp(tensor([0, 1])) // [1, 2.718]
 */
export const exp = (x: Tensor): Tensor => apply(expOp, [x], undefined);
/**
 * eˣ - 1, exact near 0.
 * @example expm1(tensor([0, 1])) // [0, 1.718]
 */
export const expm1 = (x: Tensor): Tensor => apply(expm1Op, [x], undefined);
/**
 * The natural logarithm; -Infinity at 0, NaN below.
 * @example log(tensor([1, 2])) // [0, 0.6931]
 */
export const log = (x: Tensor): Tensor => apply(logOp, [x], undefined);
/**
 * log(1 + x), exact near 0.
 * @example log1p(tensor([0, 1])) // [0, 0.6931]
 */
export const log1p = (x: Tensor): Tensor => apply(log1pOp, [x], undefined);
/**
 * The hyperbolic tangent.
 * @example tanh(tensor([0, 1])) // [0, 0.7616]
 */
export const tanh = (x: Tensor): Tensor => apply(tanhOp, [x], undefined);
/**
 * 1 / (1 + e⁻ˣ)
 * @example sigmoid(tensor([0, 2])) // [0.5, 0.8808]
 */
export const sigmoid = (x: Tensor): Tensor => apply(sigmoidOp, [x], undefined);
/**
 * log(1 + e^(beta x)) / beta, a smooth relu; beta is 1 by default.
 * @example softplus(tensor([0, 1])) // [0.6931, 1.313]
 */
export const softplus = (x: Tensor, beta = 1): Tensor => apply(softplusOp, [x], { c: beta });
/**
 * 1 - e^(-beta y): the derivative of softplus written in its result y (Shervani-Tabar and Rosenbaum 2023, methods).
 * @example softplusGate(softplus(tensor([0, 1]))) // [0.5, 0.7311]
 */
export const softplusGate = (y: Tensor, beta = 1): Tensor => apply(softplusGateOp, [y], { c: beta });
/**
 * a + b
 * @example add(tensor([[1, 2], [3, 4]]), tensor([10, 20])) // [[11, 22], [13, 24]]
 */
export const add = (a: Tensor, b: Operand): Tensor =>
  typeof b === "number" ? apply(addScalarOp, [a], { c: b }) : apply(addOp, [a, b], undefined);
/**
 * a - b
 * @example sub(tensor([1, 2]), 1) // [0, 1]
 */
export const sub = (a: Tensor, b: Operand): Tensor =>
  typeof b === "number" ? apply(addScalarOp, [a], { c: -b }) : apply(subOp, [a, b], undefined);
/**
 * a b, element by element
 * @example mul(tensor([1, 2]), tensor([3, 4])) // [3, 8]
 */
export const mul = (a: Tensor, b: Operand): Tensor =>
  typeof b === "number" ? apply(mulScalarOp, [a], { c: b }) : apply(mulOp, [a, b], undefined);
/**
 * a / b, element by element
 * @example div(tensor([1, 2]), 4) // [0.25, 0.5]
 */
export const div = (a: Tensor, b: Operand): Tensor => apply(divOp, [a, operand(b, a)], undefined);
/** a / b, and 0 where a is 0, whatever b: a quotient in the chain rule. For rules of ops. */
export const chainOver = (a: Tensor, b: Tensor): Tensor => apply(chainOverOp, [a, b], undefined);
/**
 * The larger of a and b, element by element; NaN if either is. At a tie the derivative goes to a.
 * @example maximum(tensor([1, 3]), 2) // [2, 3]
 */
export const maximum = (a: Tensor, b: Operand): Tensor => apply(maximumOp, [a, operand(b, a)], undefined);
/**
 * The smaller of a and b, element by element; NaN if either is. At a tie the derivative goes to a.
 * @example minimum(tensor([1, 3]), 2) // [1, 2]
 */
export const minimum = (a: Tensor, b: Operand): Tensor => apply(minimumOp, [a, operand(b, a)], undefined);
/**
 * 1 where a > b, else 0. No derivative passes.
 * @example greater(tensor([1, 2, 3]), 2) // [0, 0, 1]
 */
export const greater = (a: Tensor, b: Operand): Tensor => apply(greaterOp, [a, operand(b, a)], undefined);

/** Every record of this file that has a domain. */
export const elementwiseOps: readonly AnyOp[] = /* @__PURE__ */ [
  [negOp, absOp, signOp, squareOp, sqrtOp, reluOp, expOp, expm1Op, logOp, log1pOp, tanhOp, sigmoidOp],
  [softplusOp, softplusGateOp, addScalarOp, mulScalarOp],
  [addOp, subOp, mulOp, chainOverOp, divOp, maximumOp, minimumOp, greaterOp],
].flat() as AnyOp[];
