// Records of ops of one operand and a number `c`, which is not differentiated.
import { anyType, type Op } from "../autodiff/index.js";
import { kernelsOf, type Tensor } from "../core/index.js";
import { chain } from "./chain.js";
import type { Range } from "./unary.js";

type ScaledKernel = "softplus" | "softplusGate" | "addScalar" | "mulScalar";

/** A function of x and a number `c` that is not differentiated. */
interface Scaled {
  readonly name: ScaledKernel;
  readonly domain: Range;
  readonly reference: (x: number, c: number) => number;
  readonly derivative: (x: Tensor, y: Tensor, c: number) => Tensor;
  /** Whether int32 has it too, with a whole number c. */
  readonly integers?: true;
}

/** The record of an op of this kind. */
export function scaled({ name, reference, derivative, domain, integers }: Scaled): Op<{ c: number }> {
  return {
    name,
    batch: "elementwise",
    ...(integers && { types: anyType }),
    shapes: ([x]) => [x.shape],
    forward: ([y], [x], { c }) => kernelsOf(y)[name](y.address, x.address, x.size, c),
    vjp: ([dy], { inputs: [x], outputs: [y], attributes: { c } }) => [chain(dy!, derivative(x, y, c))],
    jvp: ([dx], { inputs: [x], outputs: [y], attributes: { c } }) => [dx && chain(dx, derivative(x, y, c))],
    reference: ([x], { c }) => [{ shape: x.shape, data: x.data.map((value) => reference(value, Math.fround(c))) }],
    domain: [{ inputs: [{ shape: [2, 3], ...domain }], attributes: { c: 2.5 } }],
  };
}
