// Observable Plot at the command line: a chart as the text of an SVG.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { colour } from "./theme.js";

/** Text of charts, in pixels; `width` is what a character takes on average in a wide font such as DejaVu Sans. */
export const FONT = { size: 11.5, width: 7.3, line: 14 } as const;

/**
 * Draws a chart.
 *
 * @param label what it shows, for those who cannot see it.
 */
export function chart(label: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML("<html></html>");
  const svg = Plot.plot({
    ...options,
    document,
    className: "chart",
    style: { fontSize: `${FONT.size}px`, background: "none", color: colour("ink"), overflow: "visible" },
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label.replace(/[<>]/g, "")); // in a file of its own the SVG is XML
  // Plot's own style sheet is for charts that stand alone; the page has one.
  svg.querySelector("style")?.remove();
  return svg.outerHTML;
}

/**
 * Positions as near as can be (least squares) to those wanted, in the same order, at least `gap` apart, from `low` to
 * `high`. Pool adjacent violators (Ayer and others 1955) on the positions less the gaps below them.
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

/** Pixels that the longest of these texts takes. */
export const widthOf = (texts: readonly string[]): number => Math.max(...texts.map((text) => text.length)) * FONT.width;
