// The numbers of a plasticity rule: the meta-parameters that an outer loop learns, and the names under which they are
// stored.
import type { Tensor } from "../../core/index.js";
import { tensor } from "../../ops/index.js";

/**
 * A rule's coefficients, one entry (scope "shared") or one for each layer. Parts that a kind of rule does not have are
 * empty lists: a linear rule has no K, v or b, and a rule without bias no b.
 */
export interface Rule {
  /** (chemicals, motifs): how strongly each motif drives each chemical; (1, motifs) where there is one drive. */
  readonly P: readonly Tensor[];
  /** (chemicals, chemicals), target by source: how chemicals drive each other. */
  readonly K: readonly Tensor[];
  /** (chemicals): how the weight is read out. */
  readonly v: readonly Tensor[];
  /** The constant drive of each layer: (chemicals), (chemicals, nOut, 1) or (chemicals, nOut, nIn), by its scope. */
  readonly b: readonly Tensor[];
  /** (chemicals): 1/32 of what is added to the logits of 1 / tau, if time scales are learned; see `synapses/time-scales.ts`. */
  readonly tau: readonly Tensor[];
  /** Gated synapses: (2 chemicals, chemicals + 6), what opens the gates; see `synapses/gated.ts`. */
  readonly s: readonly Tensor[];
  /** Plastic feedback: P of its rule; see `feedbackParts`. */
  readonly PB: readonly Tensor[];
  /** Plastic feedback: K of its rule. */
  readonly KB: readonly Tensor[];
  /** Plastic feedback: v of its rule. */
  readonly vB: readonly Tensor[];
}

/** A rule without any coefficients, to spread others over. */
export const emptyRule: Rule = { P: [], K: [], v: [], b: [], tau: [], s: [], PB: [], KB: [], vB: [] };

/** The names of a rule's parts, in the order in which their numbers are stored. */
export const ruleParts = Object.keys(emptyRule) as readonly (keyof Rule)[];

/** The parts of the rule of plastic feedback weights, by what they are called in the rule of a network. */
export const feedbackParts = { P: "PB", K: "KB", v: "vB" } as const satisfies Partial<Record<keyof Rule, keyof Rule>>;

/** A rule of given numbers, nested as in `Rule`. */
export function ruleFrom(values: { [K in keyof Rule]?: readonly Parameters<typeof tensor>[0][] }): Rule {
  const made = Object.entries(values).map(([part, list]) => [part, list.map((value) => tensor(value))]);
  return { ...emptyRule, ...Object.fromEntries(made) };
}
