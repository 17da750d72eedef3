// The code of a thread that computes cells.
import { configure, InputError, plain } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import type { Cell } from "./cell.js";
import { dataOpener, opensWith } from "./data.js";
import { type CellKind, kindNamed } from "./kind.js";
import { serveJobs } from "./serve.js";

/** A module that a thread loads before it begins, and the hash that it must have. What it holds is the thread's business. */
export interface ThreadModule {
  readonly file: string;
  readonly hash: string;
}

/** The first message to such a thread. */
export interface CellsBegin {
  readonly memory: { readonly maximumBytes: number; readonly tapeBytes: number };
  readonly data: readonly Dataset[];
  /** The address of the module with the kinds, for the package's own thread. */
  readonly module?: string | undefined;
  /** Modules with parts that the kinds use, for the threads of `meta` and `studies`. */
  readonly parts?: readonly ThreadModule[] | undefined;
}

/** A cell to compute. */
export interface CellJob {
  readonly cell: Cell;
  readonly folder: string | undefined;
  readonly rows: readonly unknown[];
  /** See `Submission`. */
  readonly images: ReadonlyMap<string, Dataset> | undefined;
}

/**
 * Turns a module into the code of a thread that computes cells of these kinds. Call it once, at the top of the module,
 * and give `threads` a function that starts a worker with that module.
 *
 * A program that is not bundled needs no such module: there, `threads` takes the address of the module that exports the
 * kinds.
 *
 * @example
 * // In worker.js:
 * const square: CellKind<number, number> = { name: "square", run: ({ config }) => config ** 2 };
 * serveCells([square]);
 */
export function serveCells(kinds: readonly CellKind[]): void {
  serveKinds(() => kinds);
}

/** Like `serveCells`, but with kinds that depend on the first message. */
export function serveKinds(kindsOf: (begin: CellsBegin) => readonly CellKind[] | Promise<readonly CellKind[]>): void {
  let kinds: readonly CellKind[] = [];
  let open = dataOpener();
  serveJobs<CellsBegin, CellJob>({
    async begin(message) {
      configure(message.memory);
      open = dataOpener(message.data);
      kinds = await kindsOf(message);
    },
    run: ({ cell, folder, rows, images }, { signal, note }) =>
      kindNamed(kinds, cell.kind).run(cell, {
        ...{ folder, signal, open: opensWith(images, open), progress: (...said) => note(said) },
        row: (need) => rows[need],
      }),
  });
}

/**
 * The kinds that a module exports as `kinds`.
 *
 * @throws InputError if it cannot be loaded or exports none.
 */
export async function loadKinds(module: string): Promise<readonly CellKind[]> {
  const cure = "Give `threads` the address of a module that exports `kinds`, a list of kinds of cells.";
  // Bundlers must leave this import as it is: the address is known only when the program runs.
  const load = (): Promise<Record<string, unknown>> => import(/* webpackIgnore: true */ /* @vite-ignore */ module);
  const { kinds } = await load().catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InputError(`[threads] ${plain(module)} cannot be loaded: ${plain(reason)}. ${cure}`, { cause });
  });
  if (Array.isArray(kinds) && kinds.every(isKind)) return kinds;
  const fact = kinds === undefined ? "exports no `kinds`" : "exports `kinds` that is not a list of kinds of cells";
  throw new InputError(`[threads] ${plain(module)} ${fact}. ${cure}`);
}

const isKind = (value: unknown): value is CellKind =>
  typeof (value as CellKind | null)?.name === "string" && typeof (value as CellKind).run === "function";
