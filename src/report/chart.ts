// Observable Plot at the command line: a chart as the text of an SVG.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { colour, inLight } from "./theme.js";

/** The text of charts, in pixels; `width` is the average width of a character in a wide font such as DejaVu Sans. */
export const FONT = { size: 11.5, width: 7.3, line: 14 } as const;

/** The position in pixels of a value on an axis of a chart. */
export type Placed = (axis: "x" | "y", value: number) => number;

/**
 * Draws a chart.
 *
 * @param label what it shows, for those who cannot see it.
 * @param over draws what lies over it, as the text of an SVG.
 */
export function chart(label: string, options: Plot.PlotOptions, over?: (placed: Placed) => string): string {
  const { document } = parseHTML("<html></html>");
  const svg = Plot.plot({
    ...options,
    document,
    className: "chart",
    style: { fontSize: `${FONT.size}px`, background: "none", color: colour("ink"), overflow: "visible" },
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label.replace(/[<>]/g, "")); // in a file of its own the SVG is XML
  // Plot's own style sheet is for charts outside a page; the page has its own.
  svg.querySelector("style")?.remove();
  const text = svg.outerHTML;
  if (!over) return text;
  const drawn = over((axis, value) => svg.scale(axis)?.apply(value));
  return `${text.slice(0, -"</svg>".length)}${drawn}</svg>`;
}

/**
 * Positions as close as possible (by least squares) to those wanted, in the same order, at least `gap` apart, between
 * `low` and `high`. Pools adjacent violators (Ayer and others 1955) among the positions minus the gaps below them.
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const blocks: { sum: number; count: number }[] = [];
  order.forEach((index, rank) => {
    let block = { sum: wanted[index] - rank * gap, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.count > block.sum / block.count; last = blocks.at(-1)) {
      block = { sum: last.sum + block.sum, count: last.count + block.count };
      blocks.pop();
    }
    blocks.push(block);
  });
  const top = high - (wanted.length - 1) * gap;
  const levels = blocks.flatMap(({ sum, count }) => new Array<number>(count).fill(sum / count));
  const placed: number[] = [];
  order.forEach((index, rank) => {
    placed[index] = Math.max(low, Math.min(top, levels[rank])) + rank * gap;
  });
  return placed;
}

/** Charts and headings put together in rows, as one SVG that can be a file of its own. */
export function sheet(title: string, rows: readonly (readonly string[])[]): string {
  const [gap, head] = [26, 30];
  let [y, width] = [0, 0];
  const placed: string[] = [];
  for (const row of rows) {
    let [x, height] = [0, 0];
    for (const item of row) {
      const size = /^<svg[^>]* width="([\d.]+)"/.exec(item) && /^<svg[^>]* height="([\d.]+)"/.exec(item);
      if (!size) {
        placed.push(`<text x="0" y="${y + 18}" font-size="15" font-weight="600">${item}</text>`);
        height = head;
        continue;
      }
      const wide = Number(/ width="([\d.]+)"/.exec(item)?.[1]);
      placed.push(item.replace("<svg", `<svg x="${x}" y="${y}"`));
      x += wide + gap;
      height = Math.max(height, Number(size[1]));
      width = Math.max(width, x - gap);
    }
    y += height + (height === head ? 0 : gap);
  }
  const box = `viewBox="-14 -14 ${Math.ceil(width) + 28} ${Math.ceil(y) + 28 - gap}"`;
  return inLight(`<svg xmlns="http://www.w3.org/2000/svg" ${box} width="${Math.ceil(width) + 28}" font-family="system-ui, sans-serif">
<title>${title}</title>
<rect x="-14" y="-14" width="100%" height="100%" fill="${colour("ground")}"/>
<g fill="${colour("ink")}">
${placed.join("\n")}
</g>
</svg>
`);
}

/** The width of a phone's page without its margins, in pixels. */
export const PHONE = 358;

/** A text in lines that are no wider than a phone's page, and as few as words allow. */
export function inLines(text: string): readonly string[] {
  const most = Math.floor((PHONE - 12) / FONT.width);
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The width of the longest of these texts, in pixels. */
export const widthOf = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length)) * FONT.width;
