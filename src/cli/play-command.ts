// What `play` takes, and what it runs.
import type { Command } from "commander";
import { addFlag, addJson } from "./add-flags.js";
import type { PlayFlags } from "./play.js";
import { whole } from "./values.js";

/** Adds the flags to `command`, and what is done with them. */
export function definePlay(command: Command): void {
  addFlag(command, "--port <n>", "port of the page on this machine (default: a free one)", (f) => whole(f, 1, 65_535));
  addJson(command).action(async (flags: PlayFlags) => (await import("./play.js")).play(flags));
}
