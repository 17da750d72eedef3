// Cells on worker threads.
import { configuration, InputError, kindOf, quote } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import type { Cell } from "./cell.js";
import type { Executor, ExecutorOptions, Submission } from "./executor.js";
import { Stopped } from "./kind.js";
import { inNode } from "./platform.js";
import { openPool, type Slot } from "./pool.js";
import type { CellJob, CellsBegin, ThreadModule } from "./serve-cells.js";
import { codeOfPackage, type ThreadCode } from "./thread.js";

type Note = readonly [part: number, note: string | undefined];

/** Options of threads. */
export interface ThreadsOptions extends ExecutorOptions {
  /** The built file `runs/cell-worker.js`, or its address in a page, if it is not next to the built code. */
  readonly workerEntry?: string | URL | undefined;
}

/** The dataset with its images in memory that threads share, if possible; otherwise each thread gets a copy. */
export function sharedImages(dataset: Dataset): Dataset {
  if (typeof SharedArrayBuffer === "undefined" || dataset.images.buffer instanceof SharedArrayBuffer) return dataset;
  try {
    const memory = new SharedArrayBuffer(dataset.images.byteLength);
    const images = dataset.images instanceof Float32Array ? new Float32Array(memory) : new Uint8Array(memory);
    images.set(dataset.images);
    return { ...dataset, images };
  } catch (error) {
    if (error instanceof RangeError) return dataset; // the engine does not give that much shared memory
    throw error;
  }
}

/**
 * Computes cells on `count` threads, in Node and in a page. The rows are the same as with `here`, for any number of
 * threads.
 *
 * ```ts
 * const executor = threads(2, new URL("./kinds.js", import.meta.url));
 * ```
 *
 * @param module what the threads compute: the address of a module that exports `kinds`, a list of kinds of cells. In a
 * bundled page, give a function instead that starts a worker with a module that calls `serveCells`:
 * `() => new Worker(new URL("./worker.js", import.meta.url), { type: "module" })`; bundlers recognise exactly this
 * form.
 * @throws InputError from `submit` if the module, or the code of the threads, cannot be loaded.
 */
export function threads(
  count: number,
  module: string | URL | (() => Worker),
  { workerEntry, ...options }: ThreadsOptions = {},
): Executor {
  if (typeof module === "function") {
    return threadsOf(count, { inPage: module, name: "a worker", places: [], from: import.meta.url }, options);
  }
  if (typeof module !== "string" && !(module instanceof URL)) {
    throw new TypeError(
      `[threads] the module is ${kindOf(module)}: give its address, new URL("./kinds.js", import.meta.url).`,
    );
  }
  const code = codeOfPackage("runs/cell-worker.js", {
    entry: workerEntry,
    from: import.meta.url,
    inPage: () => new Worker(new URL("../runs/cell-worker.js", import.meta.url), { type: "module" }),
  });
  return threadsOf(count, code, options, addressOf(module));
}

/**
 * Computes cells on threads that run this code.
 *
 * @param module the address of a module with kinds, for the package's own thread.
 * @param parts what the threads load before they begin.
 */
export function threadsOf(
  count: number,
  code: ThreadCode,
  { data = [] }: ExecutorOptions = {},
  module?: Promise<string>,
  parts: readonly ThreadModule[] = [],
): Executor {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new InputError(`[threads] the number of threads is ${quote(count)}. Make it a whole number from 1 up.`);
  }
  const { maximumBytes, tapeBytes } = configuration();
  const begin = async (): Promise<CellsBegin> => ({
    memory: { maximumBytes, tapeBytes },
    data: data.map(sharedImages),
    module: await module,
    parts,
  });
  let pool: Promise<Slot[]> | undefined;
  const free: Slot[] = [];
  const waiting: ((slot: Slot) => void)[] = [];
  const open = async (): Promise<Slot[]> => {
    const slots = await openPool({ code, threads: count, begin: await begin() });
    free.push(...slots);
    return slots;
  };
  const take = async (): Promise<Slot> => {
    pool ??= open();
    await pool;
    return free.pop() ?? new Promise((resolve) => waiting.push(resolve));
  };
  return {
    name: "threads",
    lanes: count,
    ahead: count,
    async submit(cell: Cell, { folder, signal, progress, rows = [], images, onBegin }: Submission) {
      const slot = await take();
      try {
        if (signal.aborted) throw new Stopped();
        onBegin?.();
        const job: CellJob = { cell, folder, rows, images };
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

/** The address by which threads import a module: in Node, a path is relative to the process's working directory. */
async function addressOf(module: string | URL): Promise<string> {
  if (!inNode) return new URL(module, globalThis.location?.href).href;
  if (module instanceof URL || /^[a-z][a-z\d+.-]+:/i.test(module)) return String(module);
  return (await import("./node-thread.js")).fileAddress(module);
}
