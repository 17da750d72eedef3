// Weights that are brought to orthogonality from where they are: by descent before a task is learned, by a penalty while
// it is learned, or by a local rule on noise (Manchev and Spratling 2022, arXiv 2211.08408, with the authors' code; the
// local rule is ours).
import { checkTensors } from "../autodiff/index.js";
import {
  advance,
  checkOptions,
  type FloatName,
  quote,
  type Shape,
  scope,
  showShape,
  type Tensor,
} from "../core/index.js";
import { add, eye, matmul, mul, norm, reshape, sqrt, square, sub, sum } from "../ops/index.js";

/** Options of `orthogonalise`. */
export interface OrthogonaliseOptions {
  /** The step of the descent, above 0 and below 0.25, from where on it cannot settle; 0.1 by default. */
  readonly rate?: number;
  /** The cost below which the weight counts as orthogonal; 1e-6 by default. */
  readonly tolerance?: number;
  /** The most steps to take; 100 by default. */
  readonly steps?: number;
  /** Whether a weight that is too large for the rate is scaled down first; true by default. Otherwise it is an error. */
  readonly rescale?: boolean;
}

/** What `orthogonalise` gives. */
export interface Orthogonalised {
  /** The weight, of the shape that it had. */
  readonly weight: Tensor;
  /** How many steps were taken. */
  readonly steps: number;
  /** The cost that is left. */
  readonly cost: number;
  /** What the weight was multiplied by before the first step; 1 for a weight that was not too large. */
  readonly scale: number;
}

/** Of the two products W'W and WW' the smaller one: the one that can be the identity. */
function gram(matrix: Tensor): Tensor {
  const [rows, columns] = matrix.shape;
  return rows < columns ? matmul(matrix, matrix, { b: true }) : matmul(matrix, matrix, { a: true });
}

/** The weight as a matrix of its last axis against all others. */
function matrixOf(op: string, weight: Tensor): Tensor {
  checkTensors(op, [weight]);
  if (weight.rank >= 2 && weight.size > 0) return reshape(weight, [-1, weight.shape[weight.rank - 1]]);
  throw new RangeError(`[${op}] a weight of shape ${showShape(weight.shape)}: two axes with elements are needed.`);
}

/**
 * How far a weight is from orthogonal: ‖WW' - I‖² if it has fewer rows than columns, else ‖W'W - I‖² (Frobenius), shape [].
 * A weight of more than two axes is seen as a matrix of its last axis against all others. Its gradient is 4 (WW'W - W)
 * either way.
 *
 * @throws RangeError for a weight of fewer than two axes, or without elements.
 * @example orthogonalityCost(eye(3)) // 0
 */
export function orthogonalityCost(weight: Tensor): Tensor {
  return scope(() => costOf(gram(matrixOf("orthogonalityCost", weight))));
}

/** How far a product is from the identity. */
function costOf(product: Tensor): Tensor {
  const [size] = product.shape;
  return sum(square(sub(product, eye(size, size, 0, { dtype: product.dtype as FloatName }))));
}

/** Options of `orthogonalityPenalty`. */
export interface OrthogonalityPenaltyOptions {
  /**
   * Whether the cost itself is taken, as the authors do for feed-forward networks; by default it is its root, as they do for
   * recurrent weights.
   */
  readonly squared?: boolean;
}

/** Added under the root, so that its derivative at orthogonal weights is 0 and not 0 / 0. */
const UNDER_ROOT = 1e-12;

/**
 * What is added to a loss, times a factor of your own, so that weights stay near orthogonality: the root of
 * `orthogonalityCost`, added up over the weights, shape []. At exact orthogonality its derivative is 0.
 *
 * ```ts
 * const lossOf = (p: Params): Tensor => loss(p).add(orthogonalityPenalty([p.hidden]).mul(0.01));
 * ```
 *
 * @throws RangeError for no weight at all, and as `orthogonalityCost`.
 */
export function orthogonalityPenalty(weights: readonly Tensor[], options: OrthogonalityPenaltyOptions = {}): Tensor {
  checkOptions("orthogonalityPenalty", options, ["squared"]);
  const { squared = false } = options;
  if (!Array.isArray(weights) || weights.length === 0) {
    throw new RangeError("[orthogonalityPenalty] there is no weight. Pass a list of them.");
  }
  return scope(() =>
    weights
      .map((weight: Tensor) => {
        const cost = orthogonalityCost(weight);
        return squared ? cost : sqrt(add(cost, UNDER_ROOT));
      })
      .reduce((total, cost) => add(total, cost)),
  );
}

/** How often the product is squared to bound the largest singular value. */
const SQUARINGS = 8;

/**
 * A bound of the largest singular value from above: the Frobenius norm of the 2^8th power of the smaller product, and of that
 * the root. For a product of n rows it is at most n^(1 / 1024) times too large: 0.7 % for a thousand.
 */
function largestSingularValue(matrix: Tensor): number {
  return scope(() => {
    const norms: number[] = [];
    let power = gram(matrix);
    for (let i = 0; i <= SQUARINGS; i++) {
      const length = norm(power).item();
      if (!(length > 0 && length < Number.POSITIVE_INFINITY)) return i === 0 ? Math.sqrt(length) : Number.NaN;
      norms.push(length);
      const unit = mul(power, 1 / length);
      power = matmul(unit, unit);
    }
    return Math.sqrt(norms.reduceRight((inner, length) => length * Math.sqrt(inner), 1));
  });
}

/**
 * Orthogonalising pre-training: descends `orthogonalityCost` from this weight, without data, until the weight's rows or, if
 * these are more, its columns are orthonormal: W ← W - 4 rate (WW'W - W). Weights that learning starts from keep the length
 * of what passes through them, however many layers there are.
 *
 * ```ts
 * const { weight, steps } = orthogonalise(random.normal(key, [784, 100], { std: 1e-3 }));
 * ```
 *
 * **When it converges.** Each singular value σ moves by itself: σ ← σ (1 - 4 rate (σ² - 1)). Below √(1 + 1 / (4 rate)), 1.87 by
 * default, it goes to 1, and the result is the nearest orthogonal matrix. Above, it changes its sign on the way (and at that very
 * number it becomes 0), and from √(1 + 1 / (2 rate)) on, 2.45 by default, it grows without end. A weight that reaches this limit
 * is therefore first scaled down until its largest singular value is 1; `scale` says by how much. The paper's "always
 * converges" needs this condition. Singular values of 0 stay 0: a weight without full rank cannot be made orthogonal.
 *
 * @param weight float32 or float64, of two axes or more; it is seen as a matrix of its last axis against all others.
 * @throws RangeError for options out of their range, a weight that is not finite, one too large for the rate if `rescale` is
 * false, and one that is not orthogonal after `steps`.
 */
export function orthogonalise(weight: Tensor, options: OrthogonaliseOptions = {}): Orthogonalised {
  const op = "orthogonalise";
  checkTensors(op, [weight]);
  checkOptions(op, options, ["rate", "tolerance", "steps", "rescale"]);
  const { rate = 0.1, tolerance = 1e-6, steps = 100, rescale = true } = options;
  checkRanges(op, rate, tolerance, steps);
  const limit = Math.sqrt(1 + 1 / (2 * rate));
  return scope(() => {
    const first = matrixOf(op, weight);
    const largest = largestSingularValue(first);
    if (!Number.isFinite(largest)) {
      throw new RangeError(
        `[${op}] the weight has elements that are not finite, or too large to square. Draw another.`,
      );
    }
    if (largest >= limit && !rescale) {
      throw new RangeError(
        `[${op}] the largest singular value may be ${largest.toPrecision(4)}, and with \`rate\` ${quote(rate)} it must be below ` +
          `${limit.toPrecision(4)}. Scale the weight down, use a smaller \`rate\`, or leave \`rescale\` on.`,
      );
    }
    const scale = largest >= limit ? 1 / largest : 1;
    const withProduct = (matrix: Tensor) => ({ matrix, product: gram(matrix) });
    let carry = withProduct(scale === 1 ? first : mul(first, scale));
    for (let step = 0; ; step++) {
      const { product } = carry;
      const cost = scope(() => costOf(product).item());
      if (cost < tolerance) return { weight: reshape(carry.matrix, weight.shape), steps: step, cost, scale };
      if (step === steps) throw new RangeError(notOrthogonal(op, weight.shape, steps, cost));
      carry = advance(carry, ({ matrix, product }) => withProduct(descended(matrix, product, 4 * rate)));
    }
  });
}

/** W - by (WW'W - W), from W and the smaller of the two products. */
function descended(matrix: Tensor, product: Tensor, by: number): Tensor {
  const [rows, columns] = matrix.shape;
  const cubed = rows < columns ? matmul(product, matrix) : matmul(matrix, product);
  return sub(mul(matrix, 1 + by), mul(cubed, by));
}

const notOrthogonal = (op: string, shape: Shape, steps: number, cost: number): string =>
  `[${op}] after ${steps} \`steps\` the weight of shape ${showShape(shape)} still has a cost of ${cost.toExponential(1)}. ` +
  "Allow more `steps`, or a larger `tolerance`; a weight without full rank cannot be made orthogonal, so draw another.";

function checkRanges(op: string, rate: number, tolerance: number, steps: number): void {
  if (!(rate > 0 && rate < 0.25)) {
    throw new RangeError(`[${op}] \`rate\` is ${quote(rate)}. Give a number above 0 and below 0.25.`);
  }
  if (!(tolerance > 0)) throw new RangeError(`[${op}] \`tolerance\` is ${quote(tolerance)}. Give a number above 0.`);
  if (!(Number.isSafeInteger(steps) && steps >= 0)) {
    throw new RangeError(`[${op}] \`steps\` is ${quote(steps)}. Give a whole number from 0 up.`);
  }
}

/**
 * One step of a local rule that comes to orthogonality: Oja's subspace rule on white noise, W + rate (x - yW')'y / n with
 * y = xW. The first part of it is Hebbian, the second is the answer of the units themselves. Over noise of variance 1, the mean
 * change is rate (W - WW'W), which is the descent of `orthogonalise`, and at an orthogonal weight the noise disappears too.
 * The rule is our reading of how a brain could do it; the paper's code has none.
 *
 * @param weight (n_in, n_out), with n_out at most n_in.
 * @param x noise of mean 0 and variance 1, (n, n_in), drawn anew for each step.
 * @param rate the step; 0.02 is small enough for batches of 64 and 50 inputs.
 * @throws RangeError for a rate that is not above 0, and shapes that do not fit.
 * @example ojaStep(random.normal(Key.of(0), [8, 3]), ones([4, 8]), 0.01) // (8, 3)
 */
export function ojaStep(weight: Tensor, x: Tensor, rate: number): Tensor {
  if (!(rate > 0 && rate < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`[ojaStep] \`rate\` is ${quote(rate)}. Give a finite number above 0.`);
  }
  if (weight.rank !== 2 || x.rank !== 2 || x.shape[1] !== weight.shape[0] || x.shape[0] === 0) {
    throw new RangeError(
      `[ojaStep] noise of shape ${showShape(x.shape)} for a weight of ${showShape(weight.shape)}. ` +
        "Give [n, n_in] for a weight [n_in, n_out].",
    );
  }
  return scope(() => {
    const y = matmul(x, weight);
    const left = sub(x, matmul(y, weight, { b: true }));
    return add(weight, mul(matmul(left, y, { a: true }), rate / x.shape[0]));
  });
}
