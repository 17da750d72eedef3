// Spike-timing-dependent plasticity for pairs of spikes, with traces (Song, Miller and Abbott 2000; Morrison, Diesmann and
// Gerstner 2008): a synapse grows if its sender spikes before its receiver, and shrinks if it spikes after it.
import { checkOptions, quote, type Tensor } from "../core/index.js";
import { add, exp, full, mul, zeros } from "../ops/index.js";
import { givenSpikes } from "./given.js";
import { arriving, boundings, checkRule, column, type RuleOptions, row, sendersOf } from "./rule-options.js";
import { oneMinus } from "./surrogates.js";

/** The state of the rule. */
export interface StdpState {
  /** The traces of the senders' spikes: (inputs), or (inputs, units) if each synapse has one of its own. */
  readonly pre: Tensor;
  /** The traces of the receivers' spikes: (units), or (inputs, units). */
  readonly post: Tensor;
  /** Spikes of the receivers that have not reached the synapses yet, (delay, units), the next one first. */
  readonly waiting?: Tensor;
}

/** Options of `stdp`. */
export interface StdpOptions extends RuleOptions {
  /** The most that a pair in the causal order adds to a weight; 0.01 by default. */
  readonly plus?: number;
  /** The most that a pair in the other order subtracts; 0.012 by default. */
  readonly minus?: number;
  /** The time constant for pairs in the causal order, in steps: above 0; 20 by default. */
  readonly tauPlus?: number;
  /** The time constant for pairs in the other order, in steps: above 0; 20 by default. */
  readonly tauMinus?: number;
  /**
   * Which spikes form pairs (Morrison, Diesmann and Gerstner 2008, figure 7): "all" (the default); "nearest", each spike with
   * the last one of the other side; "preCentred", each spike of the sender with the last and the next one of the receiver;
   * "reduced", the same, but only if no other spike of either side lies between.
   */
  readonly pairing?: "all" | "nearest" | "preCentred" | "reduced";
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
   * The weights and the state after a step with these spikes, `pre` (inputs), see `senders`, and `post` (units). A pair
   * within one step counts in both directions. Throws a RangeError for spikes that are not 0 or 1, and for other
   * shapes.
   */
  step(weights: Tensor, state: StdpState, pre: Tensor, post: Tensor): { weights: Tensor; state: StdpState };
}

/** A trace that takes up spikes. */
const all = (trace: Tensor, spikes: Tensor): Tensor => add(trace, spikes);
const last = (trace: Tensor, spikes: Tensor): Tensor => add(mul(trace, oneMinus(spikes)), spikes);

/** How traces take up the spikes of their own side, and whether a spike of the other side ends them once it has counted. */
const pairings = {
  all: { pre: all, post: all, ends: { pre: false, post: false } },
  nearest: { pre: last, post: last, ends: { pre: false, post: false } },
  preCentred: { pre: all, post: last, ends: { pre: true, post: false } },
  reduced: { pre: last, post: last, ends: { pre: true, post: true } },
};

/** All options, with defaults for those that are not given; throws if one of them is not usable. */
function checked(options: StdpOptions): Required<StdpOptions> {
  checkOptions("stdp", options, [
    ...["plus", "minus", "tauPlus", "tauMinus", "bounds", "delay", "pairing", "bound", "senders"],
  ]);
  const all: Required<StdpOptions> = {
    ...{ plus: 0.01, minus: 0.012, tauPlus: 20, tauMinus: 20, bounds: [0, 1], delay: 0 },
    ...{ pairing: "all", bound: "hard", senders: "shared" },
    ...options,
  };
  const { plus, minus, tauPlus, tauMinus, pairing } = all;
  for (const [name, value] of Object.entries({ plus, minus })) {
    if (!Number.isFinite(value)) throw new RangeError(`[stdp] \`${name}\` is ${quote(value)}. Give a finite number.`);
  }
  for (const [name, value] of Object.entries({ tauPlus, tauMinus })) {
    if (Number.isFinite(value) && value > 0) continue;
    throw new RangeError(`[stdp] \`${name}\` is ${quote(value)}. Give a finite number of steps above 0.`);
  }
  checkRule("stdp", all);
  if (!Object.hasOwn(pairings, pairing)) {
    throw new RangeError(`[stdp] \`pairing\` is ${quote(pairing)}. Use ${Object.keys(pairings).join(", ")}.`);
  }
  return all;
}

/**
 * The rule for pairs of spikes. In each step, both traces decay by exp(-1 / tau) and the spikes of the step are added. Then a
 * synapse grows by `plus` times the sender's trace if the receiver spikes, and shrinks by `minus` times the receiver's trace
 * if the sender spikes. A single pair of spikes t steps apart changes a weight by plus exp(-t / tauPlus) or by
 * -minus exp(-t / tauMinus).
 *
 * ```ts
 * const rule = stdp({ pairing: "nearest", bound: "soft" });
 * let [weights, state] = [start, rule.init(start)]; // (inputs, units)
 * for (const { pre, post } of recorded) ({ weights, state } = rule.step(weights, state, pre, post));
 * ```
 *
 * Weights of at least 0 are meant. For others, such as those of Dale's principle, set `bound` to "none" and correct them after
 * each step, with `enforceDale` of `synaptape/bio`.
 *
 * @throws RangeError for numbers that are not finite, time constants that are not above 0, bounds in the wrong order, a delay
 * that is not a whole number, and names that do not exist.
 */
export function stdp(options: StdpOptions = {}): Stdp {
  const { plus, minus, tauPlus, tauMinus, bounds, pairing, bound, senders, delay } = checked(options);
  const { pre: takePre, post: takePost, ends } = pairings[pairing];
  return {
    init(weights) {
      const [inputs, units] = weights.shape;
      const of = (shape: readonly number[]): Tensor => zeros(shape, { dtype: weights.dtype });
      return {
        pre: of(senders === "each" || ends.pre ? [inputs, units] : [inputs]),
        post: of(ends.post ? [inputs, units] : [units]),
        ...(delay > 0 && { waiting: of([delay, units]) }),
      };
    },
    step(weights, state, sender, receiver) {
      const pre = givenSpikes("stdp", "the senders' spikes", sender, sendersOf(weights.shape, senders));
      const post = givenSpikes("stdp", "the receivers' spikes", receiver, [weights.shape[1]]);
      const faded = (trace: Tensor, tau: number): Tensor =>
        mul(trace, exp(full([], -1 / tau, { dtype: weights.dtype })));
      const { arrived, next } = arriving(state.waiting, post);
      // A trace is a vector, or a matrix where it depends on both sides.
      const sent = state.pre.rank === 2 ? column(pre) : pre;
      const received = state.post.rank === 2 ? row(arrived) : arrived;
      const before = takePre(faded(state.pre, tauPlus), sent);
      const after = takePost(faded(state.post, tauMinus), received);
      const up = mul(mul(column(before), row(arrived)), plus);
      const down = mul(mul(column(pre), row(after)), minus);
      return {
        weights: boundings[bound](weights, up, down, bounds),
        state: {
          pre: ends.pre ? mul(before, oneMinus(row(arrived))) : before,
          post: ends.post ? mul(after, oneMinus(column(pre))) : after,
          ...next,
        },
      };
    },
  };
}
