// The numbers of figures as CSV (RFC 4180), for spreadsheets and data frames: a block for each drawing that has numbers, with
// an empty line between blocks.
import type { Drawing, Figure } from "../studies/index.js";
import { checkFigure } from "./checks.js";

type Cells = readonly (string | number)[];

/** A cell as text. What is no finite number is empty. */
function cellText(cell: string | number): string {
  if (typeof cell === "number") return Number.isFinite(cell) ? String(Number(cell.toPrecision(9))) : "";
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** The block of a drawing; empty if it has no numbers. */
function blockOf(drawing: Drawing): readonly Cells[] {
  switch (drawing.kind) {
    case "curves": {
      const { quantity, series, at, axis = "episode" } = drawing;
      const longest = Math.max(0, ...series.flatMap(({ curves }) => curves.map(({ length }) => length)));
      const head = [quantity, `seed; then by ${axis}`, ...Array.from({ length: longest }, (_, i) => at?.[i] ?? i + 1)];
      return [head, ...series.flatMap(({ name, curves }) => curves.map((curve, seed) => [name, seed, ...curve]))];
    }
    case "points": {
      const { quantity, rows } = drawing;
      const most = Math.max(0, ...rows.map(({ values }) => values.length));
      const head = [quantity, ...Array.from({ length: most }, (_, seed) => `seed ${seed}`)];
      return [head, ...rows.map(({ name, values }) => [name, ...values])];
    }
    case "heat": {
      const { title, seeds, rows, columns } = drawing;
      const numbers = seeds.flatMap((matrix, seed) =>
        rows.map((name, row): Cells => {
          const from = row * columns.length;
          return [seed, name, ...Array.from({ length: columns.length }, (_, i) => matrix[from + i])];
        }),
      );
      return [[`seed; ${title}`, "", ...columns], ...numbers];
    }
    case "log-points":
      return [
        [drawing.quantity],
        ...drawing.rows.map(({ name, points }): Cells => [name, ...points.map(({ at }) => at)]),
      ];
    case "parallel": {
      const { axes } = drawing;
      const lines = axes[0]?.values.length ?? 0;
      return [
        axes.map(({ name }) => name),
        ...Array.from({ length: lines }, (_, line) => axes.map(({ values }) => values[line])),
      ];
    }
    case "table":
      return [drawing.columns.map(({ head }) => head), ...drawing.rows];
    default:
      return [];
  }
}

/**
 * The numbers of a figure as CSV: one block for each drawing that has some, each with a line that says what its columns are,
 * and an empty line between blocks. Of curves there is a row for each seed, as they were before they were averaged.
 *
 * @throws TypeError for what is no figure.
 * @example
 * const columns = [{ head: "machine", text: true }, { head: "seconds" }];
 * const table: Table = { kind: "table", columns, rows: [["laptop", "3.1"]] };
 * figureCsv({ rows: [[table]] }).split("\r\n"); // ["machine,seconds", "laptop,3.1", ""]
 */
export function figureCsv(figure: Pick<Figure, "rows">): string {
  checkFigure("figureCsv", figure);
  const blocks = figure.rows
    .flat()
    .map(blockOf)
    .filter((rows) => rows.length > 0);
  return blocks.map((rows) => rows.map((cells) => `${cells.map(cellText).join(",")}\r\n`).join("")).join("\r\n");
}
