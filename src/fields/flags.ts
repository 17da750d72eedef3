// The command line's side of a table: its flags, what the help says of them, and the values that their texts mean.
import { quote } from "../core/index.js";
import type { AnyFields, ConfigOf } from "./table.js";
import type { Type } from "./type.js";

/** The command was called in a way that it cannot be: an unknown flag, a value that makes no sense, a contradiction. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** A flag that gives one setting. */
export interface Flag {
  /** The setting that it gives. */
  readonly option: string;
  /** Its name, such as "--lr". */
  readonly name: string;
  /** Its name and what stands after it, such as "--lr <x>". */
  readonly usage: string;
  /** Its name as parsers of command lines call it: "--tau-min" is "tauMin". */
  readonly key: string;
  /** The line of the help. */
  readonly help: string;
  /** The value that this text means. Throws a UsageError that names the flag, the text and what may be given. */
  read(text: string): unknown;
}

const nameOf = (usage: string): string => usage.split(" ", 1)[0];
const keyOf = (name: string): string =>
  name.slice(2).replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The value of a flag. What looks like the next flag is refused: in `--out --json`, the value was forgotten. */
export function readFlag<T>(name: string, { text: form }: Pick<Type<T>, "text">, text: string): T {
  if (!form) throw new TypeError(`[fields] ${name} has a type that no text gives.`);
  if (text.startsWith("--"))
    throw new UsageError(`${name} has no value: ${quote(text)} follows it. Pass ${form.allowed}.`);
  const value = form.read(text.trim());
  if (value === undefined) throw new UsageError(`${name} is ${quote(text)}. Pass ${form.allowed}.`);
  return value;
}

/** What a flag shows of a default. */
const shown = (value: unknown): string => (typeof value === "object" ? String(value) : `${value}`);

/**
 * The flags of a table, in its order.
 *
 * @param defaults whether the help says what each is by default.
 */
export function flagsOf(fields: AnyFields, { defaults = true }: { defaults?: boolean } = {}): Flag[] {
  return Object.entries(fields).flatMap(([option, row]) => {
    const { flag: usage, type, help = "", defaultHelp = defaults ? shown(row.default) : "" } = row;
    if (usage === undefined) return [];
    const name = nameOf(usage);
    return {
      ...{ option, name, usage, key: keyOf(name) },
      help: defaultHelp === "" ? help : `${help} (default: ${defaultHelp})`,
      read: (text: string) => readFlag(name, type, text),
    };
  });
}

/** The settings of a table that were given as flags; `given` has their values by the flags' keys. */
export function givenIn<F extends AnyFields>(
  fields: F,
  given: Readonly<Record<string, unknown>>,
): Partial<ConfigOf<F>> {
  const said = flagsOf(fields).filter(({ key }) => given[key] !== undefined);
  return Object.fromEntries(said.map(({ option, key }) => [option, given[key]])) as Partial<ConfigOf<F>>;
}

/** A message of the library for the command line: what it calls options, in backticks, are the flags that give them. */
export function inFlags(message: string, tables: readonly AnyFields[]): string {
  const names = new Map(tables.flatMap((fields) => flagsOf(fields).map(({ option, name }) => [option, name])));
  return message.replace(/`(?:\w+\.)?(\w+)`/g, (whole, option: string) => names.get(option) ?? whole);
}
