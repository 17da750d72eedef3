// Runs one command after the other in one process: the start of an engine takes longer than most commands of the tests.
// A message has the arguments; the answer, what the command printed and the code that its process would have ended with.
import { fail } from "../../src/cli/failure.js";
import { runProgram } from "../../src/cli/program.js";

/** Keeps what is written to a stream from now on; the function returned gives it. */
function kept(stream: NodeJS.WriteStream): () => string {
  let text = "";
  stream.write = ((part: string) => {
    text += part;
    return true;
  }) as typeof stream.write;
  return () => text;
}

process.on("message", async (args: string[]) => {
  const [stdout, stderr] = [kept(process.stdout), kept(process.stderr)];
  process.exitCode = undefined;
  await runProgram(args).catch(fail);
  process.send?.({ code: process.exitCode ?? 0, stdout: stdout(), stderr: stderr() });
});
