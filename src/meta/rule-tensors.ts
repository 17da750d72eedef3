// A rule as the named tensors of a file.
import type { StoredTensor } from "../io/index.js";
import { ruleParts } from "../plasticity/index.js";
import { partInFiles } from "../plasticity/internal.js";
import { eachPart, type LeafValues, type RuleValues } from "./rule-values.js";

/** The leaves of a rule under names such as `rule.P.0`. */
export function named(prefix: string, rule: RuleValues): [string, LeafValues][] {
  return ruleParts.flatMap((part) =>
    rule[part].map((leaf, i): [string, LeafValues] => [`${prefix}.${partInFiles(part)}.${i}`, leaf]),
  );
}

/** The rule whose leaves have such names. Parts of which there is no leaf are empty. */
export function ruleIn(prefix: string, tensors: Readonly<Record<string, StoredTensor>>): RuleValues {
  return eachPart((part) => {
    const list: LeafValues[] = [];
    for (let i = 0; ; i++) {
      const name = `${prefix}.${partInFiles(part)}.${i}`;
      if (!Object.hasOwn(tensors, name)) return list;
      list.push(tensors[name] as LeafValues);
    }
  });
}
