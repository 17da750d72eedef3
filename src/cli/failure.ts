// How a command fails: a sentence on standard error and an exit code, 2 for wrong usage and 1 for failure. A stack
// trace is printed only for bugs, and only on request.
import { inFlags, UsageError } from "../fields/index.js";
import { optionTables } from "../meta/internal.js";
import { explained } from "../runs/node.js";
import { runFields } from "./flags.js";

export { UsageError };

/** The settings that have flags. */
const TABLES = [...optionTables, runFields];

/** What to print and which code to exit with. */
export interface Failure {
  readonly message: string;
  readonly code: number;
}

/** Errors with these names come from outside the program, not from a bug in it. */
const EXPECTED: ReadonlySet<string> = new Set([
  "InputError",
  "DivergedError",
  "MemoryError",
  "EngineError",
  "ThreadError",
  "GpuUnsupportedError",
  "GpuLostError",
]);

/**
 * What engines say when something is too large: there is no memory for a buffer, or it exceeds the limit on its length.
 */
const TOO_LARGE = /^(Array buffer allocation failed|Invalid (typed array|string) length(: \d+)?)$/;

/** The cure on a command line: those that the library names are for programs. */
const SMALLER = "Use less data, smaller networks or fewer --workers, or a machine with more memory.";

/** The first sentence. */
const factOf = (message: string): string => message.replace(/(?<=\.)\s.*/s, "");

/** The sentence and the exit code for anything that was thrown. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return bug(new Error(String(error)));
  if (error instanceof UsageError) return { message: error.message, code: 2 };
  const { path } = error as NodeJS.ErrnoException;
  const told = explained(error, `${path ?? "a file"} cannot be used`, "Correct that and try again.") as Error;
  if (told.name === "MemoryError") return { message: `${factOf(oneLine(told.message))} ${SMALLER}`, code: 1 };
  if (EXPECTED.has(told.name)) return { message: inFlags(oneLine(told.message), TABLES), code: 1 };
  if (error instanceof RangeError && TOO_LARGE.test(error.message)) {
    return { message: `the data are too large for the JavaScript engine (${error.message}). ${SMALLER}`, code: 1 };
  }
  return bug(error);
}

/** A sentence for each error that cells failed with, which is told once if it is that of several cells. */
export function failureLines(
  failures: readonly { readonly cell: { readonly kind: string; readonly seed: number }; readonly error: unknown }[],
): string[] {
  const cells = new Map<string, string[]>();
  for (const { cell, error } of failures) {
    const { message } = failureOf(error);
    cells.set(message, [...(cells.get(message) ?? []), `the cell of seed ${cell.seed} of ${cell.kind}`]);
  }
  return [...cells].map(([message, [first, ...others]]) =>
    others.length === 0
      ? `${first} failed: ${message}`
      : `${first} and ${others.length} more ${others.length === 1 ? "cell" : "cells"} failed: ${message}`,
  );
}

/** Prints the failure and sets the exit code. */
export function fail(error: unknown): void {
  const { message, code } = failureOf(error);
  process.stderr.write(`synaptape: ${message}\n`);
  process.exitCode = code;
}

/**
 * Removes the function's name in brackets that messages begin with: it helps in a program, but not on a command line.
 */
function oneLine(message: string): string {
  return message.replace(/^\[[^\]]*\] /, "").replace(/\s*\n\s*/g, " ");
}

function bug(error: Error): Failure {
  const trace = process.env.SYNAPTAPE_DEBUG === "1";
  const how = trace ? `\n${error.stack}` : " Run it again with SYNAPTAPE_DEBUG=1 to see where it happened.";
  return { message: `${oneLine(error.message)} (this is a bug in synaptape).${how}`, code: 1 };
}
