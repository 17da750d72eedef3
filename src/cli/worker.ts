// `synaptape worker`: computes the cells that commands with --executor send, until it is told to end.
import { availableParallelism } from "node:os";
import { processName, workAt } from "../engines/internal.js";
import { studyThreads } from "../studies/index.js";
import { say } from "./output.js";
import { connectQueue, type WorkerFlags } from "./queue-address.js";

/** After so many milliseconds of silence, others get the cells of a worker. */
const LEASE = 30_000;

/** Works until a signal: the first lets it finish its cells, the second makes it give them back. */
export async function runWorker({ engine, workers, lease }: WorkerFlags): Promise<void> {
  const count = workers ?? availableParallelism();
  const tell = (sentence: string): void => void process.stderr.write(`synaptape: ${sentence}\n`);
  const link = await connectQueue(engine);
  const [drain, stop] = [new AbortController(), new AbortController()];
  const onSignal = (): void => {
    if (drain.signal.aborted) stop.abort();
    else tell("finishing its cells, and taking no more. Once more gives them back at once.");
    drain.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, onSignal);
  const executor = studyThreads(count);
  const id = await processName();
  try {
    say(`${id} computes cells from ${link.name}, ${count} at once. Ctrl-C ends it.`);
    const done = await workAt(link, {
      ...{ executor, id, tell, lease: lease === undefined ? LEASE : 1000 * lease },
      ...{ drain: drain.signal, stop: stop.signal },
    });
    say(`${done} ${done === 1 ? "cell" : "cells"} computed.`);
  } finally {
    await Promise.allSettled([executor.close(), link.close()]);
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, onSignal);
    // BullMQ goes on looking for a server that is away, which would keep this process.
    setTimeout(() => process.exit(), 1000).unref();
  }
}
