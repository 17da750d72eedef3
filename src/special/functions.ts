// Special functions of one number, each a record with its derivative in ops, so that derivatives of every order exist.

import { type AnyOp, apply, checkTensors, type Op, type SampleInput } from "../autodiff/index.js";
import { kernelsOf, quote, type Tensor, withScratch } from "../core/index.js";
import { exp, mul, neg, reciprocal, square } from "../ops/index.js";
import { chainOp } from "../ops/internal.js";
import { type Kernels, specialKernels } from "./kernels.js";
import { digammaReference, erfInvReference, erfReference, lgammaReference, polygammaReference } from "./reference.js";

/** The kernels that map each element of an array to a number. */
type Kernel = Exclude<keyof Kernels, "polygamma">;

interface Special<Attributes> {
  readonly name: string;
  readonly forward: (y: Tensor, x: Tensor, attributes: Attributes) => void;
  readonly reference: (x: number, attributes: Attributes) => number;
  /** dy/dx from x and y, in ops. */
  readonly derivative: (x: Tensor, y: Tensor, attributes: Attributes) => Tensor;
  readonly domain: Omit<SampleInput, "shape">;
  readonly samples: readonly Attributes[];
}

/** An op whose Jacobian is diagonal. */
function special<A>({ name, forward, reference, derivative, domain, samples }: Special<A>): Op<A> {
  const pull = (d: Tensor, x: Tensor, y: Tensor, attributes: A): Tensor =>
    apply(chainOp, [d, derivative(x, y, attributes)], undefined);
  return {
    name,
    batch: "elementwise",
    shapes: ([x]) => [x.shape],
    forward: ([y], [x], attributes) => forward(y, x, attributes),
    vjp: ([dy], { inputs: [x], outputs: [y], attributes }) => [pull(dy!, x, y, attributes)],
    jvp: ([dx], { inputs: [x], outputs: [y], attributes }) => [dx && pull(dx, x, y, attributes)],
    reference: ([x], attributes) => [{ shape: x.shape, data: x.data.map((value) => reference(value, attributes)) }],
    domain: samples.map((attributes) => ({ inputs: [{ shape: [2, 3], ...domain }], attributes })),
  };
}

/** Such an op whose kernel has the name of the op. */
const plain = ({ name, ...rest }: Plain): Op =>
  special({
    name,
    forward: (y, x) => specialKernels(y.type)[name](y.address, x.address, x.size),
    samples: [undefined],
    ...rest,
  });

interface Plain extends Omit<Special<undefined>, "forward" | "samples"> {
  readonly name: Kernel;
}

const TWO_OVER_ROOT_PI = 1.1283791670955126;
const HALF_ROOT_PI = 0.8862269254527579;

// y = log₂ x, y' = log₂ e / x
const log2Op = plain({
  name: "log2",
  reference: Math.log2,
  derivative: (x) => mul(reciprocal(x), Math.LOG2E),
  domain: { low: 0.1, high: 5 },
});

// y = log₁₀ x, y' = log₁₀ e / x
const log10Op = plain({
  name: "log10",
  reference: Math.log10,
  derivative: (x) => mul(reciprocal(x), Math.LOG10E),
  domain: { low: 0.1, high: 5 },
});

// y = 2^x, y' = ln 2 y
const exp2Op = plain({
  name: "exp2",
  reference: (x) => 2 ** x,
  derivative: (_, y) => mul(y, Math.LN2),
  domain: { low: -3, high: 3 },
});

// y = 1 - erf x, y' = -2 / √π e^(-x²)
const erfcOp = plain({
  name: "erfc",
  reference: (x) => 1 - erfReference(x),
  derivative: (x) => mul(exp(neg(square(x))), -TWO_OVER_ROOT_PI),
  domain: { low: -2, high: 2 },
});

// y = ln |Γ(x)|, y' = ψ(x)
const lgammaOp = plain({
  name: "lgamma",
  reference: lgammaReference,
  derivative: (x) => digamma(x),
  domain: { low: 0.5, high: 5 },
});

// y = ψ(x), y' = ψ₁(x)
const digammaOp = plain({
  name: "digamma",
  reference: digammaReference,
  derivative: (x) => polygamma(1, x),
  domain: { low: 0.5, high: 5 },
});

// erf y = x, y' = √π / 2 e^(y²)
const erfInvOp: Op = special({
  name: "erfInv",
  forward: (y, x) => kernelsOf(y).erfinv(y.address, x.address, x.size),
  reference: erfInvReference,
  derivative: (_, y) => mul(exp(square(y)), HALF_ROOT_PI),
  domain: { low: -0.9, high: 0.9 },
  samples: [undefined],
});

// y = ψₙ(x), y' = ψₙ₊₁(x)
const polygammaOp: Op<{ order: number }> = special({
  name: "polygamma",
  forward: (y, x, { order }) =>
    withScratch(8 * (order + 2), (room) => specialKernels(y.type).polygamma(y.address, x.address, x.size, order, room)),
  reference: (x, { order }) => polygammaReference(order, x),
  derivative: (x, _, { order }) => polygamma(order + 1, x),
  domain: { low: 1, high: 4 },
  samples: [{ order: 1 }, { order: 2 }, { order: 3 }],
});

/**
 * The logarithm of x to the base 2, exact for powers of 2; NaN below 0, -Infinity at 0.
 *
 * @example log2(tensor([1, 8])) // [0, 3]
 */
export const log2 = (x: Tensor): Tensor => apply(log2Op, [x], undefined);

/**
 * The logarithm of x to the base 10; NaN below 0, -Infinity at 0.
 *
 * @example log10(tensor([1, 1000])) // [0, 3]
 */
export const log10 = (x: Tensor): Tensor => apply(log10Op, [x], undefined);

/**
 * 2 to the power of x, exact for whole numbers.
 *
 * @example exp2(tensor([3, -1])) // [8, 0.5]
 */
export const exp2 = (x: Tensor): Tensor => apply(exp2Op, [x], undefined);

/**
 * The complement of the error function, 1 - erf x, with all digits even where it is small.
 *
 * @example erfc(tensor([0, 1])) // [1, 0.1573]
 */
export const erfc = (x: Tensor): Tensor => apply(erfcOp, [x], undefined);

/**
 * The inverse of the error function: ±Infinity at ±1 and NaN beyond (Giles 2010; in float64 with a step of Newton's
 * method).
 *
 * @example erfInv(tensor([0, 0.5])) // [0, 0.4769]
 */
export const erfInv = (x: Tensor): Tensor => apply(erfInvOp, [x], undefined);

/**
 * The natural logarithm of |Γ(x)|: Infinity at 0 and the negative whole numbers.
 *
 * @example lgamma(tensor([1, 5])) // [0, 3.178]
 */
export const lgamma = (x: Tensor): Tensor => apply(lgammaOp, [x], undefined);

/**
 * The derivative ψ(x) of the logarithm of the gamma function: NaN at 0 and the negative whole numbers.
 *
 * @example digamma(tensor([1, 2])) // [-0.5772, 0.4228]
 */
export const digamma = (x: Tensor): Tensor => apply(digammaOp, [x], undefined);

/** The highest derivative of ψ. For higher ones, factorials would exceed the range of float64. */
const HIGHEST = 100;

/**
 * The derivative of ψ of this order: 0 is `digamma` itself, and 1 is trigamma. At 0 and the negative whole numbers, it is
 * Infinity for odd orders and NaN for even ones.
 *
 * @throws RangeError for an order that is not a whole number from 0 to 100.
 * @example polygamma(1, tensor([1, 2])) // [1.645, 0.6449]
 */
export function polygamma(order: number, x: Tensor): Tensor {
  checkTensors("polygamma", [x]);
  if (!Number.isInteger(order) || order < 0 || order > HIGHEST) {
    throw new RangeError(`[polygamma] \`order\` is ${quote(order)}. Give a whole number from 0 to ${HIGHEST}.`);
  }
  return order === 0 ? digamma(x) : apply(polygammaOp, [x], { order });
}

/** Every op record of this folder: the table that the laws are tested on. */
export const specialOps = [
  ...[log2Op, log10Op, exp2Op, erfcOp, erfInvOp, lgammaOp, digammaOp],
  polygammaOp,
] as unknown as readonly AnyOp[];
