// The rules that come with the package, already learned, in the playground. Each brings the network and the number of images
// with which it was learned.
import { InputError } from "../core/index.js";
import { canonical } from "../fields/index.js";
import { type KeptRule, keptRule, keptRules, type RuleFile, type RuleValues } from "../meta/index.js";
import { misfit } from "../meta/internal.js";
import { type PlasticityConfig, type PresetName, plasticityFields, ruleParts } from "../plasticity/index.js";
import { checkSetup, type Setup, sizesOf } from "./setup.js";

/** What is offered of a kept rule. */
export interface KeptChoice extends KeptRule {
  /** The preset of the run that learned it. */
  readonly preset: PresetName;
  /** The widths of the hidden layers of the network in which it was learned. */
  readonly hidden: readonly number[];
}

const files = new Map<string, RuleFile>();

function fileOf(name: string): RuleFile {
  const file = files.get(name) ?? keptRule(name);
  files.set(name, file);
  return file;
}

const hiddenOf = ({ sizes }: RuleFile): readonly number[] => sizes.slice(1, -1);

/** The rules that come with the package. */
export const keptChoices = (): KeptChoice[] =>
  keptRules.map((kept) => {
    const file = fileOf(kept.name);
    return { ...kept, preset: file.config.preset as PresetName, hidden: hiddenOf(file) };
  });

/**
 * The life of the same characters and seed under a kept rule, in the network and with the images of each class with which it
 * was learned.
 *
 * @throws InputError if there is no such rule, or if it does not fit.
 */
export function keptSetup(setup: Setup, name: string): Setup {
  const file = fileOf(name);
  const { plasticity, shots } = file.config;
  const next = { ...setup, plasticity, shots, hidden: hiddenOf(file), rule: file.rule };
  checkFit(name, next);
  checkSetup(next);
  return next;
}

/** The name of the kept rule by which a life goes; undefined if it is none of them, or one that was changed. */
export function keptNameOf({ plasticity, rule }: Pick<Setup, "plasticity" | "rule">): string | undefined {
  const structure = structureOf(plasticity);
  const is = ({ config, rule: own }: RuleFile) => structureOf(config.plasticity) === structure && sameRule(own, rule);
  return keptRules.find(({ name }) => is(fileOf(name)))?.name;
}

/** Throws an InputError if a kept rule has no numbers for this network. */
export function checkFit(name: string, network: Pick<Setup, "hidden" | "characters">): void {
  const { config, sizes: own } = fileOf(name);
  const sizes = sizesOf(network);
  const odd = misfit(config, own, sizes);
  if (odd === undefined) return;
  throw new InputError(
    `[play] the rule ${name} does not fit a network of ${sizes.join("-")} units: ${odd}. ` +
      `It was learned in one of ${own.join("-")}. Leave the network as it is, or choose another rule.`,
  );
}

const structureOf = (plasticity: PlasticityConfig): string => JSON.stringify(canonical(plasticityFields, plasticity));

const sameRule = (a: RuleValues, b: RuleValues): boolean =>
  ruleParts.every(
    (part) =>
      a[part].length === b[part].length &&
      a[part].every(({ shape, data }, i) => {
        const other = b[part][i];
        return String(shape) === String(other.shape) && data.every((value, at) => Object.is(value, other.data[at]));
      }),
  );
