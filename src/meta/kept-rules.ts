// Rules that come with the package, already learned. The folder `rules/` has the file of each, and its card with what it
// reaches.
import { checkKind, InputError, quote } from "../core/index.js";
import { didYouMean } from "../fields/index.js";
import { kept } from "./kept-rules.generated.js";
import { decodeRule, type RuleFile } from "./rule-file.js";

/** A rule that comes with the package. */
export interface KeptRule {
  /** Its name, as `--rule` takes it. */
  readonly name: string;
  /** What it is, in a line. */
  readonly about: string;
  /** What `ruleHash` gives for it. */
  readonly hash: string;
}

/** The rules that come with the package, in alphabetical order. */
export const keptRules: readonly KeptRule[] = kept.map(({ name, about, hash }) => ({ name, about, hash }));

/**
 * A learned rule that comes with the package: its numbers, the configuration that they belong to, and the widths of the
 * network in which it was learned.
 *
 * @param name one of those in `keptRules`.
 * @throws InputError that lists them for any other.
 * @example
 * const { config, rule } = keptRule("bio-emnist");
 * console.log(await evaluate(glyphs(), config, rule, { tasks: 10 }));
 */
export function keptRule(name: string): RuleFile {
  checkKind("keptRule", "the name", name, "text");
  const found = kept.find((each) => each.name === name);
  if (found === undefined) {
    const names = kept.map((each) => each.name);
    throw new InputError(
      `[keptRule] no kept rule is called ${quote(name)}.${didYouMean(name, names, quote)} There are ${names.join(", ")}.`,
    );
  }
  const bytes = Uint8Array.from(atob(found.bytes), (letter) => letter.charCodeAt(0));
  return decodeRule(bytes, `the rule ${name}`);
}
