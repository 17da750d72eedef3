// Synaptic diversity: each synapse learns at its own rate, drawn once and, for some distributions, changed later. The
// formulas are those of bio_transformations 0.0.5 (BioModule._initialize_fuzzy_learning_rate_parameters), except where
// a docstring says otherwise.

import { checkTensors } from "../autodiff/index.js";
import { checkKey, checkMade, type Key, scope, type Tensor } from "../core/index.js";
import { abs, add, clip, div, exp, mean, mul, neg, onesLike, random, sub } from "../ops/index.js";
import { alongAxis } from "./axes.js";
import type { Distribution, FuzzyConfig } from "./config.js";
import { checkMechanism } from "./mechanism.js";

/** What the rates of a layer may depend on. */
export interface FuzzyContext {
  /** The weights: their shape, and for "weight-adaptive" their size. */
  readonly weight: Tensor;
  /** The index of the layer among those with synapses, from 0. */
  readonly layer: number;
  /** How many layers have synapses. */
  readonly layers: number;
  /** The axis of the postsynaptic units. */
  readonly post: number;
  /**
   * How active each postsynaptic unit was, shape (n_post), on any scale; used by "activity", and 1 everywhere if left
   * out.
   */
  readonly activity?: Tensor;
  /** Whether the published formulas are used. */
  readonly reference?: boolean;
}

/** Uniform on [1 - nu, 1 + nu), of the shape and the type of the weight; nu is a number or a tensor that broadcasts. */
function around(key: Key, { shape, dtype }: Tensor, nu: number | Tensor): Tensor {
  if (typeof nu === "number") return random.uniform(key, shape, { low: 1 - nu, high: 1 + nu, dtype });
  return add(mul(random.uniform(key, shape, { low: -1, high: 1, dtype }), nu), 1);
}

/** Added to a divisor, as in the published code, so that a layer of zeros does not divide by 0. */
const TINY = 1e-8;

const draws: Readonly<Record<Distribution, (key: Key, nu: number, context: FuzzyContext) => Tensor>> = {
  baseline: (_, _nu, { weight }) => onesLike(weight),
  uniform: (key, nu, { weight }) => around(key, weight, nu),
  normal: (key, nu, { weight }) => random.normal(key, weight.shape, { mean: 1, std: nu, dtype: weight.dtype }),
  lognormal: (key, nu, { weight: { shape, dtype } }) =>
    exp(random.normal(key, shape, { mean: -(nu * nu) / 2, std: nu, dtype })),
  gamma: (key, nu, { weight, reference }) =>
    reference
      ? add(mul(random.gamma(key, 1 / nu, weight.shape, { dtype: weight.dtype }), nu), 1)
      : mul(random.gamma(key, 1 / (nu * nu), weight.shape, { dtype: weight.dtype }), nu * nu),
  beta: (key, nu, { weight: { shape, dtype } }) =>
    add(mul(random.beta(key, 1 / nu, 1 / nu, shape, { dtype }), 2 * nu), 1 - nu),
  "layer-adaptive": (key, nu, { weight, layer, layers, reference }) => {
    const depth = reference ? layer / layers : layers > 1 ? layer / (layers - 1) : 0;
    return around(key, weight, nu * (1 - 0.5 * depth));
  },
  "weight-adaptive": (key, nu, { weight }) => {
    const size = abs(weight);
    const relative = div(size, add(mean(size), TINY));
    return around(key, weight, mul(clip(add(neg(relative), 2), 0.5, 1.5), nu));
  },
  temporal: (key, nu, { weight }) => around(key, weight, nu),
  activity: (key, nu, { weight, post, activity }) => {
    if (!activity) return onesLike(weight);
    const relative = div(activity, add(mean(activity), TINY));
    const factor = clip(add(mul(sub(relative, 1), 0.1), 1), 0.8, 1.2);
    return around(key, weight, alongAxis(mul(add(neg(factor), 2), nu), weight.rank, post));
  },
};

/**
 * The rates phi of a layer's synapses, of the weights' shape, inside [min, max]; all have mean 1. U is uniform on
 * [0, 1).
 *
 * | distribution | phi | standard deviation |
 * |---|---|---|
 * | baseline | 1 | 0 |
 * | uniform | 1 + nu (2U - 1) | nu / sqrt 3 |
 * | normal | N(1, nu²) | nu |
 * | lognormal | exp N(-nu² / 2, nu²) | sqrt(exp(nu²) - 1) |
 * | gamma | Gamma(shape 1 / nu², rate 1 / nu²) | nu |
 * | beta | 1 + nu (2 Beta(1 / nu, 1 / nu) - 1) | nu sqrt(nu / (2 + nu)) |
 * | layer-adaptive | uniform, nu falling to its half at the last layer | of that nu |
 * | weight-adaptive | uniform, nu times 2 - abs(w) / mean abs(w) inside [0.5, 1.5] | of that nu |
 * | temporal | uniform at first; see `agedRates` | |
 * | activity | uniform, nu times 2 - f, f = 1 + 0.1 (a / mean a - 1) inside [0.8, 1.2], a the unit's activity | of that nu |
 *
 * Rates beyond the bounds are clipped, and then the mean is not quite 1; with the defaults this affects only the last 1
 * in 1000 of "normal".
 *
 * Reference: "gamma" was 1 + Gamma(1 / nu, 1 / nu), whose mean is 2; in "layer-adaptive" the last layer's nu did not
 * fall to half; "weight-adaptive" was drawn once, whereas here it follows the weights with U unchanged; the
 * activity-dependent rates were drawn again at a tenth of the steps, which Python's own random numbers chose.
 *
 * @example
 * fuzzyRates(bioConfig({ fuzzy: {} }).fuzzy, Key.of(0), { weight: tensor([1, 2]), layer: 0, layers: 2, post: 0 }); // [1.143, 1.153]
 */
export function fuzzyRates(config: FuzzyConfig, key: Key, context: FuzzyContext): Tensor {
  checkMechanism("fuzzyRates", config, ["distribution", "nu", "min", "max"]);
  checkKey("fuzzyRates", key, "the second argument");
  checkMade("fuzzyRates", "the last argument", context, ["weight"], "Give what FuzzyContext says.");
  return scope(() => clip(draws[config.distribution](key, config.nu, context), config.min, config.max));
}

/**
 * "temporal" rates one update older: phi' = 1 + (phi - 1) decay, and at every tenth update 0.1 nu (2U - 1) is added;
 * inside [min, max].
 *
 * @example agedRates(bioConfig({ fuzzy: {} }).fuzzy, Key.of(0), tensor([1, 1]), 5) // [1, 1]
 */
export function agedRates(config: FuzzyConfig, key: Key, rates: Tensor, update: number): Tensor {
  checkMechanism("agedRates", config, ["decay", "nu", "min", "max"]);
  checkKey("agedRates", key, "the second argument");
  checkTensors("agedRates", [rates]);
  return scope(() => {
    const aged = add(mul(sub(rates, 1), config.decay), 1);
    const high = 0.1 * config.nu;
    const drifted =
      update % 10 === 0 ? add(aged, random.uniform(key, rates.shape, { low: -high, high, dtype: rates.dtype })) : aged;
    return clip(drifted, config.min, config.max);
  });
}
