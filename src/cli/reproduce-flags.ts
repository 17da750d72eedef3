// The flags of `reproduce`: those that every study has, and one for each setting in the studies' tables of fields.
import { type Command, Option } from "commander";
import { quote } from "../core/index.js";
import { didYouMean, type Flag, flagsOf } from "../fields/index.js";
import { type AnyStudy, type Scale, scales } from "../studies/index.js";
import { knownStudies } from "../studies/internal.js";
import { addFlag, addFlags } from "./add-flags.js";
import { type DataFlags, dataFlags, dataOf } from "./data.js";
import { type ExecutorFlags, executorField, queueFields } from "./executor.js";
import { UsageError } from "./failure.js";
import { addHandOverFlags } from "./handed-over.js";
import { addModule, type ModuleFlags } from "./own-module.js";
import { text, whole, word } from "./values.js";

/** The flags of `reproduce` that were given; settings of studies are still text. */
export interface ReproduceFlags extends DataFlags, ExecutorFlags, ModuleFlags {
  readonly seeds?: number;
  readonly out?: string;
  readonly scale?: Scale;
  readonly json?: boolean;
  readonly [setting: string]: unknown;
}

/** What is run. */
export interface Named {
  readonly study: AnyStudy;
  /** The names of the parts to run, if not the whole study. */
  readonly parts?: readonly string[];
  readonly scale: Scale;
  /** Settings that were given. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** Where results are kept by default, in a folder for each study. */
export const OUT = "reproduction";

// What follows is read when --module has been loaded, so that it knows the studies of the user's own.

/** The parts of studies by name, in the order of the studies. */
const parts = new Map(
  knownStudies().flatMap((study) => Object.keys(study.parts ?? {}).map((name) => [name, study] as const)),
);

/** The study that "all" means: the one whose parts have names. */
const withParts = knownStudies().find((study) => study.parts);

/** The settings of all studies that have flags, each flag once. */
const settings = new Map(
  knownStudies().flatMap(({ fields }) => flagsOf(fields).map((flag) => [flag.key, flag] as const)),
);

/** The names of the studies that have the setting of this flag. */
const having = ({ key }: Flag): string =>
  knownStudies()
    .filter(({ fields }) => flagsOf(fields).some((flag) => flag.key === key))
    .map(({ name }) => name)
    .join(", ");

/** What a name and its flags ask for. Throws a UsageError for flags that do not fit. */
export function namedBy(name: string, flags: ReproduceFlags): Named {
  dataOf(flags); // flags about images that contradict each other are refused before anything else
  const named = knownStudies().find((each) => each.name === name);
  const study = named ?? parts.get(name) ?? (name === "all" ? withParts : undefined);
  if (!study) {
    const known = [...knownStudies().map((each) => each.name), ...parts.keys()];
    throw new UsageError(
      `there is no study or figure ${quote(name)}.${didYouMean(name, known)} Pass ${known.join(", ")} or all.`,
    );
  }
  const own = flagsOf(study.fields);
  const odd = [...settings.values()].find(
    ({ key }) => flags[key] !== undefined && !own.some((flag) => flag.key === key),
  );
  if (odd)
    throw new UsageError(`${study.name} has no ${odd.name}, which is a setting of ${having(odd)}. Leave it out.`);
  if (!study.images) {
    const images = (["data", "prefix", "size", "colour"] as const).find((flag) => flags[flag] !== undefined);
    if (images) throw new UsageError(`${study.name} uses no images, so it has no --${images}. Leave it out.`);
  }
  const given = own.filter(({ key }) => flags[key] !== undefined);
  const config = Object.fromEntries(given.map(({ option, key, read }) => [option, read(flags[key] as string)]));
  if (named) return { study, scale: flags.scale ?? "quick", config };
  // A part named by itself is run at the paper's scale.
  return {
    study,
    scale: flags.scale ?? "full",
    config,
    parts: name === "all" ? Object.keys(study.parts ?? {}) : [name],
  };
}

/** Adds the flags of `reproduce` to a command. */
export function addReproduceFlags(command: Command): Command {
  addFlag(
    command,
    "--scale <name>",
    "smoke (seconds), quick (minutes) or full (default: quick, for a figure full)",
    (f) => word(f, scales),
  );
  addFlags(command, dataFlags);
  addFlag(
    command,
    "--seeds <n>",
    "runs of each configuration, with seeds from 0 (default: as the study sets it)",
    (f) => whole(f, 1, 10_000),
  );
  addFlag(command, "--workers <n>", "cells to run at once (default: one per core)", (f) => whole(f, 1, 256));
  addFlags(command, flagsOf({ executor: executorField, ...queueFields }));
  addHandOverFlags(command);
  addFlag(command, "--out <dir>", `where results are kept (default: ${OUT}/<study>)`, (f) => text(f, "a folder"));
  addModule(command);
  for (const flag of settings.values()) {
    const help = flag.help.replace(/ \(default: .*\)$/, "");
    command.addOption(new Option(flag.usage, `${help} (${having(flag)})`).argParser((given: string) => given));
  }
  return command
    .option("--json", "print one JSON object per line, one line per claim, and no progress bar")
    .addHelpText(
      "after",
      `\n${namesHelp()}\n\nResults are kept and shared between figures. To continue a stopped command, run it again.\n` +
        "Exit codes: 0 done, 1 a run failed or a law does not hold, 2 wrong usage, 130 or 143 stopped by a signal.",
    );
}

/** The names of figures, for the help of the argument. */
export const partNames = (): string => [...parts.keys()].join(", ");

/** The lines about studies and figures under the flags. */
function namesHelp(): string {
  const list = (rows: readonly (readonly [string, string])[]): string => {
    const width = Math.max(...rows.map(([name]) => name.length));
    return rows.map(([name, what]) => `  ${name.padEnd(width)}  ${what}`).join("\n");
  };
  const figures = knownStudies()
    .filter((study) => study.parts)
    .map(({ name, parts: own = {} }) => {
      const rows = Object.entries(own).map(([part, { title }]) => [part, title] as const);
      return `Parts of ${name}:\n${list(rows)}`;
    });
  return [
    `Studies:\n${list(knownStudies().map(({ name, about }) => [name, about.split(/[:?]/)[0]] as const))}`,
    ...figures,
  ].join("\n\n");
}
