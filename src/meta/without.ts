// What a frozen rule is without one of its motifs or chemicals: what they are needed for shows in what the rule does without
// them.
import { InputError, quote, scope } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import type { MotifId, PlasticityConfig } from "../plasticity/index.js";
import { synapseKind } from "../plasticity/internal.js";
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

/** What is taken out of a rule: a motif, or a chemical by its number from 0. */
export type Removed = { readonly motif: MotifId } | { readonly chemical: number };

/** How many chemicals of a rule can be taken out one by one: those that have a drive of their own beside others. */
export const removableChemicals = (config: PlasticityConfig): number => {
  const { chemicals, rows } = synapseKind(config.synapse);
  return chemicals && rows(config) > 1 ? config.chemicals : 0;
};

/** A leaf whose numbers along this index of its first axis are 0. */
const withoutRow = ({ shape, data }: LeafValues, row: number): LeafValues => ({
  shape,
  data: data.map((x, i) => (Math.floor((i * shape[0]) / data.length) === row ? 0 : x)),
});

/**
 * The rule whose chemical drives nothing and is driven by nothing. It is still read out, so that networks begin with the same
 * weights.
 */
function withoutChemical(rule: RuleValues, chemical: number): RuleValues {
  return {
    ...rule,
    P: rule.P.map((leaf) => withoutRow(leaf, chemical)),
    K: rule.K.map((leaf) => withoutColumn(withoutRow(leaf, chemical), chemical)),
    b: rule.b.map((leaf) => withoutRow(leaf, chemical)),
  };
}

/** The rule without a motif or a chemical. Throws an InputError if it has none such. */
export function ruleWithout(
  { plasticity }: Pick<TrainConfig, "plasticity">,
  rule: RuleValues,
  removed: Removed,
): RuleValues {
  if ("motif" in removed) {
    const column = plasticity.motifs.indexOf(removed.motif);
    if (column >= 0) return withoutMotif(rule, column);
  } else if (removed.chemical < removableChemicals(plasticity)) return withoutChemical(rule, removed.chemical);
  throw new InputError(`[evaluate] the rule has nothing like ${quote(removed)} to take out. Name a part that it has.`);
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
