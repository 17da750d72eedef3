// A rule as plain numbers: what crosses threads, is written to disk and handed to users, free of any scope.
import { fromNumbers, leavesOf, type Shape } from "../core/index.js";
import type { Rule } from "../plasticity/index.js";
import { sha256 } from "./environment.js";

/** A leaf's numbers, row-major. */
export interface LeafValues {
  /** The leaf's shape. */
  readonly shape: Shape;
  /** Its numbers. */
  readonly data: Float32Array;
}

/** The numbers of a `Rule`, under the same names. */
export type RuleValues = { readonly [K in keyof Rule]: readonly LeafValues[] };

/** The leaves of a rule in order: P, K, v, b, each from the first layer on. */
export function leafValues({ P, K, v, b }: RuleValues): LeafValues[] {
  return [...P, ...K, ...v, ...b];
}

/** A rule whose leaves hold what `f` gives for the numbers of each and its place in the order. */
export function mapLeaves(rule: RuleValues, f: (data: Float32Array, leaf: number) => Float32Array): RuleValues {
  let leaf = 0;
  const map = (list: readonly LeafValues[]): LeafValues[] =>
    list.map(({ shape, data }) => ({ shape, data: f(data, leaf++) }));
  return { P: map(rule.P), K: map(rule.K), v: map(rule.v), b: map(rule.b) };
}

/** A copy of the numbers of a rule of tensors. */
export function valuesOf({ P, K, v, b }: Rule): RuleValues {
  const copy = (list: Rule["P"]): LeafValues[] =>
    leavesOf("rule", list).map(({ tensor }) => ({ shape: [...tensor.shape], data: tensor.data() as Float32Array }));
  return { P: copy(P), K: copy(K), v: copy(v), b: copy(b) };
}

/** A rule of tensors with these numbers, in the scope that is open. */
export function ruleOf({ P, K, v, b }: RuleValues): Rule {
  const make = (list: readonly LeafValues[]): Rule["P"] =>
    list.map(({ shape, data }) => fromNumbers(data, shape, "float32"));
  return { P: make(P), K: make(K), v: make(v), b: make(b) };
}

/** SHA-256, in hexadecimal digits, of the bytes of all leaves in order (float32, little-endian). */
export function ruleHash(rule: RuleValues): Promise<string> {
  return sha256(leafValues(rule).map(({ data }) => data));
}
