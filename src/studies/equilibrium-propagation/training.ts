// Trains a prototypical network with layers of 10 (the data), 64 and 4 neurons to tell four classes apart: whether exactly
// one of the first two numbers is above one half, and whether the other eight add up to more than half of their maximum.
import { compile } from "../../compile/index.js";
import { advance, Key, scope, type Tensor } from "../../core/index.js";
import {
  equilibriumPropagation,
  type NudgingOptions,
  prototypicalModel,
  type SymmetricLayer,
  unrolledGradient,
} from "../../credit/index.js";
import { argmax, mul, oneHot, random, sigmoid, sub, take, tensor } from "../../ops/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { pause } from "../pause.js";

/**
 * Equilibrium propagation, the same with a random sign of β or with both signs, and backpropagation through time.
 */
export const learners = ["ep", "random", "symmetric", "bptt"] as const;

/** How those nudge that do not nudge on one side at a time. */
const nudgings: Readonly<Partial<Record<(typeof learners)[number], NudgingOptions>>> = {
  symmetric: { nudging: "symmetric" },
};

/** How a network is trained. */
export interface TrainingConfig {
  /** The algorithm: one of `learners`. */
  readonly by: (typeof learners)[number];
  /** How many times each example is seen at the authors' rates; then a quarter as often at a tenth of them. */
  readonly epochs: number;
  /** How many examples there are to train on; half as many are used for testing. */
  readonly examples: number;
}

/** The result of a training: the share of test examples that are wrong, in per cent, after each epoch. */
export interface TrainingRow {
  readonly errors: readonly number[];
}

/** Ticks of the first phase and of the second, strength of nudging, and items of a batch. */
const [FREE, NUDGED, BETA, BATCH] = [30, 10, 0.1, 20];
/** The learning rate of each layer, beginning with the one next to the data. */
const RATES: readonly number[] = [0.08, 0.04];
/**
 * How long the network learns after the epochs that were asked for, and at which share of the rates. At the full rates the error goes
 * up and down by ten points from epoch to epoch, so that where training happens to stop would decide.
 */
const [CALM, CALMER] = [1 / 4, 0.1];

type Params = readonly SymmetricLayer[];

/** 1 / (1 + exp(-4 (x - 1/2))) */
export const rho = (x: Tensor): Tensor => sigmoid(sub(mul(x, 4), 2));

/** Random data with their classes. */
function drawn(key: Key, count: number): { x: Tensor; labels: Int32Array } {
  const x = random.uniform(key, [count, 10]);
  const numbers = x.data();
  const labels = Int32Array.from({ length: count }, (_, i) => {
    const item = numbers.subarray(10 * i, 10 * i + 10);
    const [one, other] = [item[0] > 0.5, item[1] > 0.5];
    let rest = 0;
    for (let j = 2; j < 10; j++) rest += item[j];
    return (one === other ? 0 : 1) + (rest > 4 ? 2 : 0);
  });
  return { x, labels };
}

/** Trains a network of the cell's seed. */
export async function trainCell({ config, seed }: Cell<TrainingConfig>, context: Context): Promise<TrainingRow> {
  const { by, epochs, examples } = config;
  const [ofParams, ofData, ofTest, ofOrder, ofSigns] = Key.of(seed).split(5);
  const model = prototypicalModel([10, 64, 4], rho);
  const { x, labels } = drawn(ofData, examples);
  const targets = oneHot(tensor(labels, { dtype: "int32" }), 4);
  const test = drawn(ofTest, examples / 2);
  const credit = (params: Params, data: Tensor, target: Tensor, options: NudgingOptions): Params =>
    by === "bptt"
      ? unrolledGradient(model, params, data, target, { free: FREE, nudged: NUDGED }).credit
      : equilibriumPropagation(model, params, data, target, { free: FREE, nudged: NUDGED, beta: BETA, ...options })
          .credit;
  const update = (options: NudgingOptions) =>
    compile((params: Params, data: Tensor, target: Tensor, share: Tensor) => ({
      params: credit(params, data, target, options).map(({ weight, bias }, i) => ({
        weight: sub(params[i].weight, mul(mul(weight, RATES[i] / BATCH), share)),
        bias: sub(params[i].bias, mul(mul(bias, RATES[i] / BATCH), share)),
      })),
    }));
  // For random nudging, each sign has a compiled program of its own.
  const updates = [update(nudgings[by] ?? {}), update({ beta: -BETA })];
  const answer = compile((params: Params, data: Tensor) => {
    let states = model.rest(params, data);
    for (let tick = 0; tick < FREE; tick++) states = model.step(params, data, states);
    return argmax(states[1], 1);
  });
  let carry = { params: model.init(ofParams) };
  const errors: number[] = [];
  const all = epochs + Math.ceil(CALM * epochs);
  const shares = [1, CALMER].map((share) => tensor(share));
  for (let epoch = 0; epoch < all; epoch++) {
    const order = ofOrder.fold(epoch).permutation(examples);
    for (let at = 0; at + BATCH <= examples; at += BATCH) {
      const sign = by === "random" ? ofSigns.fold(epoch).bits(at) % 2 : 0;
      carry = advance(carry, ({ params }) => {
        const indices = tensor(Int32Array.from(order.slice(at, at + BATCH)), { dtype: "int32" });
        return updates[sign](params, take(x, indices), take(targets, indices), shares[epoch < epochs ? 0 : 1]);
      });
    }
    const found = scope(() => answer(carry.params, test.x).data());
    errors.push((100 * test.labels.filter((label, i) => label !== found[i]).length) / test.labels.length);
    await pause(context, (epoch + 1) / all);
  }
  for (const program of [...updates, answer]) program.dispose();
  return { errors };
}
