// A cell: the unit of work that studies are made of. Its result depends only on its content, so it is named by a hash
// of that content, and a result kept under the name never has to be computed again.
import { checkMade, InputError, plain, quote } from "../core/index.js";
import { sha256 } from "./platform.js";

/** Which images a cell uses. Only the hash is part of the cell's name; the rest says where to look for them. */
export interface DataRef {
  /** "glyphs" for the built-in characters, else a path: see `openData`. */
  readonly source: string;
  /** What the name of the set begins with; for the built-in characters, how many images of each class. */
  readonly prefix: string;
  /** From `dataHash`. */
  readonly hash: string;
  /** Rows and columns to which pictures are brought; see `openData`. */
  readonly size?: readonly [rows: number, columns: number] | undefined;
  /** Whether pictures are read as grey or in colour; see `openData`. */
  readonly colour?: "grey" | "rgb" | undefined;
}

/** A unit of work: the same cell gives the same row, bit for bit, wherever it is computed. */
export interface Cell<Config = unknown> {
  /** Names the `CellKind` that computes it. */
  readonly kind: string;
  /** What is computed, as JSON: no NaN, no undefined. */
  readonly config: Config;
  /** All random numbers follow from it. */
  readonly seed: number;
  /** The images, if it uses any. */
  readonly data?: DataRef;
  /** The images for queries, if they are a separate set. */
  readonly test?: DataRef;
  /**
   * The cells whose rows this one is computed from: the queue computes them first, and `Context.row` returns their
   * rows.
   */
  readonly needs?: readonly Cell[];
}

/**
 * The version of the numerics: raised when a change to the code alters bits on purpose. It is part of every cell's
 * name.
 */
export const NUMERICS = 1;

/**
 * The name of a cell: the SHA-256, in hexadecimal digits, of everything that its row depends on.
 *
 * @example
 * const name = await cellName({ kind: "square", config: { of: 3 }, seed: 0 });
 * name.slice(0, 8); // "9a200692"
 */
export async function cellName(cell: Cell, numerics = NUMERICS): Promise<string> {
  checkMade("cellName", "the cell", cell, ["kind", "config", "seed"], "Give { kind, config, seed }.");
  const { kind, config, seed, data, test, needs = [] } = cell;
  const needed = await Promise.all(needs.map((each) => cellName(each, numerics)));
  const of = {
    ...{ kind, config, seed, data: data?.hash ?? null, numerics },
    ...(test && { test: test.hash }),
    ...(needed.length > 0 && { needs: needed }),
  };
  return sha256([canonical(of)]);
}

/**
 * JSON in which equal values have equal text: the fields of objects are in alphabetical order.
 *
 * @throws InputError for what JSON cannot hold, such as NaN or undefined, saying where it is.
 * @example canonical({ b: 1, a: [2] }) === canonical({ a: [2], b: 1 }) // true
 */
export function canonical(value: unknown, path = "value"): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each, i) => canonical(each, `${path}[${i}]`)).join(",")}]`;
  if (typeof value === "object" && isPlain(value)) {
    const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each, `${path}.${name}`)}`).join(",")}}`;
  }
  throw new InputError(
    `[cell] ${plain(path)} is ${quote(value)}, which JSON cannot hold. Use null, or leave the field out.`,
  );
}

/**
 * A copy of a row as files keep it, so that a row is the same whether it was computed or read: 0 has no sign.
 *
 * @throws InputError for what JSON cannot hold.
 */
export function asKept(row: unknown): unknown {
  canonical(row, "row");
  return JSON.parse(JSON.stringify(row));
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}
