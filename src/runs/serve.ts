// The other side of a pool: how a thread handles the messages that it gets, in Node and in a page.
import { failureOf } from "./failure.js";
import { inNode } from "./platform.js";
import type { FromThread } from "./pool.js";

/** What a job may do while it runs. */
export interface JobContext {
  /** Aborted when the job should stop. */
  readonly signal: AbortSignal;
  /** Sends a note about the job to the pool. */
  note(note: unknown): void;
}

/** What a thread does. */
export interface Service<Begin, Job> {
  /** Called with the first message. If it fails, every job fails. */
  begin(message: Begin): void | Promise<void>;
  /** Computes the result of a job. */
  run(job: Job, context: JobContext): unknown;
  /** The buffers of a result that are transferred instead of copied. */
  transfer?(result: never): ArrayBuffer[];
}

type Post = (message: FromThread, transfer?: ArrayBuffer[]) => void;

/** Serves jobs in this thread, from the first message on. Called once, at the top of the thread's module. */
export function serveJobs<Begin, Job>(service: Service<Begin, Job>): void {
  const receive = receiver(service);
  if (inNode) {
    // A port of Node keeps its messages until something listens. A browser's does not, so nothing may be awaited there.
    void import("node:worker_threads").then(({ parentPort }) => {
      parentPort?.on("message", (message) =>
        receive(message, (reply, transfer = []) => parentPort.postMessage(reply, transfer)),
      );
    });
  } else {
    self.onmessage = ({ data }) => void receive(data, (reply, transfer = []) => self.postMessage(reply, { transfer }));
  }
}

function receiver<Begin, Job>(service: Service<Begin, Job>): (message: unknown, post: Post) => Promise<void> {
  let begun: Promise<void> | undefined;
  let stopping = new AbortController();
  return async (message, post) => {
    if (!begun) {
      begun = (async () => service.begin(message as Begin))();
      await begun.then(
        () => post({ ready: true }),
        () => {}, // reported as the failure of each job
      );
      return;
    }
    if ((message as { stop?: true }).stop === true) {
      stopping.abort();
      return;
    }
    try {
      await begun;
      stopping = new AbortController();
      const job: JobContext = { signal: stopping.signal, note: (note) => post({ note }) };
      const made = service.run(message as Job, job);
      const result = made instanceof Promise ? await made : made;
      post({ result }, service.transfer?.(result as never));
    } catch (error) {
      post({ failure: failureOf(error) });
    }
  };
}
