// Learned coefficients as heat maps: colour shows sign and size, and each cell has its number, faint where the seeds do
// not agree on the sign.
import * as Plot from "@observablehq/plot";
import { bootstrap, type Heat } from "../studies/index.js";
import { chart, FONT } from "./chart.js";
import { colour } from "./theme.js";

/** Pixels of a cell. */
const CELL = { width: 42, height: 24 };

/** Draws one matrix. */
export function heatMap({ title, seeds, rows, columns }: Omit<Heat, "kind">): string {
  const cells = Array.from({ length: rows.length * columns.length }, (_, i) => {
    const { mean, low, high } = bootstrap(seeds.map((data) => data[i]));
    return { row: Math.floor(i / columns.length), column: i % columns.length, mean, sure: !(low <= 0 && high >= 0) };
  });
  const largest = Math.max(...cells.map(({ mean }) => Math.abs(mean))) || 1;
  const share = ({ mean }: Cell): number => Math.abs(mean) / largest;
  type Cell = (typeof cells)[number];
  const left = Math.max(...rows.map((text) => text.length)) * FONT.width + 8;
  return chart(
    `${title}: ${rows.length} rows by ${columns.length} columns, from ${thousandths(-largest)} to ${thousandths(largest)} thousandths`,
    {
      width: left + columns.length * CELL.width,
      height: 20 + rows.length * CELL.height,
      margin: 0,
      marginLeft: left,
      marginTop: 20,
      x: { type: "band", domain: columns.map((_, i) => i), axis: null, padding: 0.03 },
      y: { type: "band", domain: rows.map((_, i) => i), axis: null, padding: 0.03 },
      marks: [
        Plot.text(columns, { x: (_, i) => i, frameAnchor: "top", dy: -11, fill: colour("quiet") }),
        Plot.text(rows, { y: (_, i) => i, frameAnchor: "left", dx: -6, textAnchor: "end", fill: colour("quiet") }),
        Plot.cell(cells, { x: "column", y: "row", fill: colour("shade") }),
        Plot.cell(cells, {
          x: "column",
          y: "row",
          fill: ({ mean }: Cell) => colour(mean < 0 ? "minus" : "plus"),
          fillOpacity: (cell: Cell) => 0.75 * share(cell),
        }),
        Plot.text(cells, {
          x: "column",
          y: "row",
          text: ({ mean }: Cell) => thousandths(mean),
          fill: (cell: Cell) => colour(share(cell) > 0.62 ? "ground" : "ink"),
          fillOpacity: ({ sure }: Cell) => (sure ? 1 : 0.45),
        }),
      ],
    },
  );
}

/** A coefficient in thousandths with two or three digits, such as "−4.3" or "120". */
export function thousandths(value: number): string {
  const size = Math.abs(1000 * value);
  const text = size >= 9.95 ? size.toFixed(0) : size.toFixed(1);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
