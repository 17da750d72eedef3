// Summing over axes and stretching along them: two records that are each other's rules. The order of summation is fixed
// by the kernel; see assembly/reduce.ts.
import { anyType, apply, checkTensors, type Op } from "../autodiff/index.js";
import { checkList, kernelsOf, type Shape, sameShape, showShape, sizeOf, type Tensor } from "../core/index.js";
import { type Block, onesInBlock, sizesAround, withoutBlock } from "./blocks.js";
import { broadcastShapes, gridReference, runGrid } from "./broadcast.js";
import { reshape } from "./shape.js";

/** y = the sum of x over the neighbouring axes `from` to `to` (excluded), which disappear. */
export const sumOp: Op<Block> = {
  name: "sum",
  types: anyType,
  batch: { stacked: ([x], _, { from, to }) => [sumBlock(x, from + 1, to + 1)] },
  shapes: ([x], block) => [withoutBlock(x.shape, block)],
  forward: ([y], [x], block) => kernelsOf(y).sum(y.address, x.address, ...sizesAround(x.shape, block)),
  vjp: ([dy], { inputs: [x], attributes }) => [broadcastTo(reshape(dy!, onesInBlock(x.shape, attributes)), x.shape)],
  jvp: ([dx], { attributes: { from, to } }) => [dx && sumBlock(dx, from, to)],
  reference: ([x], block) => {
    const [before, middle, after] = sizesAround(x.shape, block);
    const data = new Float64Array(before * after);
    for (let i = 0; i < before; i++) {
      for (let j = 0; j < middle; j++) {
        for (let k = 0; k < after; k++) data[i * after + k] += x.data[(i * middle + j) * after + k];
      }
    }
    return [{ shape: withoutBlock(x.shape, block), data }];
  },
  domain: [
    { inputs: [{ shape: [3, 4] }], attributes: { from: 0, to: 2 } },
    { inputs: [{ shape: [3, 4] }], attributes: { from: 0, to: 1 } },
    { inputs: [{ shape: [2, 3, 5] }], attributes: { from: 1, to: 2 } },
    { inputs: [{ shape: [3, 5] }], attributes: { from: 1, to: 2 } },
  ],
};

/** The sum over the axes `from` to `to` (excluded). */
export function sumBlock(x: Tensor, from: number, to: number): Tensor {
  return apply(sumOp, [x], { from, to });
}

/** y = x stretched to `shape`. */
export const broadcastToOp: Op<{ shape: Shape }> = {
  name: "broadcastTo",
  types: anyType,
  batch: {
    stacked: ([x], _, { shape }) => {
      const ones = new Array<number>(shape.length + 1 - x.rank).fill(1);
      return [broadcastTo(reshape(x, [x.shape[0], ...ones, ...x.shape.slice(1)]), [x.shape[0], ...shape])];
    },
  },
  shapes: ([x], { shape }) => {
    if (!sameShape(broadcastShapes("broadcastTo", x.shape, shape), shape)) {
      throw new RangeError(`[broadcastTo] shape ${showShape(x.shape)} does not stretch to ${showShape(shape)}.`);
    }
    return [shape];
  },
  // The larger of x and x is x, bit for bit: a copy that knows strides.
  forward: ([y], [x]) => runGrid("maximum", y, x, x),
  vjp: ([dy], { inputs: [x] }) => [sumTo(dy!, x.shape)],
  jvp: ([dx], { attributes: { shape } }) => [dx && broadcastTo(dx, shape)],
  reference: ([x], { shape }) => gridReference(x, { shape, data: new Float64Array(sizeOf(shape)) }, (value) => value),
  domain: [
    { inputs: [{ shape: [3] }], attributes: { shape: [2, 3] } },
    { inputs: [{ shape: [2, 1] }], attributes: { shape: [2, 3] } },
    { inputs: [{ shape: [] }], attributes: { shape: [4] } },
    { inputs: [{ shape: [2, 1, 3, 1] }], attributes: { shape: [2, 2, 3, 2] } },
  ],
};

/**
 * `x` stretched to `shape` as NumPy's `broadcast_to`.
 *
 * @example broadcastTo(tensor([1, 2]), [2, 2]) // [[1, 2], [1, 2]]
 */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  checkTensors("broadcastTo", [x]);
  checkList("broadcastTo", shape);
  return sameShape(x.shape, shape) ? x : apply(broadcastToOp, [x], { shape: shape.slice() });
}

/** The sum of `x` over the axes along which `shape` was stretched to the shape of `x`: the transpose of `broadcastTo`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  let sum = lead > 0 ? sumBlock(x, 0, lead) : x;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] === 1 && sum.shape[axis] !== 1) {
      const kept = [...sum.shape.slice(0, axis), 1, ...sum.shape.slice(axis + 1)];
      sum = reshape(sumBlock(sum, axis, axis + 1), kept);
    }
  }
  return sum;
}
