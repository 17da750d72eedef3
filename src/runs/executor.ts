// What computes cells. The queue uses only this interface, so threads, or a queue on other machines, can take its
// place.
import { checkKind, checkOptions } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import type { Cell } from "./cell.js";
import { dataOpener, opensWith } from "./data.js";
import { type CellKind, type Context, kindNamed } from "./kind.js";
import { yieldToEvents } from "./platform.js";

/** What an executor is given along with a cell. */
export interface Submission extends Pick<Context, "folder" | "signal" | "progress"> {
  /** The rows of the cells that it needs, in their order; none if left out. */
  readonly rows?: readonly unknown[];
  /** Images that were fetched for the cell and verified, by their hash. Others are opened as the cell names them. */
  readonly images?: ReadonlyMap<string, Dataset>;
  /** Called when the cell's turn comes, by an executor in which cells wait for theirs; see `ahead`. */
  readonly onBegin?: () => void;
}

/** Something that computes cells. */
export interface Executor {
  /** What messages call it. */
  readonly name: string;
  /** How many cells it computes at once. */
  readonly lanes: number;
  /**
   * How many cells more it takes, which wait in it for a lane; none if left out. A lane that ends a cell then goes on at
   * once with one that waits, and does not stand still while the queue keeps a result and looks for the next cell.
   */
  readonly ahead?: number;
  /**
   * Whether whoever computes the cells claims them, and keeps their results, in the queue's own store, as tasks of a
   * cluster do. The queue then only waits, and what `submit` resolves with is not used.
   */
  readonly keeps?: true;
  /**
   * If it is there, a queue calls it once, before the first `submit`, with every cell that it will submit: those that
   * others need come before them. An error ends the queue.
   */
  begin?(cells: readonly Cell[]): Promise<void>;
  /**
   * Computes the row of a cell. Rejects with `Stopped` if the signal stopped it, or with the error that the cell threw.
   */
  submit(cell: Cell, how: Submission): Promise<unknown>;
  /**
   * If it is there, a queue calls it when all cells are computed: the cells whose rows were given before and turned out
   * to be wrong. They, and those computed from their rows, are computed again.
   *
   * @throws InputError if a row is wrong that was in use; see `used`.
   */
  doubts?(): Promise<readonly Cell[]>;
  /**
   * Says that the rows given so far are in use and cannot be replaced any more, so that it need not remember them. If one
   * of them turns out to be wrong, `doubts` throws.
   */
  used?(): void;
  /** Ends the executor. Unfinished cells are abandoned. */
  close(): Promise<void>;
}

/** Options of an executor. */
export interface ExecutorOptions {
  /** Images that cells may ask for by their hash; others are opened from the place that their reference names. */
  readonly data?: readonly Dataset[];
}

/**
 * Computes cells in this process, one at a time.
 *
 * @example
 * const square: CellKind<number, number> = { name: "square", run: ({ config }) => config ** 2 };
 * const cells = [2, 3].map((config) => ({ kind: "square", config, seed: 0 }));
 * const { results } = await runCells(cells, { store: memoryStore(), executor: here([square]) });
 * results.map(({ row }) => row); // [4, 9]
 */
export function here(kinds: readonly CellKind[], given: ExecutorOptions = {}): Executor {
  checkKind("here", "the first argument", kinds, "a list");
  checkOptions("here", given, ["data"]);
  const { data } = given;
  const open = dataOpener(data);
  return {
    name: "here",
    lanes: 1,
    async submit(cell, { rows = [], images, ...how }) {
      await yieldToEvents();
      return kindNamed(kinds, cell.kind).run(cell, {
        ...how,
        open: opensWith(images, open),
        row: (need) => rows[need],
      });
    },
    async close() {},
  };
}
