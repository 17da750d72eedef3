// What learners do when they are put together: a network of combinators beside the tape, a layer that remembers, and a market
// that rewires itself.
import { valueAndGrad } from "../../autodiff/index.js";
import { advance, fromNumbers, Key, scope, type Tensor } from "../../core/index.js";
import {
  box,
  compose,
  type GradientState,
  gradientLearner,
  type Learner,
  lossLearner,
  type Machine,
  predictionMarket,
} from "../../credit/index.js";
import { float64 } from "../../float64/index.js";
import { accuracy, initialise } from "../../nn/index.js";
import {
  add,
  concat,
  crossEntropy,
  matmul,
  mean,
  mul,
  oneHot,
  softmax,
  sub,
  tanh,
  tensor,
  zeros,
} from "../../ops/index.js";
import { adam, sgd } from "../../optim/index.js";

/** A layer of synapses. */
interface Layer {
  readonly weight: Tensor;
  readonly bias: Tensor;
}

const layerOf = (key: Key, from: number, to: number): Layer => ({
  weight: initialise("xavierUniform", key, [from, to], { fanIn: from, fanOut: to }, float64),
  bias: zeros([to], float64),
});
const linear = ({ weight, bias }: Layer, x: Tensor): Tensor => add(matmul(x, weight), bias);
const hidden = (params: Layer, x: Tensor): Tensor => tanh(linear(params, x));

/** Points of two spirals that turn once around each other, with their labels. */
function spirals(key: Key, count: number): { x: Tensor; labels: Tensor } {
  const x = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const at = 0.2 + 0.8 * key.uniform(2 * i);
    const turn = 2 * at + (i % 2) / 2;
    const [cosine, sine] = rotation(turn);
    x[2 * i] = at * cosine;
    x[2 * i + 1] = at * sine;
  }
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  return { x: fromNumbers(x, [count, 2], "float64"), labels: tensor(labels, { dtype: "int32" }) };
}

/** The cosine and the sine of so many half turns, by the ops, whose bits are the same on every engine. */
const rotation = (turns: number): [number, number] =>
  scope(() => {
    const angle = tensor([Math.PI * turns], float64);
    return [angle.cos().item(), angle.sin().item()];
  });

/** Losses before each step. */
export interface NetworkRow {
  /** Of the network of learners. */
  readonly learners: readonly number[];
  /** Of the same network on the tape. */
  readonly tape: readonly number[];
}

/** A 2-16-16-2 network on two spirals for 200 steps of the whole batch: by composed learners and by the tape. */
export function networkRow(seed: number): NetworkRow {
  const [dataKey, ...keys] = Key.of(seed).split(4);
  const { x, labels } = spirals(dataKey, 100);
  const sizes = [2, 16, 16, 2];
  const params: readonly Layer[] = keys.map((key, i) => layerOf(key, sizes[i], sizes[i + 1]));
  const optimizer = sgd({ lr: 0.2, momentum: 0.9 });
  const lossOf = (y: Tensor): Tensor => mean(crossEntropy(y, labels));
  const [one, two, three] = params.map((each, i) => gradientLearner(i < 2 ? hidden : linear, each, optimizer));
  const net = compose(compose(one, two), three);
  const trained = compose(net, lossLearner(lossOf));
  const whole = (all: readonly Layer[]): Tensor =>
    lossOf(all.reduce((a, layer, i) => (i < 2 ? hidden(layer, a) : linear(layer, a)), x));
  const [learners, tape]: [number[], number[]] = [[], []];
  let carry = { learner: trained.state, params, optimizer: optimizer.init(params) };
  for (let step = 0; step < 200; step++) {
    learners.push(scope(() => lossOf(net.out(carry.learner[0], x)).item()));
    carry = advance(carry, (now) => {
      const { value, grad } = valueAndGrad(whole)(now.params);
      tape.push(value.item());
      const stepped = optimizer.step(now.params, grad, now.optimizer);
      return {
        learner: trained.step(now.learner, x, []).state,
        params: stepped.params,
        optimizer: stepped.state,
      };
    });
  }
  return { learners, tape };
}

/** Accuracies over the stretches of a stream. */
export interface StreamRow {
  /** With a layer that holds a leaky integrator. */
  readonly box: readonly number[];
  /** Without. */
  readonly memoryless: readonly number[];
  /** How much of its state the integrator keeps: at first and at last. */
  readonly keep: readonly [first: number, last: number];
}

/** Streams side by side, and steps of a stretch. */
const [STREAMS, STRETCH] = [16, 100];
/** What the integrator keeps at first: too much, so that the last bit is hidden among older ones. */
const KEEP = 0.9;

/** It becomes what it hears; through the wiring it hears its own state, so that it is a leaky integrator: s ← keep · s + x. */
const integrator = (): Machine<{ readonly keep: Tensor }, Tensor> => ({
  state: zeros([STREAMS, 1], float64),
  readout: (_, state) => state,
  update: (_, _state, input) => input,
});

/** Whether this bit and the last one differ, told from a stream of bits, learned online. */
export function streamRow(seed: number, steps: number): StreamRow {
  const [bits, one, two] = Key.of(seed).split(3);
  const optimizer = adam({ lr: 0.01 });
  const readout = (inputs: number): Learner<readonly [GradientState<Layer>, GradientState<Layer>], Tensor, Tensor> =>
    compose(
      gradientLearner(hidden, layerOf(one, inputs, 16), optimizer),
      gradientLearner(linear, layerOf(two, 16, 2), optimizer),
    );
  const layer = box(
    {
      params: { keep: tensor(KEEP, float64) },
      machines: { integrator: integrator() },
      wire: ({ keep }, { integrator: state }, x: Tensor) => ({ integrator: add(mul(state, keep), x) }),
      show: (_, { integrator: state }, x: Tensor) => concat([x, state], 1),
    },
    optimizer,
  );
  const [withBox, without] = [compose(layer, readout(2)), readout(1)];
  let carry = { box: withBox.state, memoryless: without.state };
  const found = { box: [] as number[], memoryless: [] as number[] };
  const right = { box: 0, memoryless: 0 };
  const bitsAt = (step: number): number[] => Array.from({ length: STREAMS }, (_, i) => bits.fold(step).bits(i) % 2);
  for (let step = 1; step <= steps; step++) {
    const [before, now] = [bitsAt(step - 1), bitsAt(step)];
    carry = advance(carry, (states) => {
      const x = tensor(
        now.map((bit) => [2 * bit - 1]),
        float64,
      );
      const labels = tensor(
        Int32Array.from(now, (bit, i) => (bit === before[i] ? 0 : 1)),
        { dtype: "int32" },
      );
      const wanted = oneHot(labels, 2, float64);
      const learn = <S>(learner: Learner<S, Tensor, Tensor>, state: S, name: keyof typeof right): S => {
        const y = learner.out(state, x);
        right[name] += accuracy(y, labels);
        return learner.step(state, x, sub(softmax(y), wanted).mul(1 / STREAMS)).state;
      };
      return { box: learn(withBox, states.box, "box"), memoryless: learn(without, states.memoryless, "memoryless") };
    });
    if (step % STRETCH > 0) continue;
    for (const name of ["box", "memoryless"] as const) {
      found[name].push(right[name] / STRETCH);
      right[name] = 0;
    }
  }
  return { ...found, keep: [KEEP, carry.box[0].params.keep.item()] };
}

/** Wealth after each outcome, expert by expert. */
export interface MarketRow {
  readonly wealth: readonly (readonly number[])[];
}

/** The chances of 1 that the experts give; the first is the truth. */
export const CHANCES: readonly number[] = [0.8, 0.6, 0.4];

/** Three experts with equal wealth, and 200 outcomes of which 80 % are 1. */
export function marketRow(seed: number): MarketRow {
  const key = Key.of(seed);
  const market = predictionMarket(
    tensor(
      CHANCES.map(() => 1 / CHANCES.length),
      float64,
    ),
  );
  const experts = CHANCES.map((chance) => tensor([1 - chance, chance], float64));
  let carry = { wealth: market.state };
  const wealth: number[][] = CHANCES.map(() => []);
  for (let i = 0; i < 200; i++) {
    carry = advance(carry, (state) => ({
      wealth: market.update(state.wealth, experts, key.uniform(i) < CHANCES[0] ? 1 : 0),
    }));
    for (const [expert, each] of Array.from(carry.wealth.data()).entries()) wealth[expert].push(each);
  }
  return { wealth };
}
