// Homeostasis of rates by scaling synapses (van Rossum, Bi and Turrigiano 2000, "Stable Hebbian learning from spike
// timing-dependent plasticity", Journal of Neuroscience 20): all synapses of a cell that spikes too often become weaker.
import { checkOptions, quote, type Tensor } from "../core/index.js";
import { add, expm1, full, mul, neg, sub } from "../ops/index.js";
import { givenSpikes } from "./given.js";

/** Options of `synapticScaling`. */
export interface ScalingOptions {
  /** The spikes per step that cells shall have: between 0 and 1. */
  readonly target: number;
  /** Over how many steps a cell's rate is averaged: above 0; 1000 by default. */
  readonly tau?: number;
  /** By which share of themselves weights grow in a step for each spike per step that is missing; 0.01 by default, at most 1. */
  readonly rate?: number;
}

/** Homeostasis as functions of plain tensors. */
export interface Scaling {
  /** The rates before the first step, for weights (inputs, units): the target for each unit. */
  init(weights: Tensor): Tensor;
  /**
   * The weights and the rates (units) after a step in which the cells spiked so, `post` (units). Throws a RangeError for spikes
   * that are not 0 or 1, and for another shape.
   */
  step(weights: Tensor, rates: Tensor, post: Tensor): { readonly weights: Tensor; readonly rates: Tensor };
}

/**
 * Synaptic scaling. In each step the average rate moves towards the spikes by 1 - exp(-1 / tau) of the distance, and the
 * weights of a cell are multiplied by 1 + rate (target - average). Their ratios stay, and so do their signs: a weight of an
 * inhibitory sender stays one.
 *
 * ```ts
 * const scaling = synapticScaling({ target: 0.05, tau: 200 });
 * let weights: Tensor = random.uniform(Key.of(0), [8, 2]);
 * let average = scaling.init(weights);
 * ({ weights, rates: average } = scaling.step(weights, average, tensor([1, 0])));
 * ```
 *
 * @throws RangeError for a target that is not between 0 and 1, a time constant that is not above 0, and a rate that is not
 * above 0 and at most 1.
 */
export function synapticScaling(options: ScalingOptions): Scaling {
  checkOptions("synapticScaling", options, ["target", "tau", "rate"]);
  const { target, tau = 1000, rate = 0.01 } = options;
  if (!(target > 0 && target < 1)) {
    throw new RangeError(`[synapticScaling] target is ${quote(target)}: give spikes per step, between 0 and 1.`);
  }
  if (!(Number.isFinite(tau) && tau > 0)) {
    throw new RangeError(`[synapticScaling] tau is ${quote(tau)}: give a number of steps above 0.`);
  }
  if (!(rate > 0 && rate <= 1)) {
    throw new RangeError(`[synapticScaling] rate is ${quote(rate)}: give a number above 0 and at most 1.`);
  }
  return {
    init: ({ shape, dtype }) => full([shape[1]], target, { dtype }),
    step(weights, before, receiver) {
      const post = givenSpikes("synapticScaling", "the receivers' spikes", receiver, before.shape);
      const share = neg(expm1(full([], -1 / tau, { dtype: weights.dtype })));
      const rates = add(before, mul(sub(post, before), share));
      return { weights: mul(weights, add(mul(sub(rates, target), -rate), 1)), rates };
    },
  };
}
