// Flags, given to commander.
import { type Command, Option } from "commander";
import type { Flag } from "../fields/index.js";
import type { Reader } from "./values.js";

/** What a command needs to know of a flag. */
export type CommandFlag = Pick<Flag, "usage" | "help" | "read"> & Partial<Pick<Flag, "words">>;

/** The words that flags take, for the completion of shells. */
const wordsOfFlags = new WeakMap<Option, readonly string[]>();

/** The words that a flag takes; none for other values. */
export const wordsOf = (option: Option): readonly string[] => wordsOfFlags.get(option) ?? [];

/** Adds flags to a command. If a flag is given twice, its last value counts. */
export function addFlags(command: Command, flags: readonly CommandFlag[]): Command {
  for (const { usage, help, read, words } of flags) {
    // commander also passes the previous value, which `read` must not see.
    const option = new Option(usage, help).argParser((given: string) => read(given));
    if (words) wordsOfFlags.set(option, words);
    command.addOption(option);
  }
  return command;
}

/** Adds a flag that is in no table of fields; `reader` makes what reads its value, from its name. */
export function addFlag<T>(
  command: Command,
  usage: string,
  help: string,
  reader: (name: string) => Reader<T>,
): Command {
  return addFlags(command, [{ usage, help, read: reader(usage.split(" ", 1)[0]) }]);
}

/** Adds --json, as most commands have it. */
export const addJson = (command: Command): Command => command.option("--json", "print one JSON object per line");

/**
 * The last value of a flag among arguments, before they are parsed; undefined for none. A value that is missing is left to
 * the parser, which says so.
 */
export function valueAmong(args: readonly string[], name: string): string | undefined {
  const last = args
    .flatMap((arg, i) => {
      if (arg.startsWith(`${name}=`)) return [arg.slice(name.length + 1)];
      return arg === name && i + 1 < args.length ? [args[i + 1]] : [];
    })
    .at(-1);
  return last === "" || last?.startsWith("--") ? undefined : last;
}
