// Spike-timing-dependent plasticity of triplets of spikes, with traces (Pfister and Gerstner 2006, "Triplets of spikes in a
// model of spike timing-dependent plasticity", Journal of Neuroscience 26): what pairs alone miss is that it matters how
// often spikes come.
import { checkOptions, quote, type Tensor } from "../core/index.js";
import { add, clip, exp, full, mul, reshape, sub, zeros } from "../ops/index.js";
import { givenSpikes } from "./given.js";
import { oneMinus } from "./surrogates.js";

/** What the rule of triplets remembers. */
export interface TripletState {
  /** What is left of the spikes of the senders, fast and slow, (inputs). */
  readonly pre: Tensor;
  /** See `pre`. */
  readonly preSlow: Tensor;
  /** What is left of the spikes of the receivers, fast and slow, (units). */
  readonly post: Tensor;
  /** See `post`. */
  readonly postSlow: Tensor;
}

/** What the rule of triplets is told; by default the full model with all pairs that was fitted to visual cortex. */
export interface TripletOptions {
  /** What a pair in the causal order adds; 5e-10 by default. */
  readonly plus?: number;
  /** What a pair in the other order takes off; 7e-3 by default. */
  readonly minus?: number;
  /** What a spike of the receiver before such a pair adds; 6.2e-3 by default. */
  readonly triplePlus?: number;
  /** What a spike of the sender before such a pair takes off; 2.3e-4 by default. */
  readonly tripleMinus?: number;
  /** The time constant of `pre`, in steps; 16.8 by default, as all steps are meant as milliseconds. */
  readonly tauPlus?: number;
  /** The time constant of `post`; 33.7 by default. */
  readonly tauMinus?: number;
  /** The time constant of `preSlow`; 101 by default. */
  readonly tauSlowPlus?: number;
  /** The time constant of `postSlow`; 125 by default. */
  readonly tauSlowMinus?: number;
  /** Whether a spike counts with all before it ("all", the default) or with the last alone ("nearest"). */
  readonly pairing?: "all" | "nearest";
  /** The least and the largest weight, where steps stop; none by default. */
  readonly bounds?: readonly [low: number, high: number];
}

/** A rule of plasticity for weights (inputs, units), as functions of plain trees. */
export interface TripletStdp {
  /** The state before the first step, for weights like these: zeros. */
  init(weights: Tensor): TripletState;
  /**
   * The weights and the state after a step with these spikes, `pre` (inputs) and `post` (units). Throws a RangeError for spikes
   * that are not 0 or 1, and for other shapes.
   */
  step(
    weights: Tensor,
    state: TripletState,
    pre: Tensor,
    post: Tensor,
  ): { readonly weights: Tensor; readonly state: TripletState };
}

const defaults = {
  ...{ plus: 5e-10, minus: 7e-3, triplePlus: 6.2e-3, tripleMinus: 2.3e-4 },
  ...{ tauPlus: 16.8, tauMinus: 33.7, tauSlowPlus: 101, tauSlowMinus: 125 },
};

/**
 * The rule of triplets: where the receiver spikes, a synapse grows by the sender's fast trace times
 * (`plus` + `triplePlus` times the receiver's slow trace before this spike); where the sender spikes, it shrinks by the
 * receiver's fast trace times (`minus` + `tripleMinus` times the sender's slow trace before this spike). Fast traces take up
 * the spikes of a step before it counts, as in `stdp`. Without the terms of triplets it is `stdp` without bounds.
 *
 * @throws RangeError for numbers that are not finite, time constants that are not above 0, and names that do not exist.
 */
export function tripletStdp(options: TripletOptions = {}): TripletStdp {
  checkOptions("tripletStdp", options, [...Object.keys(defaults), "pairing", "bounds"]);
  const { pairing = "all", bounds } = options;
  const numbers = { ...defaults, ...options };
  for (const name of Object.keys(defaults) as (keyof typeof defaults)[]) {
    const value = numbers[name];
    if (Number.isFinite(value) && (!name.startsWith("tau") || value > 0)) continue;
    const wanted = name.startsWith("tau") ? "a number of steps above 0" : "a finite number";
    throw new RangeError(`[tripletStdp] ${name} is ${quote(value)}: give ${wanted}.`);
  }
  if (pairing !== "all" && pairing !== "nearest") {
    throw new RangeError(`[tripletStdp] pairing is ${quote(pairing)}: give all or nearest.`);
  }
  if (bounds && !(bounds[0] < bounds[1])) {
    throw new RangeError(
      `[tripletStdp] bounds are ${quote(bounds[0])} and ${quote(bounds[1])}: give the least weight first.`,
    );
  }
  const { plus, minus, triplePlus, tripleMinus, tauPlus, tauMinus, tauSlowPlus, tauSlowMinus } = numbers;
  const faded = (trace: Tensor, tau: number): Tensor => mul(trace, exp(full([], -1 / tau, { dtype: trace.dtype })));
  const taken = (trace: Tensor, spikes: Tensor): Tensor =>
    add(pairing === "all" ? trace : mul(trace, oneMinus(spikes)), spikes);
  const [column, row] = [(x: Tensor) => reshape(x, [-1, 1]), (x: Tensor) => reshape(x, [1, -1])];
  return {
    init: ({ shape: [inputs, units], dtype }) => ({
      ...{ pre: zeros([inputs], { dtype }), preSlow: zeros([inputs], { dtype }) },
      ...{ post: zeros([units], { dtype }), postSlow: zeros([units], { dtype }) },
    }),
    step: (weights, state, sender, receiver) => {
      const [inputs, units] = weights.shape;
      const pre = givenSpikes("tripletStdp", "the senders' spikes", sender, [inputs]);
      const post = givenSpikes("tripletStdp", "the receivers' spikes", receiver, [units]);
      const before = taken(faded(state.pre, tauPlus), pre);
      const after = taken(faded(state.post, tauMinus), post);
      const [preSlow, postSlow] = [faded(state.preSlow, tauSlowPlus), faded(state.postSlow, tauSlowMinus)];
      const up = mul(column(before), row(mul(post, add(mul(postSlow, triplePlus), plus))));
      const down = mul(column(mul(pre, add(mul(preSlow, tripleMinus), minus))), row(after));
      const next = sub(add(weights, up), down);
      return {
        weights: bounds ? clip(next, ...bounds) : next,
        state: { pre: before, preSlow: taken(preSlow, pre), post: after, postSlow: taken(postSlow, post) },
      };
    },
  };
}
