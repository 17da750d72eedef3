// The time constants of chemicals, on a logarithmic scale.
import * as Plot from "@observablehq/plot";
import { timeScales } from "../plasticity/index.js";
import { synapseKind } from "../plasticity/internal.js";
import { chart, widthOf } from "./chart.js";
import { grouped } from "./evidence.js";
import type { Shown } from "./figure.js";
import { colour } from "./theme.js";

/** A row for each set of chemicals, with what has it; undefined where no configuration has chemicals. */
export function timeChart(shown: readonly Shown[]): string | undefined {
  const chemical = shown.filter(({ evidence }) => synapseKind(evidence.config.plasticity.synapse).scales);
  if (chemical.length === 0) return undefined;
  const key = ({ evidence: { config } }: Shown): string => JSON.stringify(timeScales(config.plasticity));
  const rows = [...grouped(chemical, key).values()].map((group, index) => {
    const { plasticity } = group[0].evidence.config;
    const { y, z } = timeScales(plasticity);
    const names = group.map(({ name }) => name);
    const text = names.length > 3 ? `${names.slice(0, 2).join("; ")} and ${names.length - 2} more` : names.join("; ");
    return { index, text, dots: z.map((rate, i) => ({ index, tau: 1 / rate, keeps: y[i] === 1 })) };
  });
  const dots = rows.flatMap((row) => row.dots);
  const names = rows.map(({ text }) => text);
  const svg = chart(
    `time constants: ${rows.map(({ text, dots }) => `${text}: ${dots.map(({ tau }) => tau.toFixed(1)).join(", ")}`).join("; ")}`,
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
        domain: [Math.min(1, ...dots.map(({ tau }) => tau)), Math.max(2, ...dots.map(({ tau }) => tau))],
      },
      y: { type: "linear", domain: [-0.6, rows.length - 0.4], reverse: true, axis: null },
      marks: [
        Plot.gridX({ stroke: colour("line"), strokeOpacity: 1, ticks: 5 }),
        Plot.axisX({
          tickSize: 0,
          ticks: 5,
          tickFormat: "d",
          fill: colour("quiet"),
          label: "steps",
          labelArrow: "none",
          labelAnchor: "center",
        }),
        Plot.text(rows, {
          frameAnchor: "left",
          y: "index",
          text: "text",
          dx: -10,
          textAnchor: "end",
          fill: colour("ink"),
        }),
        Plot.dot(
          dots.filter(({ keeps }) => !keeps),
          { x: "tau", y: "index", r: 4.5, fill: colour("s5") },
        ),
        Plot.dot(
          dots.filter(({ keeps }) => keeps),
          { x: "tau", y: "index", r: 4.5, stroke: colour("s5"), strokeWidth: 2 },
        ),
      ],
    },
  );
  return `<figure>${svg}<figcaption>How slowly each chemical follows its drive: a chemical takes over 1/τ of it at a step, and forgets as fast. Open: a chemical that is written like the others and never forgets.</figcaption></figure>`;
}
