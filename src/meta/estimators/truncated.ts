// Truncated backpropagation (Williams and Peng 1990): the way back ends some steps before the end of the lifetime, and what
// the rule did before then counts as given. Memory holds those steps alone. The gradient is biased, and the more so the
// longer the effects of a step last (Wu, Ren, Liao and Grosse 2018, "Understanding short-horizon bias in stochastic
// meta-optimization").
import { backwardTo } from "./backprop.js";
import type { Estimator } from "./estimator.js";

/** Settings of truncated backpropagation. */
export interface TruncatedSettings {
  /** The last steps of a lifetime, through which the gradient goes back. */
  readonly steps: number;
}

/** See the head of this file. */
export const truncated: Estimator<TruncatedSettings> = {
  summary: "backwards through the last K steps alone: little memory, but biased",
  argument: "steps",
  check({ steps: back }, steps) {
    if (back <= steps) return undefined;
    return (
      `the \`estimator\` truncated goes back ${back} steps, but a lifetime has ${steps}. Go back ${steps} or fewer, ` +
      "use backprop, or give more `shots`."
    );
  },
  estimate({ steps: back }, of) {
    const begin = of.steps - back;
    return backwardTo(of, begin, begin > 0 ? of.live(of.rule, 0, begin) : undefined);
  },
};
