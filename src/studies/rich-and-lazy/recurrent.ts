// A recurrent network learns to choose between two alternatives, from recurrent weights of a given rank. How far learning
// changes its representations and its tangent kernel is measured.
import { valueAndGrad } from "../../autodiff/index.js";
import { compile } from "../../compile/index.js";
import { advance, Key, scope, type Tensor } from "../../core/index.js";
import { effectiveRank, lowRank, svd } from "../../linalg/index.js";
import { accuracy, kernelAlignment, similarityKernel, tangentKernel } from "../../nn/index.js";
import { add, concat, crossEntropy, matmul, mean, mul, norm, random, relu, sub, transpose } from "../../ops/index.js";
import { type SgdState, sgd } from "../../optim/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { pause } from "../pause.js";
import { INPUTS, OUTPUTS, STEPS, trials } from "./task.js";

/** Which network is trained, and for how long. */
export interface RecurrentConfig {
  readonly units: number;
  /** The rank of its first recurrent weights. */
  readonly rank: number;
  readonly iterations: number;
}

/** The results of one network. */
export interface RecurrentRow {
  /** The Frobenius norm of the first recurrent weights. */
  readonly norm: number;
  /** Their first singular value that the rank should make 0, divided by the largest one; 0 at full rank. */
  readonly beyond: number;
  /** Their effective rank. */
  readonly effective: number;
  /** The Frobenius norm of the change of the recurrent weights. */
  readonly change: number;
  /** The alignment of the representations before and after learning. */
  readonly representation: number;
  /** The alignment of the tangent kernels of the recurrent weights before and after learning. */
  readonly kernel: number;
  /** The largest difference from 1 of the alignment of a kernel with itself or a multiple of itself. */
  readonly self: number;
  /**
   * The share of pairs of a unit and an example in which the unit is active both before and after, or in neither case.
   */
  readonly signs: number;
  /** The mean cross-entropy over all steps of new trials. */
  readonly loss: number;
  /** The share of new trials that are decided correctly. */
  readonly accuracy: number;
}

/** All weights, each of which is multiplied by a row of activities from the left. */
export interface Weights {
  /** [inputs, units]. */
  readonly input: Tensor;
  /** [units, units]. */
  readonly recurrent: Tensor;
  /** [units, outputs]. */
  readonly output: Tensor;
}

/** The settings of the authors' code. */
const [GAIN, RATE, MOMENTUM, BATCH] = [1.25, 0.003, 0.9, 32];
/** The number of examples in the kernels, and the number of trials for testing. */
export const [EXAMPLES, TESTS] = [20, 2000];
/** After this many iterations, progress is shown and signals are handled. */
const ITERATIONS_BETWEEN_EVENTS = 25;

/** First weights. The recurrent ones have this rank, and a norm that does not depend on the rank. */
export function firstWeights(key: Key, units: number, rank: number): Weights {
  const [inputKey, recurrentKey, outputKey] = key.split(3);
  const uniform = (of: Key, from: number, to: number): Tensor =>
    random.uniform(of, [from, to], { low: -1 / Math.sqrt(from), high: 1 / Math.sqrt(from) });
  return scope(() => ({
    input: uniform(inputKey, INPUTS, units),
    recurrent: lowRank(mul(random.normal(recurrentKey, [units, units]), GAIN / Math.sqrt(units)), rank),
    output: uniform(outputKey, units, OUTPUTS),
  }));
}

/** The activities [trials, units] after each step, for inputs [steps, trials, inputs]. */
function activities({ input, recurrent }: Omit<Weights, "output">, inputs: Tensor): Tensor[] {
  const all: Tensor[] = [];
  for (let step = 0; step < STEPS; step++) {
    const driven = matmul(inputs.row(step), input);
    all.push(relu(step === 0 ? driven : add(driven, matmul(all[step - 1], recurrent))));
  }
  return all;
}

const lossOf = (weights: Weights, inputs: Tensor, labels: Tensor): Tensor =>
  mean(crossEntropy(matmul(concat(activities(weights, inputs), 0), weights.output), labels));

/** The activities [trials, units] at the decision, and the tangent kernel of the recurrent weights there. */
export function kernelsOf(weights: Weights, inputs: Tensor): { active: Tensor; kernel: Tensor } {
  return scope(() => {
    const active = activities(weights, inputs)[STEPS - 1];
    const decision = (recurrent: Tensor, one: Tensor): Tensor => {
      const all = activities({ ...weights, recurrent }, one.reshape([STEPS, 1, INPUTS]));
      return matmul(all[STEPS - 1], weights.output).reshape([OUTPUTS]);
    };
    return { active, kernel: tangentKernel(decision, weights.recurrent, transpose(inputs, [1, 0, 2])) };
  });
}

/** Trains one network and measures it. */
export async function trainRecurrent({ config, seed }: Cell<RecurrentConfig>, context: Context): Promise<RecurrentRow> {
  const { units, rank, iterations } = config;
  const [weightKey, trialKey, probeKey, testKey] = Key.of(seed).split(4);
  const optimizer = sgd({ lr: RATE, momentum: MOMENTUM });
  interface State {
    readonly weights: Weights;
    readonly optimizer: SgdState<Weights>;
  }
  const first = firstWeights(weightKey, units, rank);
  const learn = compile(({ weights, optimizer: state }: State, inputs: Tensor, labels: Tensor): State => {
    const { grad } = valueAndGrad((w: Weights) => lossOf(w, inputs, labels))(weights);
    const { params, state: next } = optimizer.step(weights, grad, state);
    return { weights: params, optimizer: next };
  });
  try {
    let state: State = { weights: first, optimizer: optimizer.init(first) };
    for (let iteration = 0; iteration < iterations; iteration++) {
      state = advance(state, (before) => {
        const { inputs, labels } = trials(trialKey.fold(iteration), BATCH);
        return learn(before, inputs, labels);
      });
      if ((iteration + 1) % ITERATIONS_BETWEEN_EVENTS > 0) continue;
      await pause(context, (iteration + 1) / iterations);
    }
    return scope(() => measured(first, state.weights, rank, probeKey, testKey));
  } finally {
    learn.dispose();
  }
}

function measured(first: Weights, last: Weights, rank: number, probeKey: Key, testKey: Key): RecurrentRow {
  const units = first.recurrent.shape[0];
  const { inputs } = trials(probeKey, EXAMPLES);
  const [before, after] = [first, last].map((weights) => kernelsOf(weights, inputs));
  const [own, learned] = [before.active, after.active].map((active) => similarityKernel(active));
  const { s } = svd(first.recurrent);
  const singular = s.data();
  const selves = [own, learned, before.kernel, after.kernel].flatMap((kernel) => [
    ...[kernel, mul(kernel, 0.125), mul(kernel, 3)].map((other) => kernelAlignment(kernel, other).item()),
  ]);
  const [was, is] = [before, after].map(({ active }) => Array.from(active.data(), (x) => x > 0));
  const test = trials(testKey, TESTS);
  const decided = matmul(activities(last, test.inputs)[STEPS - 1], last.output);
  return {
    norm: norm(first.recurrent).item(),
    beyond: rank < units ? singular[rank] / singular[0] : 0,
    effective: effectiveRank(first.recurrent).item(),
    change: norm(sub(last.recurrent, first.recurrent)).item(),
    representation: kernelAlignment(own, learned).item(),
    kernel: kernelAlignment(before.kernel, after.kernel).item(),
    self: Math.max(...selves.map((alignment) => Math.abs(alignment - 1))),
    signs: was.filter((active, i) => active === is[i]).length / was.length,
    loss: lossOf(last, test.inputs, test.labels).item(),
    accuracy: accuracy(decided, test.choices),
  };
}
