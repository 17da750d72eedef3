// The command line's side of a table: its flags, their help, and how their texts are read.
import { quote } from "../core/index.js";
import { didYouMean } from "./nearest.js";
import type { AnyFields, ConfigOf } from "./table.js";
import type { Type } from "./type.js";

/** The command was used wrongly: with an unknown flag, an invalid value, or flags that contradict each other. */
export class UsageError extends Error {
  override name = "UsageError";
}

/** A flag that sets one setting. */
export interface Flag {
  /** The setting that it sets. */
  readonly option: string;
  /** Its name, such as "--lr". */
  readonly name: string;
  /** Its name and the placeholder of its value, such as "--lr <x>". */
  readonly usage: string;
  /** Its name in the form that command-line parsers use: "--tau-min" is "tauMin". */
  readonly key: string;
  /** Its line in the help. */
  readonly help: string;
  /** The words that it takes, if it takes words. */
  readonly words?: readonly string[] | undefined;
  /** Reads the value from its text. Throws a UsageError that names the flag, the text and what is allowed. */
  read(text: string): unknown;
}

const nameOf = (usage: string): string => usage.split(" ", 1)[0];
const keyOf = (name: string): string =>
  name.slice(2).replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** The value of a flag. A text that looks like the next flag is refused: in `--out --json`, the value was forgotten. */
export function readFlag<T>(name: string, { text: form }: Pick<Type<T>, "text">, text: string): T {
  if (!form) throw new TypeError(`[fields] ${name} has a type that no text gives.`);
  if (text.startsWith("--"))
    throw new UsageError(`${name} has no value: ${quote(text)} follows it. Pass ${form.allowed}.`);
  const value = form.read(text.trim());
  if (value === undefined) {
    const { words = [] } = form;
    const odd = text.split(",").find((part) => !words.includes(part.trim()));
    throw new UsageError(`${name} is ${quote(text)}.${didYouMean(odd, words)} Pass ${form.allowed}.`);
  }
  return value;
}

/** A default, as the help shows it. */
const shown = (value: unknown): string => (typeof value === "object" ? String(value) : `${value}`);

/**
 * The flags of a table, in its order.
 *
 * @param defaults whether the help shows the defaults.
 */
export function flagsOf(fields: AnyFields, { defaults = true }: { defaults?: boolean } = {}): Flag[] {
  return Object.entries(fields).flatMap(([option, row]) => {
    const { flag: usage, type, defaultHelp = defaults ? shown(row.default) : "" } = row;
    if (usage === undefined) return [];
    const name = nameOf(usage);
    return {
      ...{ option, name, usage, key: keyOf(name) },
      // Read when it is shown: what it says may depend on what was defined in between.
      get help() {
        const { help = "" } = row;
        return defaultHelp === "" ? help : `${help} (default: ${defaultHelp})`;
      },
      get words() {
        return type.text?.words;
      },
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

/** Rewrites a message of the library for the command line: options in backticks become the flags that set them. */
export function inFlags(message: string, tables: readonly AnyFields[]): string {
  const names = new Map(tables.flatMap((fields) => flagsOf(fields).map(({ option, name }) => [option, name])));
  return message.replace(/`(?:\w+\.)?(\w+)`/g, (whole, option: string) => names.get(option) ?? whole);
}
