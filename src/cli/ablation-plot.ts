// The table of `synaptape bio` as a figure: accuracy of each arm with its interval.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Effect } from "../studies/index.js";

/** An SVG: a point and an interval for each row, and a line at the accuracy without mechanisms. */
export function plotAblation(rows: readonly Effect[], title: string): string {
  const { document } = parseHTML("<html></html>");
  const points = rows.map(({ arm, accuracy: { mean, low, high } }) => ({
    arm,
    mean: 100 * mean,
    low: 100 * (Number.isNaN(low) ? mean : low),
    high: 100 * (Number.isNaN(high) ? mean : high),
  }));
  const plot = Plot.plot({
    document,
    width: 640,
    height: 60 + 28 * rows.length,
    marginLeft: 110,
    marginRight: 30,
    x: { label: "accuracy, %", grid: true, nice: true },
    y: { label: null, domain: rows.map(({ arm }) => arm) },
    marks: [
      Plot.ruleX([points[0].mean], { stroke: "#999", strokeDasharray: "4 3" }),
      Plot.ruleY(points, { y: "arm", x1: "low", x2: "high", stroke: "#4269d0", strokeWidth: 2 }),
      Plot.dot(points, { y: "arm", x: "mean", fill: "#4269d0", r: 4 }),
    ],
  });
  plot.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", `Accuracy with and without each mechanism: ${title}`);
  return `${plot.outerHTML}\n`;
}
