// The figures of docs/scale.md.
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { Measured } from "./measured.js";
import { capacity, demand, lieCurve, worldOf } from "./tables.js";

const [BLUE, RED, GREY] = ["#4269d0", "#d1495b", "#888"];

/** A plot as a file of its own. */
function svg(title: string, options: Plot.PlotOptions): string {
  const { document } = parseHTML("<html></html>");
  const size = { width: 560, height: 320, marginLeft: 60, marginBottom: 45, marginRight: 125 };
  const plot = Plot.plot({ document, ...size, ...options });
  const whole = `width="560" height="320" viewBox="0 0 560 320"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${whole} font-family="sans-serif">
<title>${title}</title>
<rect width="100%" height="100%" fill="white"/>
${plot.outerHTML}
</svg>
`;
}

/** Jobs a second by the number of episodes in a job, for two crowds, and what one Redis takes. */
export function loadPlot(measured: Measured): string {
  const world = worldOf(measured);
  const episodes = Array.from({ length: 12 }, (_, i) => 2 ** i);
  const crowds = [10_000, 1_000_000].map((volunteers) => ({
    name: `${volunteers.toLocaleString("en")} volunteers`,
    points: episodes.map((count) => [count, demand(world, volunteers, count)] as const),
  }));
  const most = capacity(measured);
  return svg("Jobs a second, by episodes in a job", {
    x: { type: "log", base: 2, label: "episodes in a job" },
    y: { type: "log", label: "jobs a second", grid: true },
    marks: [
      Plot.ruleY([most], { stroke: RED, strokeDasharray: "4" }),
      Plot.text([[episodes[episodes.length - 1], most]], {
        text: ["one Redis"],
        textAnchor: "start",
        dx: 6,
        fill: RED,
      }),
      ...crowds.flatMap(({ name, points }) => [
        Plot.line(points, { stroke: BLUE }),
        Plot.text(points.slice(-1), { text: [name], textAnchor: "start", dx: 6, fill: BLUE }),
      ]),
    ],
  });
}

/** Wrong results of a liar before he is found, by the share of results that are checked. */
export function liePlot(measured: Measured): string {
  const curve = lieCurve(measured);
  const fine = Array.from({ length: 171 }, (_, i) => 0.08 + 0.005 * i);
  return svg("Wrong results that a liar gets counted, by the share that is checked", {
    x: { label: "share of results that are checked", domain: [0, 1] },
    y: { label: "wrong results before a liar is found", grid: true, zero: true },
    marks: [
      Plot.line(
        fine.map((check) => [check, (1 - check) / check]),
        { stroke: GREY },
      ),
      Plot.dot(
        curve.map(({ check, simulated }) => [check, simulated]),
        { fill: BLUE },
      ),
      Plot.text([[0.2, 4]], { text: ["(1 - p) / p"], dx: 12, textAnchor: "start", fill: GREY }),
    ],
  });
}
