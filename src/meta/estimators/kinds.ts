// The kinds of estimators, one record each, and the setting of a run that names one. No other code compares their names.
import {
  type AnyFields,
  defaultsOf,
  field,
  number,
  orOf,
  type Type,
  variants,
  whole,
  wordOr,
} from "../../fields/index.js";
import { backprop } from "./backprop.js";
import type { Estimate, Estimator, MetaLoss } from "./estimator.js";
import { evolutionStrategies } from "./evolution.js";
import { forward } from "./forward.js";
import { persistent } from "./persistent.js";
import { truncated } from "./truncated.js";

const MOST_STEPS = 1_000_000_000;

const noisy = {
  pairs: field({
    type: whole(1, { most: 65_536 }),
    default: 8,
    flag: "--pairs <n>",
    help: "pairs of lifetimes with opposite noise, for --estimator es and pes",
  }),
  noise: field({
    type: number({ above: 0, most: 1000, example: "0.001" }),
    default: 0.001,
    flag: "--noise <x>",
    help: "standard deviation of that noise on every number of the rule",
  }),
};

/** The settings of each kind, in addition to `kind`. */
export const estimatorTables = {
  backprop: {},
  truncated: { steps: field({ type: whole(1, { to: MOST_STEPS }), default: 10 }) },
  forward: { directions: field({ type: wordOr(["all"], whole(1, { to: 65_536 })), default: "all" }) },
  es: noisy,
  pes: { steps: field({ type: whole(1, { to: MOST_STEPS }), default: 10 }), ...noisy },
} as const satisfies Readonly<Record<string, AnyFields>>;

/** The name of a kind of estimator. */
export type EstimatorName = keyof typeof estimatorTables;

const plain = variants("kind", estimatorTables);

/** Which estimator a run uses, and its settings. */
export type EstimatorConfig = typeof plain extends Type<infer T> ? T : never;

// biome-ignore lint/suspicious/noExplicitAny: each record is only used with settings of its own kind.
const kinds: { readonly [K in EstimatorName]: Estimator<any> } = {
  backprop,
  truncated,
  forward,
  es: evolutionStrategies,
  pes: persistent,
};

/** The names of the kinds. */
export const estimatorNames = Object.keys(kinds) as readonly EstimatorName[];

/** The kinds with what each is, and the name of its argument, for the help. */
export const estimatorSummaries: readonly (readonly [name: EstimatorName, summary: string])[] = estimatorNames.map(
  (name) => [name, kinds[name].summary],
);

/** The estimator that a flag's text names: a kind, or a kind with a colon and its argument. */
function read(text: string): EstimatorConfig | undefined {
  const [name, given, ...more] = text.split(":");
  if (!Object.hasOwn(kinds, name) || more.length > 0) return undefined;
  const kind = name as EstimatorName;
  const fields: AnyFields = estimatorTables[kind];
  const config = { kind, ...defaultsOf(fields) } as EstimatorConfig;
  if (given === undefined) return config;
  const { argument } = kinds[kind];
  const value = argument && fields[argument].type.text?.read(given);
  return value === undefined ? undefined : ({ ...config, [argument as string]: value } as EstimatorConfig);
}

const forms = estimatorNames.flatMap((name) => {
  const { argument } = kinds[name];
  return argument === undefined ? [name] : [name, `${name}:${argument === "directions" ? "N" : "K"}`];
});

/** The type of that setting. */
export const estimatorType: Type<EstimatorConfig> = {
  ...plain,
  text: { allowed: `${orOf(forms)}, with whole numbers from 1`, words: estimatorNames, read },
};

/** What is wrong with an estimator for lifetimes of so many steps, and the cure; undefined if nothing is. */
export const misfitOf = (config: EstimatorConfig, steps: number): string | undefined =>
  kinds[config.kind].check?.(config, steps);

/** The gradient of a meta-loss, as this estimator finds it. */
export const estimate = (config: EstimatorConfig, of: MetaLoss): Estimate => kinds[config.kind].estimate(config, of);
