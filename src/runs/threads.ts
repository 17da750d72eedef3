// Cells on worker threads: the executor, and what its threads do.

import { configuration, configure } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import type { Cell } from "./cell.js";
import { dataOpener } from "./data.js";
import type { Executor, ExecutorOptions, Submission } from "./executor.js";
import { type CellKind, kindNamed } from "./kind.js";
import { openPool, type Slot } from "./pool.js";
import { serveJobs } from "./serve.js";
import type { ThreadCode } from "./thread.js";

interface Begin {
  readonly memory: { readonly maximumBytes: number; readonly tapeBytes: number };
  readonly data: readonly Dataset[];
}

interface CellJob {
  readonly cell: Cell;
  readonly folder: string | undefined;
  readonly rows: readonly unknown[];
}

type Note = readonly [part: number, note: string | undefined];

/** A dataset with its images in memory that threads share, where that can be had; else each gets a copy. */
export function sharedImages(dataset: Dataset): Dataset {
  if (typeof SharedArrayBuffer === "undefined" || dataset.images.buffer instanceof SharedArrayBuffer) return dataset;
  try {
    const images = new Uint8Array(new SharedArrayBuffer(dataset.images.length));
    images.set(dataset.images);
    return { ...dataset, images };
  } catch (error) {
    if (error instanceof RangeError) return dataset; // the engine refuses so much shared memory
    throw error;
  }
}

/**
 * Computes cells on `count` threads.
 *
 * @param entry the code that they run: a module that calls `serveCells`.
 */
export function threads(
  count: number,
  entry: string | URL | ThreadCode,
  { data = [] }: ExecutorOptions = {},
): Executor {
  const code: ThreadCode =
    typeof entry === "string" || entry instanceof URL
      ? { entry, name: "a module that serves cells", places: [], from: "" }
      : entry;
  const { maximumBytes, tapeBytes } = configuration();
  const begin: Begin = { memory: { maximumBytes, tapeBytes }, data: data.map(sharedImages) };
  let pool: Promise<Slot[]> | undefined;
  const free: Slot[] = [];
  const waiting: ((slot: Slot) => void)[] = [];
  const take = async (): Promise<Slot> => {
    pool ??= openPool({ code, threads: count, begin }).then((slots) => {
      free.push(...slots);
      return slots;
    });
    await pool;
    return free.pop() ?? new Promise((resolve) => waiting.push(resolve));
  };
  return {
    name: "threads",
    lanes: count,
    async submit(cell: Cell, { folder, signal, progress, rows = [] }: Submission) {
      const slot = await take();
      try {
        const job: CellJob = { cell, folder, rows };
        const onNote = (note: unknown): void => progress(...(note as Note));
        return await slot.run(job, { name: `the cell of seed ${cell.seed} of ${cell.kind}`, signal, onNote });
      } finally {
        const next = waiting.shift();
        if (next) next(slot);
        else free.push(slot);
      }
    },
    async close() {
      await Promise.all(((await pool?.catch(() => [])) ?? []).map((slot) => slot.close()));
    },
  };
}

/** What a thread of `threads` does: it computes cells of these kinds. Called once, at the top of its module. */
export function serveCells(kinds: readonly CellKind[]): void {
  let open = dataOpener();
  serveJobs<Begin, CellJob>({
    begin({ memory, data }) {
      configure(memory);
      open = dataOpener(data);
    },
    run: ({ cell, folder, rows }, { signal, note }) =>
      kindNamed(kinds, cell.kind).run(cell, {
        ...{ folder, signal, open, progress: (...said) => note(said) },
        row: (need) => rows[need],
      }),
  });
}
