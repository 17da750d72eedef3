// Systems whose wiring changes with what they learn (morphisms of Org: Shapiro and Spivak 2022, arXiv 2205.03906): a state picks
// how the parts inside make what the outside sees, and what the outside answers moves the state. The example of that paper is the
// prediction market, in which experts gain wealth by what they foretell.
import { checkTensors } from "../../autodiff/index.js";
import { checkEachMade, checkMade, quote, scope, showShape, type Tensor } from "../../core/index.js";
import { add, mul, stack, sum } from "../../ops/index.js";

/** A wiring that learns. Parts show P each, the whole shows Q, and everybody is told R of the outside. */
export interface Rewiring<S, P, Q, R> {
  /** The state to start from. */
  readonly state: S;
  /** How many parts it has. */
  readonly parts: number;
  /** What the whole shows, made from what the parts show as this state wires them. */
  show(state: S, parts: readonly P[]): Q;
  /** What each part is told when the outside answers `told`. */
  tell(state: S, parts: readonly P[], told: R): readonly R[];
  /** The state after the outside has answered. */
  update(state: S, parts: readonly P[], told: R): S;
}

/** States of a wiring in whose places there are wirings. */
export interface NestedState<S, T> {
  /** That of the outer wiring. */
  readonly outer: S;
  /** Those of the inner ones. */
  readonly inner: readonly T[];
}

/** What a wiring has. */
const WIRING = ["parts", "state", "show", "tell", "update"];

/**
 * Wirings in the places of a wiring: the parts of the whole are all parts of the inner ones, one after the other. All states move
 * by what was shown before any of them moved.
 *
 * ```ts
 * const pair = predictionMarket(tensor([0.5, 0.5]));
 * const market = nest(pair, [pair, pair]); // four experts, of whom each owns a quarter
 * ```
 *
 * @throws RangeError unless there is an inner wiring for each place.
 */
export function nest<S, T, P, R>(
  outer: Rewiring<S, P, P, R>,
  inner: readonly Rewiring<T, P, P, R>[],
): Rewiring<NestedState<S, T>, P, P, R> {
  checkMade("nest", "the outer wiring", outer, WIRING, "Make one with predictionMarket() or yourself.");
  checkEachMade("nest", "the list of inner wirings", inner, WIRING, "Make it with predictionMarket() or yourself.");
  if (inner.length !== outer.parts) {
    throw new RangeError(`[nest] ${inner.length} inner wirings for ${outer.parts} places. Give one for each place.`);
  }
  /** Where the parts of each inner wiring begin. */
  const begins = inner.map((_, i) => inner.slice(0, i).reduce((total, { parts }) => total + parts, 0));
  const partsOf = (parts: readonly P[], i: number): readonly P[] => parts.slice(begins[i], begins[i] + inner[i].parts);
  const shownBy = (states: readonly T[], parts: readonly P[]): P[] =>
    inner.map((wiring, i) => wiring.show(states[i], partsOf(parts, i)));
  return {
    parts: inner.reduce((total, { parts }) => total + parts, 0),
    state: { outer: outer.state, inner: inner.map(({ state }) => state) },
    show: (state, parts) => outer.show(state.outer, shownBy(state.inner, parts)),
    tell: (state, parts, told) => {
      const heard = outer.tell(state.outer, shownBy(state.inner, parts), told);
      return inner.flatMap((wiring, i) => wiring.tell(state.inner[i], partsOf(parts, i), heard[i]));
    },
    update: (state, parts, told) => {
      const shown = shownBy(state.inner, parts);
      const heard = outer.tell(state.outer, shown, told);
      return {
        outer: outer.update(state.outer, shown, told),
        inner: inner.map((wiring, i) => wiring.update(state.inner[i], partsOf(parts, i), heard[i])),
      };
    },
  };
}

/**
 * A market of experts. Each shows the chances that it gives to the outcomes, (outcomes) and adding up to 1; the market shows their
 * mean by wealth, Σ μ_i γ_i; and when outcome x comes true, μ_i becomes μ_i γ_i(x) / γ(x). Wealth adds up to 1 for ever, and goes
 * to the expert whose chances are nearest the truth. Markets can stand in the places of a market (`nest`), and are then the
 * market of all experts with the products of their wealth.
 *
 * ```ts
 * const market = predictionMarket(tensor([0.5, 0.5]));
 * const experts = [tensor([0.8, 0.2]), tensor([0.5, 0.5])];
 * const wealth = market.update(market.state, experts, 0); // about 0.615 and 0.385
 * ```
 *
 * @param wealth of each expert at first: float32 or float64 (experts), adding up to 1.
 * @throws RangeError for wealth that is no list of positive numbers that add up to 1; when it runs, for another number of experts,
 * outcomes that do not exist, and one that nobody with wealth gave a chance.
 */
export function predictionMarket(wealth: Tensor): Rewiring<Tensor, Tensor, Tensor, number> {
  checkTensors("predictionMarket", [wealth]);
  const op = "predictionMarket";
  const total = wealth.rank === 1 && wealth.type.isFloat ? Array.from(wealth.data()).reduce((a, b) => a + b, 0) : 0;
  if (!(Math.abs(total - 1) < 1e-5 && Array.from(wealth.data()).every((each) => each > 0))) {
    throw new RangeError(
      `[${op}] wealth of shape ${showShape(wealth.shape)} adds up to ${total}. Give a list of numbers above 0 that add up to 1.`,
    );
  }
  const parts = wealth.shape[0];
  const check = (experts: readonly Tensor[]): void => {
    if (experts.length === parts) return;
    throw new RangeError(`[${op}] there are ${experts.length} experts, and wealth for ${parts}. Give as many.`);
  };
  const show = (state: Tensor, experts: readonly Tensor[]): Tensor =>
    scope(() => {
      check(experts);
      return experts.map((chances, i) => mul(chances, state.row(i))).reduce((a, b) => add(a, b));
    });
  return {
    ...{ state: wealth, parts, show },
    tell: (_, experts, outcome) => experts.map(() => outcome),
    update: (state, experts, outcome) =>
      scope(() => {
        check(experts);
        const outcomes = experts[0].size;
        if (!(Number.isSafeInteger(outcome) && outcome >= 0 && outcome < outcomes)) {
          throw new RangeError(
            `[${op}] the outcome is ${quote(outcome)}. Give a whole number from 0 to ${outcomes - 1}.`,
          );
        }
        const staked = mul(state, stack(experts.map((chances) => chances.row(outcome))));
        const all = sum(staked);
        if (!(all.item() > 0)) {
          throw new RangeError(
            `[${op}] nobody with wealth gave outcome ${outcome} a chance. Let every expert give every outcome one above 0.`,
          );
        }
        return staked.div(all);
      }),
  };
}
