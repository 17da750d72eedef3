// Threads, those of Node and the workers of a browser, behind one small interface.
import { InputError } from "../core/index.js";
import { inNode } from "./environment.js";

/** Who hears from a thread. */
export interface ThreadListener {
  onMessage(message: unknown): void;
  /**
   * The thread came down; of one thread this may be said twice. The reason is a text, or an error where the next thread
   * would fare no better.
   */
  onDown(reason: string | Error): void;
}

/** A thread that was started. */
export interface Thread {
  /** What is posted arrives in order, from the moment the thread is started. */
  post(message: unknown): void;
  close(): Promise<void>;
}

export type StartThread = (listener: ThreadListener) => Thread;

/**
 * What starts threads here.
 *
 * @param entry the file or address of the code that they run; by default that of `episode-worker.ts`, as it was built.
 * @throws InputError if there is no such code, or there are no threads.
 */
export async function threadStarter(entry?: string | URL): Promise<StartThread> {
  if (inNode) return (await import("./node-thread.js")).nodeThreads(entry);
  if (typeof Worker === "function") return (listener) => startWorker(entry, listener);
  throw new InputError("[workers] there are no workers here. Use workers: 1.");
}

/**
 * Bundlers know the second form and take the worker along; the first is for what they cannot know. The path is right in
 * `dist/meta` and in `dist/chunks`, where this module may end up.
 */
function newWorker(entry: string | URL | undefined): Worker {
  if (entry !== undefined) return new Worker(entry, { type: "module" });
  return new Worker(new URL("../meta/episode-worker.js", import.meta.url), { type: "module" });
}

function startWorker(entry: string | URL | undefined, { onMessage, onDown }: ThreadListener): Thread {
  const refused = (fact: string, cause?: unknown): InputError =>
    new InputError(
      `[workers] ${entry ?? "episode-worker.js"} cannot be run as a worker: ${fact}. ` +
        "Serve it from the page's origin and give its address as workerEntry, or use workers: 1.",
      { cause },
    );
  let worker: Worker;
  try {
    worker = newWorker(entry);
  } catch (error) {
    throw refused((error as Error).message, error);
  }
  worker.onmessage = ({ data }) => onMessage(data);
  worker.onmessageerror = () => onDown("a message of it could not be read");
  worker.onerror = (event) => {
    event.preventDefault(); // It is dealt with; the page need not hear of it.
    worker.terminate(); // Unlike a thread of Node it would go on.
    // Where the code could not be fetched there is no message.
    onDown(event.message ?? refused("it cannot be loaded"));
  };
  return {
    post: (message) => worker.postMessage(message),
    close: async () => worker.terminate(),
  };
}
