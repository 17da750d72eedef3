// Whether the numbers of a rule fit a network of other widths than that in which it was learned.
import type { TrainConfig } from "./config.js";

/** Why they do not fit, in words; undefined if they do. `own` are the widths in which it was learned. */
export function misfit(
  { plasticity: { scope, bias } }: Pick<TrainConfig, "plasticity">,
  own: readonly number[],
  sizes: readonly number[],
): string | undefined {
  if ((bias === "neuron" || bias === "synapse") && own.join() !== sizes.join()) {
    return `the rule has a bias for each ${bias} of the network of training`;
  }
  if ((scope === "layer" || bias === "layer") && own.length !== sizes.length) {
    return `the rule has coefficients for each of ${own.length - 1} layers`;
  }
  return undefined;
}
