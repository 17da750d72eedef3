// What `data` takes, and what it runs.
import type { Command } from "commander";
import { addFlag, addFlags, addJson } from "./add-flags.js";
import { dataFlags } from "./data.js";
import type { DescribeFlags } from "./describe-data.js";
import { text } from "./values.js";

/** Adds the argument and the flags to `command`, and what is done with them. */
export function defineData(command: Command): void {
  const [, ...others] = dataFlags;
  command.argument("[source]", "what --data of the other commands would be", "glyphs");
  addFlags(command, others);
  addFlag(command, "--sheet <file>", "write the first images of every class to this PNG file", (f) =>
    text(f, "a file"),
  );
  addJson(command).action(async (source: string, flags: DescribeFlags) =>
    (await import("./describe-data.js")).describeData(source, flags),
  );
}
