// The losses of the output, and the errors of its neurons, which are minus the derivatives of the loss.
import { quote, type Tensor } from "../core/index.js";
import { logSoftmax, mul, neg, softmax, square, sub, sum } from "../ops/index.js";

/** How the output is compared with the target. */
export interface OutputLoss {
  /** The loss of the batch: the sum over its items. */
  loss(prediction: Tensor, target: Tensor): Tensor;
  /** The errors of the output neurons: minus the derivative of the loss. */
  error(prediction: Tensor, target: Tensor): Tensor;
}

const losses = {
  /** ½ ‖target - prediction‖² */
  squared: {
    loss: (prediction, target) => mul(sum(square(sub(target, prediction))), 0.5),
    error: (prediction, target) => sub(target, prediction),
  },
  /** -Σ target log softmax(prediction), for targets whose rows add up to 1. */
  crossEntropy: {
    loss: (prediction, target) => neg(sum(mul(target, logSoftmax(prediction)))),
    error: (prediction, target) => sub(target, softmax(prediction)),
  },
} satisfies Readonly<Record<string, OutputLoss>>;

/** The name of a loss: half the squared distance, or the cross-entropy of a softmax. */
export type OutputLossName = keyof typeof losses;

/** The record of that name. Throws a RangeError if there is none. */
export function lossOf(op: string, name: OutputLossName = "squared"): OutputLoss {
  if (Object.hasOwn(losses, name)) return losses[name];
  throw new RangeError(`[${op}] there is no \`loss\` ${quote(name)}. Use ${Object.keys(losses).join(" or ")}.`);
}
