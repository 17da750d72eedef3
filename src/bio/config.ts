// What each mechanism may be told: plain data that JSON keeps, with defaults, and one table of what is allowed.
import { quote } from "../core/index.js";

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

/** Each synapse learns at a rate of its own: see `fuzzyRates`. */
export interface FuzzyConfig {
  /** How the rates are spread; default "uniform". */
  readonly distribution: Distribution;
  /** How far, above 0 and below 1; default 0.16; `fuzzyRates` has the standard deviations. */
  readonly nu: number;
  /** No rate is below; default 0.5. */
  readonly min: number;
  /** No rate is above; default 2. */
  readonly max: number;
  /** "temporal": what is left of a rate's distance from 1 at an update; above 0, at most 1, default 0.9995. */
  readonly decay: number;
  /** "weight-adaptive", "temporal", "activity": steps from one update of the rates to the next; default 100. */
  readonly every: number;
}

/** Units whose updates are small are helped, those whose are large are held back: see `scaleGrad`. */
export interface ScaleGradConfig {
  /** The length that the update of a unit's synapses is drawn to: a number, or "mean" (the default), that of the layer's units. */
  readonly target: "mean" | number;
  /** How strongly: 0 not at all, 1 (the most) altogether; default 0.5. */
  readonly alpha: number;
  /** No factor is below; default 0.5. */
  readonly min: number;
  /** No factor is above; default 2. */
  readonly max: number;
  /** Steps from one look at the lengths to the next; default 10, and 1 in the reference order. */
  readonly every: number;
}

/** Large synapses learn slowly, small ones fast and unevenly: see `volumeRates`. */
export interface VolumeConfig {
  /** How much slower the largest are: the factor falls from 1 towards e^-stability; default 2. */
  readonly stability: number;
  /** Spread among synapses of one size, as a part of their mean; default 0.2. */
  readonly variability: number;
  /** Steps from one draw of the factors to the next; default 200, and 1 in the reference formula. */
  readonly every: number;
  /** The factor of a synapse of size 0 in the reference formula, which is not normalised; default 0.1. */
  readonly baseRate: number;
}

/** Synapses that have settled are held: see `crystallize`. */
export interface CrystallizeConfig {
  /** A gradient below this part of the weight counts as settled; default 4.5e-5. */
  readonly threshold: number;
  /** What a rate is multiplied by, above 0 and below 1; default 0.6. */
  readonly damping: number;
  /** No rate falls below; default 0.05. The reference formula has none. */
  readonly floor: number;
  /** What part of its way back to 1 a rate goes whenever its synapse is not settled; default 0, never. */
  readonly thaw: number;
  /** Steps from one look to the next; default 50, and 1 in the reference formula. */
  readonly every: number;
}

/** Small synapses vanish and others grow: see `rejuvenate`. */
export interface RejuvenateConfig {
  /** How fast the probability falls with the size of a weight; default 8. */
  readonly dre: number;
  /** Steps from one remodelling to the next; default 500. */
  readonly every: number;
}

/** Several synapses for each connection: see `splitOutputs`. */
export interface SplitConfig {
  /** How many, 1 for none; default 2. It must divide the units of every layer but the last. */
  readonly gamma: number;
}

/** All synapses of a presynaptic unit have one sign: see `enforceDale`. */
export interface DaleConfig {
  /** The share of excitatory units, from 0 to 1; default 0.8. */
  readonly excitatory: number;
  /** Whether the synapses of the network's input may have any sign; default "input". */
  readonly exempt: "input" | "none";
  /** Whether weights begin balanced: see `imposeDale`; default true. The reference formula never does. */
  readonly balance: boolean;
  /** How a step keeps signs: "project" (the default) stops at 0; "exponential" moves the logarithm of a weight. */
  readonly method: "project" | "exponential";
}

/** Units that are active less than others learn faster: see `homeostaticRates`. */
export interface HomeostasisConfig {
  /** How strongly: 0 not at all, 1 in inverse proportion to activity; default 0.5. */
  readonly alpha: number;
  /** No factor is below, before they are normalised; default 0.5. */
  readonly min: number;
  /** No factor is above, before they are normalised; default 2. */
  readonly max: number;
  /** What is left of the remembered activity at an observation; at least 0, below 1, default 0.9. */
  readonly memory: number;
  /** Steps from one update of the factors to the next; default 100. */
  readonly every: number;
}

/** The mechanisms by name, in the order in which they act, with what they may be told. */
export interface MechanismConfigs {
  /** Several synapses for each connection. */
  readonly split: SplitConfig;
  /** Updates of units drawn to one length. */
  readonly scaleGrad: ScaleGradConfig;
  /** Rates that fall with size. */
  readonly volume: VolumeConfig;
  /** Rates that differ from synapse to synapse. */
  readonly fuzzy: FuzzyConfig;
  /** Rates that fall with activity. */
  readonly homeostasis: HomeostasisConfig;
  /** Rates of settled synapses. */
  readonly crystallize: CrystallizeConfig;
  /** Synapses that are replaced. */
  readonly rejuvenate: RejuvenateConfig;
  /** Signs. */
  readonly dale: DaleConfig;
}

/** The name of a mechanism. */
export type Mechanism = keyof MechanismConfigs;

/** Everything about a set of mechanisms: `false` for those that are off. Made by `bioConfig`. */
export type BioConfig = { readonly [M in Mechanism]: MechanismConfigs[M] | false } & {
  /** What all random numbers follow from. */
  readonly seed: number;
  /** Whether the published formulas are used instead of ours, on the gradient instead of the update. */
  readonly reference: boolean;
};

/** What may be said about a set of mechanisms; what is not mentioned is off. */
export type BioOptions = {
  /** `true` for the defaults, or what differs from them. */
  readonly [M in Mechanism]?: boolean | Partial<MechanismConfigs[M]>;
} & {
  /** What all random numbers follow from; default 0. */
  readonly seed?: number;
  /**
   * Use the formulas of the published library (bio_transformations 0.0.5), faults included, on the gradient instead of
   * the update; default false. Each mechanism says where it differs.
   */
  readonly reference?: boolean;
};

/** What mechanisms begin from. */
export const bioDefaults: MechanismConfigs = {
  split: { gamma: 2 },
  scaleGrad: { target: "mean", alpha: 0.5, min: 0.5, max: 2, every: 10 },
  volume: { stability: 2, variability: 0.2, every: 200, baseRate: 0.1 },
  fuzzy: { distribution: "uniform", nu: 0.16, min: 0.5, max: 2, decay: 0.9995, every: 100 },
  homeostasis: { alpha: 0.5, min: 0.5, max: 2, memory: 0.9, every: 100 },
  crystallize: { threshold: 4.5e-5, damping: 0.6, floor: 0.05, thaw: 0, every: 50 },
  rejuvenate: { dre: 8, every: 500 },
  dale: { excitatory: 0.8, exempt: "input", balance: true, method: "project" },
};

/** What differs in the reference formulas: they act at every step, and balance nothing. */
const referenceDefaults: { readonly [M in Mechanism]?: Partial<MechanismConfigs[M]> } = {
  scaleGrad: { every: 1 },
  volume: { every: 1 },
  crystallize: { every: 1 },
  dale: { balance: false },
};

/** The names of all mechanisms, in the order in which they act. */
export const mechanisms = Object.keys(bioDefaults) as readonly Mechanism[];

/** What a field takes, in words, and whether a value is that. */
interface Range {
  readonly allowed: string;
  readonly holds: (value: unknown) => boolean;
}

const number = (allowed: string, holds: (x: number) => boolean): Range => ({
  allowed,
  holds: (value) => typeof value === "number" && Number.isFinite(value) && holds(value),
});
const word = (words: readonly string[]): Range => ({
  allowed: `one of ${words.join(", ")}`,
  holds: (value) => words.includes(value as string),
});
const positive = number("a number above 0", (x) => x > 0);
const notNegative = number("a number of at least 0", (x) => x >= 0);
const share = number("a number from 0 to 1", (x) => x >= 0 && x <= 1);
const inside = number("a number above 0 and below 1", (x) => x > 0 && x < 1);
const steps = number("a whole number of at least 1", (x) => Number.isSafeInteger(x) && x >= 1);

const ranges: { readonly [M in Mechanism]: { readonly [F in keyof MechanismConfigs[M]]: Range } } = {
  split: { gamma: steps },
  scaleGrad: {
    target: { allowed: 'a number above 0, or "mean"', holds: (x) => x === "mean" || positive.holds(x) },
    alpha: share,
    min: positive,
    max: positive,
    every: steps,
  },
  volume: { stability: notNegative, variability: notNegative, every: steps, baseRate: positive },
  fuzzy: {
    distribution: word(distributions),
    nu: inside,
    min: notNegative,
    max: positive,
    decay: number("a number above 0 and at most 1", (x) => x > 0 && x <= 1),
    every: steps,
  },
  homeostasis: {
    alpha: share,
    min: positive,
    max: positive,
    memory: number("a number of at least 0 and below 1", (x) => x >= 0 && x < 1),
    every: steps,
  },
  crystallize: { threshold: positive, damping: inside, floor: share, thaw: share, every: steps },
  rejuvenate: { dre: positive, every: steps },
  dale: {
    excitatory: share,
    exempt: word(["input", "none"]),
    balance: { allowed: "true or false", holds: (value) => typeof value === "boolean" },
    method: word(["project", "exponential"]),
  },
};

/** One mechanism's options over its defaults, checked. */
function mechanismConfig<M extends Mechanism>(
  name: M,
  given: BioOptions[M],
  reference: boolean,
): MechanismConfigs[M] | false {
  if (given === undefined || given === false) return false;
  if (given !== true && (typeof given !== "object" || given === null)) {
    throw new RangeError(`[bio] ${name} is ${quote(given)}: give true, false, or an object of its fields.`);
  }
  const options = given === true ? {} : given;
  const fields: Readonly<Record<string, Range>> = ranges[name];
  const odd = Object.keys(options).find((field) => !Object.hasOwn(fields, field));
  if (odd !== undefined) {
    throw new RangeError(
      `[bio] ${name} has no field ${quote(odd)}; it has ${Object.keys(fields).join(", ")}. Remove it.`,
    );
  }
  const config = { ...bioDefaults[name], ...(reference ? referenceDefaults[name] : {}), ...options };
  for (const [field, value] of Object.entries(config)) {
    const { allowed, holds } = fields[field];
    if (!holds(value)) throw new RangeError(`[bio] ${name}.${field} is ${quote(value)}: give ${allowed}.`);
  }
  const { min, max } = config as { min?: number; max?: number };
  if (min !== undefined && max !== undefined && min > max) {
    throw new RangeError(`[bio] ${name}.min ${min} is above ${name}.max ${max}. Swap them.`);
  }
  return config;
}

/**
 * The whole configuration that these options stand for.
 *
 * @throws RangeError, naming the field and what it takes, for values outside their range, fields and mechanisms that do
 * not exist, and what the reference formulas have not.
 */
export function bioConfig(options: BioOptions = {}): BioConfig {
  const { seed = 0, reference = false, ...rest } = options;
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`[bio] seed is ${quote(seed)}: give a whole number from 0 to 2^53 - 1.`);
  }
  if (typeof reference !== "boolean")
    throw new RangeError(`[bio] reference is ${quote(reference)}: give true or false.`);
  const odd = Object.keys(rest).find((name) => !Object.hasOwn(bioDefaults, name));
  if (odd !== undefined) {
    throw new RangeError(
      `[bio] no mechanism is called ${quote(odd)}; there are ${mechanisms.join(", ")}. Use one of them.`,
    );
  }
  const named = mechanisms.map((name) => [name, mechanismConfig(name, rest[name], reference)]);
  const config = { ...Object.fromEntries(named), seed, reference } as BioConfig;
  if (reference && config.dale && config.dale.method === "exponential") {
    throw new RangeError(
      '[bio] dale.method "exponential" has no published formula: give "project", or reference: false.',
    );
  }
  return config;
}

/** The options under which every one of these mechanisms is on, with its defaults. */
export function withMechanisms(names: readonly Mechanism[], options: BioOptions = {}): BioOptions {
  return { ...Object.fromEntries(names.map((name) => [name, true])), ...options };
}
