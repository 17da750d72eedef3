// What `train` takes, and what it runs.
import type { Command } from "commander";
import { addTrainFlags, presetHelp, type TrainFlags } from "./flags.js";

/** Adds the flags to `command`, and what is done with them. */
export function defineTrain(command: Command): void {
  addTrainFlags(command);
  command
    .addHelpText(
      "after",
      `\n${presetHelp()}\n\nExit codes: 0 done, 1 failed, 2 wrong usage, 130 or 143 stopped by a signal.`,
    )
    .action(async (flags: TrainFlags) => (await import("./train.js")).runTrain(flags));
}
