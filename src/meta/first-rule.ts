// The rule with which a run begins: before any learning, or a kept rule that was learned already.
import { InputError, plain, quote, scope } from "../core/index.js";
import { canonical } from "../fields/index.js";
import { initialRule, plasticityFields } from "../plasticity/index.js";
import type { Begin } from "./begin-fields.js";
import type { TrainConfig } from "./config.js";
import { misfit } from "./fit.js";
import { type KeptRule, keptRule, keptRules } from "./kept-rules.js";
import type { RuleFile } from "./rule-file.js";
import { floatsOf, mapLeaves, type RuleValues, valuesOf } from "./rule-values.js";
import { differences } from "./settings.js";

/** How a configuration names a kept rule to begin with. Throws an InputError for an unknown name. */
export function beginWith(name: string): Begin {
  keptRule(name);
  return { rule: name, hash: (keptRules.find((each) => each.name === name) as KeptRule).hash };
}

/** Settings of a rule's first numbers, which a learned rule does not need. */
const FIRST: ReadonlySet<string> = new Set(["initialP0", "feedbackP0"]);

/**
 * The kept rule with which a run begins; undefined for none.
 *
 * @throws InputError if this version has another or none, or if its structure is not that of the configuration.
 */
export function begunWith({ begin, plasticity }: Pick<TrainConfig, "begin" | "plasticity">): RuleFile | undefined {
  const { rule: name, hash } = begin;
  if (name === "" && hash === "") return undefined;
  const found = keptRules.find((each) => each.hash === hash);
  if (found === undefined) {
    const now = name === "" ? undefined : keptRule(name) && keptRules.find((each) => each.name === name);
    const is = now === undefined ? "has none with that hash" : `has it with ${now.hash.slice(0, 8)}`;
    throw new InputError(
      `[train] the run begins with ${name === "" ? "a kept rule" : `the rule ${plain(name)}`} of the hash ` +
        `${quote(hash.slice(0, 8))}, but this version ${is}. Use the version of synaptape that the run began with, or begin a new run.`,
    );
  }
  const file = keptRule(found.name);
  const [own, asked] = [file.config.plasticity, plasticity].map((each) => canonical(plasticityFields, each));
  const odd = differences(own, asked).find(([path]) => !FIRST.has(path));
  if (odd !== undefined) {
    const [path, is, not] = odd;
    throw new InputError(
      `[train] the rule ${found.name} has ${shown(is, path)} as its \`${path}\`, not ${shown(not, path)}. ` +
        "Leave that as it is, or begin without a learned rule.",
    );
  }
  return file;
}

/** A setting; one that a configuration leaves out has the value that it had before it was added. */
const shown = (value: unknown, path: string): string => {
  const { before } = (plasticityFields as Readonly<Record<string, { readonly before?: unknown }>>)[path] ?? {};
  return JSON.stringify(value ?? before);
};

/**
 * The numbers of the rule with which a run begins, of the run's type.
 *
 * @param sizes the widths of the network's layers.
 */
export function firstRule(config: TrainConfig, sizes: readonly number[]): RuleValues {
  const { plasticity, dtype, begin } = config;
  const begun = begunWith(config);
  if (!begun) return scope(() => valuesOf(initialRule(plasticity, sizes, { dtype })));
  const odd = misfit(config, begun.sizes, sizes);
  if (odd === undefined) return mapLeaves(begun.rule, (data) => floatsOf(Array.from(data), dtype));
  throw new InputError(
    `[train] the rule ${plain(begin.rule)} does not fit a network of ${sizes.join("-")} units: ${odd}. ` +
      `It was learned in one of ${begun.sizes.join("-")}. Change \`hidden\`, or begin without a learned rule.`,
  );
}
