// More functions of one number: powers, trigonometry, hyperbolics, the error function, rounding. Each is a row.

import { type AnyOp, apply, type Op, type SampleInput } from "../autodiff/index.js";
import { kernels, type Tensor } from "../core/index.js";
import { scalar } from "./broadcast.js";
import { chain } from "./chain.js";
import { abs, add, exp, mul, neg, sqrt, square, sub } from "./elementwise.js";
import { hypot } from "./hypot.js";

type Kernel =
  | "reciprocal"
  | "cbrt"
  | "sin"
  | "cos"
  | "tan"
  | "asin"
  | "acos"
  | "atan"
  | "sinh"
  | "cosh"
  | "asinh"
  | "acosh"
  | "atanh"
  | "erf"
  | "floor"
  | "ceil"
  | "round";

/** An op whose Jacobian is diagonal: vjp and jvp are the same product. */
function row(
  name: Kernel,
  reference: (x: number) => number,
  derivative: (x: Tensor, y: Tensor) => Tensor,
  domain: Omit<SampleInput, "shape">,
): Op {
  return {
    name,
    shapes: ([x]) => [x.shape],
    forward: ([y], [x]) => kernels()[name](y.address, x.address, x.size),
    vjp: ([dy], { inputs: [x], outputs: [y] }) => [chain(dy!, derivative(x, y))],
    jvp: ([dx], { inputs: [x], outputs: [y] }) => [dx && chain(dx, derivative(x, y))],
    reference: ([x]) => [{ shape: x.shape, data: x.data.map(reference) }],
    domain: [{ inputs: [{ shape: [2, 3], ...domain }], attributes: undefined }],
  };
}

const everywhere = { low: -3, high: 3 };
const inside = { low: -0.8, high: 0.8 };
const positive = { low: 0.3, high: 3 };
const between = { low: 0.6, high: 0.9 };
const one = (): Tensor => scalar(1);
const zero = (): Tensor => scalar(0);

/** erf x for the tests, by Kummer's series, all of whose terms are positive. */
function erfReference(x: number): number {
  if (Math.abs(x) > 10) return Math.sign(x);
  let [term, total] = [x, x];
  for (let n = 1; n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  const reference = Math.exp(-x * x);
  return 1.1283791670955126 * reference * total;
}

// y = 1 / x, y' = -y²
const reciprocalOp = row(
  "reciprocal",
  (x) => 1 / x,
  (_, y) => neg(square(y)),
  positive,
);
// y = x^(1/3), y' = 1 / 3y²
const cbrtOp = row(
  "cbrt",
  (reference) => Math.cbrt(reference),
  (_, y) => reciprocal(mul(square(y), 3)),
  positive,
);
// y = sin x, y' = cos x
const sinOp = row(
  "sin",
  (reference) => Math.sin(reference),
  (x) => cos(x),
  everywhere,
);
// y = cos x, y' = -sin x
const cosOp = row(
  "cos",
  (reference) => Math.cos(reference),
  (x) => neg(sin(x)),
  everywhere,
);
// y = tan x, y' = 1 + y²
const tanOp = row(
  "tan",
  (reference) => Math.tan(reference),
  (_, y) => add(square(y), 1),
  { low: -1.2, high: 1.2 },
);
// y = arcsin x, y' = 1 / √((1 - x)(1 + x))
const asinOp = row(
  "asin",
  (reference) => Math.asin(reference),
  (x) => rsqrt(oneLessSquare(x)),
  inside,
);
// y = arccos x, y' = -1 / √((1 - x)(1 + x))
const acosOp = row(
  "acos",
  (reference) => Math.acos(reference),
  (x) => neg(rsqrt(oneLessSquare(x))),
  inside,
);
// y = arctan x, y' = 1 / (1 + x²) as the square of 1 / √(1 + x²), whose own derivatives stay in range
const atanOp = row(
  "atan",
  (reference) => Math.atan(reference),
  (x) => square(reciprocal(hypot(x, 1))),
  everywhere,
);
// y = sinh x, y' = cosh x
const sinhOp = row(
  "sinh",
  (reference) => Math.sinh(reference),
  (x) => cosh(x),
  everywhere,
);
// y = cosh x, y' = sinh x
const coshOp = row(
  "cosh",
  (reference) => Math.cosh(reference),
  (x) => sinh(x),
  everywhere,
);
// y = arsinh x, y' = 1 / √(x² + 1)
const asinhOp = row(
  "asinh",
  (reference) => Math.asinh(reference),
  (x) => reciprocal(hypot(x, 1)),
  everywhere,
);
// y = arcosh x, y' = 1 / √(x - 1) √(x + 1)
const acoshOp = row(
  "acosh",
  (reference) => Math.acosh(reference),
  (x) => mul(rsqrt(sub(x, 1)), rsqrt(add(x, 1))),
  {
    low: 1.3,
    high: 4,
  },
);
// y = artanh x, y' = 1 / ((1 - x)(1 + x))
const atanhOp = row(
  "atanh",
  (reference) => Math.atanh(reference),
  (x) => reciprocal(oneLessSquare(x)),
  inside,
);
// y = erf x, y' = 2 / √π e^(-x²)
const erfOp = row("erf", erfReference, (x) => mul(exp(neg(square(x))), 1.1283791670955126), { low: -2, high: 2 });
// y = x / (1 + |x|), y' = 1 / (1 + |x|)²
const softsignOp: Op = {
  name: "softsign",
  shapes: ([x]) => [x.shape],
  forward: ([y], [x]) => {
    kernels().abs(y.address, x.address, x.size);
    kernels().addScalar(y.address, y.address, x.size, 1);
    kernels().div(y.address, x.address, y.address, 1, x.size, 0, 1, 0, 1);
  },
  vjp: ([dy], { inputs: [x] }) => [chain(dy!, softsignSlope(x))],
  jvp: ([dx], { inputs: [x] }) => [dx && chain(dx, softsignSlope(x))],
  reference: ([x]) => [{ shape: x.shape, data: x.data.map((value) => value / (1 + Math.abs(value))) }],
  domain: [{ inputs: [{ shape: [2, 3], ...positive }], attributes: undefined }],
};

const softsignSlope = (x: Tensor): Tensor => square(reciprocal(add(abs(x), 1)));

// y = the largest integer that is not above x, y' = 0
const floorOp = row("floor", Math.floor, zero, between);
// y = the smallest integer that is not below x, y' = 0
const ceilOp = row("ceil", Math.ceil, zero, between);
// y = the nearest integer, at a half the even one, y' = 0
const roundOp = row("round", Math.round, zero, between);

/** (1 - x)(1 + x): exact near 1, where 1 - x² is not. */
const oneLessSquare = (x: Tensor): Tensor => mul(sub(one(), x), add(x, 1));

/** 1 / x */
export const reciprocal = (x: Tensor): Tensor => apply(reciprocalOp, [x], undefined);
/** 1 / √x */
export const rsqrt = (x: Tensor): Tensor => reciprocal(sqrt(x));
/** The cube root, negative for negative x; its derivative at 0 is infinite. */
export const cbrt = (x: Tensor): Tensor => apply(cbrtOp, [x], undefined);
/** The sine of an angle in radians, within 0.501 ULP for every finite float. */
export const sin = (x: Tensor): Tensor => apply(sinOp, [x], undefined);
/** The cosine of an angle in radians, as exact as `sin`. */
export const cos = (x: Tensor): Tensor => apply(cosOp, [x], undefined);
/** The tangent of an angle in radians, as exact as `sin`. */
export const tan = (x: Tensor): Tensor => apply(tanOp, [x], undefined);
/** The angle from -π/2 to π/2 whose sine is x; NaN outside [-1, 1]. The derivative at ±1 is infinite. */
export const asin = (x: Tensor): Tensor => apply(asinOp, [x], undefined);
/** The angle from 0 to π whose cosine is x; NaN outside [-1, 1]. The derivative at ±1 is infinite. */
export const acos = (x: Tensor): Tensor => apply(acosOp, [x], undefined);
/** The angle from -π/2 to π/2 whose tangent is x. */
export const atan = (x: Tensor): Tensor => apply(atanOp, [x], undefined);
/** (eˣ - e⁻ˣ) / 2, exact for tiny x too. */
export const sinh = (x: Tensor): Tensor => apply(sinhOp, [x], undefined);
/** (eˣ + e⁻ˣ) / 2 */
export const cosh = (x: Tensor): Tensor => apply(coshOp, [x], undefined);
/** The number whose sinh is x. */
export const asinh = (x: Tensor): Tensor => apply(asinhOp, [x], undefined);
/** The number of at least 0 whose cosh is x; NaN below 1. The derivative at 1 is infinite. */
export const acosh = (x: Tensor): Tensor => apply(acoshOp, [x], undefined);
/** The number whose tanh is x; ±Infinity at ±1, NaN beyond. */
export const atanh = (x: Tensor): Tensor => apply(atanhOp, [x], undefined);
/** x / (1 + |x|) */
export const softsign = (x: Tensor): Tensor => apply(softsignOp, [x], undefined);
/** The error function 2/√π ∫₀ˣ e^(-t²) dt. */
export const erf = (x: Tensor): Tensor => apply(erfOp, [x], undefined);
/** The largest integer that is not above x. Its derivative is 0. */
export const floor = (x: Tensor): Tensor => apply(floorOp, [x], undefined);
/** The smallest integer that is not below x. Its derivative is 0. */
export const ceil = (x: Tensor): Tensor => apply(ceilOp, [x], undefined);
/** The nearest integer, at a half the even one, as in NumPy. Its derivative is 0. */
export const round = (x: Tensor): Tensor => apply(roundOp, [x], undefined);

/** Every record of this file. */
export const functionOps: readonly AnyOp[] = [
  ...[reciprocalOp, cbrtOp, sinOp, cosOp, tanOp, asinOp, acosOp, atanOp, sinhOp, coshOp, asinhOp, acoshOp, atanhOp],
  ...[erfOp, softsignOp, floorOp, ceilOp, roundOp],
] as AnyOp[];
