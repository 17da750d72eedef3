// The flags of `reproduce`.
import { type Command, Option } from "commander";
import { quote } from "../core/index.js";
import { EPISODE_LIMIT } from "../meta/config.js";
import { type FigureName, figures } from "../report/experiments.js";
import { type AnyStudy, type Scale, scales, studies } from "../studies/index.js";
import { UsageError } from "./failure.js";
import { list, text, whole, word } from "./values.js";

/** The flags of `reproduce` that were given. */
export interface ReproduceFlags {
  readonly data?: string;
  readonly prefix?: string;
  readonly seeds?: number;
  readonly workers?: number;
  readonly out?: string;
  readonly episodes?: number;
  readonly ways?: number;
  readonly shots?: number;
  readonly queries?: number;
  readonly hidden?: number[];
  readonly scale?: Scale;
  readonly json?: boolean;
}

/** Flags that are about runs of meta-training, and mean nothing to other studies. */
const OF_FIGURES = ["prefix", "episodes", "ways", "shots", "queries", "hidden"] as const;

/** What the flags default to: the published protocol, five seeds, as many episodes as the report's statistic needs. */
export const REPRODUCE = { out: "reproduction", seeds: 5, episodes: 180, ways: 5, shots: 50, queries: 10 } as const;

/** The names of the figures. */
export const FIGURES = Object.keys(figures) as FigureName[];

/** What a word names: figures of recurrent chemical networks, or a study. Throws a UsageError for flags that do not go with it. */
export function namedBy(name: string, flags: ReproduceFlags): readonly FigureName[] | AnyStudy {
  const figure = FIGURES.find((each) => each === name);
  if (figure || name === "all") {
    if (flags.scale === undefined) return figure ? [figure] : FIGURES;
    throw new UsageError(`--scale ${flags.scale} is for studies, and ${name} has none. Leave it out.`);
  }
  const study = studies.find((each) => each.name === name);
  if (!study) {
    const known = [...studies.map((each) => each.name), ...FIGURES].join(", ");
    throw new UsageError(`there is no study or figure ${quote(name)}. Pass ${known} or all.`);
  }
  const odd = OF_FIGURES.find((flag) => flags[flag] !== undefined);
  if (odd) throw new UsageError(`--${odd} is for figures such as fig1; ${name} has no such setting. Leave it out.`);
  return study;
}

/** Adds the flags of `reproduce` to a command. */
export function addReproduceFlags(command: Command): Command {
  const add = <T>(flags: string, help: string, read: (flag: string) => (text: string) => T): void => {
    const parse = read(flags.split(" ")[0]);
    command.addOption(new Option(flags, help).argParser((given: string) => parse(given)));
  };
  add("--data <glyphs|dir>", "the built-in characters, or a folder with IDX files (default: glyphs)", (f) =>
    text(f, "glyphs or a folder"),
  );
  add("--prefix <text>", "which files of the folder (default: train)", (f) =>
    text(f, "what the names of the files begin with"),
  );
  add("--scale <name>", "studies: smoke (seconds), quick (minutes) or full (default: quick)", (f) => word(f, scales));
  add("--seeds <n>", `runs of each configuration, from seed 0 on (default: ${REPRODUCE.seeds}, or the study's)`, (f) =>
    whole(f, 1, 10_000),
  );
  add("--workers <n>", "runs at once (default: one a core)", (f) => whole(f, 1, 256));
  add("--out <dir>", `where runs and results are kept (default: ${REPRODUCE.out}, or ${REPRODUCE.out}/<study>)`, (f) =>
    text(f, "a folder"),
  );
  add("--episodes <n>", `tasks to learn from (default: ${REPRODUCE.episodes})`, (f) => whole(f, 1, EPISODE_LIMIT));
  add("--ways <n>", `classes in a task (default: ${REPRODUCE.ways})`, (f) => whole(f, 1, 65536));
  add("--shots <n>", `images of each class to learn from (default: ${REPRODUCE.shots})`, (f) => whole(f, 1, 1e6));
  add("--queries <n>", `images of each class asked about (default: ${REPRODUCE.queries})`, (f) => whole(f, 1, 1e6));
  add("--hidden <list>", "widths of the hidden layers (default: 170,130,100,70)", (f) =>
    list(f, { from: 1, to: 16384, example: "170,130,100,70" }),
  );
  return command
    .option("--json", "one JSON object a line on standard output, and no progress bar")
    .addHelpText(
      "after",
      `\n${studyHelp()}\n\n${figureHelp()}\n\nRuns are kept, and shared between figures: the same command goes on where it was stopped.\n` +
        "Exit codes: 0 done, 1 a run failed or a law does not hold, 2 misused, 130 or 143 stopped by a signal.",
    );
}

/** The lines about studies under the flags. */
function studyHelp(): string {
  const width = Math.max(...studies.map(({ name }) => name.length));
  return ["Studies:", ...studies.map(({ name, about }) => `  ${name.padEnd(width)}  ${about.split(":")[0]}`)].join(
    "\n",
  );
}

/** The lines about figures under the flags. */
function figureHelp(): string {
  const width = Math.max(...FIGURES.map((name) => name.length));
  return [
    "Figures of recurrent chemical networks:",
    ...FIGURES.map((name) => `  ${name.padEnd(width)}  ${figures[name].title}`),
  ].join("\n");
}
