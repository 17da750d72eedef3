// The exact gradient, by backpropagation through every step of the lifetime.
import { valueAndGrad } from "../../autodiff/index.js";
import type { Tensor } from "../../core/index.js";
import type { Life, Rule } from "../../plasticity/index.js";
import type { Estimate, Estimator, MetaLoss } from "./estimator.js";

/** The estimate by backpropagation from the end of the lifetime to step `begin`, before which nothing is differentiated. */
export function backwardTo({ rule, steps, live, test }: MetaLoss, begin: number, before?: Life): Estimate {
  let accuracy = 0;
  const meta = (parameters: Rule): Tensor => {
    const tested = test(live(parameters, begin, steps, before));
    accuracy = tested.accuracy;
    return tested.loss;
  };
  const { value, grad } = valueAndGrad(meta, { unused: "zero" })(rule);
  return { value, accuracy, grad };
}

/** See the head of this file. */
export const backprop: Estimator<object> = {
  summary: "the exact gradient, backwards through the whole lifetime",
  estimate: (_, of) => backwardTo(of, 0),
};
