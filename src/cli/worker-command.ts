// The command `worker`: its flags, and what it runs.
import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { addFlag } from "./add-flags.js";
import { addModule } from "./own-module.js";
import { queueAddress, queueForms, type WorkerFlags } from "./queue-address.js";
import { whole } from "./values.js";

/** Adds the flags to the command, and what is done with them. */
export function defineWorker(command: Command): void {
  addFlag(command, "--engine <where>", `the queue: ${queueForms} (default: SYNAPTAPE_ENGINE)`, () => queueAddress);
  addFlag(command, "--workers <n>", `cells at once (default: one per core, ${availableParallelism()})`, (f) =>
    whole(f, 1, 256),
  );
  addFlag(command, "--lease <s>", "seconds of silence after which others get its cells (default: 30)", (f) =>
    whole(f, 1, 3600),
  );
  addModule(command);
  command.action(async (flags: WorkerFlags) => (await import("./worker.js")).runWorker(flags));
}
