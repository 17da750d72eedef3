// What commands print on standard output: lines, JSON lines, and tables whose columns line up.

import type { Table } from "../studies/index.js";

/** Prints a line. */
export function say(line = ""): void {
  process.stdout.write(`${line}\n`);
}

/** Prints a value as one line of JSON; NaN and the infinities, which JSON does not have, become null. */
export function sayJson(value: unknown): void {
  say(JSON.stringify(value));
}

/**
 * Ends the process quietly when nobody reads standard output any more, as in `synaptape ... | head`: like any program
 * that the system ends by SIGPIPE, with exit code 128 + 13.
 */
export function endWithReader(): void {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(141);
    throw error;
  });
  process.stderr.on("error", () => {}); // there is nowhere left to report it
}

/** The width of the terminal; infinite where standard output is none. */
const terminalWidth = (): number => (process.stdout.isTTY && process.stdout.columns) || Number.POSITIVE_INFINITY;

/**
 * Rows of cells as lines, each column as wide as its widest cell: the first aligned left, the others right. Where the
 * terminal is too narrow, each row is a list of its cells under their heads, which the first row holds.
 */
export function table(rows: readonly (readonly string[])[], width = terminalWidth()): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  if (widths.reduce((sum, each) => sum + each + 2, -2) > width) return listed(rows, width);
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("  ")
      .trimEnd(),
  );
}

/** Rows as lists: the first cell on a line of its own, and the others with the heads of their columns. */
function listed([heads, ...rows]: readonly (readonly string[])[], width: number): string[] {
  const lines = rows.flatMap(([first, ...cells]) => [
    first,
    ...cells.map((cell, i) => `  ${heads[i + 1] === "" ? "" : `${heads[i + 1]}: `}${cell}`),
  ]);
  return folded(lines.join("\n"), width).split("\n");
}

/** Text whose lines are at most this wide: longer ones go on in the next line, further to the right. */
export function folded(text: string, width = terminalWidth()): string {
  return text
    .split("\n")
    .flatMap((line) => foldedLine(line, width))
    .join("\n");
}

function foldedLine(line: string, width: number): string[] {
  const indent = " ".repeat(Math.min((/^ */.exec(line)?.[0].length ?? 0) + 4, Math.floor(width / 3)));
  const lines: string[] = [];
  let rest = line.trimEnd();
  if (rest.length > width && rest.length - rest.trimStart().length > indent.length) rest = indent + rest.trimStart();
  while (rest.length > width) {
    const space = rest.lastIndexOf(" ", width);
    if (space <= indent.length || rest.slice(0, space).trim() === "") break; // one long word is left as it is
    lines.push(rest.slice(0, space).trimEnd());
    rest = indent + rest.slice(space).trimStart();
  }
  return [...lines, rest];
}

/** A table of a figure as lines. */
export function linesOf({ columns, rows }: Pick<Table, "columns" | "rows">): string[] {
  return table([columns.map(({ head }) => head), ...rows]);
}

/** A share as a percentage with one decimal. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Seconds in words: "8 s", "3 min 05 s", "1 h 20 min". */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (n: number) => String(n).padStart(2, "0");
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** A number of bytes in the unit that suits it. */
export function bytes(count: number): string {
  if (count >= 2 ** 30) return `${(count / 2 ** 30).toFixed(1)} GiB`;
  return `${Math.round(count / 2 ** 20)} MiB`;
}
