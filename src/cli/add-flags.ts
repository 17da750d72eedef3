// The flags of a table of fields, given to commander.
import { type Command, Option } from "commander";
import type { Flag } from "../fields/index.js";

/** Adds flags to a command. If a flag is given twice, its last value counts. */
export function addFlags(command: Command, flags: readonly Pick<Flag, "usage" | "help" | "read">[]): Command {
  for (const { usage, help, read } of flags) {
    // commander also passes the previous value, which `read` must not see.
    command.addOption(new Option(usage, help).argParser((given: string) => read(given)));
  }
  return command;
}
