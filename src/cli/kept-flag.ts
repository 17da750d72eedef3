// --rule of commands that take a learned rule of the package in the place of a run.
import type { Command } from "commander";
import { choice, readFlag } from "../fields/index.js";
import { keptRules } from "../meta/index.js";
import { addFlags } from "./add-flags.js";

/** Adds the flag; `help` says what it stands for. */
export function addKept(command: Command, help: string): void {
  const names = keptRules.map(({ name }) => name);
  addFlags(command, [
    {
      ...{ usage: "--rule <name>", help: `${help}: ${names.join(", ")}`, words: names },
      read: (given) => readFlag("--rule", choice(names), given),
    },
  ]);
}
