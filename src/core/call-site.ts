// Where in the user's program something happened, for messages.

/** `file.ts:41` and the folder it is in, from a line of a stack. */
const PLACE = /([^\s(@]*?)([^/\\\s(@]+:\d+):\d+\)?$/;

/** How many frames a deep stack has. */
const DEEP = 100;

/** A stack, written out only when it is read. */
interface Stack {
  readonly stack?: string;
}

const framesOf = ({ stack = "" }: Stack): string[] => stack.split("\n").filter((line) => PLACE.test(line));

/** Beside the whole stack of an error, the part of it above the library, where that is known. */
const above = new WeakMap<Error, Stack>();

/** The folder of this library, `src/` or `dist/`; undefined where a bundle has made one file of it and the program. */
let root: string | undefined;
let sought = false;

function libraryRoot(): string | undefined {
  if (sought) return root;
  sought = true;
  const own = PLACE.exec(framesOf(new Error())[0] ?? "")?.[1] ?? "";
  root = /^(.*[/\\])(?:core|chunks)[/\\]/.exec(own)?.[1];
  return root;
}

/**
 * The innermost line of a stack outside this library, as `rule.ts:17`. In a bundle, where the library cannot be told from
 * the program, only stacks from `stackAbove` have one.
 */
export function callSite(error: Error): string {
  const library = libraryRoot();
  const line =
    library === undefined
      ? framesOf(above.get(error) ?? {})[0]
      : framesOf(error).find((text) => !text.includes(library));
  return PLACE.exec(line ?? "")?.[2] ?? "an unknown place";
}

/** An error that knows where it was made, and also, as far as the engine tells, where `called` was called. */
export function stackAbove(called: (...args: never[]) => unknown): Error {
  const error = new Error();
  if (Error.captureStackTrace && libraryRoot() === undefined) {
    const part: Stack = {};
    Error.captureStackTrace(part, called);
    above.set(error, part);
  }
  return error;
}

/** Runs `f` with stacks deep enough to reach through loops and transforms. */
export function withDeepStacks<T>(f: () => T): T {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = DEEP;
  try {
    return f();
  } finally {
    Error.stackTraceLimit = before;
  }
}
