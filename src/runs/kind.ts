// What computes cells: one record for each kind of cell.
import { InputError } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import type { Cell, DataRef } from "./cell.js";

/** What a cell is given while it is computed. Its row depends on none of this but the images. */
export interface Context {
  /** A folder of this cell's own, to stop and resume in; it is kept until the row is safe. Undefined: nothing is kept. */
  readonly folder: string | undefined;
  /** When it is aborted, the cell stops at the next safe point and throws `Stopped`. */
  readonly signal: AbortSignal;
  /** Says which part of the work is done, from 0 to 1, and what is going on. */
  progress(part: number, note?: string): void;
  /** The images, their hash verified. */
  open(data: DataRef): Promise<Dataset>;
  /** The row of one of the cells in `needs`, by its place there. */
  row(need: number): unknown;
}

/** A kind of cell: a name and a pure function from a cell to its row. */
export interface CellKind<Config = unknown, Row = unknown> {
  /** What cells of this kind have in `kind`. */
  readonly name: string;
  /** The row of a cell, as JSON: no NaN, no undefined. It depends on the cell alone. */
  run(cell: Cell<Config>, context: Context): Row | Promise<Row>;
}

/** Thrown by a cell that was asked to stop and has not finished. What it had is in its folder. */
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
