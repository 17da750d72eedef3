// What `report` takes, and what it runs.
import type { Command } from "commander";
import { addFlag, addJson } from "./add-flags.js";
import { addModule } from "./own-module.js";
import type { ReportFlags } from "./report.js";
import { text } from "./values.js";

/** Adds the argument and the flags to `command`, and what is done with them. */
export function defineReport(command: Command): void {
  command.argument("<runs...>", "folders of runs; runs that differ only in their seed are grouped");
  addFlag(command, "--out <file>", "where to write it (default: report.html in the first run's folder)", (f) =>
    text(f, "a file"),
  );
  addModule(command);
  addJson(command).action(async (folders: string[], flags: ReportFlags) =>
    (await import("./report.js")).report(folders, flags),
  );
}
