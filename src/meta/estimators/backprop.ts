// The exact gradient, by backpropagation through every step of the lifetime.
import { valueAndGrad } from "../../autodiff/index.js";
import type { Life } from "../../plasticity/index.js";
import { type Estimate, type Estimator, type MetaLoss, metaLoss } from "./estimator.js";

/** The estimate by backpropagation from the end of the lifetime to step `begin`, before which nothing is differentiated. */
export function backwardTo(of: MetaLoss, begin: number, before?: Life): Estimate {
  const meta = metaLoss(of, begin, before);
  const { value, grad } = valueAndGrad(meta.loss, { unused: "zero" })(of.rule);
  return { value, accuracy: meta.accuracy(), grad };
}

/** See the head of this file. */
export const backprop: Estimator<object> = {
  summary: "the exact gradient, backwards through the whole lifetime",
  estimate: (_, of) => backwardTo(of, 0),
};
