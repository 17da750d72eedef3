// `synaptape slurm-task`: what the tasks of a job array run. It can also be run by hand, on any machine that shares the
// disk, and then helps with the same cells.
import { requeue, runTask } from "../engines/internal.js";
import { studyThreads } from "../studies/index.js";
import { say } from "./output.js";

/** Computes what is free in a manifest. The warning of Slurm puts the task back into the queue. */
export async function runSlurmTask(file: string): Promise<void> {
  const stop = new AbortController();
  let code: number | undefined;
  const end = (own: number) => () => {
    code ??= own;
    stop.abort();
  };
  const handlers = { SIGUSR1: end(0), SIGINT: end(128 + 2), SIGTERM: end(128 + 15) } as const;
  for (const [name, handler] of Object.entries(handlers)) process.on(name, handler);
  const { done, failed, stopped } = await runTask(file, {
    ...{ open: studyThreads, signal: stop.signal, say },
  });
  say(`${done} cells done, ${failed} failed${stopped ? ", stopped before the rest" : ""}.`);
  if (code === 0) {
    say("The warning came: back into the queue.");
    await requeue();
  }
  process.exitCode = code ?? (failed > 0 ? 1 : 0);
}
