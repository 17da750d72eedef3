// The methods of tensors: `x.matmul(w).add(b).tanh()`. The only place where mathematics is attached to the handle.
// Each is a function of this folder with the tensor as its first argument; its documentation is there.

import { apply, rowOp, stop } from "../autodiff/index.js";
import { Tensor } from "../core/index.js";
import { elu, gelu, leakyRelu, logSigmoid, selu, silu, softsign } from "./activations.js";
import { dot, matmul } from "./batch.js";
import { cast } from "./cast.js";
import {
  abs,
  add,
  div,
  exp,
  expm1,
  greater,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  relu,
  sigmoid,
  sign,
  softplus,
  sqrt,
  square,
  sub,
  tanh,
} from "./elementwise.js";
import { erf } from "./erf.js";
import { argmax, argmin, max, min } from "./extremes.js";
import { take } from "./gather.js";
import { hypot } from "./hypot.js";
import { logSoftmax, softmax } from "./losses.js";
import { matvec } from "./matmul.js";
import { mean } from "./mean.js";
import { argsort, sort } from "./order.js";
import { pad } from "./padding.js";
import { expandDims, moveAxis, squeeze, transpose } from "./permute.js";
import { mod, pow } from "./power.js";
import { prod } from "./product.js";
import { logSumExp, norm, std, variance } from "./reductions.js";
import { cbrt, reciprocal, rsqrt } from "./roots.js";
import { ceil, floor, round } from "./rounding.js";
import { cumprod, cumsum } from "./running.js";
import { reshape } from "./shape.js";
import { flip, slice } from "./slice.js";
import { broadcastTo } from "./stretch.js";
import { sum } from "./sum.js";
import { acos, acosh, asin, asinh, atan, atanh, cos, cosh, sin, sinh, tan } from "./trigonometry.js";
import { clip, equal, greaterEqual, less, lessEqual, logicalNot, notEqual } from "./where.js";

/** Item `index` along the first axis, a view. */
const row = (x: Tensor, index: number): Tensor => apply(rowOp, [x], { index });

const methods = {
  ...{ neg, abs, sign, square, sqrt, relu, exp, expm1, log, log1p, tanh, sigmoid, softplus },
  ...{ reciprocal, rsqrt, cbrt, erf, floor, ceil, round },
  ...{ sin, cos, tan, asin, acos, atan, sinh, cosh, asinh, acosh, atanh },
  ...{ add, sub, mul, div, maximum, minimum, pow, mod, hypot, clip },
  ...{ greater, greaterEqual, less, lessEqual, equal, notEqual, logicalNot },
  ...{ elu, gelu, leakyRelu, logSigmoid, selu, silu, softsign },
  ...{ sum, mean, prod, max, min, argmax, argmin, variance, std, norm, logSumExp, softmax, logSoftmax },
  ...{ cumsum, cumprod, sort, argsort },
  ...{ matmul, matvec, dot },
  ...{ reshape, transpose, moveAxis, squeeze, expandDims, broadcastTo, slice, flip, pad, take, row, cast, stop },
};
type Functions = typeof methods;

/** A function of a tensor and more, as a method of the tensor. */
type Method<F> = F extends (x: Tensor, ...rest: infer R) => infer T ? (...rest: R) => T : never;
type Methods = { readonly [K in keyof Functions]: Method<Functions[K]> };

declare module "../core/tensor.js" {
  interface Tensor extends Methods {}
}

for (const [name, f] of Object.entries(methods)) {
  const call = f as (x: Tensor, a: unknown, b: unknown, c: unknown) => Tensor;
  Object.defineProperty(Tensor.prototype, name, {
    // No function here takes more, and a rest would cost an array.
    value(this: Tensor, a: unknown, b: unknown, c: unknown) {
      return call(this, a, b, c);
    },
    writable: true,
    configurable: true,
  });
}
