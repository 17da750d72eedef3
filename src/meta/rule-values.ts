// A rule as plain numbers: what crosses threads, is written to disk and handed to users, free of any scope.
import { fromNumbers, leavesOf, type Shape } from "../core/index.js";
import { type Rule, ruleParts } from "../plasticity/index.js";
import { sha256 } from "../runs/internal.js";

/** A leaf's numbers, row-major. */
export interface LeafValues {
  /** The leaf's shape. */
  readonly shape: Shape;
  /** Its numbers. */
  readonly data: Float32Array;
}

/** The numbers of a `Rule`, under the same names. */
export type RuleValues = { readonly [K in keyof Rule]: readonly LeafValues[] };

/** A rule with every part made anew from its name. */
export function eachPart<T>(make: (part: keyof Rule) => T): { readonly [K in keyof Rule]: T } {
  return Object.fromEntries(ruleParts.map((part) => [part, make(part)])) as { readonly [K in keyof Rule]: T };
}

/** The leaves of a rule in order: P, K, v, b and what else it has, each from the first layer on. */
export function leafValues(rule: RuleValues): LeafValues[] {
  return ruleParts.flatMap((part) => [...rule[part]]);
}

/** A rule whose leaves hold what `f` gives for the numbers of each and its place in the order. */
export function mapLeaves(rule: RuleValues, f: (data: Float32Array, leaf: number) => Float32Array): RuleValues {
  let leaf = 0;
  return eachPart((part) => rule[part].map(({ shape, data }) => ({ shape, data: f(data, leaf++) })));
}

/** A copy of the numbers of a rule of tensors. */
export function valuesOf(rule: Rule): RuleValues {
  return eachPart((part) =>
    leavesOf("rule", rule[part]).map(({ tensor }) => ({
      shape: [...tensor.shape],
      data: tensor.data() as Float32Array,
    })),
  );
}

/** A rule of tensors with these numbers, in the scope that is open. */
export function ruleOf(rule: RuleValues): Rule {
  return eachPart((part) => rule[part].map(({ shape, data }) => fromNumbers(data, shape, "float32")));
}

/** SHA-256, in hexadecimal digits, of the bytes of all leaves in order (float32, little-endian). */
export function ruleHash(rule: RuleValues): Promise<string> {
  return sha256(leafValues(rule).map(({ data }) => data));
}
