// How a command ends badly: one sentence on standard error and an exit code, 2 for misuse and 1 for failure. A stack
// trace is for bugs, and only for those who ask for it.
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

/** What engines say where something is too large for them: no memory for a buffer, or more than one may hold. */
const TOO_LARGE = /^(Array buffer allocation failed|Invalid (typed array|string) length(: \d+)?)$/;

/** The sentence and the exit code of whatever was thrown. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return bug(new Error(String(error)));
  if (error instanceof UsageError) return { message: error.message, code: 2 };
  const { path } = error as NodeJS.ErrnoException;
  const told = explained(error, `${path ?? "a file"} cannot be used`, "Put that right and try again.") as Error;
  if (EXPECTED.has(told.name)) return { message: inFlags(oneLine(told.message), TABLES), code: 1 };
  if (error instanceof RangeError && TOO_LARGE.test(error.message)) {
    const cure = "Use less data, smaller networks or fewer --workers, or a machine with more memory";
    return { message: `the JavaScript engine cannot hold so much at once (${error.message}). ${cure}.`, code: 1 };
  }
  return bug(error);
}

/** Prints the failure and sets the exit code. */
export function fail(error: unknown): void {
  const { message, code } = failureOf(error);
  process.stderr.write(`synaptape: ${message}\n`);
  process.exitCode = code;
}

/** Messages name the function they come from in brackets, which helps in a program and not on a command line. */
function oneLine(message: string): string {
  return message.replace(/^\[[^\]]*\] /, "").replace(/\s*\n\s*/g, " ");
}

function bug(error: Error): Failure {
  const trace = process.env.SYNAPTAPE_DEBUG === "1";
  const how = trace ? `\n${error.stack}` : " Run it again with SYNAPTAPE_DEBUG=1 for where it happened.";
  return { message: `${oneLine(error.message)} (this is a bug in synaptape).${how}`, code: 1 };
}
