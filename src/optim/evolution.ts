// Evolution strategies: the gradient of a loss that cannot be differentiated, from the losses of parameters with noise on
// them (Salimans et al. 2017, "Evolution strategies as a scalable alternative to reinforcement learning"), and from unrolls
// that are cut short (Vicol, Metz and Sohl-Dickstein 2021, "Unbiased gradient estimation in unrolled computation graphs with
// persistent evolution strategies"). What comes out is a gradient that every optimizer takes.
import { checkOptions, type Key, quote, scope, type Tensor, type TreeOf, withLeaves } from "../core/index.js";
import { add, mul, zeros } from "../ops/index.js";
import { matching } from "./common.js";
import {
  centredRanks,
  checkCount,
  checkLosses,
  checkMember,
  checkSigma,
  floatsOf,
  MOST_MEMBERS,
  noiseFor,
} from "./population.js";

/** How losses are used: their ranks alone, which no outlier and no scale disturbs, or as they are. */
const shapings = { ranks: centredRanks, none: (losses: ArrayLike<number>): number[] => Array.from(losses) };

/** Options of evolution strategies. */
export interface EvolutionOptions {
  /** The size of the noise: its standard deviation. */
  readonly sigma: number;
  /** How many pairs of members; each pair has the same noise with both signs. */
  readonly pairs: number;
}

/** Options of `evolution`. */
export interface ShapedEvolutionOptions extends EvolutionOptions {
  /** "ranks" (the default) uses the ranks of the losses, from -0.5 to 0.5; "none" the losses themselves. */
  readonly shaping?: keyof typeof shapings;
}

/** An evolution strategy. Nothing is remembered: the noise follows from the key, on any thread. */
export interface Evolution {
  /** How many members a generation has: twice the pairs. */
  readonly members: number;
  /** The parameters of a member, counted from 0. */
  member<P extends TreeOf<P>>(params: P, key: Key, index: number): P;
  /** The estimate of the gradient, from the losses of all members in their order and the key that made them. */
  gradient<P extends TreeOf<P>>(params: P, key: Key, losses: ArrayLike<number>): P;
}

/** The member `index` of params: sigma times its pair's noise added to even ones and taken off odd ones. */
function perturbed<P extends TreeOf<P>>(op: string, params: P, key: Key, index: number, sigma: number): P {
  const leaves = floatsOf(op, params);
  const shifted = scope(() => {
    const noise = noiseFor(leaves, key.fold(index >> 1));
    const size = index % 2 === 0 ? sigma : -sigma;
    return leaves.map(({ tensor }, i) => add(tensor, mul(noise[i], size)));
  });
  return withLeaves(params, shifted);
}

/** The sum of the pairs' noises, each times what the losses of its two members differ by. */
function weighted(noises: (pair: number) => readonly Tensor[], values: readonly number[], scale: number): Tensor[] {
  let sums: Tensor[] | undefined;
  for (let pair = 0; pair < values.length / 2; pair++) {
    const weight = (values[2 * pair] - values[2 * pair + 1]) * scale;
    const terms = noises(pair).map((noise) => mul(noise, weight));
    sums = sums ? sums.map((sum, i) => add(sum, terms[i])) : terms;
  }
  return sums!;
}

/**
 * An evolution strategy with antithetic pairs. Losses are to be made small: negate returns.
 *
 * ```ts
 * const strategy = evolution({ sigma: 0.02, pairs: 8 });
 * const [params, key] = [{ w: tensor([1, 2]) }, Key.of(0)];
 * const losses = Array.from({ length: strategy.members }, (_, i) => strategy.member(params, key, i).w.square().sum().item());
 * const grads = strategy.gradient(params, key, losses); // about the gradient of the ranks, for `optimizer.step`
 * grads.w.shape; // [2]
 * ```
 *
 * @throws TypeError for options that do not exist, RangeError for options outside their range. Its functions throw a
 * RangeError for members that do not exist, and for losses that are too few or NaN.
 */
export function evolution(options: ShapedEvolutionOptions): Evolution {
  checkOptions("evolution", options, ["sigma", "pairs", "shaping"]);
  const { sigma, pairs, shaping = "ranks" } = options;
  checkSigma("evolution", sigma);
  checkCount("evolution", "pairs", pairs, 1, MOST_MEMBERS / 2);
  if (!Object.hasOwn(shapings, shaping)) {
    throw new RangeError(`[evolution] \`shaping\` is ${quote(shaping)}: give ${Object.keys(shapings).join(" or ")}.`);
  }
  const members = 2 * pairs;
  return {
    members,
    member(params, key, index) {
      checkMember("evolution", index, members);
      return perturbed("evolution", params, key, index, sigma);
    },
    gradient(params, key, losses) {
      checkLosses("evolution", losses, members, shaping === "none");
      const leaves = floatsOf("evolution", params);
      const noises = (pair: number) => noiseFor(leaves, key.fold(pair));
      const values = shapings[shaping](losses);
      return withLeaves(
        params,
        scope(() => weighted(noises, values, 1 / (members * sigma))),
      );
    },
  };
}

/** What persistent evolution strategies remember: for each tensor of the parameters the noise of all pairs so far. */
export interface PersistentState<P> {
  /** The sums of the noises, one tree a pair. */
  readonly noise: readonly P[];
}

/** A persistent evolution strategy. */
export interface PersistentEvolution {
  /** How many members it has: twice the pairs. */
  readonly members: number;
  /** The state before the first unroll, and whenever all members start again. */
  init<P extends TreeOf<P>>(params: P): PersistentState<P>;
  /** The parameters of a member for its next unroll. */
  member<P extends TreeOf<P>>(params: P, key: Key, index: number): P;
  /** The estimate of the gradient from the losses of this unroll, and the state for the next. */
  gradient<P extends TreeOf<P>>(
    params: P,
    key: Key,
    losses: ArrayLike<number>,
    state: PersistentState<P>,
  ): { readonly grads: P; readonly state: PersistentState<P> };
}

/**
 * A persistent evolution strategy: members unroll a few steps, give the loss of these, and go on from where they are with
 * other noise. Each loss is credited to all noise that its member has had since it began, which makes the estimate unbiased
 * where truncated unrolls are not. What members keep between unrolls is the caller's; begin anew with `init`.
 *
 * @throws TypeError for options that do not exist, RangeError for options outside their range. Its functions throw as those of
 * `evolution`, and a RangeError for a state of other parameters.
 * @example
 * const strategy = persistentEvolution({ sigma: 0.1, pairs: 2 });
 * const params = { w: tensor([1, 2]) };
 * const losses = Array.from({ length: strategy.members }, (_, i) => strategy.member(params, Key.of(0), i).w.square().sum().item());
 * strategy.gradient(params, Key.of(0), losses, strategy.init(params)).grads; // { w: [-0.8559, 1.853] }
 */
export function persistentEvolution(options: EvolutionOptions): PersistentEvolution {
  const op = "persistentEvolution";
  checkOptions(op, options, ["sigma", "pairs"]);
  const { sigma, pairs } = options;
  checkSigma(op, sigma);
  checkCount(op, "pairs", pairs, 1, MOST_MEMBERS / 2);
  const members = 2 * pairs;
  return {
    members,
    init: (params) =>
      scope(() => {
        const none = () => floatsOf(op, params).map(({ tensor: { shape, dtype } }) => zeros(shape, { dtype }));
        return { noise: Array.from({ length: pairs }, () => withLeaves(params, none())) };
      }),
    member(params, key, index) {
      checkMember(op, index, members);
      return perturbed(op, params, key, index, sigma);
    },
    gradient: (params, key, losses, state) =>
      scope(() => {
        checkLosses(op, losses, members, true);
        if (state.noise?.length !== pairs) {
          throw new RangeError(
            `[${op}] the state has ${quote(state.noise?.length)} pairs, not ${pairs}. Pass what init() gave.`,
          );
        }
        const leaves = floatsOf(op, params);
        const all = state.noise.map((before, pair) => {
          const sums = matching(op, "state", before, leaves);
          return noiseFor(leaves, key.fold(pair)).map((noise, i) => add(sums[i], noise));
        });
        const grads = weighted((pair) => all[pair], Array.from(losses), 1 / (members * sigma));
        return { grads: withLeaves(params, grads), state: { noise: all.map((each) => withLeaves(params, each)) } };
      }),
  };
}
