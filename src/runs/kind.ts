// What computes cells: one record for each kind of cell.
import { InputError } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import type { Cell, DataRef } from "./cell.js";

/**
 * What a cell is given while it is computed. Its row depends only on the images among these, and on the rows that it
 * needs.
 */
export interface Context {
  /**
   * A folder for this cell alone, from which it can resume after a stop; it is kept until the row is stored. Undefined
   * if nothing is kept.
   */
  readonly folder: string | undefined;
  /** When it is aborted, the cell stops at the next safe point and throws `Stopped`. */
  readonly signal: AbortSignal;
  /** Reports how much of the work is done, from 0 to 1, and what is going on. */
  progress(part: number, note?: string): void;
  /** Opens the images and verifies their hash. */
  open(data: DataRef): Promise<Dataset>;
  /** The row of one of the cells in `needs`, by its place there. */
  row(need: number): unknown;
}

/** A kind of cell: a name and a pure function from a cell to its row. */
export interface CellKind<Config = unknown, Row = unknown> {
  /** The name that cells of this kind have in `kind`. */
  readonly name: string;
  /** The row of a cell, as JSON: no NaN, no undefined. It depends on the cell alone. */
  run(cell: Cell<Config>, context: Context): Row | Promise<Row>;
}

/**
 * Thrown by a cell that was asked to stop before it finished. What it had done is in its folder.
 *
 * @example
 * const count: CellKind<number, number> = {
 *   name: "count",
 *   run({ config }, { signal }) {
 *     let sum = 0;
 *     for (let i = 0; i < config; i++) {
 *       if (signal.aborted) throw new Stopped();
 *       sum += i;
 *     }
 *     return sum;
 *   },
 * };
 */
export class Stopped extends Error {
  override name = "Stopped";
  constructor(message = "[runs] stopped before the end; it can be resumed.") {
    super(message);
  }
}

/** The kind with this name. Throws an InputError if there is none. */
export function kindNamed(kinds: readonly CellKind[], name: string): CellKind {
  const found = kinds.find((kind) => kind.name === name);
  if (found) return found;
  const known = kinds.map((kind) => kind.name).join(", ");
  throw new InputError(`[runs] no kind of cell is called "${name}". Known here: ${known || "none"}.`);
}
