// Products along axes. Kernels keep the running product in range whatever the order of the factors, and give derivatives
// that are right where factors are 0; see assembly/product.ts. Higher orders go through plain ops.

import { type AnyOp, type Array64, anyType, apply, checkTensors, type Op } from "../autodiff/index.js";
import { emptyLike, kernelsOf, type Shape, sizeOf, type Tensor } from "../core/index.js";
import { type Block, sizesAround, withoutBlock } from "./blocks.js";
import { scalar } from "./broadcast.js";
import { add, mul } from "./elementwise.js";
import { reduceTogether } from "./extremes.js";
import { concat } from "./join.js";
import { pad } from "./padding.js";
import { reshape } from "./shape.js";
import { sliceAxis } from "./slice.js";
import { broadcastTo, sumBlock } from "./stretch.js";
import { type Axes, axesOf } from "./sum.js";

/** y = the product of x over a block of axes, which disappear. */
const prodOp: Op<Block> = {
  name: "prod",
  types: anyType,
  shapes: ([x], block) => [withoutBlock(x.shape, block)],
  forward: ([y], [x], block) => kernelsOf(y).prod(y.address, x.address, ...sizesAround(x.shape, block)),
  vjp: ([dy], { inputs: [x], attributes }) => {
    const dx = emptyLike(x);
    kernelsOf(dx).prodGrad(dx.address, dy!.address, x.address, ...sizesAround(x.shape, attributes));
    return [dx];
  },
  composition: ([x], block) => [halves(x, block)],
  reference: ([x], block) => {
    const [, middle, inner] = sizesAround(x.shape, block);
    const shape = withoutBlock(x.shape, block);
    const data = new Float64Array(sizeOf(shape)).fill(1);
    x.data.forEach((value, i) => {
      data[Math.floor(i / (middle * inner)) * inner + (i % inner)] *= value;
    });
    return [{ shape, data }];
  },
  // Near 1: of many small factors, differences see nothing.
  domain: [
    { inputs: [{ shape: [3, 4], low: 0.5, high: 1.5 }], attributes: { from: 0, to: 2 } },
    { inputs: [{ shape: [2, 3, 5], low: -2, high: 2 }], attributes: { from: 1, to: 2 } },
    { inputs: [{ shape: [3, 5], low: 0.5, high: 1.5 }], attributes: { from: 1, to: 2 } },
  ],
};

/** The same by multiplying halves with halves. */
function halves(x: Tensor, block: Block): Tensor {
  const rest = withoutBlock(x.shape, block);
  const [outer, middle, inner] = sizesAround(x.shape, block);
  // Nothing to multiply: 1, and still a function of x.
  if (middle === 0) return add(sumBlock(x, block.from, block.to), broadcastTo(scalar(1, x), rest));
  let result = reshape(x, [outer, middle, inner]);
  for (let length = middle; length > 1; ) {
    const half = length >> 1;
    const both = mul(sliceAxis(result, 1, 0, half), sliceAxis(result, 1, half, 2 * half));
    result = length % 2 === 0 ? both : concat([both, sliceAxis(result, 1, length - 1, length)], 1);
    length -= half;
  }
  return reshape(result, rest);
}

/**
 * The product over `axes` (default: all), which disappear unless `keepDims`. The order of the factors matters neither to
 * its range nor, but for rounding, to its value; derivatives are right where factors are 0. An empty product is 1.
 *
 * @example prod(tensor([2, 3, 4])) // 24
 */
export function prod(x: Tensor, axes?: Axes, keepDims = false): Tensor {
  checkTensors("prod", [x]);
  return reduceTogether("prod", x, axes, keepDims, (block, from, to) => apply(prodOp, [block], { from, to }));
}

/** y[i] = x[0] .. x[i] multiplied, along `axis`. */
const cumprodOp: Op<{ axis: number }> = {
  name: "cumprod",
  types: anyType,
  shapes: ([x]) => [x.shape],
  forward: ([y], [x], { axis }) => kernelsOf(y).cumprod(y.address, x.address, ...along(x.shape, axis)),
  vjp: ([dy], { inputs: [x], attributes: { axis } }) => {
    const dx = emptyLike(x);
    kernelsOf(dx).cumprodGrad(dx.address, dy!.address, x.address, ...along(x.shape, axis));
    return [dx];
  },
  composition: ([x], { axis }) => {
    let result = x;
    for (let shift = 1; shift < x.shape[axis]; shift *= 2) {
      const widths = x.shape.map((_, i): [number, number] => (i === axis ? [shift, 0] : [0, 0]));
      result = mul(result, pad(sliceAxis(result, axis, 0, x.shape[axis] - shift), widths, 1));
    }
    return [result];
  },
  reference: ([x], { axis }): Array64[] => {
    const [, length, inner] = along(x.shape, axis);
    const data = x.data.slice();
    for (let i = 0; i < data.length; i++) if (Math.floor(i / inner) % length > 0) data[i] *= data[i - inner];
    return [{ shape: x.shape, data }];
  },
  domain: [
    { inputs: [{ shape: [3, 4] }], attributes: { axis: 1 } },
    { inputs: [{ shape: [2, 3, 2] }], attributes: { axis: 1 } },
  ],
};

const along = (shape: Shape, axis: number): [number, number, number] =>
  sizesAround(shape, { from: axis, to: axis + 1 });

/** The products of `x` along `axis` (default 0) from its start up to each place; derivatives are right at zeros too. */
export function cumprod(x: Tensor, axis = 0): Tensor {
  checkTensors("cumprod", [x]);
  const [at] = axesOf("cumprod", x, axis);
  return apply(cumprodOp, [x], { axis: at });
}

/** Every record of this file. */
export const productOps = [prodOp, cumprodOp] as unknown as readonly AnyOp[];
