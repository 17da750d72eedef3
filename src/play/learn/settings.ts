// What a rule is learned by, as the page lets people choose it: the same run as `synaptape train` with the same settings,
// which this file also writes out as a command.
import { InputError } from "../../core/index.js";
import { flagsOf } from "../../fields/index.js";
import { defaultTrainConfig, parseTrainConfig, type TrainConfig } from "../../meta/index.js";
import { trainFields } from "../../meta/internal.js";
import { type PlasticityConfig, type PresetName, plasticityFields } from "../../plasticity/index.js";
import { LIMITS, QUERIES } from "../limits.js";
import { checkStructure, within } from "../setup.js";

/** What is chosen. */
export interface LearningSettings {
  /** The preset that step size and penalty come from. */
  readonly preset: PresetName;
  /** The structure of the rule. */
  readonly plasticity: PlasticityConfig;
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  /** Characters in a task. */
  readonly ways: number;
  /** Images of each that a network learns from. */
  readonly shots: number;
  /** Tasks to learn from, at most. */
  readonly episodes: number;
  /** Adam's step size; the preset's if it is undefined. */
  readonly learningRate: number | undefined;
  readonly seed: number;
}

/**
 * The configuration of the run. All tasks are drawn from the built-in characters under the strict protocol, so that some
 * characters are held out, on which rules can be compared.
 *
 * @throws InputError for what is impossible, and for what is too much for a page.
 */
export function learningConfig(settings: LearningSettings): TrainConfig {
  const { preset, plasticity, hidden, ways, shots, episodes, learningRate, seed } = settings;
  within("the number of characters in a task", ways, LIMITS.ways);
  checkStructure({ seed, plasticity, hidden, characters: Array.from({ length: ways }, () => A_CHARACTER), shots });
  within("the number of episodes", episodes, LIMITS.episodes);
  const base = defaultTrainConfig(preset);
  if (learningRate !== undefined && !(learningRate > 0 && learningRate <= LIMITS.learningRate[1])) {
    throw new InputError(
      `[play] the step size is ${learningRate}. The playground takes numbers above 0 and up to ${LIMITS.learningRate[1]}.`,
    );
  }
  return parseTrainConfig(
    {
      ...{ ...base, plasticity, hidden, ways, shots, queries: QUERIES, protocol: "strict", episodes, seed },
      ...(learningRate === undefined ? {} : { learningRate }),
    },
    "the settings",
  );
}

const A_CHARACTER = { kind: "glyph", glyph: 0 } as const;

/**
 * The command that learns the same rule, to the bit; undefined if the rule has a setting for which there is no flag, as
 * rules from files can have.
 */
export function commandOf(config: TrainConfig): string | undefined {
  const base = defaultTrainConfig(config.preset as PresetName);
  const words = [`--preset ${config.preset}`];
  const { plasticity, ...run } = config;
  for (const [fields, mine, theirs] of [
    [plasticityFields, plasticity, base.plasticity],
    [trainFields, run, base],
  ] as const) {
    const flags = new Map(flagsOf(fields).map(({ option, name }) => [option, name]));
    for (const [option, value] of Object.entries(mine)) {
      if (JSON.stringify(value) === JSON.stringify(theirs[option as never])) continue;
      const name = flags.get(option);
      if (name === undefined) return undefined;
      words.push(`${name} ${value}`);
    }
  }
  return `npx synaptape train ${words.join(" ")}`;
}
