// The methods of tensors: `x.matmul(w).add(b).tanh()`. The only place where mathematics is attached to the handle.

import { apply, rowOp, stop } from "../autodiff/index.js";
import { type Shape, Tensor } from "../core/index.js";
import { matmul } from "./batch.js";
import * as elementwise from "./elementwise.js";
import { matvec, type Transposed } from "./matmul.js";
import { mean } from "./mean.js";
import { reshape, transpose } from "./shape.js";
import { type Axes, sum } from "./sum.js";

const unary = [
  "neg",
  "abs",
  "sign",
  "square",
  "sqrt",
  "relu",
  "exp",
  "expm1",
  "log",
  "log1p",
  "tanh",
  "sigmoid",
] as const;
const binary = ["add", "sub", "mul", "div", "maximum", "minimum"] as const;

type UnaryMethods = { readonly [K in (typeof unary)[number]]: () => Tensor };
type BinaryMethods = { readonly [K in (typeof binary)[number]]: (other: Tensor | number) => Tensor };

declare module "../core/tensor.js" {
  interface Tensor extends UnaryMethods, BinaryMethods {
    /** log(1 + e^(beta x)) / beta. */
    softplus(beta?: number): Tensor;
    /** The sum over `axes` (default: all). */
    sum(axes?: Axes, keepDims?: boolean): Tensor;
    /** The mean over `axes` (default: all). */
    mean(axes?: Axes, keepDims?: boolean): Tensor;
    /** The product with another matrix, either of them read transposed. */
    matmul(other: Tensor, transposed?: Partial<Transposed>): Tensor;
    /** The product with a vector. */
    matvec(x: Tensor, transposed?: boolean): Tensor;
    /** The transpose of a matrix. */
    transpose(): Tensor;
    /** The same numbers under another shape. */
    reshape(shape: Shape): Tensor;
    /** Item `index` along the first axis, a view. */
    row(index: number): Tensor;
    /** The same value as a constant to every derivative. */
    stop(): Tensor;
  }
}

const methods: Record<string, (this: Tensor, ...rest: never[]) => Tensor> = {
  softplus(beta?: number) {
    return elementwise.softplus(this, beta);
  },
  sum(axes?: Axes, keepDims?: boolean) {
    return sum(this, axes, keepDims);
  },
  mean(axes?: Axes, keepDims?: boolean) {
    return mean(this, axes, keepDims);
  },
  matmul(other: Tensor, transposed?: Partial<Transposed>) {
    return matmul(this, other, transposed);
  },
  matvec(x: Tensor, transposed?: boolean) {
    return matvec(this, x, transposed);
  },
  transpose() {
    return transpose(this);
  },
  reshape(shape: Shape) {
    return reshape(this, shape);
  },
  row(index: number) {
    return apply(rowOp, [this], { index });
  },
  stop() {
    return stop(this);
  },
};
for (const name of unary) {
  methods[name] = function (this: Tensor) {
    return elementwise[name](this);
  };
}
for (const name of binary) {
  methods[name] = function (this: Tensor, other: Tensor | number) {
    return elementwise[name](this, other);
  };
}
Object.assign(Tensor.prototype, methods);
