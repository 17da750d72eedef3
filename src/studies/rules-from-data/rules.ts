// The known rules, and how they are recorded.
import type { Key } from "../../core/index.js";
import { monomial, type Observation, type Recording, simulate, type Term } from "../../infer/index.js";

/** A rule whose coefficients are known. */
export interface KnownRule {
  readonly terms: readonly Term[];
  readonly truth: readonly number[];
}

const [PRE_POST, PRE, POST, WEIGHT, ONE] = [
  monomial({ pre: 1, post: 1 }),
  monomial({ pre: 1 }),
  monomial({ post: 1 }),
  monomial({ weight: 1 }),
  monomial({}),
];

/** Means of activity that the covariance rule takes off. */
const [PRE_MEAN, POST_MEAN] = [0.5, 0.4];
/** How fast the covariance rule learns. */
const RATE = 0.05;

/**
 * The rules by name: Oja 1982; Bienenstock, Cooper and Munro 1982 with a threshold that stays; Hebb's rule times a reward
 * (Fremaux and Gerstner 2016), with decay; and the covariance of activities (Sejnowski 1977).
 */
export const rules = {
  oja: { terms: [PRE_POST, monomial({ post: 2, weight: 1 })], truth: [0.05, -0.05] },
  bcm: { terms: [PRE_POST, monomial({ pre: 1, post: 2 })], truth: [-0.04, 0.015] },
  "reward-hebb": { terms: [monomial({ pre: 1, post: 1, reward: 1 }), WEIGHT], truth: [0.05, -0.01] },
  covariance: {
    terms: [PRE_POST, PRE, POST, ONE],
    truth: [RATE, -RATE * POST_MEAN, -RATE * PRE_MEAN, RATE * PRE_MEAN * POST_MEAN],
  },
} as const satisfies Readonly<Record<string, KnownRule>>;

/** The name of a rule. */
export type RuleName = keyof typeof rules;
/** The names of the rules. */
export const ruleNames = Object.keys(rules) as readonly RuleName[];

/** How a rule is recorded. */
export interface Setting {
  readonly observe: Observation;
  /** Standard deviation of the noise on activity; choices have none. */
  readonly noise: number;
  readonly recordings: number;
  readonly steps: number;
  /** The share of outputs that is missing. */
  readonly missing: number;
  /** Neurons of three that are never seen. */
  readonly unseen: number;
}

const BASE: Setting = { observe: "gaussian", noise: 0.05, recordings: 4, steps: 50, missing: 0, unseen: 0 };
const CHOICES = { observe: "bernoulli", noise: 0, steps: 200 } as const;

/** The ways of recording by name. */
export const settings = {
  "noise 0.02": { ...BASE, noise: 0.02 },
  "noise 0.05": BASE,
  "noise 0.2": { ...BASE, noise: 0.2 },
  "noise 0.05, 16 recordings": { ...BASE, recordings: 16 },
  "noise 0.2, 16 recordings": { ...BASE, noise: 0.2, recordings: 16 },
  "noise 0.05, 30 % missing": { ...BASE, missing: 0.3 },
  "noise 0.05, one neuron of three seen": { ...BASE, unseen: 2 },
  choices: { ...BASE, ...CHOICES },
  "choices, 16 recordings": { ...BASE, ...CHOICES, recordings: 16 },
} as const satisfies Readonly<Record<string, Setting>>;

/** The name of a way of recording. */
export type SettingName = keyof typeof settings;
/** The names of the ways of recording. */
export const settingNames = Object.keys(settings) as readonly SettingName[];

const [INPUTS, NEURONS] = [4, 3];
/** Choices say so little that rules learn faster for them: by this much. */
const FASTER = 4;

/** The coefficients of a rule in a setting. */
export const truthOf = (rule: RuleName, { observe }: Setting): number[] =>
  rules[rule].truth.map((value) => (observe === "bernoulli" ? FASTER : 1) * value);

/** Rows of random numbers from `low` to `low` + `width`. */
export const rowsOf = (key: Key, count: number, [low, width]: readonly [number, number]): number[][] =>
  Array.from({ length: count }, (_, t) =>
    Array.from({ length: INPUTS }, (_, i) => low + width * key.uniform(INPUTS * t + i)),
  );

/** Recordings of a rule: three neurons with four inputs. A reward is given where the first input is more active than usual. */
export function recordingsOf(rule: RuleName, setting: Setting, key: Key): Recording[] {
  const { observe, noise, recordings, steps, missing, unseen } = setting;
  return Array.from({ length: recordings }, (_, r) => {
    const own = key.fold(r);
    const inputs = rowsOf(own.fold(0), steps, [0, 1]);
    const rewards = inputs.map(([first], t) => Math.sign(first - 0.5) * 0.5 + 0.2 * (own.fold(2).uniform(t) - 0.5));
    const given = { inputs, rewards, start: rowsOf(own.fold(1), NEURONS, [-0.3, 1]) };
    const seen = simulate(given, rules[rule].terms, truthOf(rule, setting), own.fold(3), { observe, noise, missing });
    const outputs = seen.outputs.map((row) => row.map((x, j) => (j < NEURONS - unseen ? x : Number.NaN)));
    return { ...seen, outputs };
  });
}
