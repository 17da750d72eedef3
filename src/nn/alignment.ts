// Measures how far learning changed a network. Two kernels over the same examples, one from before learning and one from
// after, are compared by the cosine of their angle: if it is close to 1, learning was lazy, and if not, it was rich (Chizat,
// Oyallon and Bach 2019; Liu et al. 2023).
import { checkTensors, stop } from "../autodiff/index.js";
import { type Key, quote, scope, showShape, type Tensor } from "../core/index.js";
import { gram } from "../linalg/index.js";
import { abs, div, max, mul, norm, outer, random, reshape, sqrt, square, sum } from "../ops/index.js";
import { checkCount } from "./layer.js";

/** Throws a RangeError unless the kernel is a square matrix over at least one example. */
function checkKernel(op: string, kernel: Tensor): void {
  checkTensors(op, [kernel]);
  const { shape } = kernel;
  if (shape.length === 2 && shape[0] === shape[1] && shape[0] > 0) return;
  throw new RangeError(
    `[${op}] a kernel has shape ${showShape(shape)}. Give [n, n] for n examples, such as the result of similarityKernel or tangentKernel.`,
  );
}

/**
 * The cosine between two kernels [n, n] over the same examples, <A, B> / (|A| |B|) with the Frobenius inner product: shape
 * []. It is 1 for two equal kernels, and does not depend on their norms; it is NaN if one is zero. For kernels of
 * `similarityKernel` it is the representation alignment, for kernels of `tangentKernel` the tangent kernel alignment.
 *
 * @throws RangeError unless both are square and of the same size.
 * @example kernelAlignment(eye(3), eye(3).mul(2)) // 1
 */
export function kernelAlignment(a: Tensor, b: Tensor): Tensor {
  checkKernel("kernelAlignment", a);
  checkKernel("kernelAlignment", b);
  if (a.shape[0] !== b.shape[0]) {
    throw new RangeError(
      `[kernelAlignment] the kernels are over ${a.shape[0]} and ${b.shape[0]} examples. Compute both over the same ones.`,
    );
  }
  return scope(() => {
    // With numbers of at most 1, and one that is 1, no sum of squares is too large or too small.
    const [first, second] = [a, b].map((kernel) => div(kernel, stop(max(abs(kernel)))));
    return div(sum(mul(first, second)), sqrt(mul(sum(square(first)), sum(square(second)))));
  });
}

/**
 * How similar examples are to a network: H H', shape [n, n], for the activities H of its units, `activities` [n, ...].
 *
 * @throws RangeError for a tensor without an axis of examples, and for no examples.
 * @example similarityKernel(tensor([[1, 0], [0, 2], [1, 2]])) // [[1, 0, 1], [0, 4, 4], [1, 4, 5]]
 */
export function similarityKernel(activities: Tensor): Tensor {
  checkTensors("similarityKernel", [activities]);
  if (activities.rank === 0 || activities.size === 0) {
    throw new RangeError(
      `[similarityKernel] the activities have shape ${showShape(activities.shape)}. Give [n, ...] with at least one example.`,
    );
  }
  return gram(reshape(activities, [activities.shape[0], -1]));
}

/**
 * Weights [n_in, units] of rank one that only respond along `direction` [n_in]: its outer product with normal numbers,
 * scaled to the Frobenius norm `size`. If it is the direction that a task needs, learning is lazy despite the low rank.
 *
 * @throws RangeError for a direction that is not a vector or is zero, for `units` that is not a whole number from 1 up, and
 * for a `size` that is not above 0.
 * @example alignedWeights(Key.of(0), tensor([1, 0, 0]), 4, 2) // (3, 4)
 */
export function alignedWeights(key: Key, direction: Tensor, units: number, size: number): Tensor {
  checkCount("alignedWeights", "`units`", units);
  if (!(size > 0 && Number.isFinite(size))) {
    throw new RangeError(`[alignedWeights] \`size\` is ${quote(size)}. Give a finite number above 0.`);
  }
  if (direction.rank !== 1) {
    throw new RangeError(
      `[alignedWeights] the direction has shape ${showShape(direction.shape)}. Give a vector [n_in].`,
    );
  }
  return scope(() => {
    const weights = outer(direction, random.normal(key, [units], { dtype: direction.dtype }));
    const norms = norm(weights);
    if (norms.item() === 0) throw new RangeError("[alignedWeights] the direction is zero. Give one with a length.");
    return div(mul(weights, size), norms);
  });
}
