// What `evaluate` takes, and what it runs.
import { stat } from "node:fs/promises";
import type { Command } from "commander";
import { addFlag, addFlags, addJson } from "./add-flags.js";
import { dataFlags } from "./data.js";
import type { EvaluateFlags } from "./evaluate.js";
import { UsageError } from "./failure.js";
import { addKept } from "./kept-flag.js";
import { addModule } from "./own-module.js";
import { list, whole } from "./values.js";

/** Adds the argument and the flags to `command`, and what is done with them. */
export function defineEvaluate(command: Command): void {
  command.argument(
    "[run]",
    "the run's folder; evaluation.jsonl is written into it, and for continual tasks retention.svg. Or the file of a rule, as the playground saves it; then nothing is written",
  );
  addKept(command, "a learned rule that comes with the package, in the place of a run");
  const [data, ...others] = dataFlags;
  addFlags(command, [{ ...data, help: `other images, of the same size: ${data.help}` }, ...others]);
  addFlag(command, "--tasks <n>", "tasks for each condition (default: 100)", (f) => whole(f, 1, 1e6));
  addFlag(command, "--workers <n>", "tasks to run at once (default: one per core)", (f) => whole(f, 1, 256));
  addFlag(
    command,
    "--shots <list>",
    "images per class to learn from, such as 1,5,10,50 (default: as in training)",
    (f) => list(f, { from: 1, to: 1e6, example: "1,5,10,50", distinct: true }),
  );
  addModule(command);
  addJson(command).action(async (run: string | undefined, flags: EvaluateFlags & { readonly rule?: string }) => {
    const { rule, ...others } = flags;
    if ((run === undefined) === (rule === undefined)) {
      throw new UsageError(
        "Give the folder of a run, the file of a rule, or --rule with the name of one: one of them.",
      );
    }
    if (rule !== undefined) return (await import("./evaluate-file.js")).evaluateKept(rule, others);
    if (run === undefined) return;
    const found = await stat(run).catch(() => undefined);
    if (found?.isFile()) return (await import("./evaluate-file.js")).evaluateFile(run, flags);
    return (await import("./evaluate.js")).runEvaluate(run, flags);
  });
}
