// What `card` takes, and what it runs.
import type { Command } from "commander";
import { addFlag, addJson } from "./add-flags.js";
import type { CardFlags } from "./card.js";
import { UsageError } from "./failure.js";
import { addKept } from "./kept-flag.js";
import { addModule } from "./own-module.js";
import { list, text, whole } from "./values.js";

/** Adds the argument and the flags to `command`, and what is done with them. */
export function defineCard(command: Command): void {
  command.argument(
    "[runs...]",
    "folders of runs of one configuration with different seeds; intervals are over the seeds",
  );
  addFlag(
    command,
    "--out <dir>",
    "folder of card.html, card.json and rule.safetensors (default: card in the first run's)",
    (f) => text(f, "a folder"),
  );
  addFlag(command, "--name <text>", "what the rule is called (default: the first run's name)", (f) =>
    text(f, "a name"),
  );
  addFlag(
    command,
    "--others <list>",
    "other images to try it on, such as mnist,fashion-mnist (the built-in ones always are)",
    (f) => text(f, "paths of folders or files, separated by commas"),
  );
  addFlag(command, "--tasks <n>", "tasks for each seed and setting (default: 20)", (f) => whole(f, 1, 1e6));
  addFlag(
    command,
    "--shots <list>",
    "images per class to learn from (default: 1,2,5,10,20,50 and as in training)",
    (f) => list(f, { from: 1, to: 1e6, example: "1,5,10,50", distinct: true }),
  );
  addFlag(command, "--workers <n>", "tasks to run at once (default: one per core)", (f) => whole(f, 1, 256));
  addKept(
    command,
    "the card of a learned rule that comes with the package, which is measured already; in the place of runs",
  );
  addModule(command);
  addJson(command).action(async (runs: string[], { rule, ...flags }: CardFlags & { readonly rule?: string }) => {
    if ((runs.length === 0) === (rule === undefined)) {
      throw new UsageError("Give the folders of runs, or --rule with the name of a learned rule: one of them.");
    }
    const { runCard, writeKept } = await import("./card.js");
    return rule === undefined ? runCard(runs, flags) : writeKept(rule, flags);
  });
}
