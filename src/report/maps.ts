// Grids of cells as small pictures side by side: the stronger the colour, the larger the value.
import type { Maps } from "../studies/index.js";
import { FONT } from "./chart.js";
import { escapeHtml } from "./html.js";
import { colour } from "./theme.js";

/** Pixels: the largest width of a row of pictures, and what is free between them. */
const [WIDTH, GAP] = [720, 12];
/** How many strengths of the colour are told apart. */
const LEVELS = 8;

/** Draws the pictures in rows of at most this width, each below its name. */
export function mapPictures(
  { label, hue, columns, size: wanted = 5, maps }: Omit<Maps, "kind">,
  most: number = WIDTH,
): string {
  // A picture that is wider than the page gets smaller cells, in hundredths of a pixel.
  const size = Math.min(wanted, Math.floor((100 * most) / columns) / 100);
  const width = columns * size;
  const height = Math.max(...maps.map(({ values }) => Math.ceil(values.length / columns))) * size;
  const each = Math.ceil(Math.max(width, ...maps.map(({ name }) => name.length * FONT.width))) + GAP;
  const perRow = Math.max(1, Math.min(maps.length, Math.floor((most + GAP) / each)));
  const step = FONT.line + height + GAP;
  const parts = maps.map(({ name, values }, i) => {
    const [x, y] = [(i % perRow) * each, Math.floor(i / perRow) * step + FONT.line];
    const drawn = levels(values).map(
      (cells, level) =>
        cells.length > 0 &&
        `<path d="${cells
          .map((at) => `M${x + (at % columns) * size},${y + Math.floor(at / columns) * size}h${size}v${size}h-${size}z`)
          .join("")}" fill="${colour(hue)}" fill-opacity="${(level + 1) / LEVELS}"/>`,
    );
    return `<text x="${x}" y="${y - 4}" fill="${colour("ink")}">${escapeHtml(name)}</text>
<rect x="${x}" y="${y}" width="${width}" height="${(values.length / columns) * size}" fill="${colour("shade")}"/>
${drawn.filter(Boolean).join("\n")}`;
  });
  const rows = Math.ceil(maps.length / perRow);
  const [wide, high] = [perRow * each - GAP, rows * step - GAP];
  return `<svg class="chart" width="${wide}" height="${high}" viewBox="0 0 ${wide} ${high}" font-size="${FONT.size}" role="img" aria-label="${escapeHtml(label)}">
${parts.join("\n")}
</svg>`;
}

/** The cells of each strength, the weakest first; those without any are left out. */
function levels(values: readonly number[]): number[][] {
  const cells = Array.from({ length: LEVELS }, () => [] as number[]);
  values.forEach((value, i) => {
    const level = Math.ceil(Math.min(1, value) * LEVELS);
    if (level > 0) cells[level - 1].push(i);
  });
  return cells;
}
