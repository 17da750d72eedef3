// Figures of the benchmarks as SVG: points with the straight line through them, one panel per quantity; and
// curves over sizes.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { fitLine } from "./fit.js";

export interface Line {
  readonly label: string;
  readonly points: readonly (readonly [number, number])[];
}

const SIDE = 300;
const IN_ROW = 3;
const COLORS = ["#4269d0", "#b4531f", "#3a8a4a"];

/** The panels, three in a row; in all of them the vertical axis is the quantity `y`, from 0. */
export function plotLines(lines: readonly Line[], y: string): string {
  const { document } = parseHTML("<html></html>");
  const panels = lines.map(({ label, points }, i) => {
    const { atNone, each } = fitLine(points);
    const last = Math.max(...points.map(([x]) => x));
    const panel = Plot.plot({
      document,
      width: SIDE,
      height: SIDE,
      marginLeft: 45,
      marginBottom: 40,
      marginRight: 20,
      x: { label, ticks: 4, domain: [0, last], nice: true },
      y: { label: i % IN_ROW === 0 ? y : null, grid: true, zero: true, nice: true },
      marks: [
        Plot.line(
          [0, last].map((x) => [x, atNone + each * x]),
          { x: "0", y: "1", stroke: "#4269d0" },
        ),
        Plot.dot(points, { x: "0", y: "1", fill: "#4269d0" }),
      ],
    });
    panel.setAttribute("x", String((i % IN_ROW) * SIDE));
    panel.setAttribute("y", String(Math.floor(i / IN_ROW) * SIDE));
    panel.setAttribute("role", "img");
    panel.setAttribute("aria-label", label);
    return panel.outerHTML;
  });
  const width = SIDE * Math.min(lines.length, IN_ROW);
  const height = SIDE * Math.ceil(lines.length / IN_ROW);
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="sans-serif">
<title>${y}, by ${lines.map(({ label }) => label).join(", ")}</title>
<rect width="100%" height="100%" fill="white"/>
${panels.join("\n")}
</svg>
`;
}

/** Curves in one panel, both axes logarithmic, with a rule at 1. */
export function plotCurves(curves: readonly Line[], x: string, y: string): string {
  const { document } = parseHTML("<html></html>");
  const points = curves.flatMap(({ label, points }) => points.map(([size, value]) => ({ label, size, value })));
  const sizes = [...new Set(points.map(({ size }) => size))];
  const panel = Plot.plot({
    document,
    ...{ width: 520, height: 340, marginLeft: 50, marginBottom: 40, marginRight: 20 },
    x: { label: x, type: "log", base: 2, ticks: sizes, tickFormat: (size: number) => String(size) },
    y: {
      label: y,
      type: "log",
      grid: true,
      ticks: [0.5, 1, 2, 4, 8, 16, 32],
      tickFormat: (times: number) => String(times),
    },
    color: { domain: curves.map(({ label }) => label), range: COLORS },
    marks: [
      Plot.ruleY([1], { stroke: "#888" }),
      Plot.line(points, { x: "size", y: "value", stroke: "label" }),
      Plot.dot(points, { x: "size", y: "value", fill: "label" }),
      ...curves.map(({ label }, i) =>
        Plot.text([label], {
          frameAnchor: "top-right",
          fill: COLORS[i],
          dy: 16 * i,
          fontWeight: "bold",
          text: [label],
        }),
      ),
    ],
  });
  panel.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  panel.setAttribute("role", "img");
  panel.setAttribute("aria-label", `${y}, by ${x}`);
  panel.setAttribute("style", "background: white");
  return `${panel.outerHTML}\n`;
}
