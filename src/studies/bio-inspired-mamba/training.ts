// A selective state space that learns, sequence by sequence, to recall a symbol that was marked long before: by backpropagation
// through time, by real-time recurrent learning, by the same without its traces, and with a term of STDP added.
import { loop, vjp } from "../../autodiff/index.js";
import { compile } from "../../compile/index.js";
import { advance, type FloatName, fromNumbers, Key, scope, type Tensor } from "../../core/index.js";
import { selectiveRtrl } from "../../credit/index.js";
import { initialise, type SelectiveCell, type SelectiveParams, selectiveCell } from "../../nn/index.js";
import { add, greater, matmul, mul, reshape, slice, softmax, sub, sum } from "../../ops/index.js";
import { adam } from "../../optim/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { stdp } from "../../spiking/index.js";
import { pause } from "../pause.js";

/** How a network is trained. */
export interface TrainingConfig {
  readonly by: "bptt" | "rtrl" | "truncated";
  /** What STDP's change of the input weights is multiplied by; 0 for none. */
  readonly stdp: number;
  readonly sequences: number;
  /** Steps of a sequence. */
  readonly length: number;
}

/** The share of right answers, in stretches of 100 sequences, each answered before it is learned from. */
export interface TrainingRow {
  readonly accuracy: readonly number[];
  /** How far the input weights moved, which STDP alone moves. */
  readonly moved: number;
}

/** Symbols, what a step shows (a symbol, whether it is marked, whether it is asked for), channels and states. */
const [SYMBOLS, SHOWN, CHANNELS, STATES] = [4, 6, 8, 4];
const [RATE, THRESHOLD] = [3e-3, 0.5];
/** Sequences of a stretch. */
export const STRETCH = 100;

/** The state space of the task, for parameters of a type. */
export const cellOf = (dtype: FloatName = "float32"): SelectiveCell =>
  selectiveCell(CHANNELS, { states: STATES, rank: 1, dtype });
const rule = stdp({ plus: 1, minus: 1.2, bound: "none" });

interface Learned {
  readonly cell: SelectiveParams;
  /** [channels, symbols]. */
  readonly output: Tensor;
}

/** A sequence [length, 6] and the symbol that was marked in its first two thirds. */
export function sequence(key: Key, length: number): { shown: Tensor; symbol: number } {
  const shown = new Float32Array(length * SHOWN);
  const marked = key.integer(length, Math.max(1, Math.floor((2 * length) / 3)));
  let symbol = 0;
  for (let step = 0; step < length - 1; step++) {
    const now = key.integer(step, SYMBOLS);
    shown[step * SHOWN + now] = 1;
    if (step !== marked) continue;
    shown[step * SHOWN + SYMBOLS] = 1;
    symbol = now;
  }
  shown[(length - 1) * SHOWN + SYMBOLS + 1] = 1;
  return { shown: fromNumbers(shown, [length, SHOWN], "float32"), symbol };
}

const stepOf = (x: Tensor, t: number): Tensor => slice(x, [t], [t + 1]);

/** The answer (1, symbols) after a sequence, differentiable. */
function answer(cell: SelectiveCell, { cell: params, output }: Learned, inputs: Tensor): Tensor {
  const steps = inputs.shape[0];
  const h = loop(steps - 1, cell.state(1), (before, t) => cell.step(params, before, stepOf(inputs, t)).h);
  return matmul(cell.step(params, h, stepOf(inputs, steps - 1)).y, output);
}

/** The gradient of the cross-entropy of the answer by the tape, with the answer. */
function throughTime(
  cell: SelectiveCell,
  learned: Learned,
  inputs: Tensor,
  target: Tensor,
): { credit: Learned; answered: Tensor } {
  const { value: answered, pullback } = vjp((p: Learned) => answer(cell, p, inputs), learned);
  try {
    return { credit: pullback(sub(softmax(answered), target)), answered };
  } finally {
    pullback.dispose();
  }
}

/** The same in real time. */
function inRealTime(
  cell: SelectiveCell,
  learned: Learned,
  inputs: Tensor,
  target: Tensor,
  truncated: boolean,
): { credit: Learned; answered: Tensor } {
  const rtrl = selectiveRtrl([cell], { truncated });
  let state = rtrl.rest(1);
  const steps = inputs.shape[0];
  for (let t = 0; t < steps - 1; t++) {
    state = rtrl.tick([learned.cell], state, stepOf(inputs, t), (y) => mul(y, 0)).state;
  }
  const answerOf = (y: Tensor): Tensor => matmul(y, learned.output);
  const wrongOf = (y: Tensor): Tensor => sub(softmax(answerOf(y)), target);
  const { y, credit } = rtrl.tick([learned.cell], state, stepOf(inputs, steps - 1), (last) =>
    matmul(wrongOf(last), learned.output, { b: true }),
  );
  return { credit: { cell: credit[0], output: matmul(y, wrongOf(y), { a: true }) }, answered: answerOf(y) };
}

/** What STDP makes of a sequence: input spikes are what is shown, output spikes are outputs above a threshold. */
function plasticity(cell: SelectiveCell, learned: Learned, input: Tensor, shown: Tensor): Tensor {
  const start = mul(input, 0);
  let carry = { weights: start, state: rule.init(start), h: cell.state(1) };
  for (let t = 0; t < shown.shape[0]; t++) {
    const { h, y } = cell.step(learned.cell, carry.h, matmul(stepOf(shown, t), input));
    const spikes = greater(reshape(y, [CHANNELS]), THRESHOLD);
    carry = { ...rule.step(carry.weights, carry.state, reshape(stepOf(shown, t), [SHOWN]), spikes), h };
  }
  return carry.weights;
}

/** The credit of one sequence by each way. */
export const credits: Readonly<
  Record<TrainingConfig["by"], (...args: Parameters<typeof throughTime>) => ReturnType<typeof throughTime>>
> = {
  bptt: throughTime,
  rtrl: (...args) => inRealTime(...args, false),
  truncated: (...args) => inRealTime(...args, true),
};

/** What one sequence changes: the credit of what is learned, the answer, and the input weights, which STDP alone moves. */
export const updateOf =
  (cell: SelectiveCell, { by, stdp: size }: Pick<TrainingConfig, "by" | "stdp">) =>
  (learned: Learned, input: Tensor, shown: Tensor, target: Tensor) => ({
    ...credits[by](cell, learned, matmul(shown, input), target),
    // Input weights get no gradient: errors of one step say nothing of what they did to the states.
    input: size > 0 ? add(input, mul(plasticity(cell, learned, input, shown), size)) : mul(input, 1),
  });

/** First weights: the input's, and those that are learned. */
export function firstWeights(key: Key): { input: Tensor; learned: Learned } {
  const [ofInput, ofCell, ofOutput] = key.split(3);
  const weights = (from: Key, fanIn: number, fanOut: number): Tensor =>
    initialise("xavierNormal", from, [fanIn, fanOut], { fanIn, fanOut });
  return {
    input: weights(ofInput, SHOWN, CHANNELS),
    learned: { cell: cellOf().init(ofCell), output: weights(ofOutput, CHANNELS, SYMBOLS) },
  };
}

/** Trains one network. */
export async function trainCell({ config, seed }: Cell<TrainingConfig>, context: Context): Promise<TrainingRow> {
  const [weightKey, trialKey] = Key.of(seed).split(2);
  const optimizer = adam({ lr: RATE });
  const { input, learned } = firstWeights(weightKey);
  const first = { input, learned, optimizer: optimizer.init(learned) };
  // Adam looks at sizes of gradients, so it stays outside of the program.
  const found = compile(updateOf(cellOf(), config));
  const accuracy: number[] = [];
  try {
    let carry = { state: first };
    let right = 0;
    for (let i = 1; i <= config.sequences; i++) {
      carry = advance(carry, ({ state }) => {
        const { shown, symbol } = sequence(trialKey.fold(i), config.length);
        const target = fromNumbers(
          Float32Array.from({ length: SYMBOLS }, (_, k) => (k === symbol ? 1 : 0)),
          [1, SYMBOLS],
          "float32",
        );
        const { credit, answered, input: moved } = found(state.learned, state.input, shown, target);
        const { params, state: next } = optimizer.step(state.learned, credit, state.optimizer);
        const logits = answered.data();
        right += logits.every((each, k) => k === symbol || each < logits[symbol]) ? 1 : 0;
        return { state: { input: moved, learned: params, optimizer: next } };
      });
      if (i % STRETCH > 0) continue;
      accuracy.push(right / STRETCH);
      right = 0;
      await pause(context, i / config.sequences);
    }
    const moved = scope(() => sum(sub(carry.state.input, input).square()).sqrt().item());
    return { accuracy, moved };
  } finally {
    found.dispose();
  }
}
