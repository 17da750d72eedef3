// A recurrent network that learns the task of two alternatives from recurrent weights of a given rank, and how far that
// turns its representations and its tangent kernel.
import { valueAndGrad } from "../../autodiff/index.js";
import { compile } from "../../compile/index.js";
import { advance, Key, scope, type Tensor } from "../../core/index.js";
import { effectiveRank, lowRank, svd } from "../../linalg/index.js";
import { accuracy, kernelAlignment, similarityKernel, tangentKernel } from "../../nn/index.js";
import { add, concat, crossEntropy, matmul, mean, mul, norm, random, relu, sub, transpose } from "../../ops/index.js";
import { type SgdState, sgd } from "../../optim/index.js";
import { type Cell, type Context, Stopped, yieldToEvents } from "../../runs/index.js";
import { INPUTS, OUTPUTS, STEPS, trials } from "./task.js";

/** A network that is trained. */
export interface RecurrentConfig {
  readonly units: number;
  /** Of the recurrent weights it begins with. */
  readonly rank: number;
  readonly iterations: number;
}

/** What one network comes to. */
export interface RecurrentRow {
  /** Frobenius norm of the first recurrent weights. */
  readonly norm: number;
  /** Their singular value after the last that the rank allows, over the largest; 0 at full rank. */
  readonly beyond: number;
  /** Their effective rank. */
  readonly effective: number;
  /** Frobenius norm of how far the recurrent weights moved. */
  readonly change: number;
  /** Alignment of representations before and after. */
  readonly representation: number;
  /** Alignment of the tangent kernel of the recurrent weights before and after. */
  readonly kernel: number;
  /** How far the worst alignment of a kernel with itself, or with a multiple of itself, is off 1. */
  readonly self: number;
  /** Share of units and examples that are still active, or still silent. */
  readonly signs: number;
  /** Cross-entropy and accuracy at the decision, of new trials. */
  readonly loss: number;
  readonly accuracy: number;
}

/** All weights, so that a row of activity times them is the next one. */
export interface Weights {
  /** [inputs, units]. */
  readonly input: Tensor;
  /** [units, units]. */
  readonly recurrent: Tensor;
  /** [units, outputs]. */
  readonly output: Tensor;
}

/** As in the authors' code. */
const [GAIN, RATE, MOMENTUM, BATCH] = [1.25, 0.003, 0.9, 32];
/** Examples that kernels are over, and trials that a network is tested on. */
export const [EXAMPLES, TESTS] = [20, 2000];
/** Iterations between two looks at signals. */
const TURN = 25;

/** Weights of which the recurrent ones have this rank, and the same norm whatever the rank. */
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

/** What learning turns: what the units do at the decision, and the tangent kernel of the recurrent weights there. */
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
      if ((iteration + 1) % TURN > 0) continue;
      context.progress((iteration + 1) / iterations);
      await yieldToEvents();
      if (context.signal.aborted) throw new Stopped();
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
