// Clipping of gradients, as pure functions from tree to tree (by global norm: Pascanu, Mikolov and Bengio 2013, "On the
// difficulty of training recurrent neural networks", algorithm 1).

import { leavesOf, mapTensors, quote, scope, type Tensor, type TreeOf } from "../core/index.js";
import { clip, div, full, maximum, norm, stack } from "../ops/index.js";
import { chain } from "../ops/internal.js";

/**
 * The tree with every element moved into [-bound, bound]. Where an element lies outside, its derivative is 0.
 *
 * @throws RangeError unless `bound` is above 0.
 * @example clipByValue({ w: tensor([3, -0.5]) }, 1) // { w: [1, -0.5] }
 */
export function clipByValue<P extends TreeOf<P>>(tree: P, bound: number): P {
  checkBound("clipByValue", bound);
  leavesOf("clipByValue", tree);
  return scope(() => ({ clipped: mapTensors(tree, (x) => clip(x, -bound, bound)) })).clipped;
}

/**
 * The length of all elements of the tree as one vector, shape []: the root of the sum of squares. No square overflows or
 * vanishes; Infinity if an element is infinite. Its derivatives at 0 are taken as 0.
 *
 * @example globalNorm({ w: tensor([3, 0]), b: tensor([4]) }) // 5
 */
export function globalNorm<P extends TreeOf<P>>(tree: P): Tensor {
  const leaves = leavesOf("globalNorm", tree).filter(({ tensor }) => tensor.size > 0);
  return scope(() => {
    if (leaves.length === 0) return full([], 0);
    return norm(stack(leaves.map(({ tensor }) => norm(tensor))));
  });
}

/**
 * The tree, scaled down to the global norm `bound` if its own is larger. Differentiable to any order: inside the bound
 * it is the identity, also where every element is 0.
 *
 * @throws RangeError unless `bound` is above 0.
 * @example clipByGlobalNorm({ w: tensor([3, 4]) }, 1) // { w: [0.6, 0.8] }
 */
export function clipByGlobalNorm<P extends TreeOf<P>>(tree: P, bound: number): P {
  checkBound("clipByGlobalNorm", bound);
  return scope(() => {
    const length = globalNorm(tree);
    const most = full([], bound, length);
    const scale = div(most, maximum(most, length));
    // Of a tree of infinite length nothing is left, also not of its infinite elements.
    return { clipped: mapTensors(tree, (x) => chain(x, scale)) };
  }).clipped;
}

function checkBound(op: string, bound: number): void {
  if (!(bound > 0)) throw new RangeError(`[${op}] bound is ${quote(bound)}: give a number above 0.`);
}
