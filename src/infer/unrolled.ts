// The dynamics: at each step a layer answers its inputs by its weights, and the rule changes them. They are compiled once
// for recordings of a size, since a fit runs them hundreds of times.
import { apply, jvp, rowOp, scan } from "../autodiff/index.js";
import { compile } from "../compile/index.js";
import { fromNumbers, quote, scope, type Tensor } from "../core/index.js";
import "../float64/index.js";
import { add, matmul, mul, reshape, sigmoid, slice } from "../ops/index.js";
import { vmap } from "../vmap/index.js";
import type { Given, Rows, Sizes } from "./recording.js";
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

/** What a rule predicts: the outputs at each step, (steps, neurons), and if asked for the weights after it. */
interface Predicted {
  readonly outputs: Tensor;
  readonly weights?: Tensor;
}

/** A recording as tensors. */
interface Lifetime {
  readonly inputs: Tensor;
  readonly rewards: Tensor;
  readonly start: Tensor;
}

/** The outputs, and if asked for the weights, under a rule of these coefficients, one tensor of (terms). */
function unroll(
  terms: readonly Term[],
  observe: Observation,
  { inputs, rewards, start }: Lifetime,
  weightsToo: boolean,
  coefficients: Tensor,
): Predicted {
  const [[steps, width], [neurons]] = [inputs.shape, start.shape];
  const shares = terms.map((_, k) => reshape(slice(coefficients, k, k + 1), [1, 1]));
  const [, predicted] = scan<Tensor, Predicted>(steps, start, (weight, index) => {
    const pre = reshape(apply(rowOp, [inputs], { index }), [1, width]);
    const reward = reshape(apply(rowOp, [rewards], { index }), [1, 1]);
    const sum = matmul(weight, reshape(pre, [width, 1]));
    const post = observe === "bernoulli" ? sigmoid(sum) : sum;
    const changes = terms.map(({ value }, k) => mul(value({ pre, post, weight, reward }), shares[k]));
    const next = changes.reduce((a, b) => add(a, b), weight);
    const outputs = reshape(post, [neurons]);
    return [next, weightsToo ? { outputs, weights: reshape(next, [neurons * width]) } : { outputs }];
  });
  return predicted;
}

/** Predictions, and how they change with each coefficient. */
export interface Linearised {
  /** The outputs, and if asked for the weights, row by row. */
  readonly values: Float64Array;
  /** The derivative of each of these by each coefficient. */
  readonly by: readonly Float64Array[];
}

/** What rules of some terms predict. Its memory is freed by `close`. */
export interface Dynamics {
  /** The outputs of a recording and then, if its weights were seen, the weights. */
  predict(at: ArrayLike<number>, recording: Given, sizes: Sizes): Float64Array;
  /** The same, with derivatives by forward mode along all coefficients at once. */
  linearise(at: ArrayLike<number>, recording: Given, sizes: Sizes): Linearised;
  close(): void;
}

function numbersOf({ outputs, weights }: Predicted): Float64Array {
  const [first, second] = [outputs.data(), weights?.data() ?? []];
  const all = new Float64Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}

/** Rows of a stack of predictions, one for each direction. */
function rowsOf({ outputs, weights }: Predicted, count: number): Float64Array[] {
  const [all, others] = [outputs.data(), weights?.data() ?? []];
  const [width, more] = [all.length / count, others.length / count];
  return Array.from({ length: count }, (_, k) => {
    const row = new Float64Array(width + more);
    for (let i = 0; i < width; i++) row[i] = all[k * width + i];
    for (let i = 0; i < more; i++) row[width + i] = others[k * more + i];
    return row;
  });
}

const table = (rows: Rows, [count, width]: readonly [number, number]): Tensor =>
  fromNumbers(rows.flat(), [count, width], DTYPE);

const lifetimeOf = ({ inputs, start, rewards }: Given, sizes: Sizes): Lifetime => ({
  inputs: table(inputs, [sizes.steps, sizes.inputs]),
  rewards: fromNumbers(rewards ?? new Array<number>(sizes.steps).fill(0), [sizes.steps, 1], DTYPE),
  start: table(start, [sizes.neurons, sizes.inputs]),
});

/** What a rule predicts for one recording, for once, as `Dynamics.predict`. */
export const predict = (
  terms: readonly Term[],
  observe: Observation,
  at: ArrayLike<number>,
  recording: Given,
  sizes: Sizes,
): Float64Array =>
  scope(() => {
    const point = fromNumbers(at, [terms.length], DTYPE);
    return numbersOf(unroll(terms, observe, lifetimeOf(recording, sizes), sizes.weights, point));
  });

/** The dynamics of rules of these terms. A program is compiled for each size of recordings. */
export function dynamicsOf(terms: readonly Term[], observe: Observation): Dynamics {
  const [count, programs] = [terms.length, { programs: Number.MAX_SAFE_INTEGER }];
  const run = compile(
    (at: Tensor, lifetime: Lifetime, weightsToo: boolean) => unroll(terms, observe, lifetime, weightsToo, at),
    programs,
  );
  const along = compile(
    (at: Tensor, lifetime: Lifetime, weightsToo: boolean, directions: Tensor) =>
      vmap((direction: Tensor) =>
        jvp<Tensor, Predicted>((each) => unroll(terms, observe, lifetime, weightsToo, each), at, direction),
      )(directions),
    programs,
  );
  const units = terms.flatMap((_, k) => terms.map((__, l) => Number(k === l)));
  const predicted: Dynamics["predict"] = (at, recording, sizes) =>
    scope(() => numbersOf(run(fromNumbers(at, [count], DTYPE), lifetimeOf(recording, sizes), sizes.weights)));
  return {
    predict: predicted,
    linearise: (at, recording, sizes) =>
      scope(() => {
        if (count === 0) return { values: predicted(at, recording, sizes), by: [] };
        const directions = fromNumbers(units, [count, count], DTYPE);
        const point = fromNumbers(at, [count], DTYPE);
        const { value, tangent } = along(point, lifetimeOf(recording, sizes), sizes.weights, directions);
        return { values: rowsOf(value, count)[0], by: rowsOf(tangent, count) };
      }),
    close() {
      run.dispose();
      along.dispose();
    },
  };
}
