// The cells: a rule is fitted to recordings of a known one, and so are rules of the other classes; rules are fitted where nothing is
// hidden; and rules with two terms that the recordings can hardly tell apart.
import { Key } from "../../core/index.js";
import {
  bootstrapRule,
  type Coefficient,
  type FittedRule,
  fitRule,
  heldOut,
  monomial,
  simulate,
} from "../../infer/index.js";
import { type Cell, type CellKind, type Context, Stopped, yieldToEvents } from "../../runs/index.js";
import {
  type RuleName,
  recordingsOf,
  rowsOf,
  ruleNames,
  rules,
  type Setting,
  type SettingName,
  settingNames,
  truthOf,
} from "./rules.js";

/** The name of the study. */
export const NAME = "rules-from-data";

/** A rule and how it is recorded. The seed is the number of the data set. */
export interface RecoveryConfig {
  readonly rule: RuleName;
  readonly name: SettingName;
  readonly setting: Setting;
  /** Fits of a bootstrap; 0 for none. */
  readonly draws: number;
}

/** An interval. */
export type Interval = readonly [low: number, high: number];

/** What was found of a rule. */
export interface RecoveryRow {
  readonly truth: readonly number[];
  readonly estimates: readonly number[];
  /** Laplace's intervals, of 90 %. */
  readonly intervals: readonly Interval[];
  /** Intervals by fitting to drawn recordings, and to data drawn from the model. */
  readonly recordings?: readonly Interval[];
  readonly model?: readonly Interval[];
  /**
   * The log likelihood of other recordings for each number, under the rule of each class that was fitted; null where its
   * weights leave the finite numbers there.
   */
  readonly heldOut: Readonly<Record<RuleName, number | null>>;
  readonly unclear: readonly (readonly string[])[];
}

/** The intervals of coefficients. */
export const intervalsOf = (coefficients: readonly Coefficient[]): Interval[] =>
  coefficients.map(({ low, high }) => [low, high]);

/** Recordings on which rules of different classes are compared. */
const OTHERS = 4;

/** Fits all classes of rules to the recordings of one. */
export async function recover({ config, seed }: Cell<RecoveryConfig>, context: Context): Promise<RecoveryRow> {
  const { rule, name, setting, draws } = config;
  // Settings draw their own numbers, so that they are independent.
  const key = Key.of(seed).fold(settingNames.indexOf(name)).fold(ruleNames.indexOf(rule));
  const { observe } = setting;
  const recordings = recordingsOf(rule, setting, key.fold(0));
  const others = recordingsOf(rule, { ...setting, recordings: OTHERS }, key.fold(1));
  const rest = async (done: number): Promise<void> => {
    context.progress(done, `${rule}, ${name}`);
    await yieldToEvents();
    if (context.signal.aborted) throw new Stopped();
  };
  const scores: Partial<Record<RuleName, number | null>> = {};
  let own: FittedRule | undefined;
  for (const each of ruleNames) {
    const { terms } = rules[each];
    const fitted = fitRule(recordings, terms, { observe });
    const score = heldOut(fitted, others, terms);
    scores[each] = Number.isFinite(score) ? score : null;
    if (each === rule) own = fitted;
    await rest((0.4 * (ruleNames.indexOf(each) + 1)) / ruleNames.length);
  }
  const { coefficients, unclear } = own!;
  const bootstrap = (of: "recordings" | "model", branch: number) =>
    intervalsOf(bootstrapRule(recordings, rules[rule].terms, key.fold(branch), { observe, of, draws }).coefficients);
  const found = {
    ...{ truth: truthOf(rule, setting), estimates: coefficients.map(({ estimate }) => estimate) },
    ...{ intervals: intervalsOf(coefficients), heldOut: scores as Record<RuleName, number | null>, unclear },
  };
  if (draws === 0) return found;
  const drawn = bootstrap("recordings", 2);
  await rest(0.7);
  return { ...found, recordings: drawn, model: bootstrap("model", 3) };
}

/** The error of a rule that was fitted to activity and weights without noise. */
export interface ExactRow {
  /** The largest difference of a coefficient from the truth, relative to it. */
  readonly error: number;
}

/** See `ExactRow`. */
export const exactKind: CellKind<{ readonly rule: RuleName }, ExactRow> = {
  name: `${NAME}/exact`,
  run({ config: { rule }, seed }) {
    const setting: Setting = { observe: "gaussian", noise: 0, recordings: 1, steps: 50, missing: 0, unseen: 0 };
    const { terms, truth } = rules[rule];
    const [given] = recordingsOf(rule, setting, Key.of(seed));
    const seen = simulate(given, terms, truth, Key.of(seed), { weights: 0 });
    const errors = fitRule([seen], terms).coefficients.map(({ estimate }, k) => Math.abs(estimate / truth[k] - 1));
    return { error: Math.max(...errors) };
  },
};

/** What was said of a rule of three terms, two of which do almost the same. */
export interface WarningRow {
  readonly unclear: readonly (readonly string[])[];
}

/** The two terms that do almost the same where inputs hardly vary. */
export const ALIKE = ["pre", "1"] as const;

/** A rule of a constant, the input and decay, on inputs that hardly vary. */
export const warningKind: CellKind<unknown, WarningRow> = {
  name: `${NAME}/warning`,
  run({ seed }) {
    const terms = [monomial({ pre: 1 }), monomial({}), monomial({ weight: 1 })];
    const recordings = Array.from({ length: 4 }, (_, r) => {
      const key = Key.of(seed).fold(r);
      const given = { inputs: rowsOf(key.fold(0), 50, [0.5, 0.01]), start: rowsOf(key.fold(1), 3, [-0.3, 1]) };
      return simulate(given, terms, [0.02, 0.01, -0.03], key.fold(2), { noise: 0.05 });
    });
    return { unclear: fitRule(recordings, terms).unclear };
  },
};
