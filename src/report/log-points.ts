// Points along a logarithmic axis, such as the time constants of chemicals.
import * as Plot from "@observablehq/plot";
import type { LogPoints } from "../studies/index.js";
import { chart, widthOf } from "./chart.js";
import { colour } from "./theme.js";

/** Draws the rows, one below the other. */
export function logPointChart({ quantity, rows: given }: Omit<LogPoints, "kind">): string {
  const rows = given.map((row, index) => ({ ...row, index }));
  const dots = rows.flatMap(({ points, index }) => points.map((point) => ({ ...point, index })));
  const names = rows.map(({ name }) => name);
  return chart(
    `${quantity}: ${rows.map(({ name, points }) => `${name}: ${points.map(({ at }) => at.toFixed(1)).join(", ")}`).join("; ")}`,
    {
      width: 970,
      height: rows.length * 26 + 62,
      marginLeft: widthOf(names) + 16,
      marginRight: 24,
      marginTop: 24,
      marginBottom: 38,
      x: {
        type: "log",
        label: null,
        domain: [Math.min(1, ...dots.map(({ at }) => at)), Math.max(2, ...dots.map(({ at }) => at))],
      },
      y: { type: "linear", domain: [-0.6, rows.length - 0.4], reverse: true, axis: null },
      marks: [
        Plot.gridX({ stroke: colour("line"), strokeOpacity: 1, ticks: 5 }),
        Plot.axisX({
          tickSize: 0,
          ticks: 5,
          tickFormat: (x: number) => String(Number(x.toPrecision(3))),
          fill: colour("quiet"),
          label: quantity,
          labelArrow: "none",
          labelAnchor: "center",
        }),
        Plot.text(rows, {
          frameAnchor: "left",
          y: "index",
          text: "name",
          dx: -10,
          textAnchor: "end",
          fill: colour("ink"),
        }),
        Plot.dot(
          dots.filter(({ open }) => !open),
          { x: "at", y: "index", r: 4.5, fill: colour("s5") },
        ),
        Plot.dot(
          dots.filter(({ open }) => open),
          { x: "at", y: "index", r: 4.5, stroke: colour("s5"), strokeWidth: 2 },
        ),
      ],
    },
  );
}
