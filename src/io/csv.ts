// Comma-separated values (RFC 4180), as text.
import { InputError, plain, quote } from "../core/index.js";

/**
 * The cells of a CSV text, row by row. Lines may end in any way, and empty ones are left out.
 *
 * @param what how an error begins, such as "[csv] numbers.csv".
 * @throws InputError for text that is not CSV; it shows the place.
 */
export function csvRows(text: string, what: string): string[][] {
  const rows: string[][] = [];
  // A cell with its end: quoted, with doubled quotes inside, or up to the next comma or line end.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  let row: string[] = [];
  while (cell.lastIndex < text.length || row.length > 0) {
    const at = cell.lastIndex;
    const found = cell.exec(text);
    if (!found) {
      throw new InputError(
        `${what} is not CSV at ${quote(plain(text.slice(at, at + 20)))}. Put cells that contain quotes in quotes, and double the quotes inside.`,
      );
    }
    row.push(found[1]?.replaceAll('""', '"') ?? found[2]);
    if (found[3] === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}
