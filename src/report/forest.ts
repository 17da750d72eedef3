// The statistic of each configuration: its mean and interval, every seed as a point, and what was published.
import * as Plot from "@observablehq/plot";
import { bootstrap, type Estimate } from "../studies/index.js";
import { chart, FONT, widthOf } from "./chart.js";
import { type Colour, colour } from "./theme.js";

/** One configuration in the chart. */
export interface ForestRow {
  readonly name: string;
  readonly colour: Colour;
  /** The statistic of each seed. */
  readonly values: readonly number[];
  readonly published?: number | undefined;
}

/** A published value that all rows are held to. */
export interface Reference {
  readonly at: number;
  readonly name: string;
}

/** An estimate in words: "0.726 (0.711 to 0.738)". */
export function estimateText({ mean, low, high }: Estimate): string {
  return Number.isNaN(low) ? mean.toFixed(3) : `${mean.toFixed(3)} (${low.toFixed(3)} to ${high.toFixed(3)})`;
}

/** Draws the rows, one below the other. */
export function forestChart(
  quantity: string,
  rows: readonly ForestRow[],
  { reference, width = 970 }: { readonly reference?: Reference | undefined; readonly width?: number } = {},
): string {
  const drawn = rows.map((row, index) => ({ ...row, index, estimate: bootstrap(row.values) }));
  const texts = drawn.map(({ estimate, published }) => {
    const theirs = published === undefined ? "" : `; published ${published.toFixed(3)}`;
    return `${estimateText(estimate)}${theirs}`;
  });
  const all = [
    ...drawn.flatMap(({ values, published }) => [...values, ...(published === undefined ? [] : [published])]),
  ];
  if (reference) all.push(reference.at);
  const least = Math.min(...all);
  const pad = 0.04 * Math.max(Math.max(...all) - Math.min(...all), 0.05);
  const names = drawn.map(({ name }) => name);
  const ROW = 25;
  const margin = { top: reference ? 40 : 24, bottom: 30 };
  const seeds = drawn.flatMap(({ values, index, colour: of }) => values.map((value) => ({ value, index, of })));
  return chart(`${quantity}: ${drawn.map(({ name }, i) => `${name} ${texts[i]}`).join("; ")}`, {
    width,
    height: rows.length * ROW + margin.top + margin.bottom,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    marginLeft: widthOf(names) + 16,
    marginRight: widthOf(texts) + 20,
    x: { domain: [least < 0 ? least - pad : Math.max(0, least - pad), Math.max(...all) + pad], label: null },
    y: { type: "linear", domain: [-0.6, rows.length - 0.4], reverse: true, axis: null },
    marks: [
      Plot.gridX({ stroke: colour("line"), strokeOpacity: 1, ticks: 7 }),
      Plot.axisX({ tickSize: 0, ticks: 7, fill: colour("quiet"), label: null }),
      Plot.text([quantity], { frameAnchor: "top-left", dy: -margin.top + 2, fill: colour("quiet") }),
      reference ? Plot.ruleX([reference.at], { stroke: colour("faint"), strokeDasharray: "3 3" }) : null,
      reference
        ? Plot.text([reference.name], { x: reference.at, frameAnchor: "top", dy: -18, fill: colour("quiet") })
        : null,
      Plot.text(drawn, {
        x: null,
        frameAnchor: "left",
        y: "index",
        text: "name",
        dx: -10,
        textAnchor: "end",
        fill: colour("ink"),
      }),
      Plot.dot(seeds, {
        x: "value",
        y: "index",
        dy: 7,
        r: 2.2,
        fill: ({ of }: (typeof seeds)[number]) => colour(of),
        fillOpacity: 0.55,
      }),
      ...drawn.map(({ estimate: { mean, low, high }, index, colour: of, published }) => [
        Number.isNaN(low)
          ? null
          : Plot.link([0], {
              x1: low,
              x2: high,
              y1: index,
              y2: index,
              stroke: colour(of),
              strokeWidth: 2.5,
              strokeLinecap: "round",
            }),
        Plot.dot([mean], { x: mean, y: index, r: 5, fill: colour(of), stroke: colour("ground"), strokeWidth: 1 }),
        published === undefined
          ? null
          : Plot.dot([published], {
              x: published,
              y: index,
              r: 5.5,
              symbol: "diamond",
              stroke: colour("ink"),
              strokeWidth: 1.4,
            }),
      ]),
      Plot.text(texts, {
        frameAnchor: "right",
        y: (_, i) => i,
        dx: 14,
        textAnchor: "start",
        fill: colour("quiet"),
        fontSize: FONT.size,
      }),
    ],
  });
}
