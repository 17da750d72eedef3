// The threads of Node. Loaded only when threads are started in Node, and never by a page; see `start-threads.ts`.
import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { InputError } from "../core/index.js";
import type { StartThread, ThreadCode } from "./thread.js";

/**
 * How long a thread is left idle before it is ended, in milliseconds. Ending it while V8 still optimises its code in
 * the background can crash the whole process in Node 20 (an assertion in NodePlatform::ForIsolate, seen once in some
 * 500 runs on a busy machine).
 */
const REST = 100;

/** The file that threads run: the one that the user gave, or else the first of the places where the file exists. */
export function workerEntry({ entry: override, name, places, from }: ThreadCode): URL {
  const given = typeof override === "string" ? pathToFileURL(override) : override;
  const candidates = given ? [given] : places.map((place) => new URL(place, from));
  const entry = candidates.find((candidate) => existsSync(candidate));
  if (entry) return entry;
  const tried = candidates.map((candidate) => fileURLToPath(candidate)).join(", ");
  throw new InputError(
    `[workers] the threads' code was not found; tried ${tried}. Give the address of ${name} ` +
      "as `workerEntry`, or use one worker.",
  );
}

/** The address of a file, in the form that `import` takes. */
export const fileAddress = (file: string): string => pathToFileURL(file).href;

/** A function that starts threads which run this code. */
export function nodeThreads(code: ThreadCode): StartThread {
  const file = workerEntry(code);
  return ({ onMessage, onDown }) => {
    const worker = new Worker(file);
    worker
      .on("message", onMessage)
      .on("error", (error: unknown) => onDown(error instanceof Error ? error.message : String(error)))
      .on("exit", (code) => onDown(`it ended with code ${code}`));
    return {
      post: (message) => worker.postMessage(message),
      async close() {
        await setTimeout(REST);
        await worker.terminate();
      },
    };
  };
}
