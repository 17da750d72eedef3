// A table of fields: every setting of a rule, a run or a study stands in one row. What a configuration is (its TypeScript
// type, its defaults, what is refused and how, its form for hashes, the meaning of older files) follows from the table.
import { plain } from "../core/index.js";
import { isObject, type Place, type Type } from "./type.js";
import { choice } from "./words.js";

/** One setting. */
export interface Field<T> {
  /** What it may be. */
  readonly type: Type<T>;
  /** What it is unless something else is said. */
  readonly default: T;
  /** What the help of its flag says: a line without a stop, without the default. */
  readonly help?: string;
  /** Its flag and what stands after it, such as "--lr <x>"; a setting without cannot be given on the command line. */
  readonly flag?: string;
  /** What the help says in place of the default, such as "the preset's"; "" for nothing. */
  readonly defaultHelp?: string;
  /** The version that added it; without, it was there from the beginning. */
  readonly since?: string;
  /** What configurations mean that were written before: required with `since`. */
  readonly before?: T;
  /** false: the result does not depend on it, so hashes leave it out. */
  readonly hashed?: false;
}

/** A table: a row for every setting, in the order in which files and hashes have them. */
export type Fields<Config = Record<string, unknown>> = { readonly [K in keyof Config]: Field<Config[K]> };

// biome-ignore lint/suspicious/noExplicitAny: a field of whatever type; `unknown` would refuse those that take values.
export type AnyFields = Readonly<Record<string, Field<any>>>;

/** The configuration that a table describes. */
export type ConfigOf<F> = { readonly [K in keyof F]: F[K] extends { readonly type: Type<infer T> } ? T : never };

/** A row of a table. */
export function field<T>(
  row: Omit<Field<T>, "default" | "before"> & { readonly default: NoInfer<T>; readonly before?: NoInfer<T> },
): Field<T> {
  return row;
}

/** The configuration in which every setting has its default. */
export function defaultsOf<F extends AnyFields>(fields: F): ConfigOf<F> {
  return mapRows(fields, (row) => row.default);
}

/**
 * The configuration in `value`, a copy, every field of it checked and in the order of the table. Fields that were added
 * later may be missing: then they are what they were before.
 *
 * @throws InputError, or RangeError where the place is code, naming the first field that is missing, unknown or makes no
 * sense.
 */
export function take<F extends AnyFields>(fields: F, value: unknown, at: Place): ConfigOf<F> {
  if (!isObject(value)) throw at.refuse(value, "an object");
  const [what, verb] = at.where === "code" ? ["option", "Give"] : ["field", "Add"];
  const odd = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
  if (odd !== undefined) {
    throw at.error(
      `there is no ${what} ${at.at(plain(odd, 80)).name}. Remove it; there are ${Object.keys(fields).join(", ")}.`,
    );
  }
  return mapRows(fields, (row, name) => {
    if (Object.hasOwn(value, name)) return row.type.take(value[name], at.at(name));
    if (row.since !== undefined) return structuredClone(row.before);
    throw at.error(`the ${what} ${at.at(name).name} is missing. ${verb} it: ${row.type.allowed}.`);
  });
}

/** What code gives, with its default for each setting that it leaves out, or that is undefined. Nothing is checked. */
export function withDefaults<F extends AnyFields>(
  fields: F,
  given: Partial<ConfigOf<F>>,
): ConfigOf<F> & Record<string, unknown> {
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaultsOf(fields), ...Object.fromEntries(said) };
}

/** As `take`, of a configuration that code gives, of which settings may be left out: see `withDefaults`. */
export function complete<F extends AnyFields>(fields: F, given: Partial<ConfigOf<F>>, at: Place): ConfigOf<F> {
  return take(fields, withDefaults(fields, given), at);
}

/**
 * What of a configuration is hashed: without the fields on which the result does not depend, and without those that were
 * added later and say what was done before. So a field that is added makes no older run another one.
 */
export function canonical<F extends AnyFields>(fields: F, config: ConfigOf<F>): Record<string, unknown> {
  const rows = Object.entries(fields).filter(([name, { hashed, since, before, type }]) => {
    if (hashed === false) return false;
    const same = (value: unknown): string => JSON.stringify(type.canonical(value as never));
    return since === undefined || same(config[name]) !== same(before);
  });
  return Object.fromEntries(rows.map(([name, { type }]) => [name, type.canonical(config[name] as never)]));
}

/** Fields of a configuration that are an object with a table of its own. */
export function group<F extends AnyFields>(fields: F): Type<ConfigOf<F>> {
  return {
    allowed: "an object",
    take: (value, at) => take(fields, value, at),
    canonical: (value) => canonical(fields, value),
  };
}

/** What a variant of this table is: its fields, and the field that tells it from the others. */
export type VariantOf<Key extends string, Name extends string, F> = { readonly [K in Key]: Name } & ConfigOf<F>;

/** An object that is one of several kinds, told by the word in its field `key`, each with a table of its own. */
export function variants<const Key extends string, T extends Readonly<Record<string, AnyFields>>>(
  key: Key,
  tables: T,
): Type<{ [Name in keyof T & string]: VariantOf<Key, Name, T[Name]> }[keyof T & string]> {
  const kinds = Object.keys(tables);
  return {
    allowed: "an object",
    take(value, at) {
      if (!isObject(value)) throw at.refuse(value, this.allowed);
      const kind = value[key];
      if (typeof kind !== "string" || !Object.hasOwn(tables, kind))
        throw at.at(key).refuse(kind, choice(kinds).allowed);
      return take({ [key]: field({ type: choice(kinds), default: kind }), ...tables[kind] }, value, at) as never;
    },
    canonical: ({ [key]: kind, ...rest }) => ({ [key]: kind, ...canonical(tables[kind as string], rest as never) }),
  };
}

function mapRows<F extends AnyFields>(fields: F, of: (row: F[string], name: string) => unknown): ConfigOf<F> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, row]) => [name, of(row as F[string], name)]),
  ) as ConfigOf<F>;
}
