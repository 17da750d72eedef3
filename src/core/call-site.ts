// Where in the user's code something happened, for messages.

/** The first line of a stack outside this library's own folders, as `file.ts:41`. */
export function callSite(error: Error): string {
  const lines = (error.stack ?? "").split("\n").slice(1);
  const line = lines.find((text) => !/[/\\](src|dist)[/\\](core|autodiff|ops)[/\\]/.test(text)) ?? "";
  return /([^/\\( ]+:\d+):\d+\)?$/.exec(line)?.[1] ?? "an unknown place";
}
