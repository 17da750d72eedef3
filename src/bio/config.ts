// The settings of each mechanism, as plain data that can be kept as JSON. Each setting is a row of a table, see
// `fields/table.ts`, from which its type, default, checks and the reading of older files follow. A setting that is
// added gets a row with `since` and `before`.
import { checkKind } from "../core/index.js";
import {
  type AnyFields,
  type ConfigOf,
  choice,
  complete,
  defaultsOf,
  type Field,
  field,
  group,
  isObject,
  number,
  Place,
  type Type,
  take,
  whole,
  withDefaults,
  wordOr,
  yesNo,
} from "../fields/index.js";

/** How rates are spread over synapses; see `fuzzyRates`. */
export const distributions = [
  "baseline",
  "uniform",
  "normal",
  "lognormal",
  "gamma",
  "beta",
  "layer-adaptive",
  "weight-adaptive",
  "temporal",
  "activity",
] as const;

/** The name of a distribution of rates. */
export type Distribution = (typeof distributions)[number];

/** One setting of a mechanism. */
interface Row<T> extends Field<T> {
  /** The default in the reference formulas, if it differs. */
  readonly inReference?: T;
}

const row = <T>(
  setting: Omit<Row<T>, "default" | "inReference"> & {
    readonly default: NoInfer<T>;
    readonly inReference?: NoInfer<T>;
  },
): Row<T> => setting;

const positive = number({ above: 0 });
const notNegative = number({ from: 0 });
const share = number({ from: 0, to: 1 });
const inside = number({ above: 0, below: 1 });
const steps = whole(1);

const split = {
  /**
   * How many synapses a connection has; 1 adds none. It must divide the number of units of every layer except the last.
   */
  gamma: row({ type: steps, default: 2 }),
};

const scaleGrad = {
  /**
   * The length towards which the update of a unit's synapses is scaled: a number, or "mean" for the mean over the
   * layer's units.
   */
  target: row({ type: wordOr(["mean"], positive), default: "mean" }),
  /** The strength: 0 for not at all, 1 for completely. */
  alpha: row({ type: share, default: 0.5 }),
  /** The smallest factor. */
  min: row({ type: positive, default: 0.5 }),
  /** The largest factor. */
  max: row({ type: positive, default: 2 }),
  /** How often, in steps, the lengths are measured. */
  every: row({ type: steps, default: 10, inReference: 1 }),
};

const volume = {
  /** How much slower the largest synapses learn: the factor falls from 1 towards e^-stability. */
  stability: row({ type: notNegative, default: 2 }),
  /** The spread among synapses of the same size, relative to their mean. */
  variability: row({ type: notNegative, default: 0.2 }),
  /** How often, in steps, the factors are drawn. */
  every: row({ type: steps, default: 200, inReference: 1 }),
  /** The factor of a synapse of size 0 in the reference formula, which is not normalised. */
  baseRate: row({ type: positive, default: 0.1 }),
};

const fuzzy = {
  /** How the rates are spread. */
  distribution: row({ type: choice(distributions), default: "uniform" }),
  /** How far they are spread; for the standard deviations see `fuzzyRates`. */
  nu: row({ type: inside, default: 0.16 }),
  /** The smallest rate. */
  min: row({ type: notNegative, default: 0.5 }),
  /** The largest rate. */
  max: row({ type: positive, default: 2 }),
  /** For "temporal": the share of a rate's distance from 1 that remains after an update. */
  decay: row({ type: number({ above: 0, to: 1 }), default: 0.9995 }),
  /** For "weight-adaptive", "temporal" and "activity": how often, in steps, the rates are updated. */
  every: row({ type: steps, default: 100 }),
};

const homeostasis = {
  /** The strength: 0 for not at all, 1 for rates inversely proportional to activity. */
  alpha: row({ type: share, default: 0.5 }),
  /** The smallest factor before normalisation. */
  min: row({ type: positive, default: 0.5 }),
  /** The largest factor before normalisation. */
  max: row({ type: positive, default: 2 }),
  /** The share of the remembered activity that remains after an observation. */
  memory: row({ type: number({ from: 0, below: 1 }), default: 0.9 }),
  /** How often, in steps, the factors are updated. */
  every: row({ type: steps, default: 100 }),
};

const crystallize = {
  /** A synapse whose gradient is below this fraction of its weight counts as settled. */
  threshold: row({ type: positive, default: 4.5e-5 }),
  /** The factor by which the rate of a settled synapse is multiplied. */
  damping: row({ type: inside, default: 0.6 }),
  /** The lowest rate. The reference formula has none. */
  floor: row({ type: share, default: 0.05 }),
  /**
   * The share of the distance back to 1 that a rate recovers whenever its synapse is not settled; 0 for no recovery.
   */
  thaw: row({ type: share, default: 0 }),
  /** How often, in steps, synapses are checked. */
  every: row({ type: steps, default: 50, inReference: 1 }),
};

const rejuvenate = {
  /** How fast the probability of being replaced falls with the size of a weight. */
  dre: row({ type: positive, default: 8 }),
  /** How often, in steps, synapses are replaced. */
  every: row({ type: steps, default: 500 }),
};

const dale = {
  /** The share of excitatory units. */
  excitatory: row({ type: share, default: 0.8 }),
  /** "input" if the synapses of the network's input may have any sign. */
  exempt: row({ type: choice(["input", "none"]), default: "input" }),
  /** Whether weights begin balanced: see `imposeDale`. In the reference formula they never do. */
  balance: row({ type: yesNo, default: true, inReference: false }),
  /** How a step keeps signs: "project" stops at 0; "exponential" moves the logarithm of a weight. */
  method: row({ type: choice(["project", "exponential"]), default: "project" }),
};

/** The table of each mechanism, in the order in which they act. */
const tables = { split, scaleGrad, volume, fuzzy, homeostasis, crystallize, rejuvenate, dale };

/** Several synapses for each connection: see `splitOutputs`. */
export type SplitConfig = ConfigOf<typeof split>;
/** Units with small updates are sped up, units with large updates are slowed down: see `scaleGrad`. */
export type ScaleGradConfig = ConfigOf<typeof scaleGrad>;
/** Large synapses learn slowly, small ones fast and unevenly: see `volumeRates`. */
export type VolumeConfig = ConfigOf<typeof volume>;
/** Each synapse learns at its own rate: see `fuzzyRates`. */
export type FuzzyConfig = ConfigOf<typeof fuzzy>;
/** Units that are less active than others learn faster: see `homeostaticRates`. */
export type HomeostasisConfig = ConfigOf<typeof homeostasis>;
/** Settled synapses are slowed down: see `crystallize`. */
export type CrystallizeConfig = ConfigOf<typeof crystallize>;
/** Small synapses vanish and others grow: see `rejuvenate`. */
export type RejuvenateConfig = ConfigOf<typeof rejuvenate>;
/** All synapses of a presynaptic unit have one sign: see `enforceDale`. */
export type DaleConfig = ConfigOf<typeof dale>;

/** The name of a mechanism. */
export type Mechanism = keyof typeof tables;

/** The mechanisms by name, with the settings of each. */
export type MechanismConfigs = { readonly [M in Mechanism]: ConfigOf<(typeof tables)[M]> };

/** The names of all mechanisms, in the order in which they act. */
export const mechanisms = Object.keys(tables) as readonly Mechanism[];

const byMechanism = <T>(of: (name: Mechanism) => T): Readonly<Record<Mechanism, T>> =>
  Object.fromEntries(mechanisms.map((name) => [name, of(name)])) as Readonly<Record<Mechanism, T>>;

/** The defaults of the mechanisms. */
export const bioDefaults = byMechanism((name) => defaultsOf<AnyFields>(tables[name])) as unknown as MechanismConfigs;

/** The tables with the defaults of the reference formulas. */
const referenceTables = byMechanism((name) => {
  const rows = Object.entries<Row<unknown>>(tables[name]);
  return Object.fromEntries(rows.map(([key, one]) => [key, { ...one, default: one.inReference ?? one.default }]));
});

/** Off, or all settings of a mechanism. */
function mechanism(fields: AnyFields): Type<unknown> {
  const whole = group(fields);
  return {
    allowed: "true, false or an object of its options",
    take(value, at) {
      if (value === false) return false;
      if (!isObject(value)) throw at.refuse(value, this.allowed);
      const config = whole.take(value, at);
      const { min, max } = config as { min?: number; max?: number };
      if (min !== undefined && max !== undefined && min > max)
        throw at.error(`${at.at("min").name} is ${min}, above ${at.at("max").name}, which is ${max}. Swap them.`);
      return config;
    },
    canonical: (value) => value && whole.canonical(value as Record<string, unknown>),
  };
}

/** Every setting of a set of mechanisms. */
const bioFields = {
  ...(byMechanism((name) => field({ type: mechanism(tables[name]), default: false })) as {
    readonly [M in Mechanism]: Field<MechanismConfigs[M] | false>;
  }),
  /** The seed of all random numbers. */
  seed: field({ type: whole(0, { to: Number.MAX_SAFE_INTEGER }), default: 0 }),
  /**
   * Whether to use the formulas of the published library (bio_transformations 0.0.5), faults included, on the gradient
   * instead of the update. The documentation of each mechanism says where they differ.
   */
  reference: field({ type: yesNo, default: false }),
};

/** Everything about a set of mechanisms: `false` for those that are off. Made by `bioConfig`. */
export type BioConfig = ConfigOf<typeof bioFields>;

/**
 * Options for a set of mechanisms: for each, `true` for its defaults, or an object of the settings that differ.
 * Mechanisms that are left out are off; the seed is 0 by default, and the formulas are ours unless `reference` is true.
 */
export type BioOptions = { readonly [M in Mechanism]?: boolean | Partial<MechanismConfigs[M]> } & Partial<
  Pick<BioConfig, "seed" | "reference">
>;

/**
 * The whole configuration that these options stand for.
 *
 * @throws RangeError, naming the option and what it takes, for values outside their range, options and mechanisms that
 * do not exist, and settings that the reference formulas do not have.
 * @example
 * bioConfig({ dale: { excitatory: 0.8 } }).dale; // { excitatory: 0.8, exempt: "input", balance: true, method: "project" }
 */
export function bioConfig(options: BioOptions = {}): BioConfig {
  checkKind("bio", "what it is given", options, "an object");
  const at = new Place("[bio] ", "", "code");
  const defaults = options.reference === true ? referenceTables : tables;
  const whole = Object.entries(options).map(([name, value]) => {
    if (!Object.hasOwn(tables, name) || !(value === true || isObject(value))) return [name, value];
    return [name, withDefaults<AnyFields>(defaults[name as Mechanism], value === true ? {} : value)];
  });
  return checked(complete(bioFields, Object.fromEntries(whole), at), at);
}

/**
 * The configuration in a file. Settings that were added after it was written get the value that they had before.
 *
 * @throws InputError in the cases in which `bioConfig` throws.
 */
export function readBioConfig(json: unknown, name: string): BioConfig {
  const at = new Place(`[loadBio] ${name}: `, "", "file");
  return checked(take(bioFields, json, at), at);
}

/** The configuration, if its settings fit together. */
function checked(config: BioConfig, at: Place): BioConfig {
  if (config.reference && config.dale && config.dale.method === "exponential") {
    throw at.error(
      `${at.at("dale").at("method").name} is "exponential", which has no published formula. ` +
        `Make it "project", or ${at.at("reference").name} false.`,
    );
  }
  return config;
}

/**
 * The options under which every one of these mechanisms is on, with its defaults.
 *
 * @example Object.keys(withMechanisms(["dale", "split"])) // ["dale", "split"]
 */
export function withMechanisms(names: readonly Mechanism[], options: BioOptions = {}): BioOptions {
  checkKind("bio", "what the mechanisms are given as", names, "a list");
  return { ...Object.fromEntries(names.map((name) => [name, true])), ...options };
}
