// Functions of two numbers that are not arithmetic: powers, the remainder, the angle of a point.

import { type AnyOp, apply, type Op } from "../autodiff/index.js";
import { kernelsOf, type Tensor } from "../core/index.js";
import { binary } from "./binary.js";
import { scalar } from "./broadcast.js";
import { chain } from "./chain.js";
import { div, log, mul, neg, type Operand, operand, sub } from "./elementwise.js";
import { hypot } from "./hypot.js";
import { floor } from "./rounding.js";
import { equal, where } from "./where.js";

/** a^b as IEEE 754 has it: 1 for a = 1 whatever b, and for a = -1 and infinite b, where JavaScript has NaN. */
function powReference(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b;
}

// y = a^b, dy/da = b a^(b-1), 0 for b = 0; dy/db = y log a, 0 for a = 0
const powOp = binary({
  name: "pow",
  reference: powReference,
  pull: [
    (d, a, b) => chain(d, chain(b, pow(a, sub(b, 1)))),
    (d, a, _, y) => chain(d, mul(y, log(where(equal(a, 0), 1, a)))),
  ],
  domain: [
    { low: 0.3, high: 2 },
    { low: -2, high: 3 },
  ],
});
/** a - b floor(a / b) with the sign of b, also where b is infinite and the formula has no value. */
function modReference(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

// y = a - b floor(a / b), dy/da = 1, dy/db = -floor(a / b)
const modOp = binary({
  name: "mod",
  integers: true,
  reference: modReference,
  pull: [(d) => d, (d, a, b) => neg(chain(d, floor(div(a, b))))],
  domain: [
    { low: 4.4, high: 4.8 },
    { low: 1.7, high: 1.9 },
  ],
});
// y = the angle of the point (b, a), dy/da = b / r², dy/db = -a / r², r = √(a² + b²)
const atan2Op = binary({
  name: "atan2",
  reference: Math.atan2,
  pull: [(d, a, b) => chain(d, overSquare(b, hypot(a, b))), (d, a, b) => neg(chain(d, overSquare(a, hypot(a, b))))],
  domain: [
    { low: 0.3, high: 2 },
    { low: -2, high: 2 },
  ],
});

/** x / r², by two quotients: the square may leave the range of floats where the result does not. */
const overSquare = (x: Tensor, r: Tensor): Tensor => div(div(x, r), r);

// y = x^c for a number c, y' = c x^(c-1), 0 for c = 0
const powNumberOp: Op<{ c: number }> = {
  name: "powNumber",
  batch: "elementwise",
  shapes: ([x]) => [x.shape],
  forward: ([y], [x], { c }) => kernelsOf(y).powScalar(y.address, x.address, x.size, c),
  vjp: ([dy], { inputs: [x], attributes: { c } }) => [chain(dy!, slope(x, c))],
  jvp: ([dx], { inputs: [x], attributes: { c } }) => [dx && chain(dx, slope(x, c))],
  reference: ([x], { c }) => [{ shape: x.shape, data: x.data.map((value) => value ** Math.fround(c)) }],
  domain: [2.5, -1.25, 3, 1, 0].map((c) => ({ inputs: [{ shape: [2, 3], low: 0.4, high: 2 }], attributes: { c } })),
};

const slope = (x: Tensor, c: number): Tensor => (c === 0 ? scalar(0, x) : mul(pow(x, c - 1), c));

/**
 * a to the power b. x⁰ is 1 for every x, NaN too; a negative a has powers with whole exponents only, else NaN.
 *
 * The derivative in a is b a^(b-1), and 0 where b = 0. The derivative in b is aᵇ log a: 0 at a = 0 (for b >= 0) and
 * NaN for negative a. A number as exponent is not differentiated and gives right derivatives of any order at a = 0. Those of
 * order k in a tensor a, with a tensor b, are infinite where a^(b-k) is.
 *
 * @example pow(tensor([1, 2, 3]), 2) // [1, 4, 9]
 */
export function pow(a: Tensor, b: Operand): Tensor {
  return typeof b === "number" ? apply(powNumberOp, [a], { c: b }) : apply(powOp, [a, b], undefined);
}

/**
 * The remainder a - b floor(a / b), with the sign of b as in NumPy and Python. The derivative in a is 1, in b
 * -floor(a / b); at the jumps that of the value there.
 *
 * @example mod(tensor([7, -7]), 3) // [1, 2]
 */
export const mod = (a: Tensor, b: Operand): Tensor => apply(modOp, [a, operand(b, a)], undefined);

/**
 * The angle of the point (x, y) from -π to π: note the order, y first. Its derivative at the origin is NaN.
 *
 * @example atan2(tensor([1, -1]), tensor([0, -1])) // [1.571, -2.356]
 */
export const atan2 = (y: Tensor, x: Operand): Tensor => apply(atan2Op, [y, operand(x, y)], undefined);

/** Every record of this file. */
export const powerOps: readonly AnyOp[] = [powOp, modOp, atan2Op, powNumberOp] as AnyOp[];
