// How well a network does: its loss and other measures over examples, batch by batch.

import { scope, type Tensor } from "../core/index.js";
import { argmax, crossEntropy, mean } from "../ops/index.js";
import type { Examples } from "./examples.js";
import { checkCount } from "./layer.js";
import type { Network, Params, States } from "./network.js";

/** What training makes small: one number, a mean over the batch. */
export type Loss = (outputs: Tensor, targets: Tensor) => Tensor;

/** A measure of a batch, a mean over it. */
export type Metric = (outputs: Tensor, targets: Tensor) => number;

/** What is measured. */
export interface MeasureOptions {
  /** Default: the mean cross-entropy of logits [n, classes] with int32 labels [n]. */
  readonly loss?: Loss;
  /** Measures by name; default: `accuracy` with the default loss, nothing with one of your own. */
  readonly metrics?: Readonly<Record<string, Metric>>;
}

/** The loss and the measures, means over examples. */
export interface Scores {
  /** The mean loss. */
  readonly loss: number;
  /** The measures by name. */
  readonly metrics: Readonly<Record<string, number>>;
}

/** The share of rows whose largest logit is at the label; the first of equal ones counts. */
export function accuracy(outputs: Tensor, targets: Tensor): number {
  const [found, wanted] = [argmax(outputs, -1).data(), targets.data()];
  let hits = 0;
  for (let i = 0; i < wanted.length; i++) hits += Number(found[i] === wanted[i]);
  return hits / wanted.length;
}

/** Mean cross-entropy of logits [n, classes] with int32 labels [n]. */
export const classification: Loss = (outputs, targets) => mean(crossEntropy(outputs, targets));

/** What is measured, the defaults filled in. */
export const measuresOf = ({ loss, metrics }: MeasureOptions): Required<MeasureOptions> => ({
  loss: loss ?? classification,
  metrics: metrics ?? (loss ? {} : { accuracy }),
});

/** Sums up the scores of batches, each weighted by its size. */
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
  /** Examples at a time; default 256. No result depends on it but by rounding. */
  readonly batchSize?: number;
  /** The states of the layers, as training left them; needed by networks whose layers have any, such as `batchNorm`. */
  readonly states?: States;
}

/** The loss and the measures of the network over all examples, not training. */
export function evaluate(net: Network, params: Params, examples: Examples, options: EvaluateOptions = {}): Scores {
  const { batchSize = 256, states } = options;
  if (!states && net.states().some((state) => Object.keys(state).length > 0)) {
    throw new RangeError(
      "[evaluate] the network has layers with a state, and none is given. Pass { states }, which fit and train give.",
    );
  }
  checkCount("evaluate", "batchSize", batchSize);
  if (examples.count === 0) throw new RangeError("[evaluate] there is no example. Give at least one.");
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
