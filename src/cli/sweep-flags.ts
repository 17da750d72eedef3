// The flags of `sweep`, and the trials that they ask for. What is swept is a flag of `train`, `bio` or a study.
import type { Command } from "commander";
import { Key, quote } from "../core/index.js";
import { didYouMean, type Flag, field, flagsOf, isObject, text, UsageError, whole } from "../fields/index.js";
import { draw, grid, type Interval, type Settings } from "../sweeps/index.js";
import { addFlags } from "./add-flags.js";
import { type ExecutorFlags, executorField, queueFields } from "./executor.js";
import { addHandOverFlags } from "./handed-over.js";

/** The flags of every sweep that are settings of how it is run. */
const sweepFields = {
  random: field({
    type: whole(1, { to: 100_000 }),
    default: 1,
    defaultHelp: "",
    flag: "--random <n>",
    help: "draw n trials at random instead of trying every combination",
  }),
  randomSeed: field({
    type: whole(0, { to: Number.MAX_SAFE_INTEGER }),
    default: 0,
    flag: "--random-seed <n>",
    help: "seed of --random",
  }),
  from: field({
    type: text("a file"),
    default: "",
    defaultHelp: "",
    flag: "--from <file>",
    help: 'trials from a file, one JSON object per line, such as {"lr": 0.001}',
  }),
  seeds: field({
    type: whole(1, { to: 10_000 }),
    default: 1,
    flag: "--seeds <n>",
    help: "runs of each trial, with seeds from 0",
  }),
  workers: field({
    type: whole(1, { to: 256 }),
    default: 1,
    defaultHelp: "one per core",
    flag: "--workers <n>",
    help: "runs at once",
  }),
  executor: executorField,
  ...queueFields,
  out: field({
    type: text("a folder"),
    default: "",
    defaultHelp: "sweeps/<what>",
    flag: "--out <dir>",
    help: "folder for results and report; finished runs found there are skipped",
  }),
};

/** The flags of `sweep` that were given; those of what is swept are among them. */
export interface SweepFlags extends ExecutorFlags {
  readonly vary?: readonly string[];
  readonly random?: number;
  readonly randomSeed?: number;
  readonly from?: string;
  readonly ask?: boolean;
  readonly seeds?: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly [setting: string]: unknown;
}

/** A flag whose value can be varied. */
export type Varied = Pick<Flag, "usage" | "read">;

/** Adds the flags that every sweep has. */
export function addSweepFlags(command: Command): Command {
  command
    .optionsGroup("The sweep:")
    .option(
      "--vary <flag=values>",
      "try these values of a flag, such as lr=1e-4,1e-3; with --random also a range: lr=1e-4..1e-1:log. Repeat it for " +
        "more flags; for a flag that takes a list, once per list",
      (value: string, before: readonly string[] = []) => [...before, value],
    );
  addFlags(command, flagsOf(sweepFields));
  addHandOverFlags(command);
  return command
    .option("--ask", "read trials from standard input and answer each, one JSON object per line")
    .option("--json", "print one JSON object per line, one line per trial, and no progress bar");
}

/** The name of a flag without dashes. */
export const nameOf = ({ usage }: Pick<Flag, "usage">): string => usage.split(" ", 1)[0].slice(2);

/** Settings as text, from JSON: numbers, words, true or false, or lists of these. */
export function settingsIn(value: unknown, flags: readonly Varied[], where: string): Settings {
  if (!isObject(value)) throw new UsageError(`${where} is ${quote(value)}. Write a JSON object such as {"lr": 0.001}.`);
  return Object.fromEntries(
    Object.entries(value).map(([name, given]) => {
      const flag = flagNamed(name, flags, where);
      return [name, flag.read(Array.isArray(given) ? given.join(",") : String(given))];
    }),
  );
}

/** The trials that the flags ask for. Throws a UsageError if they ask for none, or for some in two ways. */
export function trialsOf({ vary = [], random, randomSeed }: SweepFlags, flags: readonly Varied[]): Settings[] {
  if (vary.length === 0) {
    throw new UsageError("there is nothing to sweep. Pass --vary, such as --vary lr=1e-4,1e-3, or --from or --ask.");
  }
  const space = spaceOf(vary, flags, random !== undefined);
  return random === undefined ? grid(space as Record<string, unknown[]>) : draw(Key.of(randomSeed ?? 0), random, space);
}

function flagNamed(name: string, flags: readonly Varied[], where: string): Varied {
  const found = flags.find((flag) => nameOf(flag) === name);
  if (found) return found;
  throw new UsageError(
    `${where} has no flag ${quote(name)} to vary.${didYouMean(name, flags.map(nameOf))} There are ${flags.map(nameOf).join(", ")}.`,
  );
}

/** The values of each flag that is varied. */
function spaceOf(
  vary: readonly string[],
  flags: readonly Varied[],
  random: boolean,
): Record<string, unknown[] | Interval> {
  const space = new Map<string, unknown[] | Interval>();
  for (const given of vary) {
    const [, name, values] = /^(?:--)?([\w-]+)=(.*)$/s.exec(given) ?? [];
    if (name === undefined)
      throw new UsageError(`--vary is ${quote(given)}. Pass a flag and its values: lr=1e-4,1e-3.`);
    const flag = flagNamed(name, flags, "--vary");
    const isList = flag.usage.endsWith("<list>");
    const before = space.get(name);
    if (before && !isList)
      throw new UsageError(`--vary names ${name} twice. Give all its values at once, with commas.`);
    const range = rangeIn(values, flag);
    if (range && !random) {
      throw new UsageError(
        `--vary ${given} is a range, from which values are drawn. Add --random <n>, or list values.`,
      );
    }
    const read = (): unknown[] => (isList ? [flag.read(values)] : values.split(",").map((value) => flag.read(value)));
    space.set(name, range ?? [...((before as unknown[] | undefined) ?? []), ...read()]);
  }
  return Object.fromEntries(space);
}

/** The range in "1e-4..1e-1:log"; undefined for text that is not a range. */
function rangeIn(values: string, flag: Varied): Interval | undefined {
  const [, from, to, log] = /^([^,]*?[^.,])\.\.([^.,:][^,:]*)(:log)?$/.exec(values) ?? [];
  if (from === undefined) return undefined;
  const [low, high] = [flag.read(from), flag.read(to)];
  if (typeof low !== "number" || typeof high !== "number") {
    throw new UsageError(
      `--vary ${nameOf(flag)}=${values} is a range, but the setting is not a number. List the values instead.`,
    );
  }
  if (low >= high)
    throw new UsageError(`--vary ${nameOf(flag)}=${values} is an empty range. Give the smaller end first.`);
  return { low, high, scale: log ? "log" : "linear", whole: takesWholeNumbers(flag, low) };
}

/** Whether a flag refuses fractions. */
function takesWholeNumbers(flag: Varied, low: number): boolean {
  try {
    flag.read(String(low + 0.5));
    return false;
  } catch {
    return true;
  }
}
