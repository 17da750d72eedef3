// Dale's principle: a neuron releases the same transmitters at all of its synapses, so that all weights that leave a
// presynaptic unit have one sign. That unit is a row of a dense weight (n_in, n_out) and an input channel of a convolution.

import { fromNumbers, type Key, type Shape, scope, type Tensor } from "../core/index.js";
import { abs, clip, div, exp, less, maximum, mean, minimum, mul, random, sub, sum, where } from "../ops/index.js";
import { alongAxis } from "./axes.js";

/**
 * Signs for a weight of this shape, whose presynaptic units lie along the axis `pre`: 1 for the share `excitatory` of
 * them, rounded, in random places, and -1 for the others. Laid along that axis, all other sizes 1, so that it broadcasts.
 *
 * Reference (dalian_network_initialization): see `referenceSigns`.
 */
export function daleSigns(key: Key, shape: Shape, pre: number, excitatory: number): Tensor {
  const units = shape[pre];
  const count = Math.round(excitatory * units);
  const signs = new Float32Array(units);
  key.permutation(units).forEach((unit, place) => {
    signs[unit] = place < count ? 1 : -1;
  });
  return alongAxis(fromNumbers(signs, [units], "float32"), shape.length, pre);
}

/**
 * The published signs, which are not Dale's: one for each *postsynaptic* unit of a dense layer, so that all weights which
 * arrive at a unit have one sign, and one for each pair of channels of a convolution; each by itself, one as likely as the
 * other.
 */
export function referenceSigns(key: Key, shape: Shape, pre: number, post: number): Tensor {
  const sizes = shape.map((size, axis) => (axis === post || (axis === pre && shape.length === 4) ? size : 1));
  return scope(() => sub(mul(random.bernoulli(key, 0.5, sizes), 2), 1));
}

/**
 * The weights |w| with the signs of their presynaptic units. With `balance`, excitatory weights are multiplied by
 * sqrt(i / e) and inhibitory ones by sqrt(e / i), e and i their numbers of units: then what they bring to a unit cancels
 * on average and its variance stays that of w, as it does in cortex and must in a deep network, where four excitatory
 * units to one inhibitory would drive every unit at once (Rajan and Abbott 2006). Without units of
 * one kind nothing is balanced. The published library does not balance.
 */
export function imposeDale(weight: Tensor, signs: Tensor, balance = false): Tensor {
  return scope(() => mul(abs(weight), balance ? balanced(signs) : signs));
}

/** The signs times the strengths that balance them. */
function balanced(signs: Tensor): Tensor {
  const excitatory = Array.from(signs.data()).filter((sign) => sign > 0).length;
  const inhibitory = signs.size - excitatory;
  if (excitatory === 0 || inhibitory === 0) return signs;
  const strength = Math.sqrt(excitatory / inhibitory);
  return mul(signs, where(less(signs, 0), strength, 1 / strength));
}

/**
 * The weights nearest to these that obey: those of the wrong sign become 0. The derivative passes where the sign is right,
 * and at 0. Reference (enforce_dales_principle): the same, as relu(w s) s.
 */
export function enforceDale(weight: Tensor, signs: Tensor): Tensor {
  return scope(() => {
    const inhibitory = less(signs, 0);
    const low = where(inhibitory, Number.NEGATIVE_INFINITY, 0);
    const high = where(inhibitory, 0, Number.POSITIVE_INFINITY);
    return minimum(maximum(weight, low), high);
  });
}

/** How far the logarithm of a weight goes in one step at most: an update far above the layer's size stays finite. */
const LONGEST = 1;

/** The least mean size that is divided by: weights that are all 0 stay so. */
const TINY = 1e-30;

/**
 * The weights after an update of their logarithms: w e^(s u / mean |w|), the exponent inside [-1, 1]. With w = s e^theta
 * no step can reach another sign, and a 0 stays 0 (exponentiated gradient: Kivinen and Warmuth 1997; under Dale's
 * principle: Cornford et al. 2024). A synapse of the layer's mean size moves as far as the update says. Not in the
 * published library.
 */
export function exponentialStep(weight: Tensor, update: Tensor, signs: Tensor): Tensor {
  return scope(() => {
    const size = maximum(mean(abs(weight)), TINY);
    const relative = mul(update, div(signs, size));
    return mul(weight, exp(clip(relative, -LONGEST, LONGEST)));
  });
}

/** How many weights have the wrong sign. A 0 has none. */
export function daleViolations(weight: Tensor, signs: Tensor): number {
  return scope(() => sum(less(mul(weight, signs), 0)).item());
}
