// What `completion` takes, and what it runs.
import { Argument, type Command } from "commander";
import { type Shell, shells } from "./completion.js";
import { word } from "./values.js";

/** Adds the argument to `command`, and what is done with it. */
export function defineCompletion(command: Command): void {
  command
    .addArgument(new Argument("<shell>", shells.join(", ")).argParser(word("<shell>", shells)))
    .action(async (shell: Shell, _: object, own: Command) =>
      (await import("./completion.js")).completion(shell, own.parent as Command),
    );
}
