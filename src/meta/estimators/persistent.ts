// Persistent evolution strategies (Vicol, Metz and Sohl-Dickstein 2021): the noise on the rule is drawn anew every few steps
// of a lifetime, and each of these windows is credited to all noise so far. So the noise of a window is compared only with
// what the loss of the queries changed from that window on, and no window is left out: the estimate is that of the whole
// lifetime, without the bias of truncation.
//
// The loss of a window is how much it changed the loss of the queries; the sum over the windows is the loss at the end. The
// rule stays the same during a lifetime, so that an episode remains a function of the rule and its number. (A program that
// moves parameters between windows uses `persistentEvolution` of synaptape/optim itself.)
import { advance, leavesOf, scope, withLeaves } from "../../core/index.js";
import { add } from "../../ops/index.js";
import { persistentEvolution } from "../../optim/index.js";
import type { Life, Rule } from "../../plasticity/index.js";
import type { Estimator } from "./estimator.js";
import { finiteLoss, type NoiseSettings, scored, strategyOf } from "./evolution.js";

/** Settings of persistent evolution strategies. */
export interface PersistentSettings extends NoiseSettings {
  /** Steps of a window, after which noise is drawn anew. */
  readonly steps: number;
}

/** The sum of two rules, leaf by leaf. */
function sumOf(one: Rule, other: Rule): Rule {
  const terms = leavesOf("pes", other);
  return withLeaves(
    one,
    leavesOf("pes", one).map(({ tensor }, i) => add(tensor, terms[i].tensor)),
  );
}

/** See the head of this file. */
export const persistent: Estimator<PersistentSettings> = {
  summary: "persistent evolution strategies: the same, with new noise every K steps",
  argument: "steps",
  check({ steps: window }, steps) {
    if (window <= steps) return undefined;
    return (
      `the \`estimator\` pes has windows of ${window} steps, but a lifetime has ${steps}. Make them ${steps} or ` +
      "shorter, or give more `shots`."
    );
  },
  estimate(settings, of) {
    const { rule, key, steps, live, test } = of;
    const score = scored(of);
    if (!Number.isFinite(score.value.item())) return { ...score, grad: rule }; // reported as every lifetime that diverges
    const strategy = persistentEvolution(strategyOf(settings));
    const lossOf = (life: Life): number => scope(() => finiteLoss(of, test(life).loss.item(), settings.noise));
    let losses = new Array<number>(strategy.members).fill(0);
    let carry: { state: ReturnType<typeof strategy.init<Rule>>; lives: readonly Life[]; grads: Rule | undefined } = {
      ...{ state: strategy.init(rule), lives: [], grads: undefined },
    };
    for (let begin = 0; begin < steps; begin += settings.steps) {
      const end = Math.min(begin + settings.steps, steps);
      carry = advance(carry, ({ state, lives, grads }) => {
        const drawn = key.fold(begin);
        const next = losses.map((_, i) => scope(() => live(strategy.member(rule, drawn, i), begin, end, lives[i])));
        const after = next.map(lossOf);
        const changes = after.map((loss, i) => loss - losses[i]);
        losses = after;
        const found = strategy.gradient(rule, drawn, changes, state);
        return { state: found.state, lives: next, grads: grads ? sumOf(grads, found.grads) : found.grads };
      });
    }
    return { ...score, grad: carry.grads! };
  },
};
