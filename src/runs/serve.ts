// The other side of a pool: what a thread does with the messages that it gets, in Node and in a page.
import { failureOf } from "./failure.js";
import { inNode } from "./platform.js";
import type { FromThread } from "./pool.js";

/** What a job may do while it runs. */
export interface JobContext {
  /** Aborted when whoever gave the job wants it to stop. */
  readonly signal: AbortSignal;
  /** Tells something about the job to whoever gave it. */
  note(note: unknown): void;
}

/** What a thread does. */
export interface Service<Begin, Job> {
  /** Called with the first message. Where it fails, every job does. */
  begin(message: Begin): void | Promise<void>;
  /** What a job comes to. */
  run(job: Job, context: JobContext): unknown;
  /** Buffers of a result that are handed over instead of copied. */
  transfer?(result: never): ArrayBuffer[];
}

type Post = (message: FromThread, transfer?: ArrayBuffer[]) => void;

/** Serves jobs in this thread, from the first message on. Called once, at the top of the thread's module. */
export function serveJobs<Begin, Job>(service: Service<Begin, Job>): void {
  const receive = receiver(service);
  if (inNode) {
    // A port of Node keeps its messages until someone listens. A browser's does not: there nothing may be waited for.
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
        () => {}, // told as the failure of each job
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
