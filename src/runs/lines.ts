// The files of a run that have a line for each row, and their checksums, which the checkpoint holds: even one changed
// digit on the disk is detected.
import { createHash, type Hash } from "node:crypto";
import { InputError } from "../core/index.js";
import type { Lines } from "./run-format.js";

/** Rows as text. */
export const linesOf = <Row>({ encode }: Lines<Row>, rows: readonly Row[]): string =>
  rows.map((row) => `${encode(row)}\n`).join("");

/** SHA-256 of rows, one after the other. */
export class RowHash<Row> {
  private constructor(
    private readonly lines: Lines<Row>,
    private readonly hash: Hash,
  ) {}

  static of<Row>(lines: Lines<Row>): RowHash<Row> {
    return new RowHash(lines, createHash("sha256"));
  }

  /** The checksum after these rows are added. */
  with(rows: readonly Row[]): RowHash<Row> {
    const { checked = this.lines.encode } = this.lines;
    return this.withText(rows.map((row) => `${checked.call(this.lines, row)}\n`).join(""));
  }

  /** The checksum after this text is added. */
  withText(text: string): RowHash<Row> {
    return new RowHash(this.lines, this.hash.copy().update(text));
  }

  /** In hexadecimal digits. */
  get hex(): string {
    return this.hash.copy().digest("hex");
  }

  /** Throws an InputError unless this is the checksum in the checkpoint; one of an earlier version may have none. */
  check(wanted: string | undefined, file: string): void {
    if (wanted === undefined || wanted === this.hex) return;
    throw new InputError(
      `[run] ${file} is damaged: its checksum is not the one in the checkpoint. Put back a copy, or start a new run.`,
    );
  }
}

/**
 * The first `count` rows of a file that has one for each step, and the number of bytes that they take. What follows
 * them, such as an incomplete line or steps that no checkpoint includes, is ignored.
 *
 * @param file what errors call it.
 */
export function readRows<Row>(
  lines: Lines<Row>,
  unit: string,
  { bytes, count, file }: { readonly bytes: Uint8Array; readonly count: number; readonly file: string },
): { rows: Row[]; end: number } {
  const rows: Row[] = [];
  const decoder = new TextDecoder();
  let end = 0;
  while (rows.length < count) {
    const stop = bytes.indexOf(10, end);
    const row = stop < 0 ? undefined : lines.decode(decoder.decode(bytes.subarray(end, stop)));
    const step = rows.length + 1;
    if (row === undefined || lines.stepOf(row) !== step) {
      throw new InputError(
        `[run] ${file} is damaged: line ${step} is not that of ${unit} ${step}, ` +
          `and the checkpoint has ${count} ${unit}s. Put back a copy, or start a new run with another \`out\`.`,
      );
    }
    rows.push(row);
    end = stop + 1;
  }
  return { rows, end };
}

/** A line, without its end, and its content. */
export interface Note<Row> {
  readonly line: string;
  readonly row: Row;
}

/**
 * The lines about steps that a checkpoint includes, without an incomplete one. Lines are appended before the checkpoint
 * is replaced, so none that belongs to it is missing.
 *
 * @param file what errors call it.
 */
export function readNotes<Row>(lines: Lines<Row>, text: string, done: number, file: string): Note<Row>[] {
  const all = text
    .split("\n")
    .slice(0, -1)
    .map((line, i): Note<Row> => {
      const row = lines.decode(line);
      if (row !== undefined) return { line, row };
      throw new InputError(
        `[run] ${file} is damaged: line ${i + 1} is not a measurement. Put back a copy, or remove it.`,
      );
    });
  return all.filter(({ row }) => lines.stepOf(row) <= done);
}
