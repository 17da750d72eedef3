// Spontaneous spine remodelling: weak synapses vanish and others grow where they were.

import { checkTensors } from "../autodiff/index.js";
import { checkKey, type Key, scope, type Tensor } from "../core/index.js";
import {
  abs,
  add,
  clip,
  div,
  exp,
  greater,
  log,
  maximum,
  mean,
  mul,
  notEqual,
  random,
  sqrt,
  square,
  std,
  sub,
  where,
} from "../ops/index.js";
import type { RejuvenateConfig } from "./config.js";
import { checkMechanism } from "./mechanism.js";

/** The result of a remodelling. */
export interface Rejuvenated {
  /** The weights, some of them new. */
  readonly weight: Tensor;
  /** 1 where a synapse is new, 0 elsewhere. */
  readonly reborn: Tensor;
}

/** The smallest standard deviation to divide by; a layer of zeros is replaced entirely. */
const TINY = 1e-30;

/**
 * The probability with which each synapse is replaced: e^(-dre |w| / s), s the standard deviation of the weights.
 * It has the shape of the weight.
 *
 * @example rejuvenationProbability({ dre: 8, every: 1 }, tensor([0.1, 1])) // [0.169, 1.902e-8]
 */
export function rejuvenationProbability(config: RejuvenateConfig, weight: Tensor): Tensor {
  checkMechanism("rejuvenationProbability", config, ["dre"]);
  checkTensors("rejuvenationProbability", [weight]);
  return scope(() => exp(mul(div(abs(weight), maximum(std(weight), TINY)), -config.dre)));
}

/**
 * Each synapse is replaced with the probability of `rejuvenationProbability`, which is 1 for weight 0 and falls with
 * size; a new synapse gets the weight at its place in `fresh`: draws from the layer's initial distribution, with the
 * signs of Dale's principle.
 *
 * @example
 * rejuvenate({ dre: 8, every: 1 }, Key.of(0), tensor([0.1, 1]), tensor([5, 5])); // { weight: [0.1, 1], reborn: [0, 0] }
 */
export function rejuvenate(config: RejuvenateConfig, key: Key, weight: Tensor, fresh: Tensor): Rejuvenated {
  checkMechanism("rejuvenate", config, ["dre"]);
  checkKey("rejuvenate", key, "the second argument");
  checkTensors("rejuvenate", [weight, fresh]);
  return scope(() => {
    const reborn = random.bernoulli(key, rejuvenationProbability(config, weight));
    return { weight: where(reborn, fresh, weight), reborn };
  });
}

/**
 * The published formula (rejuvenate_weights of 0.0.5): all weights are moved into [-1, 1], NaN becomes 0, and new
 * weights are e^N(lm, (ls / 2)²), of a log-normal distribution fitted to mean and standard deviation of the signed
 * weights. If their mean is not positive, 1e-8 is used instead, and then new weights are around 1e-15, which amounts to
 * pruning. They are never negative, even if Dale's principle requires it, and what the optimizer remembers of the old
 * synapses stays.
 *
 * @example
 * rejuvenateReference({ dre: 8, every: 1 }, Key.of(0), tensor([0.1, 1])); // { weight: [0.1, 1], reborn: [0, 0] }
 */
export function rejuvenateReference(config: RejuvenateConfig, key: Key, weight: Tensor): Rejuvenated {
  checkMechanism("rejuvenateReference", config, ["dre"]);
  checkKey("rejuvenateReference", key, "the second argument");
  checkTensors("rejuvenateReference", [weight]);
  const [chance, draw] = key.split();
  return scope(() => {
    const missing = notEqual(weight, weight);
    const old = clip(where(missing, 0, weight), -1, 1);
    const positive = (x: Tensor): Tensor => where(greater(x, 0), x, 1e-8);
    const [middle, spread] = [positive(mean(old)), positive(std(old, undefined, false, 1))];
    const variance = log(add(square(div(spread, middle)), 1));
    const location = sub(log(middle), mul(variance, 0.5));
    const probability = clip(exp(mul(div(abs(old), spread), -config.dre)), 0, 1);
    const reborn = maximum(random.bernoulli(chance, probability), missing);
    const normal = random.normal(draw, weight.shape, { dtype: weight.dtype });
    const fresh = clip(exp(add(location, mul(mul(normal, 0.5), sqrt(variance)))), -1, 1);
    return { weight: where(reborn, fresh, old), reborn };
  });
}
