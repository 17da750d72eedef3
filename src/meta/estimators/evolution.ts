// Evolution strategies (Salimans, Ho, Chen, Sidor and Sutskever 2017): whole lifetimes under rules with noise on them, in
// pairs of opposite signs, tell from their losses alone where the loss falls. No step is stored, and no step need have a
// derivative. The estimate is that of a smoothed loss, the mean over the noise.
import { scope } from "../../core/index.js";
import { type EvolutionOptions, evolution } from "../../optim/index.js";
import { DivergedError } from "../diverged.js";
import type { Estimate, Estimator, MetaLoss } from "./estimator.js";

/** Settings of the noise. */
export interface NoiseSettings {
  /** Pairs of lifetimes, with the same noise of opposite signs. */
  readonly pairs: number;
  /** The standard deviation of the noise on every number of the rule. */
  readonly noise: number;
}

/** The options of a strategy with this noise. */
export const strategyOf = ({ pairs, noise }: NoiseSettings): EvolutionOptions => ({ pairs, sigma: noise });

/** What the rule itself scores, without noise. */
export const scored = ({ rule, steps, live, test }: MetaLoss): Omit<Estimate, "grad"> =>
  scope(() => {
    const { loss, accuracy } = test(live(rule, 0, steps));
    return { value: loss, accuracy };
  });

/** The loss of a member, which must be finite. */
export function finiteLoss({ episode }: MetaLoss, loss: number, noise: number): number {
  if (Number.isFinite(loss)) return loss;
  throw new DivergedError(
    `[train] episode ${episode} diverged under a rule with noise of ${noise} on it. Give less \`noise\`, lower ` +
      "`learningRate`, or begin from smaller coefficients.",
    episode,
  );
}

/** See the head of this file. */
export const evolutionStrategies: Estimator<NoiseSettings> = {
  summary: "evolution strategies: losses of pairs of lifetimes with --noise on the rule",
  estimate(settings, of) {
    const { rule, key, steps, live, test } = of;
    const score = scored(of);
    if (!Number.isFinite(score.value.item())) return { ...score, grad: rule }; // reported as every lifetime that diverges
    const strategy = evolution({ ...strategyOf(settings), shaping: "none" });
    const losses = Array.from({ length: strategy.members }, (_, i) =>
      scope(() => finiteLoss(of, test(live(strategy.member(rule, key, i), 0, steps)).loss.item(), settings.noise)),
    );
    return { ...score, grad: strategy.gradient(rule, key, losses) };
  },
};
