// Stores for the results of cells: each result is kept once, under the cell's name.
import { InputError } from "../core/index.js";
import { type Cell, canonical, cellName } from "./cell.js";

/** The result of a cell. */
export interface Result<Row = unknown> {
  /** The cell that was computed. */
  readonly cell: Cell;
  /** The version of the numerics that it was computed with; see `NUMERICS`. */
  readonly numerics: number;
  /** The row of the cell, as JSON. */
  readonly row: Row;
  /** How many seconds it took in the process that finished it. */
  readonly seconds: number;
}

/** A cell that this process alone is computing. */
export interface Claim {
  /** The folder from which it can resume after a stop. */
  readonly folder: string | undefined;
  /** Releases the cell. The folder is removed if there is a result. */
  release(): Promise<void>;
}

/** A place for results. */
export interface Store {
  /** The result of a cell, if there is one. Throws an InputError if it is damaged. */
  get(cell: Cell): Promise<Result | undefined>;
  /**
   * Keeps a result. A second result of the same cell must have the same row, bit for bit.
   *
   * @throws InputError saying where they differ.
   */
  put(result: Result): Promise<void>;
  /** Takes the result of a cell, if there is one, out of the store, because it is wrong; a folder keeps it in `aside`. */
  setAside?(cell: Cell): Promise<void>;
  /** Claims a cell. Throws an InputError that names the process if another one is already computing it. */
  claim(cell: Cell): Promise<Claim>;
}

/** The first place where two rows differ, as a path; undefined if they are equal. */
function difference(a: unknown, b: unknown, path = "row"): string | undefined {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return canonical(a) === canonical(b) ? undefined : path;
  }
  const [one, other] = [a, b] as Record<string, unknown>[];
  for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
    if (!Object.hasOwn(one, key) || !Object.hasOwn(other, key)) return `${path}.${key}`;
    const found = difference(one[key], other[key], `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Throws an InputError unless both rows have the same bits. */
export function checkSame(first: Result, second: Result, where: string): void {
  const at = difference(first.row, second.row);
  if (at === undefined) return;
  const { kind, seed } = first.cell;
  throw new InputError(
    `[store] the cell of seed ${seed} of ${kind} was computed twice and differs at ${at}: the first result is ${where}, ` +
      "and the second is not kept. The same version must give the same bits: look for a changed version or a broken machine.",
  );
}

/**
 * Keeps results in the memory of this process, and nothing of unfinished cells.
 *
 * @example
 * const square: CellKind<number, number> = { name: "square", run: ({ config }) => config ** 2 };
 * const cells = [2, 3].map((config) => ({ kind: "square", config, seed: 0 }));
 * const store = memoryStore();
 * await runCells(cells, { store, executor: here([square]) });
 * (await store.get(cells[1]))?.row; // 9
 */
export function memoryStore(): Store {
  const results = new Map<string, Result>();
  return {
    async get(cell) {
      return results.get(await cellName(cell));
    },
    async put(result) {
      const name = await cellName(result.cell, result.numerics);
      const before = results.get(name);
      canonical(result.row, "row");
      if (before) checkSame(before, result, "in memory");
      else results.set(name, result);
    },
    async setAside(cell) {
      results.delete(await cellName(cell));
    },
    async claim() {
      return { folder: undefined, async release() {} };
    },
  };
}
