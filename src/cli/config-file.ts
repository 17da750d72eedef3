// `--config`: flags from a file of JSON, whose fields are named like the flags; a flag that is given wins. The record of a run
// is such a file too: see `recordIn`.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Command, Option } from "commander";
import { plain, quote } from "../core/index.js";
import { didYouMean, isObject, UsageError } from "../fields/index.js";
import { parseJson, textOf } from "../io/index.js";
import { parseTrainConfig, type TrainConfig } from "../meta/index.js";
import { explained, readPlain } from "../runs/node.js";
import { addFlag, valueAmong } from "./add-flags.js";
import { flagOf, text } from "./values.js";

/** The flag's name. */
const NAME = "--config";

/** Adds the flag to a command, or to its commands if it has some. */
export function addConfig(command: Command): void {
  for (const each of command.commands) addConfig(each);
  if (command.commands.length > 0) return;
  addFlag(command, `${NAME} <file>`, 'JSON with flags, such as {"lr": 0.001}; flags that are given here win', (f) =>
    text(f, "a file of JSON"),
  );
}

/** These arguments with the flags of their config file in front of those that are given. */
export async function withConfig(program: Command, args: readonly string[]): Promise<readonly string[]> {
  let command = program;
  let at = 0;
  for (; at < args.length; at++) {
    const next = command.commands.find((each) => each.name() === args[at]);
    if (!next) break;
    command = next;
  }
  const file = valueAmong(args, NAME);
  if (file === undefined || !command.options.some(({ long }) => long === NAME)) return args;
  const value = await jsonIn(file);
  if (isRecord(value)) {
    if (command.options.some(({ long }) => long === "--meta-batch")) return args;
    throw new UsageError(
      `${plain(file)} is the record of a run, which only train takes. Give a file with flags of this command.`,
    );
  }
  const given = Object.entries(value).flatMap(([name, setting]) => wordsFor(command, file, name, setting));
  return [...args.slice(0, at), ...given, ...args.slice(at)];
}

/** The run that a config file is the record of; undefined for no file and for a file of flags. */
export async function recordIn(file: string | undefined): Promise<TrainConfig | undefined> {
  if (file === undefined) return undefined;
  const value = await jsonIn(file);
  return isRecord(value) ? parseTrainConfig(value, plain(file)) : undefined;
}

/** Whether this is a run's config.json: only that describes a rule in an object of its own. */
const isRecord = (value: Record<string, unknown>): boolean => isObject(value.plasticity);

/** The object in a file, or in the config.json of a folder. */
async function jsonIn(given: string): Promise<Record<string, unknown>> {
  const folder = await stat(given).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const file = folder ? join(given, "config.json") : given;
  const bytes = await readPlain(file).catch((error: unknown) => {
    throw explained(error, `${NAME} ${plain(file)} cannot be read`, "Give a file of JSON, or the folder of a run.");
  });
  let value: unknown;
  try {
    value = parseJson(textOf(bytes, plain(file)), plain(file));
  } catch (error) {
    throw new UsageError(
      `${(error as Error).message.replace(/^\[[^\]]*\] /, "").replace(/[.]?$/, ".")} Write JSON such as {"lr": 0.001}.`,
    );
  }
  if (isObject(value)) return value;
  throw new UsageError(`${plain(file)} holds ${quote(value)}. Write an object of JSON, such as {"lr": 0.001}.`);
}

/** A setting of the file as words of the command line. */
function wordsFor(command: Command, file: string, name: string, setting: unknown): string[] {
  const long = flagOf(name);
  const known = command.options.filter((option) => option.long !== NAME);
  const option = known.find((each) => each.long === long);
  if (!option) {
    const names = known.map(nameOf);
    throw new UsageError(
      `${plain(file)} has the field ${quote(name)}, and ${command.name()} has no flag ${plain(long)}.` +
        `${didYouMean(name, names, (word) => `"${word}"`)} Remove it; there are ${names.join(", ")}.`,
    );
  }
  if (option.isBoolean()) {
    if (typeof setting === "boolean") return setting ? [long] : [];
    throw new UsageError(`${plain(file)} has ${quote(setting)} as ${quote(name)}. Make it true or false.`);
  }
  const texts = listOf(setting).map((each) => {
    if (typeof each === "string" || typeof each === "number" || typeof each === "boolean") return String(each);
    throw new UsageError(
      `${plain(file)} has ${quote(setting)} as ${quote(name)}. Make it text, a number, or a list of these.`,
    );
  });
  return option.flags.endsWith("<list>") ? [`${long}=${texts.join(",")}`] : texts.map((each) => `${long}=${each}`);
}

const listOf = (setting: unknown): readonly unknown[] => (Array.isArray(setting) ? setting : [setting]);

/** A flag's name without dashes. */
const nameOf = ({ long, flags }: Option): string => (long ?? flags).slice(2);
