// Functions of one number, each given by what distinguishes it from the others.

import { anyType, isFollowed, type Op, type SampleInput } from "../autodiff/index.js";
import { emptyLike, kernelsOf, type Tensor } from "../core/index.js";
import { chain } from "./chain.js";

type Kernels = ReturnType<typeof kernelsOf>;
type TakesThree<F> = F extends (y: number, x: number, n: number) => void
  ? 3 extends Parameters<F>["length"]
    ? true
    : false
  : false;

/** The kernels of three numbers, among them all that map each element of an array to one number. */
type UnaryKernel = { [K in keyof Kernels]-?: TakesThree<Kernels[K]> extends true ? K : never }[keyof Kernels];

/** What the numbers of a generated test are drawn from. */
export type Range = Omit<SampleInput, "shape">;

/** What distinguishes one function of one number from another. */
interface Unary {
  readonly name: UnaryKernel;
  /** The same function in float64: the oracle of the tests. */
  readonly reference: (x: number) => number;
  /** dy/dx from x and y, in ops. */
  readonly derivative: (x: Tensor, y: Tensor) => Tensor;
  /** A kernel with the bits of dy times the derivative, from dy and y: one pass over them instead of several. */
  readonly grad?: "tanhGrad" | "sigmoidGrad";
  readonly domain: Range;
  /** Whether int32 has it too. */
  readonly integers?: true;
}

/** An op whose Jacobian is diagonal: vjp and jvp are the same product. */
export function unary({ name, reference, derivative, grad, domain, integers }: Unary): Op {
  const pull = (dy: Tensor, x: Tensor, y: Tensor): Tensor => {
    if (!grad || isFollowed()) return chain(dy, derivative(x, y));
    const dx = emptyLike(x);
    kernelsOf(dx)[grad](dx.address, dy.address, y.address, x.size);
    return dx;
  };
  return {
    name,
    batch: "elementwise",
    ...(integers && { types: anyType }),
    shapes: ([x]) => [x.shape],
    forward: ([y], [x]) => kernelsOf(y)[name](y.address, x.address, x.size),
    vjp: ([dy], { inputs: [x], outputs: [y] }) => [pull(dy!, x, y)],
    jvp: ([dx], { inputs: [x], outputs: [y] }) => [dx && chain(dx, derivative(x, y))],
    reference: ([x]) => [{ shape: x.shape, data: x.data.map(reference) }],
    domain: [{ inputs: [{ shape: [2, 3], ...domain }], attributes: undefined }],
  };
}
