// Synaptic stabilisation: synapses that have settled, and those that got an unusually large gradient, are slowed down.

import { checkTensors } from "../autodiff/index.js";
import { scope, type Tensor } from "../core/index.js";
import { abs, add, greater, less, maximum, mean, mul, neg, where } from "../ops/index.js";
import type { CrystallizeConfig } from "./config.js";
import { checkMechanism } from "./mechanism.js";

/**
 * The rates after one check. A synapse is settled if 0 < |g| < threshold |w|, or |g| > mean |w| over the layer; its
 * rate is multiplied by `damping`, but does not fall below `floor`. The rates of all others recover the share `thaw` of
 * their distance to 1. g is the gradient that backpropagation gave. The rates,
 * the weight, the gradient and the result have one shape.
 *
 * Reference (crystallize): a gradient of exactly 0 counted as settled, so the first synapses to be slowed down were
 * those that no example had used yet; there is no floor and no thaw, so a rate can only fall, towards 0; it multiplies
 * the fuzzy rates themselves, even below their bounds; and its g was first multiplied by all other factors of the rate.
 *
 * @example
 * const { crystallize: config } = bioConfig({ crystallize: {} });
 * crystallize(config, tensor([1, 1]), tensor([0.5, 2]), tensor([1, 0.001])); // [1, 1]
 */
export function crystallize(
  config: CrystallizeConfig,
  rates: Tensor,
  weight: Tensor,
  gradient: Tensor,
  reference = false,
): Tensor {
  checkMechanism("crystallize", config, ["threshold", "damping", "floor", "thaw"]);
  checkTensors("crystallize", [rates, weight, gradient]);
  const { threshold, damping, floor, thaw } = config;
  return scope(() => {
    const [size, signal] = [abs(weight), abs(gradient)];
    const [small, large] = [less(signal, mul(size, threshold)), greater(signal, mean(size))];
    const damped = mul(rates, damping);
    if (reference) return where(maximum(small, large), damped, rates);
    const settled = maximum(mul(small, greater(signal, 0)), large);
    const others = thaw === 0 ? rates : add(rates, mul(add(neg(rates), 1), thaw));
    return where(settled, maximum(damped, floor), others);
  });
}
