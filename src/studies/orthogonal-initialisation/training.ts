// A recurrent network that learns a task whose answer depends on what it saw at the beginning, from random or from
// orthogonal weights.
import { grad } from "../../autodiff/index.js";
import { compile } from "../../compile/index.js";
import { advance, Key, scope, type Tensor } from "../../core/index.js";
import { initialise, orthogonalise, orthogonalityPenalty } from "../../nn/index.js";
import { add, matmul, mul, reshape, tanh, zeros } from "../../ops/index.js";
import { clipByGlobalNorm, sgd } from "../../optim/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { pause } from "../pause.js";
import { type Task, type TaskName, tasks } from "./tasks.js";

/** How a network is trained. */
export interface TrainingConfig {
  readonly task: TaskName;
  /** Whether its weights are orthogonalised before it learns. */
  readonly orthogonal: boolean;
  /** What the penalty of the recurrent weights is multiplied by; 0 for none. */
  readonly penalty: number;
  readonly units: number;
  /** Steps of a sequence. */
  readonly length: number;
  /** The most iterations, of 20 sequences each. */
  readonly iterations: number;
}

/** What one network comes to. */
export interface TrainingRow {
  /** The share of wrong answers to new sequences, in per cent, each time it was looked at; not after it was solved. */
  readonly errors: readonly number[];
  /** The iterations after which it was first below 1 %; null if it never was. */
  readonly solved: number | null;
}

/** All weights, so that a row of activity times them is the next one. */
interface Weights {
  readonly input: Tensor;
  readonly recurrent: Tensor;
  readonly bias: Tensor;
  readonly output: Tensor;
  readonly outputBias: Tensor;
}

const [RATE, CLIP, BATCH, TESTS] = [0.05, 1, 20, 500];
/** Iterations between two tests, and the error at which a task is solved. */
export const [EVERY, SOLVED] = [500, 1];

/** Uniform by Glorot and, if asked for, orthogonalised. */
function firstWeights(key: Key, { inputs, outputs }: Task, { units, orthogonal }: TrainingConfig): Weights {
  const drawn = (of: Key, fanIn: number, fanOut: number): Tensor => {
    const weight = initialise("xavierUniform", of, [fanIn, fanOut], { fanIn, fanOut });
    return orthogonal ? orthogonalise(weight).weight : weight;
  };
  const [ofInput, ofRecurrent, ofOutput] = key.split(3);
  return scope(() => ({
    input: drawn(ofInput, inputs, units),
    recurrent: drawn(ofRecurrent, units, units),
    bias: zeros([units]),
    output: drawn(ofOutput, units, outputs),
    outputBias: zeros([outputs]),
  }));
}

/** The answers (n, outputs) after the last step of inputs [steps, n, inputs]. */
function answersOf({ input, recurrent, bias, output, outputBias }: Weights, inputs: Tensor): Tensor {
  const [steps, count, width] = inputs.shape;
  const driven = add(matmul(reshape(inputs, [steps * count, width]), input), bias);
  const byStep = reshape(driven, [steps, count, bias.size]);
  let active = tanh(byStep.row(0));
  for (let step = 1; step < steps; step++) active = tanh(add(byStep.row(step), matmul(active, recurrent)));
  return add(matmul(active, output), outputBias);
}

/** Trains one network. */
export async function trainCell({ config, seed }: Cell<TrainingConfig>, context: Context): Promise<TrainingRow> {
  const { length, iterations, penalty } = config;
  const task: Task = tasks[config.task];
  const [weightKey, trialKey, testKey] = Key.of(seed).split(3);
  const optimizer = sgd({ lr: RATE });
  const learn = compile((weights: Weights, inputs: Tensor, targets: Tensor): Weights => {
    const loss = (w: Weights): Tensor => {
      const ofTask = task.loss(answersOf(w, inputs), targets);
      return penalty > 0 ? add(ofTask, mul(orthogonalityPenalty([w.recurrent]), penalty)) : ofTask;
    };
    return optimizer.step(weights, clipByGlobalNorm(grad(loss)(weights), CLIP), { velocity: [] }).params;
  });
  const errors: number[] = [];
  try {
    let carry = { weights: firstWeights(weightKey, task, config) };
    for (let iteration = 1; iteration <= iterations; iteration++) {
      carry = advance(carry, ({ weights }) => {
        const { inputs, targets } = task.draw(trialKey.fold(iteration), BATCH, length);
        return { weights: learn(weights, inputs, targets) };
      });
      if (iteration % 25 === 0) await pause(context, iteration / iterations);
      if (iteration % EVERY > 0 && iteration < iterations) continue;
      const error = scope(() => {
        const { inputs, targets } = task.draw(testKey.fold(iteration), TESTS, length);
        return task.error(answersOf(carry.weights, inputs), targets);
      });
      errors.push(error);
      if (error < SOLVED) return { errors, solved: iteration };
    }
    return { errors, solved: null };
  } finally {
    learn.dispose();
  }
}
