// Measures how far learning changed a network. Two kernels over the same examples, one from before learning and one from
// after, are compared by the cosine of their angle: if it is close to 1, learning was lazy, and if not, it was rich (Chizat,
// Oyallon and Bach 2019; Liu et al. 2023).
import { checkTensors, vjp } from "../autodiff/index.js";
import { checkKind, type Key, leavesOf, quote, scope, showShape, type Tensor, type TreeOf } from "../core/index.js";
import { add, div, eye, matmul, mul, norm, outer, random, reshape, stack, sum } from "../ops/index.js";
import { vmap } from "../vmap/index.js";
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
    const sizes = [norm(a), norm(b)];
    const [first, second] = [a, b].map((kernel, i) => div(kernel, sizes[i]));
    return sum(mul(first, second));
  });
}

/**
 * How similar examples are to a network: H H', shape [n, n], for the activities H of its units, `activities` [n, ...].
 *
 * @throws RangeError for a tensor without an axis of examples, and for no examples.
 */
export function similarityKernel(activities: Tensor): Tensor {
  checkTensors("similarityKernel", [activities]);
  if (activities.rank === 0 || activities.size === 0) {
    throw new RangeError(
      `[similarityKernel] the activities have shape ${showShape(activities.shape)}. Give [n, ...] with at least one example.`,
    );
  }
  return squares(reshape(activities, [activities.shape[0], -1]));
}

/**
 * The neural tangent kernel (Jacot, Gabriel and Hongler 2018) of `f` at `params`: G G', where each row of G is the gradient
 * of one output for one example with respect to all parameters. For n examples and o outputs it has shape [n o, n o], with
 * the outputs of an example next to each other. The gradients of all examples are computed together, under `vmap`, and need
 * memory for n o copies of the parameters.
 *
 * @param f the outputs [o] for one example of `inputs`; a single number [] counts as one output.
 * @param params the parameters with respect to which gradients are taken. Let `f` close over those to leave out.
 * @param inputs examples along the first axis.
 * @throws RangeError for an `f` whose result has more than one axis.
 */
export function tangentKernel<P extends TreeOf<P>>(
  f: (params: P, input: Tensor) => Tensor,
  params: P,
  inputs: Tensor,
): Tensor {
  checkKind("tangentKernel", "`f`", f, "a function");
  checkTensors("tangentKernel", [inputs]);
  const outputs = (p: P, input: Tensor): Tensor => {
    const y = f(p, input);
    checkTensors("tangentKernel", [y]);
    if (y.rank > 1) {
      throw new RangeError(
        `[tangentKernel] f gives shape ${showShape(y.shape)} for one example, but must give a list of outputs [o]. Use reshape.`,
      );
    }
    return reshape(y, [-1]);
  };
  /** For each leaf of the parameters the gradients of all outputs for one example, each a row. */
  const gradientsOf = (input: Tensor): Tensor[] => {
    // One way forward and one way back for each output: pairs of examples and outputs, all at once, go forward as often.
    const { value, pullback } = vjp((p: P) => outputs(p, input), params);
    const found = Array.from({ length: value.size }, (_, o) => {
      const pick = reshape(eye(1, value.size, o, value), [-1]);
      return leavesOf("tangentKernel", pullback(pick));
    });
    pullback.dispose();
    return found[0].map((_, leaf) => stack(found.map((leaves) => reshape(leaves[leaf].tensor, [-1]))));
  };
  return scope(() =>
    vmap(gradientsOf)(inputs)
      .map((rows) => squares(reshape(rows, [rows.shape[0] * rows.shape[1], -1])))
      .reduce((total, part) => add(total, part)),
  );
}

/** R R' for rows R. */
const squares = (rows: Tensor): Tensor => matmul(rows, rows, { b: true });

/**
 * Weights [n_in, units] of rank one that only respond along `direction` [n_in]: its outer product with normal numbers,
 * scaled to the Frobenius norm `size`. If it is the direction that a task needs, learning is lazy despite the low rank.
 *
 * @throws RangeError for a direction that is not a vector or is zero, for `units` that is not a whole number from 1 up, and
 * for a `size` that is not above 0.
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
