// The dynamics: at each step a layer answers its inputs by its weights, and the rule changes them.
import { apply, jvp, rowOp, scan } from "../autodiff/index.js";
import { fromNumbers, quote, scope, type Tensor } from "../core/index.js";
import "../float64/index.js";
import { add, matmul, mul, reshape, sigmoid, slice } from "../ops/index.js";
import type { Given, Sizes } from "./recording.js";
import type { Term } from "./terms.js";

/** The type of all numbers here: sums of many squares decide between rules. */
const DTYPE = "float64";

/** How outputs are observed: as activity with noise, or as choices, whose chance is the logistic function of the activity. */
export type Observation = "gaussian" | "bernoulli";

/** Throws for a way to observe that does not exist. */
export function checkObservation(op: string, observe: Observation): void {
  if (observe === "gaussian" || observe === "bernoulli") return;
  throw new RangeError(`[${op}] \`observe\` is ${quote(observe)}: give "gaussian" or "bernoulli".`);
}

/** What a rule predicts: the outputs at each step, (steps, neurons), and the weights after it, (steps, neurons, inputs). */
interface Predicted {
  readonly outputs: Tensor;
  readonly weights: Tensor;
}

/** The function that unrolls a recording under a rule of these coefficients, one tensor of (terms). */
function unroll(terms: readonly Term[], observe: Observation, recording: Given, sizes: Sizes) {
  const { steps, inputs, neurons } = sizes;

  const all = fromNumbers(recording.inputs.flat(), [steps, inputs], DTYPE);
  const rewards = fromNumbers(recording.rewards ?? new Array<number>(steps).fill(0), [steps, 1], DTYPE);
  const start = fromNumbers(recording.start.flat(), [neurons, inputs], DTYPE);
  return (coefficients: Tensor): Predicted => {
    const shares = terms.map((_, k) => reshape(slice(coefficients, k, k + 1), [1, 1]));
    const [, predicted] = scan<Tensor, Predicted>(steps, start, (weight, index) => {
      const pre = reshape(apply(rowOp, [all], { index }), [1, inputs]);
      const reward = reshape(apply(rowOp, [rewards], { index }), [1, 1]);
      const sum = matmul(weight, reshape(pre, [inputs, 1]));
      const post = observe === "bernoulli" ? sigmoid(sum) : sum;
      const changes = terms.map(({ value }, k) => mul(value({ pre, post, weight, reward }), shares[k]));
      const next = changes.reduce((a, b) => add(a, b), weight);
      return [next, { outputs: reshape(post, [neurons]), weights: reshape(next, [neurons * inputs]) }];
    });
    return predicted;
  };
}

/** Predictions, and how they change with each coefficient. */
export interface Linearised {
  /** The outputs and then the weights, row by row. */
  readonly values: Float64Array;
  /** The derivative of each of these by each coefficient. */
  readonly by: readonly Float64Array[];
}

const numbersOf = ({ outputs, weights }: Predicted): Float64Array =>
  Float64Array.from([...outputs.data(), ...weights.data()]);

/** What a rule of these coefficients predicts for a recording, by forward mode along all coefficients. */
export function linearise(
  terms: readonly Term[],
  observe: Observation,
  recording: Given,
  sizes: Sizes,
  coefficients: ArrayLike<number>,
): Linearised {
  return scope(() => {
    const f = unroll(terms, observe, recording, sizes);

    const at = fromNumbers(coefficients, [terms.length], DTYPE);
    const unit = (k: number): Tensor =>
      fromNumbers(
        terms.map((_, i) => Number(i === k)),
        [terms.length],
        DTYPE,
      );
    return {
      values: numbersOf(f(at)),
      by: terms.map((_, k) => scope(() => numbersOf(jvp<Tensor, Predicted>(f, at, unit(k)).tangent))),
    };
  });
}

/** What a rule predicts, without derivatives. */
export const predict = (
  terms: readonly Term[],
  observe: Observation,
  recording: Given,
  sizes: Sizes,
  coefficients: ArrayLike<number>,
): Float64Array =>
  scope(() => numbersOf(unroll(terms, observe, recording, sizes)(fromNumbers(coefficients, [terms.length], DTYPE))));
