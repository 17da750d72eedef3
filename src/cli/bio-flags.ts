// The flags of `bio`.
import type { Command } from "commander";
import { type Mechanism, mechanisms } from "../bio/index.js";
import { quote } from "../core/index.js";
import { flagsOf } from "../fields/index.js";
import { bioTransformations } from "../studies/internal.js";
import { addFlag, addFlags } from "./add-flags.js";
import { type DataFlags, dataFlags } from "./data.js";
import { UsageError } from "./failure.js";
import { text, whole } from "./values.js";

/** The flags of `bio` that were given; those of the study's settings come from its table. */
export interface BioFlags extends DataFlags {
  readonly mechanisms?: readonly Mechanism[];
  readonly together?: boolean;
  readonly seeds?: number;
  readonly reference?: boolean;
  readonly workers?: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly [setting: string]: unknown;
}

/** Defaults of the flags that are not settings of the study. */
export const BIO = { mechanisms, seeds: 3 } as const;

/** The flags that choose mechanisms. */
export const mechanismFlags = [
  {
    usage: "--mechanisms <list>",
    help: `all (the default), or some of ${mechanisms.join(",")}`,
    read: mechanismList("--mechanisms"),
  },
];

/** Adds the flags of `bio` to a command. */
export function addBioFlags(command: Command): Command {
  addFlags(command, [...dataFlags, ...mechanismFlags]);
  addFlag(command, "--seeds <n>", `runs of each, with seeds from 0 (default: ${BIO.seeds})`, (f) => whole(f, 1, 1000));
  addFlag(command, "--workers <n>", "runs at once (default: one per core)", (f) => whole(f, 1, 256));
  addFlags(command, flagsOf(bioTransformations.fields));
  addFlag(command, "--out <dir>", "folder for results and plot; finished runs found there are skipped", (f) =>
    text(f, "a folder"),
  );
  return command
    .option("--together", "train with all of these mechanisms at once only, not also with each by itself")
    .option("--reference", "use the published formulas, faults included")
    .option("--json", "print one JSON object per line, and no progress bar");
}

/** Names of mechanisms, separated by commas, or all. */
function mechanismList(flag: string): (text: string) => Mechanism[] {
  return (given) => {
    if (given === "all") return [...mechanisms];
    const names = given.split(",").map((name) => name.trim());
    const odd = names.find((name) => !mechanisms.includes(name as Mechanism));
    if (odd !== undefined || new Set(names).size < names.length) {
      throw new UsageError(`${flag} is ${quote(given)}. Pass all, or different names out of ${mechanisms.join(", ")}.`);
    }
    return mechanisms.filter((name) => names.includes(name));
  };
}
