// The numbers of a plasticity rule: the meta-parameters that an outer loop learns. Each part is a row of one table,
// which gives its meaning, its name in files, and whether it depends on the kind of synapse.

import type { Tensor } from "../../core/index.js";
import { checkKind, plain } from "../../core/index.js";
import { type OfType, tensor } from "../../ops/index.js";

/** Every part, in the order in which numbers are stored. A kind of synapse with an additional part adds a row here. */
const table = {
  /** (chemicals, motifs): how strongly each motif drives each chemical; (1, motifs) if there is only one drive. */
  P: { inFiles: "P", ofSynapse: false },
  /** (chemicals, chemicals), target by source: how chemicals drive each other. */
  K: { inFiles: "K", ofSynapse: true },
  /** (chemicals): how the weight is read out. */
  v: { inFiles: "v", ofSynapse: true },
  /** The constant drive of each layer: (chemicals), (chemicals, nOut, 1) or (chemicals, nOut, nIn), by its scope. */
  b: { inFiles: "b", ofSynapse: false },
  /** (chemicals): 1/32 of what is added to the logits of 1 / tau, if time scales are learned; see `synapses/time-scales.ts`. */
  tau: { inFiles: "tau", ofSynapse: false },
  /** Gated synapses: (2 chemicals, chemicals + 6), the coefficients of the gates; see `synapses/gated.ts`. */
  s: { inFiles: "s", ofSynapse: true },
  /** Plastic feedback: P of the rule that changes feedback weights; see `feedbackParts`. */
  feedbackP: { inFiles: "PB", ofSynapse: false },
  /** Plastic feedback: K of that rule. */
  feedbackK: { inFiles: "KB", ofSynapse: false },
  /** Plastic feedback: v of that rule. */
  feedbackV: { inFiles: "vB", ofSynapse: false },
} as const;

/** The name of a part of a rule. */
export type RulePart = keyof typeof table;

/** The parts whose shape and first values depend on the kind of synapse. */
export type SynapsePart = {
  [Part in RulePart]: (typeof table)[Part] extends { ofSynapse: true } ? Part : never;
}[RulePart];

/**
 * A rule's coefficients, one entry (scope "shared") or one for each layer. Parts that a kind of rule does not have are
 * empty lists: a linear rule has no K, v or b, and a rule without bias no b.
 */
export type Rule = { readonly [Part in keyof typeof table]: readonly Tensor[] };

/** The names of a rule's parts, in the order in which their numbers are stored. */
export const ruleParts = Object.keys(table) as readonly RulePart[];

/** The parts whose shape and first values depend on the kind of synapse. */
export const synapseParts = ruleParts.filter((part) => table[part].ofSynapse) as readonly SynapsePart[];

/** The name of a part in files. */
export const partInFiles = (part: RulePart): string => table[part].inFiles;

/** A rule without any coefficients, over which others are spread. */
export const emptyRule = Object.fromEntries(ruleParts.map((part) => [part, []])) as unknown as Rule;

/** The parts of the rule of plastic feedback weights, by the names that they would have in the rule of a network. */
export const feedbackParts = { P: "feedbackP", K: "feedbackK", v: "feedbackV" } as const satisfies Partial<
  Record<RulePart, RulePart>
>;

/**
 * A rule of given numbers, nested as in `Rule`, of the type in `options`: float32 by default.
 *
 * @example
 * ruleFrom({ P: [[[1, 0, -0.5]]] }); // { P: [[[1, 0, -0.5]]], K: [], v: [], b: [], tau: [], s: [], feedbackP: [], feedbackK: [], feedbackV: [] }
 */
export function ruleFrom(
  values: { [Part in RulePart]?: readonly Parameters<typeof tensor>[0][] },
  options: OfType = {},
): Rule {
  checkKind("ruleFrom", "what the parts are given as", values, "an object");
  for (const [part, list] of Object.entries(values)) checkKind("ruleFrom", `part ${plain(part)}`, list, "a list");
  const made = Object.entries(values).map(([part, list]) => [part, list.map((value) => tensor(value, options))]);
  return { ...emptyRule, ...Object.fromEntries(made) };
}
