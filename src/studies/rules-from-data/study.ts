// Can a rule of plasticity be read off recordings? Rules that are known are simulated and recorded in several ways; rules
// are fitted to these recordings, and what is found is compared with the truth.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, Context } from "../../runs/index.js";
import type { Scale, Study } from "../study.js";
import { claims, type Row } from "./claims.js";
import { figuresOf } from "./figures.js";
import { exactKind, NAME, type RecoveryConfig, recover, warningKind } from "./measure.js";
import { type RuleName, ruleNames, type SettingName, settingNames, settings } from "./rules.js";
import { type TwoChoiceConfig, twoChoiceKind } from "./two-choice.js";

const fields = {
  draws: field({
    type: whole(0, { most: 100_000 }),
    default: 100,
    flag: "--draws <n>",
    help: "fits of each bootstrap; 0 for none",
  }),
};

/** The settings at each scale, and those in which intervals are also found by a bootstrap. */
const SETTINGS: Readonly<Record<Scale, readonly SettingName[]>> = {
  smoke: ["noise 0.05"],
  quick: ["noise 0.05", "noise 0.2", "noise 0.05, 30 % missing", "choices"],
  full: settingNames,
};
/** The two-choice experiment, as in its guide. */
const TWO_CHOICE: TwoChoiceConfig = { sets: 3, flies: 14, trials: 200, draws: 60 };
const DRAWN: readonly SettingName[] = ["noise 0.05, 16 recordings"];

/** See the head of this file. */
export const rulesFromData: Study<
  ConfigOf<typeof fields>,
  RecoveryConfig | TwoChoiceConfig | { readonly rule: RuleName } | Record<string, never>,
  Row
> = {
  name: NAME,
  papers: [
    {
      authors: "Y. Mehta, D. Tyulmankov, A. E. Rajagopalan, G. C. Turner, J. E. Fitzgerald, J. Funke",
      title: "Model-based inference of synaptic plasticity rules",
      year: 2024,
      where: "NeurIPS 2024",
    },
  ],
  about:
    "Can a rule of plasticity be read off recordings? Four known rules (Oja, BCM, Hebb with reward, covariance) change three neurons, " +
    "whose activity or choices are recorded with noise, gaps and neurons that are never seen. Rules are fitted to these recordings, " +
    "and what is found is compared with the truth: whether intervals hold it, whether a wrong class of rules is told by recordings " +
    "that were held out, and whether warnings name the terms that the recordings cannot tell apart.",
  basis: "abstract only",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 5 },
    quick: { seeds: 20, seconds: 150 },
    full: { seeds: 60, seconds: 1500 },
  },
  cells: ({ scale, config: { draws }, seeds }) =>
    seeds.flatMap((seed) => [
      ...ruleNames.flatMap((rule) =>
        SETTINGS[scale].map((name) => ({
          kind: NAME,
          config: { rule, name, setting: settings[name], draws: DRAWN.includes(name) ? draws : 0 },
          seed,
        })),
      ),
      ...ruleNames.map((rule) => ({ kind: exactKind.name, config: { rule }, seed })),
      { kind: warningKind.name, config: {}, seed },
      ...(scale === "smoke" ? [] : [{ kind: twoChoiceKind.name, config: TWO_CHOICE, seed }]),
    ]),
  run: (cell, context: Context) => recover(cell as Cell<RecoveryConfig>, context),
  kinds: [exactKind, warningKind, twoChoiceKind],
  claims,
  figures: figuresOf,
};
