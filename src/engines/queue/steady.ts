// A worker of BullMQ that is replaced if the server goes away while it begins: BullMQ remembers for good that the first
// connection failed, and such a worker takes no job ever after.
import { setTimeout as wait } from "node:timers/promises";
import type { CellTaker } from "./link.js";

/** After so many milliseconds the next worker begins. */
const AGAIN = 1000;

/** Takes jobs with workers that `open` makes, one after the other until one of them can begin. */
export function steadily(open: () => CellTaker): Pick<CellTaker, "run" | "close"> {
  const over = new AbortController();
  let worker: CellTaker | undefined;
  return {
    async run() {
      while (!over.signal.aborted) {
        worker = open();
        try {
          await worker.waitUntilReady();
          return await worker.run();
        } catch {
          await worker.close().catch(() => {});
          await wait(AGAIN, undefined, { signal: over.signal }).catch(() => {});
        }
      }
    },
    async close() {
      over.abort();
      await worker?.close();
    },
  };
}
