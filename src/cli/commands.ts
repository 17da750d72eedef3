// The commands: their names, what they do, and where the rest of each is defined.
import type { Command } from "commander";
import { addJson } from "./add-flags.js";
import type { InfoOptions } from "./info.js";

/** A command of the program. */
interface CommandRow {
  readonly name: string;
  /** What it does, for the help. */
  readonly about: string;
  /** Whether the help leaves it out, because a program runs it and not a person; false by default. */
  readonly hidden?: boolean;
  /** Whether it takes --module, whose parts have to be known before its flags are read; false by default. */
  readonly parts?: boolean;
  /** Whether its flags may come from a file, by --config; false by default. */
  readonly config?: boolean;
  /** Whether it is about all commands, which are then defined too; false by default. */
  readonly ofAll?: boolean;
  /**
   * Adds its arguments, its flags and what it runs. This is done only where the arguments contain its name: flags come from
   * the tables of what they set, and reading those of all commands takes longer than most help does (`npm run bench startup`).
   */
  readonly define: (command: Command) => unknown;
}

/** In the order of the help. */
export const commands: readonly CommandRow[] = [
  {
    name: "train",
    about: "train a plasticity rule, or continue a run (--resume)",
    parts: true,
    config: true,
    define: async (command) => (await import("./train-command.js")).defineTrain(command),
  },
  {
    name: "reproduce",
    about: "repeat a published experiment, skipping finished runs; without a name, list the studies",
    parts: true,
    config: true,
    define: async (command) => (await import("./reproduce-command.js")).defineReproduce(command),
  },
  {
    name: "bio",
    about: "train a network with and without each biological mechanism, and report what each one does",
    config: true,
    define: async (command) => (await import("./bio-command.js")).defineBio(command),
  },
  {
    name: "sweep",
    about: "run a training or a study with many settings and seeds, skipping finished runs, and compare them",
    parts: true,
    config: true,
    define: async (command) => (await import("./sweep-commands.js")).defineSweep(command),
  },
  {
    name: "worker",
    about: "compute the cells that commands with --executor send to a queue",
    parts: true,
    config: true,
    define: async (command) => (await import("./worker-command.js")).defineWorker(command),
  },
  {
    name: "queue",
    about: "show a queue and its workers, pause it, go on, or clear it",
    parts: true,
    define: async (command) => (await import("./queue-command.js")).defineQueue(command),
  },
  {
    name: "slurm-task",
    about: "compute the cells of a job array that are free",
    hidden: true,
    parts: true,
    define: async (command) =>
      (await import("./own-module.js"))
        .addModule(command)
        .argument("<manifest>", "the manifest that --executor slurm wrote")
        .action(async (manifest: string) => (await import("./slurm-task.js")).runSlurmTask(manifest)),
  },
  {
    name: "report",
    about: "write an HTML report on these runs: figures, tables, comparisons",
    parts: true,
    define: async (command) => (await import("./report-command.js")).defineReport(command),
  },
  {
    name: "watch",
    about: "show runs as they go, on a page of this machine only",
    parts: true,
    define: async (command) => (await import("./watch-command.js")).defineWatch(command),
  },
  {
    name: "play",
    about: "open the playground on this machine: watch a network learn, and change its rule",
    define: async (command) => (await import("./play-command.js")).definePlay(command),
  },
  {
    name: "evaluate",
    about: "test a run's rule, frozen, on other classes, labels, images or data, and compare it with its initial rule",
    parts: true,
    config: true,
    define: async (command) => (await import("./evaluate-command.js")).defineEvaluate(command),
  },
  {
    name: "card",
    about: "measure a learned rule in many settings, and write a page and a file about it",
    parts: true,
    config: true,
    define: async (command) => (await import("./card-command.js")).defineCard(command),
  },
  {
    name: "data",
    about: "show what a folder or a file of images holds, as it would be read",
    define: async (command) => (await import("./data-command.js")).defineData(command),
  },
  {
    name: "verify",
    about: "check this machine's results against golden numbers from an independent implementation",
    define: async (command) => (await import("./verify-command.js")).defineVerify(command),
  },
  {
    name: "info",
    about: "show what can run here: version, engine, SIMD, memory, backends",
    define: (command) =>
      addJson(command).action(async (options: InfoOptions) => (await import("./info.js")).info(options)),
  },
  {
    name: "completion",
    about: "print a script that lets bash, zsh or fish complete commands and flags",
    ofAll: true,
    define: async (command) => (await import("./completion-command.js")).defineCompletion(command),
  },
  {
    name: "demo",
    about: "train a rule on the built-in characters in about a minute, and compare it with feedback alignment",
    define: (command) => command.action(async () => (await import("./demo.js")).demo()),
  },
];
