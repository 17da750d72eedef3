// Evaluates a network: its loss and other measures over examples, batch by batch.

import { checkTensors } from "../autodiff/index.js";
import { checkKind, scope, type Tensor } from "../core/index.js";
import { argmax, crossEntropy, mean } from "../ops/index.js";
import type { Examples } from "./examples.js";
import { checkAreExamples } from "./examples.js";
import { checkCount } from "./layer.js";
import type { Network, Params, States } from "./network.js";
import { checkNetwork } from "./network.js";

/** What training minimises: a tensor of one number, the mean over a batch. */
export type Loss = (outputs: Tensor, targets: Tensor) => Tensor;

/** A measure, as the mean over a batch. */
export type Metric = (outputs: Tensor, targets: Tensor) => number;

/** Which loss and measures are computed. */
export interface MeasureOptions {
  /** The loss; by default the mean cross-entropy of logits [n, classes] with int32 labels [n]. */
  readonly loss?: Loss;
  /** Measures by name. By default `accuracy` for the default loss, and none for your own loss. */
  readonly metrics?: Readonly<Record<string, Metric>>;
}

/** The loss and the measures, as means over examples. */
export interface Scores {
  /** The mean loss. */
  readonly loss: number;
  /** The measures by name. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * The share of rows of logits [n, classes] whose largest logit, or the first of several, is at the label.
 *
 * @example accuracy(tensor([[2, 1], [0, 3]]), tensor([0, 0], { dtype: "int32" })) // 0.5
 */
export function accuracy(outputs: Tensor, targets: Tensor): number {
  checkTensors("accuracy", [outputs, targets]);
  const [found, wanted] = [argmax(outputs, -1).data(), targets.data()];
  let hits = 0;
  for (let i = 0; i < wanted.length; i++) hits += Number(found[i] === wanted[i]);
  return hits / wanted.length;
}

/**
 * Mean cross-entropy of logits [n, classes] with int32 labels [n].
 *
 * @example classification(tensor([[2, 0, 0]]), tensor([0], { dtype: "int32" })) // 0.2395
 */
export const classification: Loss = (outputs, targets) => mean(crossEntropy(outputs, targets));

/** The loss and the measures, with the defaults filled in. */
export const measuresOf = ({ loss, metrics }: MeasureOptions): Required<MeasureOptions> => ({
  loss: loss ?? classification,
  metrics: metrics ?? (loss ? {} : { accuracy }),
});

/** The mean scores over batches, each weighted by its size. */
export class Tally {
  private count = 0;
  private loss = 0;
  private readonly sums = new Map<string, number>();

  constructor(private readonly metrics: Readonly<Record<string, Metric>>) {}

  add(loss: number, outputs: Tensor, targets: Tensor): void {
    const n = targets.shape[0];
    this.count += n;
    this.loss += n * loss;
    for (const [name, metric] of Object.entries(this.metrics)) {
      this.sums.set(name, (this.sums.get(name) ?? 0) + n * metric(outputs, targets));
    }
  }

  scores(): Scores {
    const means = [...this.sums].map(([name, sum]) => [name, sum / this.count] as const);
    return { loss: this.loss / this.count, metrics: Object.fromEntries(means) };
  }
}

/** Options of `evaluate`. */
export interface EvaluateOptions extends MeasureOptions {
  /** How many examples are evaluated at a time; 256 by default. Results depend on it only by rounding. */
  readonly batchSize?: number;
  /** The states of the layers after training; needed for networks whose layers have any, such as `batchNorm`. */
  readonly states?: States;
}

/**
 * The loss and the measures of a network over all examples, outside of training.
 *
 * @throws RangeError for no examples, a `batchSize` that is not a whole number from 1 up, and missing `states`.
 * @example
 * const net = network({ input: [4], layers: [dense(3)] });
 * const examples = examplesOf(ones([6, 4]), zeros([6], { dtype: "int32" }));
 * evaluate(net, net.init(Key.of(0)), examples); // { loss: 1.559, metrics: { accuracy: 0 } }
 */
export function evaluate(net: Network, params: Params, examples: Examples, options: EvaluateOptions = {}): Scores {
  checkNetwork("evaluate", net);
  checkKind("evaluate", "the parameters", params, "an object");
  checkAreExamples("evaluate", examples);
  checkKind("evaluate", "what the evaluation is given", options, "an object");
  const { batchSize = 256, states } = options;
  if (!states && net.states().some((state) => Object.keys(state).length > 0)) {
    throw new RangeError(
      "[evaluate] the network has layers with a state, but no states are given. Pass { states } as fit and train return them.",
    );
  }
  checkCount("evaluate", "`batchSize`", batchSize);
  if (examples.count === 0) throw new RangeError("[evaluate] there are no examples. Give at least one.");
  const { loss, metrics } = measuresOf(options);
  const tally = new Tally(metrics);
  for (let from = 0; from < examples.count; from += batchSize) {
    scope(() => {
      const size = Math.min(batchSize, examples.count - from);
      const { x, y } = examples.batch(Array.from({ length: size }, (_, i) => from + i));
      const outputs = net.apply(params, x, states && { states });
      tally.add(loss(outputs, y).item(), outputs, y);
    });
  }
  return tally.scores();
}
