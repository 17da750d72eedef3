// Who computes cells. The queue above knows this interface only, so that threads, or a queue on other machines, fit in.
import type { Dataset } from "../data/index.js";
import type { Cell } from "./cell.js";
import { dataOpener } from "./data.js";
import { type CellKind, type Context, kindNamed } from "./kind.js";
import { yieldToEvents } from "./platform.js";

/** What an executor is told with a cell. */
export interface Submission extends Pick<Context, "folder" | "signal" | "progress"> {
  /** The rows of the cells that it needs, in their order; none if left out. */
  readonly rows?: readonly unknown[];
}

/** Something that computes cells. */
export interface Executor {
  /** What messages call it. */
  readonly name: string;
  /** How many cells it computes at once. */
  readonly lanes: number;
  /** The row of a cell. Rejects with `Stopped` if the signal stopped it, else with the error of the cell. */
  submit(cell: Cell, how: Submission): Promise<unknown>;
  /** Ends it. Cells under way are given up. */
  close(): Promise<void>;
}

/** How an executor is set up. */
export interface ExecutorOptions {
  /** Images that cells may ask for by their hash; others are opened where their reference says. */
  readonly data?: readonly Dataset[];
}

/** Computes cells in this process, one at a time. */
export function here(kinds: readonly CellKind[], { data }: ExecutorOptions = {}): Executor {
  const open = dataOpener(data);
  return {
    name: "here",
    lanes: 1,
    async submit(cell, { rows = [], ...how }) {
      await yieldToEvents();
      return kindNamed(kinds, cell.kind).run(cell, { ...how, open, row: (need) => rows[need] });
    },
    async close() {},
  };
}
