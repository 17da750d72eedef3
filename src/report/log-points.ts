// Points along a logarithmic axis, such as the time constants of chemicals.
import * as Plot from "@observablehq/plot";
import type { LogPoints } from "../studies/index.js";
import { chart, FONT, inLines, PHONE, widthOf } from "./chart.js";
import { colour } from "./theme.js";

/** Draws the rows, one below the other; for a phone's page, with names above what is drawn, if it shall be narrow. */
export function logPointChart({ quantity, rows: given }: Omit<LogPoints, "kind">, narrow = false): string {
  const rows = given.map(({ name, ...row }, index) => ({
    ...{ ...row, index, name: narrow ? inLines(name).join("\n") : name },
  }));
  const most = Math.max(...rows.map(({ name }) => name.split("\n").length));
  const height = narrow ? 28 + most * FONT.line : 26;
  const dots = rows.flatMap(({ points, index }) => points.map((point) => ({ ...point, index })));
  const names = rows.map(({ name }) => name);
  return chart(
    `${quantity}: ${rows.map(({ name, points }) => `${name}: ${points.map(({ at }) => at.toFixed(1)).join(", ")}`).join("; ")}`,
    {
      width: narrow ? PHONE : 970,
      height: rows.length * height + 62,
      marginLeft: narrow ? 8 : widthOf(names) + 16,
      marginRight: narrow ? 12 : 24,
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
          ...(narrow ? { dy: -10, lineAnchor: "bottom", textAnchor: "start" } : { dx: -10, textAnchor: "end" }),
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
