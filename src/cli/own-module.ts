// `--module`: motifs, synapses, tasks and studies of the user's own, from a module that is loaded before flags are read, since flags may
// name what it defines.
import { resolve } from "node:path";
import type { Command } from "commander";
import { defaultsOf, flagsOf } from "../fields/index.js";
import { loadParts, type OwnModule } from "../meta/index.js";
import { loadedParts, moduleFields, studyMakers } from "../meta/internal.js";
import { addFlags, valueAmong } from "./add-flags.js";

/** The flag, as its table gives it. */
const flags = flagsOf(moduleFields).map((flag) => ({ ...flag, key: "module" }));

/** The flag of a command that takes a module of own parts. */
export interface ModuleFlags {
  readonly module?: string;
}

/** Adds the flag to a command. */
export const addModule = (command: Command): Command => addFlags(command, flags);

/** Loads the module that these arguments name, if they name one. */
export async function loadNamed(args: readonly string[]): Promise<void> {
  const file = valueAmong(args, flags[0].name);
  if (file === undefined) return;
  await loadParts(file);
  if (studyMakers().length > 0) await (await import("../studies/internal.js")).makeOwnStudies(); // slow to load
}

/** The module of these flags, as configurations name it. */
export function moduleOf({ module }: ModuleFlags): OwnModule {
  const file = module === undefined ? undefined : resolve(module);
  return loadedParts().find((each) => each.file === file) ?? defaultsOf(moduleFields);
}
