// Commands, their flags and their help.
import { Command, CommanderError, Option } from "commander";
import { floatNames } from "../core/index.js";
import { packageVersion } from "../runs/node.js";
import { addFlag, addFlags } from "./add-flags.js";
import { addBioFlags, type BioFlags } from "./bio-flags.js";
import { dataFlag, prefixFlag } from "./data.js";
import { DEVICES } from "./device.js";
import type { EvaluateFlags } from "./evaluate.js";
import { UsageError } from "./failure.js";
import { addTrainFlags, presetHelp, type TrainFlags } from "./flags.js";
import type { InfoOptions } from "./info.js";
import type { ReportFlags } from "./report.js";
import { list, whole, word } from "./values.js";
import type { VerifyOptions } from "./verify.js";

const JSON_HELP = "print one JSON object per line";

/**
 * Runs the command that these arguments name. Wrong usage throws a UsageError; asking for help or the version does not.
 */
export async function runProgram(args: readonly string[]): Promise<void> {
  const program = await makeProgram(args);
  if (args.length === 0) return program.outputHelp();
  try {
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return; // help or version, printed already
    if (error.code === "commander.help") {
      throw new UsageError(
        `there is no command ${JSON.stringify(args.at(-1))} to print the help of. See synaptape --help.`,
      );
    }
    throw new UsageError(sentence(error.message, commandOf(program, args)));
  }
}

async function makeProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("synaptape");
  // Set before the commands are added, because they inherit it.
  program
    .description("Trains plasticity rules, by which synapses learn, through whole lifetimes of online learning.")
    .version(packageVersion(), "--version", "print the version")
    .helpOption("--help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .configureHelp({ styleTitle: (title) => title, helpWidth: Math.min(process.stdout.columns || 100, 100) })
    .addHelpText("after", "\nStart with:  npx synaptape demo\nFlags:       npx synaptape <command> --help");

  program.hook("preAction", async () => (await import("./tape.js")).useMemory());

  const train = program.command("train").description("train a plasticity rule, or continue a run (--resume)");
  addTrainFlags(train);
  train
    .addHelpText(
      "after",
      `\n${presetHelp()}\n\nExit codes: 0 done, 1 failed, 2 wrong usage, 130 or 143 stopped by a signal.`,
    )
    .action(async (flags: TrainFlags) => (await import("./train.js")).runTrain(flags));

  // Their flags and commands are those of all studies, which are read only where one of them is named.
  const reproduce = program
    .command("reproduce")
    .description("repeat a published experiment, skipping finished runs; without a name, list the studies");
  if (args.includes("reproduce")) (await import("./reproduce-command.js")).addReproduceArguments(reproduce);

  addBioFlags(
    program
      .command("bio")
      .description("train a network with and without each biological mechanism, and report what each one does"),
  ).action(async (flags: BioFlags) => (await import("./bio.js")).runBio(flags));

  const sweep = program
    .command("sweep")
    .description("run a training or a study with many settings and seeds, skipping finished runs, and compare them");
  if (args.includes("sweep")) (await import("./sweep-commands.js")).addSweepCommands(sweep);

  // Slurm runs it, so the help does not list it.
  program
    .command("slurm-task", { hidden: true })
    .description("compute the cells of a job array that are free")
    .argument("<manifest>", "the manifest that --executor slurm wrote")
    .action(async (manifest: string) => (await import("./slurm-task.js")).runSlurmTask(manifest));

  program
    .command("report")
    .description("write an HTML report on these runs: figures, tables, comparisons")
    .argument("<runs...>", "folders of runs; runs that differ only in their seed are grouped")
    .option("--out <file>", "where to write it (default: report.html in the first run's folder)")
    .option("--json", JSON_HELP)
    .action(async (folders: string[], flags: ReportFlags) => (await import("./report.js")).report(folders, flags));

  const evaluate = program
    .command("evaluate")
    .description(
      "test a run's rule, frozen, on other classes, labels, images or data, and compare it with its initial rule",
    )
    .argument("<run>", "the run's folder; evaluation.jsonl is written into it, and for continual tasks retention.svg");
  addFlags(evaluate, [
    { ...dataFlag, help: "other images, of the same size: the built-in characters, or a folder" },
    prefixFlag,
  ]);
  addFlag(evaluate, "--tasks <n>", "tasks for each condition (default: 100)", (f) => whole(f, 1, 1e6));
  addFlag(evaluate, "--workers <n>", "tasks to run at once (default: one per core)", (f) => whole(f, 1, 256));
  addFlag(
    evaluate,
    "--shots <list>",
    "images per class to learn from, such as 1,5,10,50 (default: as in training)",
    (f) => list(f, { from: 1, to: 1e6, example: "1,5,10,50", distinct: true }),
  );
  evaluate
    .option("--json", JSON_HELP)
    .action(async (run: string, flags: EvaluateFlags) => (await import("./evaluate.js")).runEvaluate(run, flags));

  program
    .command("verify")
    .description("check this machine's results against golden numbers from an independent implementation")
    .argument("[files...]", "JSON files of golden cases (default: the built-in cases)")
    .addOption(
      new Option("--device <name>", "wasm or gpu: where to run the cases (default: wasm)").argParser(
        word("--device", DEVICES),
      ),
    )
    .addOption(
      new Option(
        "--dtype <name>",
        "float32 or float64: what to compute in; float64 is held to 1e-11 (default: float32)",
      ).argParser(word("--dtype", floatNames)),
    )
    .option("--json", JSON_HELP)
    .addHelpText("after", "\nExit codes: 0 all within tolerance, 1 a case is not or cannot be read, 2 wrong usage.")
    .action(async (files: string[], options: VerifyOptions) => (await import("./verify.js")).verify(files, options));

  program
    .command("info")
    .description("show what can run here: version, engine, SIMD, memory, backends")
    .option("--json", JSON_HELP)
    .action(async (options: InfoOptions) => (await import("./info.js")).info(options));

  program
    .command("demo")
    .description("train a rule on the built-in characters in about a minute, and compare it with feedback alignment")
    .action(async () => (await import("./demo.js")).demo());
  return program;
}

/** The command that was meant, for its help. */
function commandOf(program: Command, args: readonly string[]): string {
  const name = program.commands.map((command) => command.name()).find((command) => command === args[0]);
  return name === undefined ? "synaptape" : `synaptape ${name}`;
}

/** commander's message as one sentence, and where to read more. */
function sentence(message: string, command: string): string {
  const text = message
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")
    .replace(/\.$/, "");
  return `${text}. See ${command} --help.`;
}
