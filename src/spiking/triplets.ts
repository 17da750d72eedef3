// Spike-timing-dependent plasticity of triplets of spikes, with traces (Pfister and Gerstner 2006, "Triplets of spikes in a
// model of spike timing-dependent plasticity", Journal of Neuroscience 26): what pairs alone miss is that it matters how
// often spikes come.
import { checkOptions, quote, type Shape, type Tensor } from "../core/index.js";
import { add, exp, full, mul, zeros } from "../ops/index.js";
import { givenSpikes } from "./given.js";
import {
  arriving,
  type Bounds,
  boundings,
  checkRule,
  column,
  type RuleOptions,
  row,
  sendersOf,
} from "./rule-options.js";
import { oneMinus } from "./surrogates.js";

/** What the rule of triplets remembers. */
export interface TripletState {
  /** What is left of the spikes of the senders, fast and slow: (inputs), or (inputs, units) if each synapse has its own. */
  readonly pre: Tensor;
  /** See `pre`. */
  readonly preSlow: Tensor;
  /** What is left of the spikes of the receivers, fast and slow, (units). */
  readonly post: Tensor;
  /** See `post`. */
  readonly postSlow: Tensor;
  /** Spikes of the receivers that have not reached the synapses yet, (delay, units), the next one first. */
  readonly waiting?: Tensor;
}

/** What the rule of triplets is told; by default the full model with all pairs that was fitted to visual cortex. */
export interface TripletOptions extends RuleOptions {
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
  /** The least and the largest weight; none by default. */
  readonly bounds?: readonly [low: number, high: number];
  /** What happens at the bounds, as for `stdp`: "hard" if there are any (the default), "soft" or "none". */
  readonly bound?: "hard" | "soft" | "none";
}

/** A rule of plasticity for weights (inputs, units), as functions of plain trees. */
export interface TripletStdp {
  /** The state before the first step, for weights like these: zeros. */
  init(weights: Tensor): TripletState;
  /**
   * The weights and the state after a step with these spikes, `pre` (inputs), see `senders`, and `post` (units). Throws a
   * RangeError for spikes that are not 0 or 1, and for other shapes.
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
 * ```ts
 * const rule = tripletStdp({ bounds: [0, 1] });
 * let [weights, state] = [start, rule.init(start)];
 * for (const { pre, post } of recorded) ({ weights, state } = rule.step(weights, state, pre, post));
 * ```
 *
 * @throws RangeError for numbers that are not finite, time constants that are not above 0, bounds in the wrong order, a `bound`
 * without `bounds`, a delay that is not a whole number, and names that do not exist.
 */
export function tripletStdp(options: TripletOptions = {}): TripletStdp {
  checkOptions("tripletStdp", options, [...Object.keys(defaults), "pairing", "bounds", "bound", "senders", "delay"]);
  const { pairing = "all", senders = "shared", delay = 0, bound = options.bounds ? "hard" : "none" } = options;
  const bounds: Bounds = options.bounds ?? [-Infinity, Infinity];
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
  checkRule("tripletStdp", { senders, delay, bounds, bound });
  if (bound !== "none" && !options.bounds) {
    throw new RangeError(
      `[tripletStdp] \`bound\` is ${quote(bound)}, but there are no bounds. Give them: bounds: [0, 1].`,
    );
  }
  const { plus, minus, triplePlus, tripleMinus, tauPlus, tauMinus, tauSlowPlus, tauSlowMinus } = numbers;
  const faded = (trace: Tensor, tau: number): Tensor => mul(trace, exp(full([], -1 / tau, { dtype: trace.dtype })));
  const taken = (trace: Tensor, spikes: Tensor): Tensor =>
    add(pairing === "all" ? trace : mul(trace, oneMinus(spikes)), spikes);
  return {
    init: ({ shape, dtype }) => {
      const of = (size: Shape): Tensor => zeros(size, { dtype });
      const [sending, units] = [sendersOf(shape, senders), shape[1]];
      return {
        ...{ pre: of(sending), preSlow: of(sending), post: of([units]), postSlow: of([units]) },
        ...(delay > 0 && { waiting: of([delay, units]) }),
      };
    },
    step: (weights, state, sender, receiver) => {
      const pre = givenSpikes("tripletStdp", "the senders' spikes", sender, sendersOf(weights.shape, senders));
      const spikes = givenSpikes("tripletStdp", "the receivers' spikes", receiver, [weights.shape[1]]);
      const { arrived: post, next } = arriving(state.waiting, spikes);
      const before = taken(faded(state.pre, tauPlus), pre);
      const after = taken(faded(state.post, tauMinus), post);
      const [preSlow, postSlow] = [faded(state.preSlow, tauSlowPlus), faded(state.postSlow, tauSlowMinus)];
      const up = mul(column(before), row(mul(post, add(mul(postSlow, triplePlus), plus))));
      const down = mul(column(mul(pre, add(mul(preSlow, tripleMinus), minus))), row(after));
      return {
        weights: boundings[bound](weights, up, down, bounds),
        state: { pre: before, preSlow: taken(preSlow, pre), post: after, postSlow: taken(postSlow, post), ...next },
      };
    },
  };
}
