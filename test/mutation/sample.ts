// Which lines are mutated: all lines of code of a folder, or a fixed choice of them.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A line of a source file, counted from 1. */
export interface Line {
  /** The file, from the root of the repository. */
  readonly file: string;
  /** Which line. */
  readonly line: number;
}

/** Lines that hold nothing to mutate: comments, imports, exports of other files' names, types, and lone brackets. */
const NOTHING = /^\s*($|\/\/|\/?\*|import\b|export (\{|\*|type\b|interface\b)|type\b|readonly [\w"]+\??:|[\])}({;,]*$)/;

/** The lines of code of these files, in the order of the files. */
export function linesOf(files: readonly string[]): (Line & { readonly text: string })[] {
  return files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .map((text, i) => ({ file, line: i + 1, text }))
      .filter(({ text }) => !NOTHING.test(text)),
  );
}

/**
 * The source files of a folder of `src`, or of one file: all of them, or those that are named from the folder, without
 * `.ts`; the name of a folder stands for its files.
 */
export function filesOf(folder: string, names?: readonly string[]): string[] {
  const root = join("src", folder);
  const files = folder.endsWith(".ts")
    ? [folder]
    : readdirSync(root, { recursive: true, encoding: "utf8" }).map((name) => join(root, name));
  const code = files.filter((file) => /\.ts$/.test(file) && !/\.generated\.ts$|\/index\.ts$/.test(file)).sort();
  const within = (file: string, name: string): boolean =>
    file === join(root, `${name}.ts`) || file.startsWith(join(root, name, "/"));
  const missing = names?.find((name) => !code.some((file) => within(file, name)));
  if (missing) throw new Error(`[mutate] src/${folder}/${missing} is not there: correct test/mutation/choice.ts.`);
  return names ? code.filter((file) => names.some((name) => within(file, name))) : code;
}

/**
 * `count` of these lines, the same ones whenever they are asked for: those whose file and text have the smallest hashes,
 * so that a change elsewhere moves no other line into or out of the choice.
 */
export function sample(lines: ReturnType<typeof linesOf>, count: number, seed = 1): Line[] {
  const rank = ({ file, text }: (typeof lines)[number]): string =>
    createHash("sha256").update(`${seed} ${file} ${text.trim()}`).digest("hex");
  return lines
    .map((line) => ({ line, rank: rank(line) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : 1))
    .slice(0, count)
    .map(({ line: { file, line } }) => ({ file, line }));
}
