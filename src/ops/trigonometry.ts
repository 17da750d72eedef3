// Trigonometric and hyperbolic functions and their inverses.

import { type AnyOp, apply, type Op } from "../autodiff/index.js";
import { emptyLike, type Tensor } from "../core/index.js";
import { chain } from "./chain.js";
import { add, mul, neg, square, sub } from "./elementwise.js";
import { hypot } from "./hypot.js";
import { reciprocal, rsqrt } from "./roots.js";
import { unary } from "./unary.js";

const everywhere = { low: -3, high: 3 };
const inside = { low: -0.8, high: 0.8 };

// y = (1 - x)(1 + x), exact near 1, where 1 - x² is not; y' = -2x, which the derivative of the product is not near 0
const oneLessSquareOp: Op = {
  name: "oneLessSquare",
  batch: "elementwise",
  shapes: ([x]) => [x.shape],
  forward: ([y], [x]) => {
    const { kernels } = y.type;
    const above = emptyLike(x);
    kernels.addScalar(above.address, x.address, x.size, 1);
    kernels.neg(y.address, x.address, x.size);
    kernels.addScalar(y.address, y.address, x.size, 1);
    kernels.mul(y.address, y.address, above.address, 1, x.size, 0, 1, 0, 1);
  },
  vjp: ([dy], { inputs: [x] }) => [chain(dy!, mul(x, -2))],
  jvp: ([dx], { inputs: [x] }) => [dx && chain(dx, mul(x, -2))],
  reference: ([x]) => [{ shape: x.shape, data: x.data.map((value) => (1 - value) * (1 + value)) }],
  domain: [{ inputs: [{ shape: [2, 3], ...inside }], attributes: undefined }],
};
const oneLessSquare = (x: Tensor): Tensor => apply(oneLessSquareOp, [x], undefined);

// y = sin x, y' = cos x
const sinOp = unary({
  name: "sin",
  reference: Math.sin,
  derivative: (x) => cos(x),
  domain: everywhere,
});
// y = cos x, y' = -sin x
const cosOp = unary({
  name: "cos",
  reference: Math.cos,
  derivative: (x) => neg(sin(x)),
  domain: everywhere,
});
// y = tan x, y' = 1 + y²
const tanOp = unary({
  name: "tan",
  reference: Math.tan,
  derivative: (_, y) => add(square(y), 1),
  domain: { low: -1.2, high: 1.2 },
});
// y = arcsin x, y' = 1 / √((1 - x)(1 + x))
const asinOp = unary({
  name: "asin",
  reference: Math.asin,
  derivative: (x) => rsqrt(oneLessSquare(x)),
  domain: inside,
});
// y = arccos x, y' = -1 / √((1 - x)(1 + x))
const acosOp = unary({
  name: "acos",
  reference: Math.acos,
  derivative: (x) => neg(rsqrt(oneLessSquare(x))),
  domain: inside,
});
// y = arctan x, y' = 1 / (1 + x²) as the square of 1 / √(1 + x²), whose own derivatives stay in range
const atanOp = unary({
  name: "atan",
  reference: Math.atan,
  derivative: (x) => square(reciprocal(hypot(x, 1))),
  domain: everywhere,
});
// y = sinh x, y' = cosh x
const sinhOp = unary({
  name: "sinh",
  reference: Math.sinh,
  derivative: (x) => cosh(x),
  domain: everywhere,
});
// y = cosh x, y' = sinh x
const coshOp = unary({
  name: "cosh",
  reference: Math.cosh,
  derivative: (x) => sinh(x),
  domain: everywhere,
});
// y = arsinh x, y' = 1 / √(x² + 1)
const asinhOp = unary({
  name: "asinh",
  reference: Math.asinh,
  derivative: (x) => reciprocal(hypot(x, 1)),
  domain: everywhere,
});
// y = arcosh x, y' = 1 / √(x - 1) √(x + 1)
const acoshOp = unary({
  name: "acosh",
  reference: Math.acosh,
  derivative: (x) => mul(rsqrt(sub(x, 1)), rsqrt(add(x, 1))),
  domain: { low: 1.3, high: 4 },
});
// y = artanh x, y' = 1 / ((1 - x)(1 + x))
const atanhOp = unary({
  name: "atanh",
  reference: Math.atanh,
  derivative: (x) => reciprocal(oneLessSquare(x)),
  domain: inside,
});

/**
 * The sine of an angle in radians, within 0.501 ULP for every finite float.
 *
 * @example sin(tensor([0, 1])) // [0, 0.8415]
 */
export const sin = (x: Tensor): Tensor => apply(sinOp, [x], undefined);
/**
 * The cosine of an angle in radians, as exact as `sin`.
 *
 * @example cos(tensor([0, 1])) // [1, 0.5403]
 */
export const cos = (x: Tensor): Tensor => apply(cosOp, [x], undefined);
/**
 * The tangent of an angle in radians, as exact as `sin`.
 *
 * @example tan(tensor([0, 1])) // [0, 1.557]
 */
export const tan = (x: Tensor): Tensor => apply(tanOp, [x], undefined);
/**
 * The angle from -π/2 to π/2 whose sine is x; NaN outside [-1, 1]. The derivative at ±1 is infinite.
 *
 * @example asin(tensor([0, 1])) // [0, 1.571]
 */
export const asin = (x: Tensor): Tensor => apply(asinOp, [x], undefined);
/**
 * The angle from 0 to π whose cosine is x; NaN outside [-1, 1]. The derivative at ±1 is infinite.
 *
 * @example acos(tensor([1, 0])) // [0, 1.571]
 */
export const acos = (x: Tensor): Tensor => apply(acosOp, [x], undefined);
/**
 * The angle from -π/2 to π/2 whose tangent is x.
 *
 * @example atan(tensor([0, 1])) // [0, 0.7854]
 */
export const atan = (x: Tensor): Tensor => apply(atanOp, [x], undefined);
/**
 * (eˣ - e⁻ˣ) / 2, exact for tiny x too.
 *
 * @example sinh(tensor([0, 1])) // [0, 1.175]
 */
export const sinh = (x: Tensor): Tensor => apply(sinhOp, [x], undefined);
/**
 * (eˣ + e⁻ˣ) / 2
 *
 * @example cosh(tensor([0, 1])) // [1, 1.543]
 */
export const cosh = (x: Tensor): Tensor => apply(coshOp, [x], undefined);
/**
 * The number whose sinh is x.
 *
 * @example asinh(tensor([0, 1])) // [0, 0.8814]
 */
export const asinh = (x: Tensor): Tensor => apply(asinhOp, [x], undefined);
/**
 * The number of at least 0 whose cosh is x; NaN below 1. The derivative at 1 is infinite.
 *
 * @example acosh(tensor([1, 2])) // [0, 1.317]
 */
export const acosh = (x: Tensor): Tensor => apply(acoshOp, [x], undefined);
/**
 * The number whose tanh is x; ±Infinity at ±1, NaN beyond.
 *
 * @example atanh(tensor([0, 0.5])) // [0, 0.5493]
 */
export const atanh = (x: Tensor): Tensor => apply(atanhOp, [x], undefined);

/** Every record of this file. */
export const trigonometricOps: readonly AnyOp[] = /* @__PURE__ */ [
  [oneLessSquareOp],
  [sinOp, cosOp, tanOp, asinOp, acosOp, atanOp],
  [sinhOp, coshOp, asinhOp, acoshOp, atanhOp],
].flat() as AnyOp[];
