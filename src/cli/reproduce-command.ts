// What `reproduce` takes, and what it runs.
import type { Command } from "commander";
import { addReproduceFlags, namedBy, partNames, type ReproduceFlags } from "./reproduce-flags.js";

/** Adds the argument and the flags to `command`, and what is done with them. */
export function defineReproduce(command: Command): void {
  command.argument("[name]", `a study, or a part of one: ${partNames()} or all`);
  addReproduceFlags(command).action(async (name: string | undefined, flags: ReproduceFlags) => {
    const { listStudies, reproduce } = await import("./reproduce.js");
    if (name === undefined) return listStudies(flags.json ?? false);
    return reproduce(namedBy(name, flags), flags);
  });
}
