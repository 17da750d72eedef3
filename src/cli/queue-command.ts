// The command `queue`: its argument, its flags, and what it runs.
import { Argument, type Command } from "commander";
import { QUEUE_ACTIONS, type QueueAction } from "../engines/internal.js";
import { addFlag, addJson } from "./add-flags.js";
import { addModule } from "./own-module.js";
import type { QueueFlags } from "./queue.js";
import { queueAddress, queueForms } from "./queue-address.js";
import { word } from "./values.js";

/** Adds the argument and the flags to the command, and what is done with them. */
export function defineQueue(command: Command): void {
  command.addArgument(
    new Argument("[action]", "status, pause (workers finish and take nothing), resume, or clear (drop what waits)")
      .choices(QUEUE_ACTIONS)
      .argParser(word("the action", QUEUE_ACTIONS)) // it asks what was meant
      .default("status"),
  );
  addFlag(command, "--engine <where>", `the queue: ${queueForms} (default: SYNAPTAPE_ENGINE)`, () => queueAddress);
  addModule(command);
  addJson(command).action(async (action: QueueAction, flags: QueueFlags) =>
    (await import("./queue.js")).runQueue(action, flags),
  );
}
