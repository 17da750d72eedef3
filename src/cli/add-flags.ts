// The flags of a table of fields, given to commander.
import { type Command, Option } from "commander";
import type { Flag } from "../fields/index.js";

/** Adds flags to a command. A flag that is given twice means its last value. */
export function addFlags(command: Command, flags: readonly Pick<Flag, "usage" | "help" | "read">[]): Command {
  for (const { usage, help, read } of flags) {
    // commander hands over the value before as well.
    command.addOption(new Option(usage, help).argParser((given: string) => read(given)));
  }
  return command;
}
