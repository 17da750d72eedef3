// Losses of predictions against targets, made of other ops. Derivatives of any order follow.

import { checkTensors } from "../autodiff/index.js";
import { quote, sameShape, showShape, type Tensor } from "../core/index.js";
import { scalar } from "./broadcast.js";
import { cast } from "./cast.js";
import {
  abs,
  add,
  div,
  log,
  maximum,
  minimum,
  mul,
  neg,
  type Operand,
  operand,
  softplus,
  square,
  sub,
} from "./elementwise.js";
import { takeAlong } from "./gather.js";
import { inside } from "./inside.js";
import { crossEntropy as byRow, logSoftmax } from "./losses.js";
import { oneHot } from "./masks.js";
import { mean } from "./mean.js";
import { expandDims } from "./permute.js";
import { broadcastTo } from "./stretch.js";
import { sum } from "./sum.js";
import { equal, where } from "./where.js";

/** What becomes of the terms of a loss: their mean, their sum, or nothing: "none" gives them as they are. */
export type Reduction = "mean" | "sum" | "none";

/** Options of losses that have no others. */
export interface LossOptions {
  /** "mean" by default. */
  readonly reduction?: Reduction;
}

const REDUCTIONS = { mean: (x: Tensor) => mean(x), sum: (x: Tensor) => sum(x), none: (x: Tensor) => x };

function reduced(op: string, terms: Tensor, reduction: Reduction): Tensor {
  if (Object.hasOwn(REDUCTIONS, reduction)) return REDUCTIONS[reduction](terms);
  throw new RangeError(`[${op}] reduction ${quote(reduction)} is unknown. Use "mean", "sum" or "none".`);
}

/** The target as a tensor of the shape of the prediction. */
function fitted(op: string, prediction: Tensor, target: Operand): Tensor {
  const wanted = operand(target, prediction);
  checkTensors(op, [prediction, wanted]);
  return broadcastTo(wanted, prediction.shape);
}

/**
 * The squared distance of each prediction from its target; by default the mean over all elements.
 *
 * @example mse(tensor([1, 2]), tensor([1, 4])) // 2
 */
export function mse(prediction: Tensor, target: Operand, { reduction = "mean" }: LossOptions = {}): Tensor {
  return reduced("mse", square(sub(prediction, fitted("mse", prediction, target))), reduction);
}

/**
 * Huber's loss: e²/2 for errors up to `delta` (default 1), delta (|e| - delta/2) beyond, so that outliers pull no harder
 * than delta. By default the mean over all elements.
 *
 * @throws RangeError unless delta is above 0.
 * @example huber(tensor([0.5, 3]), tensor([0, 0]), { reduction: "none" }) // [0.125, 2.5]
 */
export function huber(
  prediction: Tensor,
  target: Operand,
  { delta = 1, reduction = "mean" }: LossOptions & { readonly delta?: number } = {},
): Tensor {
  if (!(delta > 0)) throw new RangeError(`[huber] delta is ${quote(delta)}. Give a number above 0.`);
  const error = abs(sub(prediction, fitted("huber", prediction, target)));
  const near = minimum(error, delta);
  return reduced("huber", add(mul(square(near), 0.5), mul(sub(error, near), delta)), reduction);
}

/**
 * Binary cross-entropy of *probabilities* with targets from 0 to 1: -t log p - (1 - t) log(1 - p). Each logarithm is at least
 * -100, as in PyTorch, so a certain error costs 100. From logits, `bceWithLogits` loses no digits.
 *
 * @example bce(tensor([0.9, 0.2]), tensor([1, 0])) // 0.1643
 */
export function bce(probabilities: Tensor, target: Operand, { reduction = "mean" }: LossOptions = {}): Tensor {
  const t = fitted("bce", probabilities, target);
  const [yes, no] = [probabilities, sub(scalar(1, probabilities), probabilities)].map((p) => maximum(log(p), -100));
  return reduced("bce", neg(add(mul(t, yes), mul(sub(scalar(1, t), t), no))), reduction);
}

/**
 * Binary cross-entropy of *logits* with targets from 0 to 1, exact for logits of any size; by default the mean.
 *
 * @example bceWithLogits(tensor([2, -1]), tensor([1, 0])) // 0.2201
 */
export function bceWithLogits(logits: Tensor, target: Operand, { reduction = "mean" }: LossOptions = {}): Tensor {
  const t = fitted("bceWithLogits", logits, target);
  // t softplus(-x) + (1 - t) softplus(x): neither term is a difference.
  const terms = add(mul(t, softplus(neg(logits))), mul(sub(scalar(1, t), t), softplus(logits)));
  return reduced("bceWithLogits", terms, reduction);
}

/**
 * The Kullback-Leibler divergence of the model from the target along the last axis, sum t (log t - log p), given *logarithms*
 * of the model's probabilities and the target's probabilities: a number for each row, by default their mean (PyTorch's
 * `batchmean`). Where a target is 0 its term is 0.
 *
 * @example kl(tensor([0.5, 0.5]).log(), tensor([0.9, 0.1]), { reduction: "sum" }) // 0.3681
 */
export function kl(logProbabilities: Tensor, target: Tensor, { reduction = "mean" }: LossOptions = {}): Tensor {
  const t = fitted("kl", logProbabilities, target);
  const none = equal(t, 0);
  const terms = where(none, 0, mul(t, sub(log(where(none, 1, t)), logProbabilities)));
  return reduced("kl", sum(terms, -1), reduction);
}

/** Options of losses of classes. */
export interface ClassLossOptions extends LossOptions {
  /** A weight for each class: shape [classes]. A mean is divided by the weights of its rows. */
  readonly weights?: Tensor;
  /** A label whose rows cost nothing and do not count in a mean, such as -1. */
  readonly ignore?: number;
}

/** Terms that are weighted already, a number for each row: their mean is divided by the weights of the rows. */
function weighted(op: string, terms: Tensor, weight: Tensor, reduction: Reduction): Tensor {
  return reduction === "mean" ? div(sum(terms), sum(weight)) : reduced(op, terms, reduction);
}

/** What rows with labels count. */
interface Rows {
  /** The labels, with 0 for those to ignore. */
  readonly kept: Tensor;
  /** 1 for each row that counts and 0 for those to ignore; of shape [] where all count. */
  readonly counted: Tensor;
  /** The weight of each row: 0 for those to ignore. */
  readonly weight: Tensor;
}

function rowsOf(op: string, scores: Tensor, labels: Tensor, { weights, ignore }: ClassLossOptions): Rows {
  const classes = scores.shape[scores.rank - 1];
  if (labels.dtype !== "int32")
    throw new TypeError(`[${op}] labels are ${labels.dtype}; int32 is needed. Use cast(x, "int32").`);
  if (scores.rank === 0 || !sameShape(labels.shape, scores.shape.slice(0, -1))) {
    throw new RangeError(
      `[${op}] labels of shape ${showShape(labels.shape)} do not fit scores of shape ${showShape(scores.shape)}. ` +
        "Give a label for each row of the last axis.",
    );
  }
  const outside = (label: number): RangeError =>
    new RangeError(
      `[${op}] label ${label} is outside the ${classes} classes. Labels run from 0; \`ignore\` names one to leave out.`,
    );
  const kept = inside(labels, { size: classes, ignore, outside });
  const left = ignore === undefined ? undefined : equal(cast(labels, scores.dtype), ignore);
  const counted = left ? sub(scalar(1, left), left) : scalar(1, scores);
  const weight = weights
    ? mul(sum(mul(oneHot(kept, classes, scores), checkWeights(op, weights, classes)), -1), counted)
    : counted;
  return { kept, counted, weight: broadcastTo(weight, labels.shape) };
}

function checkWeights(op: string, weights: Tensor, classes: number): Tensor {
  checkTensors(op, [weights]);
  if (weights.rank === 1 && weights.size === classes) return weights;
  throw new RangeError(
    `[${op}] weights of shape ${showShape(weights.shape)} do not fit ${quote(classes)} classes. Give one each.`,
  );
}

/**
 * The negative log-likelihood: minus the entry of `logProbabilities` [..., classes] at each int32 label [...]; by default the
 * mean over rows, by their weights.
 *
 * @example nll(tensor([[0.9, 0.1]]).log(), tensor([0], { dtype: "int32" })) // 0.1054
 */
export function nll(logProbabilities: Tensor, labels: Tensor, options: ClassLossOptions = {}): Tensor {
  checkTensors("nll", [logProbabilities, labels]);
  const { kept, weight } = rowsOf("nll", logProbabilities, labels, options);
  const chosen = sum(takeAlong(logProbabilities, expandDims(kept, -1)), -1);
  return weighted("nll", mul(neg(chosen), weight), weight, options.reduction ?? "mean");
}

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions extends ClassLossOptions {
  /** The part of each target that is spread evenly over all classes; 0 by default. */
  readonly smoothing?: number;
  /** "none" by default: a number for each row. */
  readonly reduction?: Reduction;
}

/**
 * Cross-entropy of logits [classes] or [..., classes] with int32 labels [...], or with probabilities as soft targets, of the
 * shape of the logits: a number for each row, of which one takes the mean for a loss. `reduction: "mean"` does so, and divides
 * by the weights of the rows, as PyTorch (with soft targets, by the number of rows).
 *
 * @throws RangeError for a label outside the classes, options outside their range, or shapes that do not fit.
 * @example crossEntropy(tensor([[2, 0, 0]]), tensor([0], { dtype: "int32" })) // [0.2395]
 */
export function crossEntropy(logits: Tensor, target: Tensor, options: CrossEntropyOptions = {}): Tensor {
  const { smoothing = 0, weights, ignore, reduction = "none" } = options;
  checkTensors("crossEntropy", [logits, target]);
  const plain = smoothing === 0 && !weights && ignore === undefined;
  if (plain && target.dtype === "int32" && logits.rank <= 2)
    return reduced("crossEntropy", byRow(logits, target), reduction);
  if (!(smoothing >= 0 && smoothing <= 1)) {
    throw new RangeError(`[crossEntropy] smoothing is ${quote(smoothing)}. Give a number from 0 to 1.`);
  }
  if (logits.rank === 0) throw new RangeError("[crossEntropy] logits of shape []: an axis of classes is needed.");
  const classes = logits.shape[logits.rank - 1];
  const minus = neg(logSoftmax(logits));
  const costs = weights ? mul(minus, checkWeights("crossEntropy", weights, classes)) : minus;
  const even = smoothing === 0 ? undefined : mul(mean(costs, -1), smoothing);
  if (target.dtype === "int32") {
    const { kept, counted, weight } = rowsOf("crossEntropy", logits, target, options);
    const chosen = mul(sum(takeAlong(minus, expandDims(kept, -1)), -1), weight);
    const terms = even ? add(mul(chosen, 1 - smoothing), mul(even, counted)) : chosen;
    return weighted("crossEntropy", terms, weight, reduction);
  }
  if (ignore !== undefined)
    throw new RangeError("[crossEntropy] `ignore` names a label; soft targets have none. Leave it out.");
  if (!sameShape(target.shape, logits.shape)) {
    throw new RangeError(
      `[crossEntropy] soft targets of shape ${showShape(target.shape)} do not fit logits of shape ${showShape(logits.shape)}. ` +
        "Make them equal, or give class indices as int32.",
    );
  }
  const hard = sum(mul(costs, target), -1);
  return reduced("crossEntropy", even ? add(mul(hard, 1 - smoothing), even) : hard, reduction);
}
