// Spike-timing-dependent plasticity for pairs of spikes, with traces (Song, Miller and Abbott 2000; Morrison, Diesmann and
// Gerstner 2008): a synapse grows if its sender spikes before its receiver, and shrinks if it spikes after it.
import { quote, type Tensor } from "../core/index.js";
import { add, clip, exp, full, mul, neg, reshape, sub, zeros } from "../ops/index.js";
import { oneMinus } from "./surrogates.js";

/** The state of the rule. */
export interface StdpState {
  /** The traces of the senders' spikes, (inputs). */
  readonly pre: Tensor;
  /** The traces of the receivers' spikes, (units). */
  readonly post: Tensor;
}

/** Options of `stdp`. */
export interface StdpOptions {
  /** The most that a pair in the causal order adds to a weight; 0.01 by default. */
  readonly plus?: number;
  /** The most that a pair in the other order subtracts; 0.012 by default. */
  readonly minus?: number;
  /** The time constant for pairs in the causal order, in steps: above 0; 20 by default. */
  readonly tauPlus?: number;
  /** The time constant for pairs in the other order, in steps: above 0; 20 by default. */
  readonly tauMinus?: number;
  /** Whether a spike forms pairs with all earlier spikes ("all", the default) or only with the last one ("nearest"). */
  readonly pairing?: "all" | "nearest";
  /** The least and the largest weight; 0 and 1 by default. */
  readonly bounds?: readonly [low: number, high: number];
  /**
   * What happens at the bounds: with "hard" (the default) weights stop there, with "soft" changes are proportional to the
   * distance from the bound, and with "none" weights are not bounded.
   */
  readonly bound?: "hard" | "soft" | "none";
}

/** A plasticity rule for weights (inputs, units), as pure functions. */
export interface Stdp {
  /** The state before the first step, for weights of this shape and type: zeros. */
  init(weights: Tensor): StdpState;
  /**
   * The weights and the state after a step with these spikes, `pre` (inputs) and `post` (units). A pair within one step
   * counts in both directions.
   */
  step(weights: Tensor, state: StdpState, pre: Tensor, post: Tensor): { weights: Tensor; state: StdpState };
}

const pairings = {
  all: (trace: Tensor, spikes: Tensor) => add(trace, spikes),
  nearest: (trace: Tensor, spikes: Tensor) => add(mul(trace, oneMinus(spikes)), spikes),
};

const boundings = {
  hard: (w: Tensor, up: Tensor, down: Tensor, [low, high]: Bounds) => clip(sub(add(w, up), down), low, high),
  soft: (w: Tensor, up: Tensor, down: Tensor, [low, high]: Bounds) =>
    sub(add(w, mul(up, add(neg(w), high))), mul(down, sub(w, low))),
  none: (w: Tensor, up: Tensor, down: Tensor) => sub(add(w, up), down),
};

type Bounds = readonly [low: number, high: number];

/**
 * The rule for pairs of spikes. In each step, both traces decay by exp(-1 / tau) and the spikes of the step are added. Then a
 * synapse grows by `plus` times the sender's trace if the receiver spikes, and shrinks by `minus` times the receiver's trace
 * if the sender spikes. A single pair of spikes t steps apart changes a weight by plus exp(-t / tauPlus) or by
 * -minus exp(-t / tauMinus).
 *
 * @throws RangeError for numbers that are not finite, time constants that are not above 0, bounds in the wrong order, and
 * names that do not exist.
 */
export function stdp(options: StdpOptions = {}): Stdp {
  const { plus = 0.01, minus = 0.012, tauPlus = 20, tauMinus = 20, bounds = [0, 1] as const } = options;
  const { pairing = "all", bound = "hard" } = options;
  for (const [name, value] of Object.entries({ plus, minus })) {
    if (!Number.isFinite(value)) throw new RangeError(`[stdp] \`${name}\` is ${quote(value)}. Give a finite number.`);
  }
  for (const [name, value] of Object.entries({ tauPlus, tauMinus })) {
    if (Number.isFinite(value) && value > 0) continue;
    throw new RangeError(`[stdp] \`${name}\` is ${quote(value)}. Give a finite number of steps above 0.`);
  }
  if (!(bounds[0] < bounds[1])) {
    throw new RangeError(
      `[stdp] \`bounds\` are ${quote(bounds[0])} and ${quote(bounds[1])}. Give the smallest weight first.`,
    );
  }
  if (!Object.hasOwn(pairings, pairing)) {
    throw new RangeError(`[stdp] \`pairing\` is ${quote(pairing)}. Use ${Object.keys(pairings).join(" or ")}.`);
  }
  if (!Object.hasOwn(boundings, bound)) {
    throw new RangeError(`[stdp] \`bound\` is ${quote(bound)}. Use ${Object.keys(boundings).join(", ")}.`);
  }
  return {
    init: (weights) => ({
      pre: zeros([weights.shape[0]], { dtype: weights.dtype }),
      post: zeros([weights.shape[1]], { dtype: weights.dtype }),
    }),
    step: (weights, state, pre, post) => {
      const faded = (trace: Tensor, tau: number): Tensor =>
        mul(trace, exp(full([], -1 / tau, { dtype: weights.dtype })));
      const before = pairings[pairing](faded(state.pre, tauPlus), pre);
      const after = pairings[pairing](faded(state.post, tauMinus), post);
      const [column, row] = [(x: Tensor) => reshape(x, [-1, 1]), (x: Tensor) => reshape(x, [1, -1])];
      const up = mul(mul(column(before), row(post)), plus);
      const down = mul(mul(column(pre), row(after)), minus);
      return { weights: boundings[bound](weights, up, down, bounds), state: { pre: before, post: after } };
    },
  };
}
