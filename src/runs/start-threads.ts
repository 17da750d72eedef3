// Starts threads, those of Node and the workers of a page, behind one small interface.
import { InputError } from "../core/index.js";
import { inNode } from "./platform.js";
import type { StartThread, Thread, ThreadCode, ThreadListener } from "./thread.js";

/**
 * A function that starts threads in this environment.
 *
 * @throws InputError if their code does not exist, or there are no threads.
 */
export async function threadStarter(code: ThreadCode): Promise<StartThread> {
  if (inNode) return (await import("./node-thread.js")).nodeThreads(code);
  if (typeof Worker === "function") return (listener) => startWorker(code, listener);
  throw new InputError("[workers] there are no workers here. Set `workers` to 1.");
}

function newWorker({ entry, inPage, name }: ThreadCode): Worker {
  if (entry !== undefined) return new Worker(entry, { type: "module" });
  if (inPage) return inPage();
  throw new Error(`no address of ${name} was given`);
}

function startWorker(code: ThreadCode, { onMessage, onDown }: ThreadListener): Thread {
  const refused = (fact: string, cause?: unknown): InputError =>
    new InputError(
      `[workers] ${code.entry ?? code.name} cannot be run as a worker: ${fact}. ` +
        "Serve it from the page's origin and give its address as `workerEntry`, or set `workers` to 1.",
      { cause },
    );
  let worker: Worker;
  try {
    worker = newWorker(code);
  } catch (error) {
    throw refused((error as Error).message, error);
  }
  worker.onmessage = ({ data }) => onMessage(data);
  worker.onmessageerror = () => onDown("one of its messages could not be read");
  worker.onerror = (event) => {
    event.preventDefault(); // It is handled here; the page need not know of it.
    worker.terminate(); // Unlike a thread of Node, it would keep running.
    // If the code could not be fetched, there is no message.
    onDown(event.message ?? refused("it cannot be loaded"));
  };
  return {
    post: (message) => worker.postMessage(message),
    close: async () => worker.terminate(),
  };
}
