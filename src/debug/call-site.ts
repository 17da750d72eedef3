// The line of the user's program in a stack.

/** The folder of this library: `src/`, or `dist/` once built. */
const root = new URL("..", import.meta.url).pathname;

/** The innermost line of a stack outside this library, as `rule.ts:17`. */
export function callSite(error: Error): string {
  const lines = (error.stack ?? "").split("\n").filter((line) => /:\d+:\d+\)?$/.test(line));
  const line = lines.find((text) => !text.includes(root)) ?? "";
  return /([^/\\( ]+:\d+):\d+\)?$/.exec(line)?.[1] ?? "an unknown place";
}

/** Runs `f` with stacks deep enough to reach through loops and transforms. */
export function withDeepStacks<T>(f: () => T): T {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  try {
    return f();
  } finally {
    Error.stackTraceLimit = before;
  }
}
