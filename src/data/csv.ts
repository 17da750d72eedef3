// Examples in a CSV file, one a line: a label and numbers.
import { InputError, plain, quote } from "../core/index.js";
import { textOf } from "../io/index.js";
import { csvRows } from "../io/internal.js";
import { type Dataset, dataset } from "./dataset.js";
import { lastOf, readWhole } from "./source.js";

const isNumber = (cell: string): boolean => cell.trim() !== "" && Number.isFinite(Number(cell));

/**
 * The set in a CSV file. Labels are in the column called "label" or "class", or else in the first; a first line that is not
 * all numbers but for the label names the columns. Labels that are no whole numbers are names, which are numbered in
 * alphabetical order. If all numbers are whole and from 0 to 255, and one is above 1, they are bytes; otherwise they are taken as they are. An
 * example is one row of pixels.
 */
export async function openCsv(file: string): Promise<Dataset> {
  const name = plain(file);
  const rows = csvRows(textOf(await readWhole(file), file).replace(/^\ufeff/, ""), `[csv] ${name}`);
  const fail = (text: string): InputError => new InputError(`[csv] ${name} ${text}`);
  if (rows.length === 0) throw fail("is empty. Give it a line for each example.");
  const headed = !rows[0].slice(1).every(isNumber) || !rows[0].some(isNumber);
  const head = headed ? rows.shift()! : [];
  if (rows.length === 0) throw fail("has names of columns only. Give it a line for each example.");
  const named = head.findIndex((column) => /^(label|class)$/i.test(column.trim()));
  const at = Math.max(0, named);
  const width = rows[0].length;
  if (width < 2) throw fail("has one column. Give it a label and at least one number in each line.");
  const numbers = new Float32Array(rows.length * (width - 1));
  rows.forEach((row, i) => {
    const line = i + 1 + Number(headed);
    if (row.length !== width)
      throw fail(`has ${row.length} cells in line ${line}, where others have ${width}. Give it as many.`);
    let to = i * (width - 1);
    row.forEach((cell, column) => {
      if (column === at) return;
      if (!isNumber(cell)) {
        throw fail(
          `has ${quote(cell)} in line ${line}, column ${column + 1}. Put a finite number there, or leave the line out.`,
        );
      }
      numbers[to++] = Number(cell);
    });
  });
  const { labels, classNames } = labelsOf(rows.map((row) => row[at].trim()));
  const bytes = numbers.every((x) => Number.isInteger(x) && x >= 0 && x <= 255) && numbers.some((x) => x > 1);
  return dataset(lastOf(file), bytes ? Uint8Array.from(numbers) : numbers, labels, 1, width - 1, { classNames });
}

/** Labels as numbers: whole numbers as they are, names by their place in alphabetical order. */
function labelsOf(cells: readonly string[]): { labels: number[]; classNames?: readonly string[] } {
  if (cells.every((cell) => /^\d+(\.0*)?$/.test(cell))) return { labels: cells.map(Number) };
  const classNames = [...new Set(cells)].sort();
  const numbered = new Map(classNames.map((name, i) => [name, i]));
  return { labels: cells.map((cell) => numbered.get(cell)!), classNames };
}
