// The commands of `sweep`: one for each thing that can be swept.
import type { Command } from "commander";
import { addSweepFlags, type SweepFlags } from "./sweep-flags.js";
import { sweepables } from "./sweep-subjects.js";

/** Adds them to `sweep`. */
export function defineSweep(sweep: Command): void {
  for (const what of sweepables) {
    const command = sweep.command(what.name).description(what.about);
    what.add(command);
    addSweepFlags(command).action(async (flags: SweepFlags) => (await import("./sweep.js")).runSweep(what, flags));
  }
}
