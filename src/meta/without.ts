// What a frozen rule is without one of its motifs: what the motif is needed for shows in what the rule does without it.
import { scope } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { layerSizes, type TrainConfig } from "./config.js";
import { DivergedError } from "./diverged.js";
import { evaluateRule } from "./episode.js";
import { type LeafValues, type RuleValues, ruleOf } from "./rule-values.js";

/** A leaf whose numbers in this column are 0. */
const withoutColumn = ({ shape, data }: LeafValues, column: number): LeafValues => ({
  shape,
  data: data.map((x, i) => (i % shape[1] === column ? 0 : x)),
});

/** The rule whose motif in this column of P drives nothing. */
export function withoutMotif(rule: RuleValues, column: number): RuleValues {
  return { ...rule, P: rule.P.map((leaf) => withoutColumn(leaf, column)) };
}

/** The accuracy of a frozen rule on evaluation task `index`, from 0; 0 if the network diverges. */
export function accuracyOn(config: TrainConfig, dataset: Dataset, rule: RuleValues, index: number): number {
  try {
    return scope(() => evaluateRule(config, layerSizes(config, dataset), dataset, ruleOf(rule), [index])[0].accuracy);
  } catch (error) {
    if (error instanceof DivergedError) return 0;
    throw error;
  }
}
