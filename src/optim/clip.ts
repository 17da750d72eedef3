// Clipping of gradients, as pure functions from tree to tree (by global norm: Pascanu, Mikolov and Bengio 2013, "On the
// difficulty of training recurrent neural networks", algorithm 1).

import { stop } from "../autodiff/index.js";
import { leavesOf, mapTensors, scope, type Tensor, type TreeOf } from "../core/index.js";
import { abs, clip, div, equal, full, max, maximum, mul, norm, stack } from "../ops/index.js";

/**
 * The tree with every element moved into [-bound, bound]. Where an element lies outside, its derivative is 0.
 *
 * @throws RangeError unless `bound` is above 0.
 */
export function clipByValue<P extends TreeOf<P>>(tree: P, bound: number): P {
  checkBound("clipByValue", bound);
  leavesOf("clipByValue", tree);
  return scope(() => ({ clipped: mapTensors(tree, (x) => clip(x, -bound, bound)) })).clipped;
}

/**
 * The length of all elements of the tree as one vector, shape []: the root of the sum of squares. The elements are
 * divided by the largest first, so that no square overflows or vanishes. Its derivatives at 0 are taken as 0.
 */
export function globalNorm<P extends TreeOf<P>>(tree: P): Tensor {
  const leaves = leavesOf("globalNorm", tree).filter(({ tensor }) => tensor.size > 0);
  return scope(() => {
    if (leaves.length === 0) return full([], 0);
    // A constant to every derivative: as a function of the elements it cancels out.
    const size = leaves.map(({ tensor }) => stop(max(abs(tensor)))).reduce((a, b) => maximum(a, b));
    const unit = maximum(size, equal(size, 0));
    const lengths = leaves.map(({ tensor }) => norm(div(tensor, unit)));
    return mul(norm(stack(lengths)), unit);
  });
}

/**
 * The tree, scaled down to the global norm `bound` if its own is larger. Differentiable to any order: inside the bound
 * it is the identity, also where every element is 0.
 *
 * @throws RangeError unless `bound` is above 0.
 */
export function clipByGlobalNorm<P extends TreeOf<P>>(tree: P, bound: number): P {
  checkBound("clipByGlobalNorm", bound);
  return scope(() => {
    const scale = div(full([], bound), maximum(full([], bound), globalNorm(tree)));
    return { clipped: mapTensors(tree, (x) => mul(x, scale)) };
  }).clipped;
}

function checkBound(op: string, bound: number): void {
  if (!(bound > 0)) throw new RangeError(`[${op}] bound is ${bound}: give a number above 0.`);
}
