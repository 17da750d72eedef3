// A small spiking network that learns to tell two classes of trains apart, with the internals of its neurons fixed or learned.
import { valueAndGrad } from "../../autodiff/index.js";
import { compile } from "../../compile/index.js";
import { advance, fromNumbers, Key, scope, type Tensor, type TreeOf } from "../../core/index.js";
import type { LayerParams } from "../../nn/index.js";
import { add, argmax, crossEntropy, matmul, mul, random, reshape, zeros } from "../../ops/index.js";
import { adam } from "../../optim/index.js";
import type { Cell, Context } from "../../runs/index.js";
import {
  complexityClassifier,
  firingRates,
  lempelZivComplexity,
  lif,
  metaNeuron,
  type Neuron,
  runNeurons,
  type SpikingState,
  type Train,
} from "../../spiking/index.js";
import { pause } from "../pause.js";
import { mean } from "../statistics.js";
import { type TaskName, type Trains, tasks } from "./tasks.js";

/** The neurons that are compared, by name: what they begin with, and what they may learn. */
export const neurons = {
  "lif, tau 2, threshold 2.5": (units: number, learn: boolean) =>
    lif(units, { tau: 2, threshold: 2.5, surrogate: "rectangular", learn: learn ? ["tau", "threshold"] : [] }),
  "lif, tau 10, threshold 1": (units: number, learn: boolean) =>
    lif(units, { tau: 10, threshold: 1, surrogate: "rectangular", learn: learn ? ["tau", "threshold"] : [] }),
  "plif, tau 16": (units: number, learn: boolean) =>
    lif(units, { tau: 16, threshold: 1, surrogate: "rectangular", learn: learn ? ["tau"] : [] }),
  "plif, tau 2": (units: number, learn: boolean) =>
    lif(units, { tau: 2, threshold: 1, surrogate: "rectangular", learn: learn ? ["tau"] : [] }),
  meta: (units: number, learn: boolean) => metaNeuron(units, { learn: learn ? ["a", "b", "c", "d"] : [] }),
} as const;
/** The name of a kind of neuron. */
export type NeuronName = keyof typeof neurons;

/** One network. */
export interface TrainingConfig {
  readonly task: TaskName;
  readonly neuron: NeuronName;
  /** Whether the internals of its neurons learn, and not the weights alone. */
  readonly learn: boolean;
  readonly units: number;
  /** Updates, of 64 examples each. */
  readonly updates: number;
  /** Examples to test with, half of each class. */
  readonly tests: number;
  /** The most images of a class to learn from, and as many to test with; for tasks of images. */
  readonly images?: number;
}

/** What one network comes to: shares of the test examples whose class is named rightly. */
export interface TrainingRow {
  readonly accuracy: number;
  /** By the number of spikes of the inputs alone, with a threshold halfway between both classes. */
  readonly count: number;
  /** By the mean complexity of the trains of the network's neurons, and of the inputs' trains. */
  readonly complexity: { readonly output: number; readonly input: number };
  /** The loss at every tenth update. */
  readonly losses: readonly number[];
}

/** Examples of a batch, the rate of Adam, and examples from which count and complexity learn. */
const [BATCH, RATE, SHOWN] = [64, 0.005, 200];

interface Params {
  readonly weight: Tensor;
  readonly neuron: LayerParams;
  readonly output: Tensor;
  readonly bias: Tensor;
}

type Network = (params: Params, x: Tensor) => { readonly scores: Tensor; readonly spikes: Tensor };

function networkOf<S extends SpikingState & TreeOf<S>>(neuron: Neuron<S>): Network {
  return ({ weight, neuron: internals, output, bias }, x) => {
    const [n, steps, inputs] = x.shape;
    const currents = reshape(matmul(reshape(x, [n * steps, inputs]), weight), [n, steps, neuron.units]);
    const { spikes } = runNeurons(neuron, internals, currents);
    return { scores: add(matmul(mul(firingRates(spikes), 10), output), bias), spikes };
  };
}

/** The trains of each example, unit after unit. */
function trainsOf(x: Tensor): number[][] {
  const [n, steps, units] = x.shape;
  const data = x.data();
  return Array.from({ length: n }, (_, i) =>
    Array.from({ length: steps * units }, (_, at) => data[(i * steps + (at % steps)) * units + Math.floor(at / steps)]),
  );
}

/** The share of trains that a classifier of complexity, made from others, names rightly; a measure of a train in parts. */
function byMeasure(shown: Trains, tested: Trains, measure: (train: Train) => number): number {
  const classifier = complexityClassifier(trainsOf(shown.x), shown.classes, measure);
  return mean(trainsOf(tested.x).map((train, i) => Number(classifier.predict(train) === tested.classes[i])));
}

const countOf = (train: Train): number => mean(Array.from(train));
const complexityOf =
  (steps: number) =>
  (train: Train): number => {
    const parts = Array.from(train);
    const units = parts.length / steps;
    return mean(Array.from({ length: units }, (_, i) => lempelZivComplexity(parts.slice(i * steps, (i + 1) * steps))));
  };

/** Trains one network and tests it. */
export async function trainingRow(
  { config, seed, data }: Cell<TrainingConfig>,
  context: Context,
): Promise<TrainingRow> {
  const { task: name, neuron: kind, learn, units, updates, tests, images = 0 } = config;
  const task = tasks[name].of(data && (await context.open(data)), images);
  const [weightKey, outputKey, trainKey, testKey] = Key.of(seed).split(4);
  const neuron = neurons[kind](units, learn) as Neuron<never>;
  const forward = networkOf(neuron);
  const optimizer = adam({ lr: RATE });
  const update = compile((params: Params, state: ReturnType<typeof optimizer.init<Params>>, x: Tensor, y: Tensor) => {
    const loss = (p: Params): Tensor => crossEntropy(forward(p, x).scores, y, { reduction: "mean" });
    const { value, grad } = valueAndGrad(loss)(params);
    return { ...optimizer.step(params, grad, state), loss: value };
  });
  const labels = ({ classes }: Trains): Tensor => fromNumbers(Int32Array.from(classes), [classes.length], "int32");
  const losses: number[] = [];
  try {
    const first: Params = {
      weight: random.normal(weightKey, [task.inputs, units]),
      neuron: neuron.init(),
      output: random.normal(outputKey, [units, 2], { std: 0.3 }),
      bias: zeros([2]),
    };
    let carry = { params: first, state: optimizer.init(first), loss: zeros([]) };
    for (let i = 0; i < updates; i++) {
      carry = advance(carry, ({ params, state }) => {
        const batch = task.draw(trainKey.fold(i), BATCH, "train");
        return update(params, state, batch.x, labels(batch));
      });
      if (i % 10 === 0) {
        losses.push(carry.loss.item());
        await pause(context, (0.9 * i) / updates);
      }
    }
    const [shown, tested] = [task.draw(testKey.fold(0), SHOWN, "train"), task.draw(testKey.fold(1), tests, "test")];
    const [ofShown, ofTested] = [shown, tested].map(({ x }) => forward(carry.params, x));
    const named = argmax(ofTested.scores, 1).data();
    const complexity = complexityOf(task.steps);
    return scope(() => ({
      accuracy: mean(tested.classes.map((each, i) => Number(each === named[i]))),
      count: byMeasure(shown, tested, countOf),
      complexity: {
        output: byMeasure({ ...shown, x: ofShown.spikes }, { ...tested, x: ofTested.spikes }, complexity),
        input: byMeasure(shown, tested, complexity),
      },
      losses,
    }));
  } finally {
    update.dispose();
  }
}
