// The threads of Node. Loaded when they are asked for, and by nothing that a browser loads; see `start-threads.ts`.
import { existsSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { InputError } from "../core/index.js";
import type { StartThread, ThreadCode } from "./thread.js";

/**
 * How long a thread may rest before it is ended, in milliseconds. Ending it while V8 still optimises its code in the
 * background can bring all of Node 20 down (an assertion in NodePlatform::ForIsolate, seen once in some 500 runs on a
 * crowded machine).
 */
const REST = 100;

/** The file that threads run: the one that the user gave, else the first of the places that is there. */
export function workerEntry({ entry: override, name, places, from }: ThreadCode): URL {
  const given = typeof override === "string" ? pathToFileURL(override) : override;
  const candidates = given ? [given] : places.map((place) => new URL(place, from));
  const entry = candidates.find((candidate) => existsSync(candidate));
  if (entry) return entry;
  const tried = candidates.map((candidate) => fileURLToPath(candidate)).join(", ");
  throw new InputError(
    `[workers] the threads' code is not there; tried ${tried}. Give the address of ${name} ` +
      "as workerEntry, or use one worker.",
  );
}

/** The address of a file, as modules are imported by. */
export const fileAddress = (file: string): string => pathToFileURL(file).href;

/** What starts threads that run this code. */
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
