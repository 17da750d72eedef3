// How far learning has turned what a network computes with. Two kernels over the same examples, one from before learning
// and one from after, are compared by the cosine of their angle: near 1 learning was lazy, below it was rich (Chizat, Oyallon
// and Bach 2019; Liu et al. 2023).
import { grad } from "../autodiff/index.js";
import { type Key, leavesOf, quote, scope, showShape, type Tensor, type TreeOf } from "../core/index.js";
import { add, div, eye, matmul, mul, norm, outer, random, repeat, reshape, sum, tile } from "../ops/index.js";
import { vmap } from "../vmap/index.js";
import { checkCount } from "./layer.js";

/** Throws unless it is a square matrix of at least one example. */
function checkKernel(op: string, { shape }: Tensor): void {
  if (shape.length === 2 && shape[0] === shape[1] && shape[0] > 0) return;
  throw new RangeError(
    `[${op}] a kernel of shape ${showShape(shape)}: [n, n] for n examples is needed, as similarityKernel and tangentKernel give it.`,
  );
}

/**
 * The cosine between two kernels over the same examples, <A, B> / (|A| |B|) with the inner product of Frobenius: shape
 * []. It is 1 for a kernel and itself, and does not depend on the size of either. With `similarityKernel` it is the
 * representation alignment, with `tangentKernel` the tangent kernel alignment.
 *
 * @throws RangeError unless both are square and of one size, and neither is zero.
 */
export function kernelAlignment(a: Tensor, b: Tensor): Tensor {
  checkKernel("kernelAlignment", a);
  checkKernel("kernelAlignment", b);
  if (a.shape[0] !== b.shape[0]) {
    throw new RangeError(
      `[kernelAlignment] kernels over ${a.shape[0]} and ${b.shape[0]} examples: compute both over the same ones.`,
    );
  }
  return scope(() => {
    const sizes = [norm(a), norm(b)];
    const [first, second] = [a, b].map((kernel, i) => div(kernel, sizes[i]));
    return sum(mul(first, second));
  });
}

/**
 * How alike examples are to a network: H H' [n, n] of what its units do, `activities` [n, ...].
 *
 * @throws RangeError for a tensor without an axis of examples.
 */
export function similarityKernel(activities: Tensor): Tensor {
  if (activities.rank === 0 || activities.size === 0) {
    throw new RangeError(
      `[similarityKernel] activities of shape ${showShape(activities.shape)}: [n, ...] with an example or more is needed.`,
    );
  }
  return squares(reshape(activities, [activities.shape[0], -1]));
}

/**
 * The neural tangent kernel (Jacot, Gabriel and Hongler 2018) of `f` at `params`: G G', where each row of G is the gradient
 * of one output for one example with respect to all parameters. For n examples and o outputs it is [n o, n o], with the
 * outputs of an example next to each other. Gradients of all examples are computed together, under `vmap`; they need
 * memory for n o copies of the parameters.
 *
 * @param f the outputs [o] for one example of `inputs`; one number [] counts as one output.
 * @param params what the gradients are with respect to: close over the parameters that should be left out.
 * @param inputs examples along the first axis.
 * @throws RangeError for an `f` whose result has more than one axis.
 */
export function tangentKernel<P extends TreeOf<P>>(
  f: (params: P, input: Tensor) => Tensor,
  params: P,
  inputs: Tensor,
): Tensor {
  const outputs = (p: P, input: Tensor): Tensor => {
    const y = f(p, input);
    if (y.rank > 1) {
      throw new RangeError(
        `[tangentKernel] f gives shape ${showShape(y.shape)} for one example: a list of outputs [o] is needed. Use reshape.`,
      );
    }
    return reshape(y, [-1]);
  };
  return scope(() => {
    const n = inputs.shape[0];
    const count = vmap((input: Tensor) => outputs(params, input))(inputs).shape[1];
    // One gradient for each pair of an example and an output, all under one vmap: nested ones take far longer.
    const pairs = repeat(inputs, count, 0);
    const picks = tile(eye(count, undefined, 0, inputs), [n, 1]);
    const gradientOf = (input: Tensor, pick: Tensor): P =>
      grad((p: P) => sum(mul(outputs(p, input), pick)), { unused: "zero" })(params);
    return leavesOf("tangentKernel", vmap(gradientOf)(pairs, picks))
      .map(({ tensor }) => squares(reshape(tensor, [n * count, -1])))
      .reduce((total, part) => add(total, part));
  });
}

/** R R' for rows R. */
const squares = (rows: Tensor): Tensor => matmul(rows, rows, { b: true });

/**
 * Weights [n_in, units] of rank one that look along `direction` [n_in] only: its outer product with normal numbers, scaled
 * to the Frobenius norm `size`. With the direction that a task needs, they are of low rank and yet learn lazily.
 *
 * @throws RangeError for a direction that is no vector or is zero, and sizes that are not above 0.
 */
export function alignedWeights(key: Key, direction: Tensor, units: number, size: number): Tensor {
  checkCount("alignedWeights", "`units`", units);
  if (!(size > 0 && Number.isFinite(size))) {
    throw new RangeError(`[alignedWeights] \`size\` is ${quote(size)}: give a number above 0.`);
  }
  if (direction.rank !== 1) {
    throw new RangeError(
      `[alignedWeights] a direction of shape ${showShape(direction.shape)}: a vector [n_in] is needed.`,
    );
  }
  return scope(() => {
    const weights = outer(direction, random.normal(key, [units], { dtype: direction.dtype }));
    const norms = norm(weights);
    if (norms.item() === 0) throw new RangeError("[alignedWeights] the direction is zero. Give one with a length.");
    return div(mul(weights, size), norms);
  });
}
