// What `watch` takes, and what it runs.
import type { Command } from "commander";
import { addFlag, addJson } from "./add-flags.js";
import { addModule } from "./own-module.js";
import { whole } from "./values.js";
import type { WatchFlags } from "./watch.js";

/** Adds the argument and the flags to `command`, and what is done with them. */
export function defineWatch(command: Command): void {
  command.argument("<runs...>", "folders of runs, which may still begin");
  addFlag(command, "--port <n>", "port of the page on this machine (default: a free one)", (f) => whole(f, 1, 65_535));
  addModule(command);
  addJson(command).action(async (runs: string[], flags: WatchFlags) => (await import("./watch.js")).watch(runs, flags));
}
