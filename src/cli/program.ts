// The program: what it is, its commands, and its help.
import { Command, CommanderError } from "commander";
import { commands } from "./commands.js";
import { folded } from "./output.js";

/**
 * Runs the command that these arguments name. Wrong usage throws a UsageError; asking for help or the version does not.
 */
export async function runProgram(args: readonly string[]): Promise<void> {
  const program = await makeProgram(args);
  if (args.length === 0) return program.outputHelp();
  try {
    const given = args.some((arg) => /^--config(=|$)/.test(arg))
      ? await (await import("./config-file.js")).withConfig(program, args)
      : args;
    await program.parseAsync([...given], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return; // help or version, printed already
    const { UsageError } = await import("./failure.js");
    if (error.code === "commander.help") {
      throw new UsageError(
        `there is no command ${JSON.stringify(args.at(-1))} to print the help of. See synaptape --help.`,
      );
    }
    throw new UsageError(sentence(error.message, commandOf(program, args)));
  }
}

/** The flags that print the version. */
const VERSION = ["-V", "--version"];

async function makeProgram(args: readonly string[]): Promise<Command> {
  const program = new Command("synaptape");
  const version = VERSION.some((flag) => args.includes(flag)) ? (await import("../runs/node.js")).packageVersion() : "";
  // Set before the commands are added, because they inherit it.
  program
    .description("Trains plasticity rules, by which synapses learn, through whole lifetimes of online learning.")
    .version(version, VERSION.join(", "), "print the version")
    .helpOption("--help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: (text) => void process.stdout.write(folded(text)) })
    .configureHelp({ styleTitle: (title) => title, helpWidth: Math.min(process.stdout.columns || 100, 100) })
    .addHelpText("after", "\nStart with:  npx synaptape demo\nFlags:       npx synaptape <command> --help");

  program.hook("preAction", async () => (await import("./tape.js")).useMemory());

  const whole = commands.some(({ name, ofAll }) => ofAll && name === args[0]);
  for (const { name, about, hidden = false, parts = false, config = false, define } of commands) {
    const command = program.command(name, { hidden }).description(about);
    if (!whole && !args.includes(name)) continue;
    if (parts && args[0] === name) await (await import("./own-module.js")).loadNamed(args);
    await define(command);
    if (config) (await import("./config-file.js")).addConfig(command);
  }
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
