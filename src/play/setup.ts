// What a life in the playground consists of, as plain data: it is shared in an address, sent to threads, and turned into a
// program. Two lives of the same setup are the same to the bit.
import { InputError, scope } from "../core/index.js";
import { glyphNames } from "../data/index.js";
import { Place, take } from "../fields/index.js";
import { defaultTrainConfig, type RuleValues, type TrainConfig, valuesOf } from "../meta/index.js";
import { checkShapes } from "../meta/internal.js";
import {
  checkConfig,
  initialRule,
  type PlasticityConfig,
  type PresetName,
  plasticityFields,
  presets,
} from "../plasticity/index.js";
import { type Character, LIMITS, PIXELS, QUERIES } from "./limits.js";

/** What a life consists of. */
export interface Setup {
  /** All random numbers follow from it: the network's first weights, the handwriting and the order of images. */
  readonly seed: number;
  /** The structure of the rule. */
  readonly plasticity: PlasticityConfig;
  /** The rule's numbers. */
  readonly rule: RuleValues;
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  /** One output unit for each. */
  readonly characters: readonly Character[];
  /** Images of each character to learn from. */
  readonly shots: number;
}

/** The widths of the network's layers, input first. */
export const sizesOf = ({ hidden, characters }: Pick<Setup, "hidden" | "characters">): number[] => [
  PIXELS,
  ...hidden,
  characters.length,
];

/** Images that the network learns from, in all. */
export const stepsOf = ({ characters, shots }: Pick<Setup, "characters" | "shots">): number =>
  characters.length * shots;

/** The rule of a setup before any learning. */
export const initialValues = (setup: Pick<Setup, "plasticity" | "hidden" | "characters">): RuleValues =>
  scope(() => valuesOf(initialRule(setup.plasticity, sizesOf(setup))));

/** Five characters that are easy to tell apart by eye and share strokes: 2, 7, A, S and b. */
const FIRST = ["2", "7", "A", "S", "d"].map((name): Character => ({ kind: "glyph", glyph: glyphNames.indexOf(name) }));

/** A life under the rule of a preset, as it is before any learning. */
export function setupOf(preset: PresetName): Setup {
  const { config } = presets[preset];
  const begin = { plasticity: config, hidden: [64, 32], characters: FIRST };
  return { seed: 0, ...begin, rule: initialValues(begin), shots: 20 };
}

/** The meta-training that goes with a setup: the configuration that its rule has in a file. */
export function trainConfigOf(
  { plasticity, hidden, characters, shots, seed }: Setup,
  preset: PresetName = presetOf(plasticity),
): TrainConfig {
  const { length: ways } = characters;
  return { ...defaultTrainConfig(preset), plasticity, hidden, ways, shots, queries: QUERIES, seed };
}

/** The preset with this structure, or the first of those with the same kind of synapse. */
export function presetOf(plasticity: PlasticityConfig): PresetName {
  const names = Object.keys(presets) as PresetName[];
  const of = (name: PresetName): PlasticityConfig => presets[name].config;
  const same = ({ synapse, ...rest }: PlasticityConfig): string =>
    JSON.stringify([synapse, Object.entries(rest).sort()]);
  return (
    names.find((name) => same(of(name)) === same(plasticity)) ??
    names.find((name) => of(name).synapse === plasticity.synapse) ??
    "bio"
  );
}

/** Throws an InputError unless this is a whole number between these limits. */
export function within(what: string, value: number, [least, most]: readonly [number, number]): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new InputError(`[play] ${what} is ${value}. The playground takes whole numbers from ${least} to ${most}.`);
}

function checkCharacter(character: Character, place: number): void {
  const called = `character ${place + 1}`;
  if (character.kind === "glyph") {
    within(`${called}, a built-in one,`, character.glyph, [0, glyphNames.length - 1]);
  } else if (character.kind === "drawing") {
    within(`the number of strokes of ${called}`, character.strokes.length, LIMITS.strokes);
    let points = 0;
    for (const stroke of character.strokes) {
      if (stroke.length % 2 !== 0)
        throw new InputError(`[play] a stroke of ${called} has half a point. Draw it again.`);
      for (const x of stroke) within(`a point of ${called}`, x, [0, 255]);
      points += stroke.length / 2;
    }
    within(`the number of points of ${called}`, points, LIMITS.points);
  } else {
    within(`the number of images of ${called}`, character.images.length, LIMITS.pictures);
    const odd = character.images.find(({ length }) => length !== PIXELS);
    if (odd)
      throw new InputError(`[play] an image of ${called} has ${odd.length} pixels, not ${PIXELS}. Drop it again.`);
  }
}

/**
 * Throws an InputError for anything that the playground does not run: what is impossible, and what is too large for a page.
 * Nothing is allocated for it.
 */
export function checkStructure({ seed, plasticity, hidden, characters, shots }: Omit<Setup, "rule">): void {
  within("the seed", seed, LIMITS.seed);
  within("the number of characters", characters.length, LIMITS.characters);
  within("the number of images of each character", shots, LIMITS.shots);
  within("the number of hidden layers", hidden.length, LIMITS.hiddenLayers);
  for (const units of hidden) within("the width of a hidden layer", units, LIMITS.hiddenUnits);
  take(plasticityFields, plasticity, new Place("[play] the rule: ", "", "file"));
  within("the number of chemicals", plasticity.chemicals, LIMITS.chemicals);
  within("the number of chemicals of the feedback", plasticity.feedbackChemicals, LIMITS.chemicals);
  try {
    checkConfig(plasticity);
  } catch (error) {
    throw new InputError(`[play] ${(error as Error).message.replace(/^\[plasticity\] /, "")}`, { cause: error });
  }
  if (plasticity.head !== "softmax") {
    throw new InputError("[play] the rule is for regression. The playground shows rules that tell images apart.");
  }
  characters.forEach(checkCharacter);
}

/** Like `checkStructure`, and for numbers that do not belong to this structure. */
export function checkSetup(setup: Setup): void {
  checkStructure(setup);
  checkShapes({ config: trainConfigOf(setup), sizes: sizesOf(setup), rule: setup.rule }, "the rule");
}
