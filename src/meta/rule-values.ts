// A rule as plain numbers: this form is sent between threads, written to disk and returned to users, and does not
// depend on any scope.
import { checkMade, type FloatName, fromNumbers, leavesOf, type Shape, typeNamed } from "../core/index.js";
import { type Rule, ruleParts } from "../plasticity/index.js";
import { sha256 } from "../runs/internal.js";

/** Numbers of a run, of the type that its `dtype` names. */
export type Floats = Float32Array | Float64Array;

/** The numbers of a leaf, row by row. */
export interface LeafValues {
  /** The leaf's shape. */
  readonly shape: Shape;
  /** Its numbers. */
  readonly data: Floats;
}

/** The numbers of a `Rule`, under the same names. */
export type RuleValues = { readonly [K in keyof Rule]: readonly LeafValues[] };

/** A rule with every part made from its name by `make`. */
export function eachPart<T>(make: (part: keyof Rule) => T): { readonly [K in keyof Rule]: T } {
  return Object.fromEntries(ruleParts.map((part) => [part, make(part)])) as { readonly [K in keyof Rule]: T };
}

function checkValues(op: string, rule: RuleValues): void {
  checkMade(op, "the rule", rule, ruleParts, "Give that of a result, or make one with valuesOf().");
}

/** The leaves of a rule in order: P, K, v, b and any other parts, each from the first layer on. */
export function leafValues(rule: RuleValues): LeafValues[] {
  return ruleParts.flatMap((part) => [...rule[part]]);
}

/** A rule whose leaves hold the results of `f`, which gets the numbers of each leaf and its place in the order. */
export function mapLeaves(rule: RuleValues, f: (data: Floats, leaf: number) => Floats): RuleValues {
  let leaf = 0;
  return eachPart((part) => rule[part].map(({ shape, data }) => ({ shape, data: f(data, leaf++) })));
}

/**
 * Copies the numbers of a rule of tensors.
 *
 * @example
 * const rule = initialRule(defaultConfig, [4, 3, 2]);
 * valuesOf(rule).P[0].shape; // [1, 3]
 */
export function valuesOf(rule: Rule): RuleValues {
  checkMade("valuesOf", "the rule", rule, ruleParts, "Make one with initialRule().");
  return eachPart((part) =>
    leavesOf("rule", rule[part]).map(({ tensor }) => ({
      shape: [...tensor.shape],
      data: tensor.data() as Floats,
    })),
  );
}

/** The type of such numbers. */
const dtypeOf = (data: Floats): FloatName => (data instanceof Float64Array ? "float64" : "float32");

/** These numbers as an array of a type. */
export function floatsOf(data: readonly number[], dtype: FloatName): Floats {
  const floats = typeNamed(dtype).array(data.length) as Floats;
  floats.set(data);
  return floats;
}

/**
 * A rule of tensors with these numbers, in the current scope.
 *
 * @example
 * const values = valuesOf(initialRule(defaultConfig, [4, 3, 2])); // plain numbers, to send or keep
 * const rule = ruleOf(values);
 * equalBits(rule, initialRule(defaultConfig, [4, 3, 2])); // true
 */
export function ruleOf(rule: RuleValues): Rule {
  checkValues("ruleOf", rule);
  return eachPart((part) => rule[part].map(({ shape, data }) => fromNumbers(data, shape, dtypeOf(data))));
}

/**
 * SHA-256, in hexadecimal digits, of the bytes of all leaves in order (little-endian, of the run's `dtype`).
 *
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * const sizes = layerSizes(config, images);
 * const hash = await ruleHash(valuesOf(initialRule(config.plasticity, sizes)));
 * hash.slice(0, 8); // "1dafacfb"
 */
export function ruleHash(rule: RuleValues): Promise<string> {
  checkValues("ruleHash", rule);
  return sha256(leafValues(rule).map(({ data }) => data));
}
