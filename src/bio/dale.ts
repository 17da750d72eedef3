// Dale's principle: a neuron releases the same transmitters at all of its synapses, so all weights from one presynaptic
// unit have the same sign. That unit is a row of a dense weight (n_in, n_out) and an input channel of a convolution.

import {
  checkKey,
  checkShape,
  checkTyped,
  fromNumbers,
  type Key,
  quote,
  type Shape,
  scope,
  type Tensor,
} from "../core/index.js";
import {
  abs,
  clip,
  div,
  exp,
  less,
  maximum,
  mean,
  minimum,
  mul,
  type OfType,
  random,
  sub,
  sum,
  where,
} from "../ops/index.js";
import { alongAxis, checkAxis } from "./axes.js";

/**
 * Signs, float32 unless `options` say otherwise, for a weight of this shape, whose presynaptic units lie along the axis `pre`: 1 for the share `excitatory` of
 * them, rounded, chosen at random, and -1 for the others. They lie along that axis, all other sizes are 1, so the
 * result broadcasts.
 *
 * Reference (dalian_network_initialization): see `referenceSigns`.
 *
 * @throws RangeError if `pre` is no axis of the shape, or `excitatory` is not from 0 to 1.
 *
 * @example daleSigns(Key.of(0), [4, 2], 0, 0.5) // [[-1], [-1], [1], [1]]
 */
export function daleSigns(key: Key, shape: Shape, pre: number, excitatory: number, options: OfType = {}): Tensor {
  checkKey("daleSigns", key);
  checkShape("daleSigns", shape);
  checkAxis("daleSigns", "pre", pre, shape);
  checkTyped("daleSigns", options);
  if (!(excitatory >= 0 && excitatory <= 1)) {
    throw new RangeError(`[daleSigns] excitatory ${quote(excitatory)} is no share of the units. Use 0 to 1.`);
  }
  const { dtype = "float32" } = options;
  const units = shape[pre];
  const count = Math.round(excitatory * units);
  const signs = new Float32Array(units);
  key.permutation(units).forEach((unit, place) => {
    signs[unit] = place < count ? 1 : -1;
  });
  return alongAxis(fromNumbers(signs, [units], dtype), shape.length, pre);
}

/**
 * The published signs, which are not Dale's: one for each *postsynaptic* unit of a dense layer, so that all weights
 * into a unit have the same sign, and one for each pair of channels of a convolution. Each is drawn independently, and
 * both signs are equally likely.
 *
 * @throws RangeError if `pre` or `post` is no axis of the shape.
 *
 * @example referenceSigns(Key.of(0), [4, 2], 0, 1).shape // [1, 2]
 */
export function referenceSigns(key: Key, shape: Shape, pre: number, post: number, options: OfType = {}): Tensor {
  checkKey("referenceSigns", key);
  checkShape("referenceSigns", shape);
  checkAxis("referenceSigns", "pre", pre, shape);
  checkAxis("referenceSigns", "post", post, shape);
  checkTyped("referenceSigns", options);
  const sizes = shape.map((size, axis) => (axis === post || (axis === pre && shape.length === 4) ? size : 1));
  return scope(() => sub(mul(random.bernoulli(key, 0.5, sizes, options), 2), 1));
}

/**
 * The weights |w| with the signs of their presynaptic units. With `balance`, excitatory weights are multiplied by
 * sqrt(i / e) and inhibitory ones by sqrt(e / i), e and i their numbers of units: then their inputs to a unit cancel on
 * average, and the variance stays that of w, as in cortex. A deep network needs this: with four excitatory units to one
 * inhibitory, every unit would be driven at once (Rajan and Abbott 2006). If there are no units of one kind, nothing is
 * balanced. The published library does not balance. The signs broadcast to the weights, whose shape the result has.
 *
 * @example imposeDale(tensor([[1, -2], [3, 4]]), tensor([[1, 1], [-1, -1]])) // [[1, 2], [-3, -4]]
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
 * The nearest weights that obey Dale's principle: those of the wrong sign become 0. The derivative passes where the
 * sign is right, and at 0. The signs broadcast to the weights, whose shape the result has. Reference
 * (enforce_dales_principle): the same, as relu(w s) s.
 *
 * @example enforceDale(tensor([[1, -2], [3, 4]]), tensor([[1, 1], [-1, -1]])) // [[1, 0], [0, 0]]
 */
export function enforceDale(weight: Tensor, signs: Tensor): Tensor {
  return scope(() => {
    const inhibitory = less(signs, 0);
    const low = where(inhibitory, Number.NEGATIVE_INFINITY, 0);
    const high = where(inhibitory, 0, Number.POSITIVE_INFINITY);
    return minimum(maximum(weight, low), high);
  });
}

/**
 * The most that the logarithm of a weight can change in one step, so that even an update far larger than the layer's
 * weights stays finite.
 */
const LONGEST = 1;

/** The smallest mean size to divide by, so that weights that are all 0 stay 0. */
const TINY = 1e-30;

/**
 * The weights after an update of their logarithms: w e^(s u / mean |w|), the exponent inside [-1, 1]. With w = s
 * e^theta no step can change a sign, and a 0 stays 0 (exponentiated gradient: Kivinen and Warmuth 1997; under Dale's
 * principle: Cornford et al. 2024). A synapse of the layer's mean size moves exactly by the update. Not in the
 * published library.
 *
 * @example exponentialStep(tensor([1, -1]), tensor([0.5, 0.5]), tensor([1, -1])) // [1.649, -0.6065]
 */
export function exponentialStep(weight: Tensor, update: Tensor, signs: Tensor): Tensor {
  return scope(() => {
    const size = maximum(mean(abs(weight)), TINY);
    const relative = mul(update, div(signs, size));
    return mul(weight, exp(clip(relative, -LONGEST, LONGEST)));
  });
}

/**
 * How many weights have the wrong sign. A 0 has none. The signs broadcast to the weights, as those of `daleSigns` do.
 *
 * @example daleViolations(tensor([[1, -2], [3, 4]]), tensor([[1, 1], [1, 1]])) // 1
 */
export function daleViolations(weight: Tensor, signs: Tensor): number {
  return scope(() => sum(less(mul(weight, signs), 0)).item());
}
