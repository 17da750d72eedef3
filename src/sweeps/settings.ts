// The settings that a sweep tries: every combination of some values, random draws, or a list of one's own.
import { checkKey, checkKind, InputError, type Key, quote, scope } from "../core/index.js";
import "../float64/index.js";
import { exp, log, tensor } from "../ops/index.js";
import { canonical } from "../runs/index.js";

/**
 * The settings of a trial, by name: "learningRate", or "plasticity.chemicals" for one within another. Values are JSON.
 */
export type Settings = Readonly<Record<string, unknown>>;

/** A range of numbers to draw from; both ends can be drawn. */
export interface Interval {
  /** The smallest number. */
  readonly low: number;
  /** The largest number. */
  readonly high: number;
  /** "log" draws the logarithm uniformly, for numbers that matter by their order of magnitude; "linear" by default. */
  readonly scale?: keyof typeof scales;
  /** Whether only whole numbers are drawn; false by default. */
  readonly whole?: boolean;
}

/** The values that each setting may have: a list, or a range of numbers. */
export type Space = Readonly<Record<string, readonly unknown[] | Interval>>;

/** The most trials that a sweep can have. */
export const MOST_TRIALS = 100_000;

/** Digits that a number drawn from a range keeps, so that it can be read and typed. */
const DIGITS = 4;

/**
 * Every combination of these values. The last setting varies fastest.
 *
 * ```ts
 * grid({ learningRate: [1e-4, 1e-3], "plasticity.chemicals": [1, 2, 5] }).length; // 6
 * ```
 *
 * @throws InputError for a setting without values or with a value twice, and for more than 100,000 combinations.
 */
export function grid(space: Readonly<Record<string, readonly unknown[]>>): Settings[] {
  checkKind("grid", "what it is given", space, "an object");
  let count = 1;
  for (const [name, values] of Object.entries(space)) {
    checkValues(name, values);
    count *= values.length;
  }
  checkCount(count);
  let trials: Settings[] = [{}];
  for (const [name, values] of Object.entries(space)) {
    trials = trials.flatMap((trial) => values.map((value) => ({ ...trial, [name]: value })));
  }
  return trials;
}

/**
 * Settings drawn at random: an entry of each list, each as likely, and a number of each range, with four significant
 * digits. A trial depends on the key and on its place only, so a larger `count` adds trials and keeps the others.
 *
 * ```ts
 * draw(Key.of(0), 20, { learningRate: { low: 1e-4, high: 1e-1, scale: "log" }, "plasticity.chemicals": [1, 2, 5] });
 * ```
 *
 * @throws InputError for lists as in `grid`, for a range that is empty or not finite, and for a logarithmic one that
 * does not lie above 0.
 */
export function draw(key: Key, count: number, space: Space): Settings[] {
  checkKey("draw", key);
  checkKind("draw", "the last argument", space, "an object");
  checkCount(count);
  const rows = Object.entries(space);
  for (const [name, values] of rows) {
    if (isList(values)) checkValues(name, values);
    else checkInterval(name, values);
  }
  return Array.from({ length: count }, (_, trial) => {
    const own = key.fold(trial);
    return Object.fromEntries(rows.map(([name, values], i) => [name, drawn(own.fold(i), values)]));
  });
}

const isList = (values: readonly unknown[] | Interval): values is readonly unknown[] => Array.isArray(values);

/** How a range of numbers is divided: the number at `u`, from 0 to 1, and from where on that works. */
const scales = {
  linear: { above: -Infinity, at: (low: number, high: number, u: number): number => low + u * (high - low) },
  log: {
    above: 0,
    /** The logarithm is divided, with the same bits on every engine. */
    at: (low: number, high: number, u: number): number =>
      scope(() => {
        const ends = log(tensor([low, high], { dtype: "float64" })).data();
        return exp(tensor(ends[0] + u * (ends[1] - ends[0]), { dtype: "float64" })).item();
      }),
  },
} as const;

const DEFAULT_SCALE = "linear";

function drawn(key: Key, values: readonly unknown[] | Interval): unknown {
  if (isList(values)) return values[key.integer(0, values.length)];
  const { low, high, scale = DEFAULT_SCALE, whole = false } = values;
  const { at } = scales[scale];
  // A whole number stands for what lies between it and the next one.
  const x = whole
    ? Math.floor(at(low, high + 1, key.uniform(0)))
    : Number(at(low, high, key.uniform(0)).toPrecision(DIGITS));
  return Math.min(high, Math.max(low, x));
}

function checkValues(name: string, values: readonly unknown[]): void {
  if (!Array.isArray(values) || values.length === 0) {
    throw new InputError(`[sweep] ${quote(name)} has no values. Give a list with at least one.`);
  }
  const texts = values.map((value) => canonical(value, name));
  const twice = texts.findIndex((text, i) => texts.indexOf(text) < i);
  if (twice >= 0)
    throw new InputError(`[sweep] ${quote(name)} has the value ${quote(values[twice])} twice. Give it once.`);
}

function checkInterval(name: string, { low, high, scale = DEFAULT_SCALE, whole = false }: Interval): void {
  const fail = (fact: string): InputError => new InputError(`[sweep] the range of ${quote(name)} ${fact}`);
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high) {
    throw fail(`goes from ${quote(low)} to ${quote(high)}. Give two finite numbers, the smaller one as \`low\`.`);
  }
  if (!Object.hasOwn(scales, scale)) {
    throw fail(`has the scale ${quote(scale)}. Choose one of ${Object.keys(scales).join(", ")}.`);
  }
  if (low <= scales[scale].above) {
    throw fail(`begins at ${low}, which has no logarithm. Begin above ${scales[scale].above}, or draw linearly.`);
  }
  if (whole && !(Number.isSafeInteger(low) && Number.isSafeInteger(high) && high - low < 2 ** 31)) {
    throw fail(`of whole numbers goes from ${low} to ${high}. Give whole numbers that are less than 2^31 apart.`);
  }
}

function checkCount(count: number): void {
  if (Number.isSafeInteger(count) && count >= 1 && count <= MOST_TRIALS) return;
  throw new InputError(`[sweep] there are ${quote(count)} trials. Make it a whole number from 1 to ${MOST_TRIALS}.`);
}

/**
 * A copy of a configuration in which these settings have other values.
 *
 * @throws InputError if a path leads through something that is not an object.
 * @example
 * const base = { learningRate: 0.001, plasticity: { chemicals: 1, y: 2 } };
 * withSettings(base, { "plasticity.chemicals": 5 }).plasticity; // { chemicals: 5, y: 2 }
 */
export function withSettings<Config extends object>(base: Config, settings: Settings): Config {
  checkKind("withSettings", "the settings", settings, "an object");
  const copy = structuredClone(base) as Record<string, unknown>;
  for (const [path, value] of Object.entries(settings)) {
    const names = path.split(".");
    const last = names.pop() as string;
    let at: Record<string, unknown> = copy;
    for (const name of names) {
      const inner = Object.hasOwn(at, name) ? at[name] : undefined;
      if (typeof inner !== "object" || inner === null) {
        throw new InputError(`[sweep] there is no setting ${quote(path)}: ${quote(name)} has no settings of its own.`);
      }
      at = inner as Record<string, unknown>;
    }
    // Not by assignment, which would change the prototype for "__proto__".
    Object.defineProperty(at, last, {
      value: structuredClone(value),
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return copy as Config;
}
