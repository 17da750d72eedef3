// A table of fields: every setting of a rule, a run or a study is one row. Everything about a configuration follows
// from the table: its TypeScript type, its defaults, its checks and their messages, its form for hashes, and how older
// files are read.
import { plain } from "../core/index.js";
import { didYouMean } from "./nearest.js";
import { isObject, type Place, type Type } from "./type.js";
import { choice } from "./words.js";

/** One setting. */
export interface Field<T> {
  /** The type of its values. */
  readonly type: Type<T>;
  /** Its value if none is given. */
  readonly default: T;
  /** The help of its flag: a line without a full stop and without the default. */
  readonly help?: string;
  /**
   * Its flag and the placeholder of its value, such as "--lr <x>"; a setting without one cannot be set on the command
   * line.
   */
  readonly flag?: string;
  /** What the help shows instead of the default, such as "the preset's"; "" for nothing. */
  readonly defaultHelp?: string;
  /** The version that added it; left out if it existed from the beginning. */
  readonly since?: string;
  /** Its value in configurations that were written before it was added; required with `since`. */
  readonly before?: T;
  /** If false, the result does not depend on it, and hashes leave it out. */
  readonly hashed?: false;
}

/** A table: one row per setting, in the order used by files and hashes. */
export type Fields<Config = Record<string, unknown>> = { readonly [K in keyof Config]: Field<Config[K]> };

// biome-ignore lint/suspicious/noExplicitAny: a field of whatever type; `unknown` would refuse those that take values.
export type AnyFields = Readonly<Record<string, Field<any>>>;

/** The configuration that a table describes. */
export type ConfigOf<F> = { readonly [K in keyof F]: F[K] extends { readonly type: Type<infer T> } ? T : never };

/**
 * A row of a table.
 *
 * @example
 * const fields = {
 *   units: field({ type: whole(1), default: 50, help: "the hidden units" }),
 *   rate: field({ type: number({ above: 0 }), default: 0.01 }),
 * };
 * fields.units.default; // 50
 */
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
 * A copy of the configuration in `value`, with every field checked and in the order of the table. Fields that were
 * added later may be missing; they then get their value `before`.
 *
 * @throws InputError (or RangeError, if the configuration comes from code) that names the first field that is missing,
 * unknown or invalid.
 */
export function take<F extends AnyFields>(fields: F, value: unknown, at: Place): ConfigOf<F> {
  if (!isObject(value)) throw at.refuse(value, "an object");
  const [what, verb] = at.where === "code" ? ["option", "Give"] : ["field", "Add"];
  const odd = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
  if (odd !== undefined) {
    throw at.error(
      `there is no ${what} ${at.at(plain(odd, 80)).name}.${didYouMean(odd, Object.keys(fields), (name) => at.at(name).name)} ` +
        `Remove it; there are ${Object.keys(fields).join(", ")}.`,
    );
  }
  return mapRows(fields, (row, name) => {
    if (Object.hasOwn(value, name)) return row.type.take(value[name], at.at(name));
    if (row.since !== undefined) return structuredClone(row.before);
    throw at.error(`the ${what} ${at.at(name).name} is missing. ${verb} it: ${row.type.allowed}.`);
  });
}

/** A configuration from code, with the default for each setting that is left out or undefined. Nothing is checked. */
export function withDefaults<F extends AnyFields>(
  fields: F,
  given: Partial<ConfigOf<F>>,
): ConfigOf<F> & Record<string, unknown> {
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaultsOf(fields), ...Object.fromEntries(said) };
}

/** Like `take`, for a configuration from code, in which settings may be left out: see `withDefaults`. */
export function complete<F extends AnyFields>(fields: F, given: Partial<ConfigOf<F>>, at: Place): ConfigOf<F> {
  return take(fields, withDefaults(fields, given), at);
}

/**
 * The part of a configuration that is hashed. Fields on which the result does not depend are left out, and so are
 * fields that were added later and still have their value `before`. So adding a field does not change the hashes of
 * older runs.
 */
export function canonical<F extends AnyFields>(fields: F, config: ConfigOf<F>): Record<string, unknown> {
  const rows = Object.entries(fields).filter(([name, { hashed, since, before, type }]) => {
    if (hashed === false) return false;
    const same = (value: unknown): string => JSON.stringify(type.canonical(value as never));
    return since === undefined || same(config[name]) !== same(before);
  });
  return Object.fromEntries(rows.map(([name, { type }]) => [name, type.canonical(config[name] as never)]));
}

/** The type of a field that is an object with its own table. */
export function group<F extends AnyFields>(fields: F): Type<ConfigOf<F>> {
  return {
    allowed: "an object",
    take: (value, at) => take(fields, value, at),
    canonical: (value) => canonical(fields, value),
  };
}

/** A variant with this table: its fields, and the field that names the variant. */
export type VariantOf<Key extends string, Name extends string, F> = { readonly [K in Key]: Name } & ConfigOf<F>;

/** An object that is one of several kinds, which its field `key` names. Each kind has its own table. */
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
