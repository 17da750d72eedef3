// What `bio` takes, and what it runs.
import type { Command } from "commander";
import { addBioFlags, type BioFlags } from "./bio-flags.js";

/** Adds the flags to `command`, and what is done with them. */
export function defineBio(command: Command): void {
  addBioFlags(command).action(async (flags: BioFlags) => (await import("./bio.js")).runBio(flags));
}
