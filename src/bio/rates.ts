// Factors of a synapse's rate that follow from how large it is, how large its unit's updates are, and how active its
// unit is.

import { checkTensors } from "../autodiff/index.js";
import { checkKey, type Key, scope, type Tensor } from "../core/index.js";
import { abs, add, clip, div, exp, full, maximum, mean, mul, norm, pow, random } from "../ops/index.js";
import { alongAxis, otherAxes } from "./axes.js";
import type { HomeostasisConfig, ScaleGradConfig, VolumeConfig } from "./config.js";
import { checkMechanism } from "./mechanism.js";

/** A lower bound for lengths and activities, so that nothing is divided by 0; it is far below any that matter. */
const TINY = 1e-20;

/**
 * Volume-dependent plasticity: large synapses are stable, small ones learn fast and unevenly. With V = |w| / (|w| + 1)
 * and m = e^(-stability V), the factors are |N(m, (variability m)²)|, divided by their mean over the layer, so that the
 * layer as a whole learns as fast as before. Of the weights' shape.
 *
 * Reference (volume_dependent_lr): m = baseRate e^(-stability V), not divided, so that everything is slowed down by ten to
 * seventy times.
 *
 * @example volumeRates(bioConfig({ volume: {} }).volume, Key.of(0), tensor([0.1, 1]), false) // [1.362, 0.6377]
 */
export function volumeRates(config: VolumeConfig, key: Key, weight: Tensor, reference = false): Tensor {
  checkMechanism("volumeRates", config, ["stability", "variability"]);
  checkKey("volumeRates", key, "the second argument");
  checkTensors("volumeRates", [weight]);
  return scope(() => {
    const size = abs(weight);
    const volume = div(size, add(size, 1));
    const middle = exp(mul(volume, -config.stability));
    const noise = random.normal(key, weight.shape, { mean: 1, std: config.variability, dtype: weight.dtype });
    const factors = mul(middle, abs(noise));
    return reference ? mul(factors, config.baseRate) : div(factors, mean(factors));
  });
}

/**
 * Homeostatic synaptic scaling: the update u of each postsynaptic unit's synapses is scaled towards a common length, u
 * * clip((target / |u|)^alpha, min, max), with `target` the mean length over the layer's units by default. Of shape
 * (n_post), laid along the axis `post`: multiply the update by it.
 *
 * This definition is new: the published library lists scale_grad in its documentation but has no such function (its
 * predecessor had one, which is now `fuzzyRates`). With `reference: true` it is the same, on the gradient.
 *
 * @example scaleGrad(bioConfig({ scaleGrad: {} }).scaleGrad, tensor([[1, 2], [3, 4]]), 1) // [[1.099, 0.9239]]
 */
export function scaleGrad(config: Omit<ScaleGradConfig, "every">, update: Tensor, post: number): Tensor {
  checkMechanism("scaleGrad", config, ["target", "alpha", "min", "max"]);
  checkTensors("scaleGrad", [update]);
  return scope(() => {
    const lengths = maximum(norm(update, otherAxes(update.rank, post)), TINY);
    const target = config.target === "mean" ? mean(lengths) : full([], config.target, lengths);
    const factors = clip(pow(div(target, lengths), config.alpha), config.min, config.max);
    return alongAxis(factors, update.rank, post);
  });
}

/**
 * Activity-dependent homeostasis of rates: unit i, as active as a_i, learns at clip((mean a / a_i)^alpha, min, max)
 * times the common rate, divided by the mean of these factors over the layer, so that units that are hardly ever active
 * catch up. The activities (n_post) may be on any scale; the result lies along the axis `post` of a weight of `rank`
 * axes.
 *
 * New: the published library lets activity change only how far rates are spread, which is the distribution "activity" of
 * `fuzzyRates`. With `reference: true` it is the same, on the gradient.
 *
 * @example homeostaticRates(bioConfig({ homeostasis: {} }).homeostasis, tensor([0.1, 0.9]), 2, 1) // [[1.457, 0.543]]
 */
export function homeostaticRates(config: HomeostasisConfig, activity: Tensor, rank: number, post: number): Tensor {
  checkMechanism("homeostaticRates", config, ["alpha", "min", "max"]);
  checkTensors("homeostaticRates", [activity]);
  return scope(() => {
    const answers = maximum(activity, TINY);
    const factors = clip(pow(div(mean(answers), answers), config.alpha), config.min, config.max);
    return alongAxis(div(factors, mean(factors)), rank, post);
  });
}
