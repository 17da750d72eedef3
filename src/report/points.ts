// The statistic of each configuration: its mean and interval, every seed as a point, and what was published.
import * as Plot from "@observablehq/plot";
import { bootstrap, type Estimate, type Points } from "../studies/index.js";
import { chart, FONT, inLines, PHONE, widthOf } from "./chart.js";
import { colour } from "./theme.js";

/** An estimate in words: "0.726 (0.711 to 0.738)". */
function estimateText({ mean, low, high }: Estimate, digits = 3): string {
  const middle = mean.toFixed(digits);
  return Number.isNaN(low) ? middle : `${middle} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;
}

/** The least width of what is drawn of rows beside their names and estimates. */
const ROOM = 160;

/** How rows are laid out: names and estimates beside what is drawn of them, or above it where there is no room. */
function layoutOf(names: readonly string[], texts: readonly string[], width: number) {
  const shared = { name: { x: null, frameAnchor: "left" }, text: { frameAnchor: "right" } } as const;
  const [left, right] = [widthOf(names) + 16, widthOf(texts) + 20];
  if (width - left - right >= ROOM) {
    return {
      ...{ row: 25, left, right, labels: names },
      name: { ...shared.name, dx: -10, textAnchor: "end" },
      text: { ...shared.text, dx: 14, textAnchor: "start" },
    } as const;
  }
  const labels = names.map((name) => inLines(name).join("\n"));
  const most = Math.max(...labels.map((label) => label.split("\n").length));
  return {
    ...{ row: 44 + most * FONT.line, left: 10, right: 14, labels },
    name: { ...shared.name, dy: -13 - FONT.line, lineAnchor: "bottom", textAnchor: "start" },
    text: { ...shared.name, dy: -14, textAnchor: "start" },
  } as const;
}

/** On which side of its place a text stands, so that it does not leave a narrow chart: by the share of the width to its left. */
const anchorAt = (share: number): "start" | "middle" | "end" =>
  share < 1 / 3 ? "start" : share > 2 / 3 ? "end" : "middle";

/** Draws the rows, one below the other; for a phone's page if it shall be narrow. */
export function pointChart(
  { quantity, rows, reference, width = 970, digits = 3 }: Omit<Points, "kind">,
  narrow = false,
): string {
  const drawn = rows.map((row, index) => ({ ...row, index, estimate: bootstrap(row.values) }));
  const texts = drawn.map(({ estimate, published }) => {
    const theirs = published === undefined ? "" : `; published ${published.toFixed(digits)}`;
    return `${estimateText(estimate, digits)}${theirs}`;
  });
  const all = [
    ...drawn.flatMap(({ values, published }) => [...values, ...(published === undefined ? [] : [published])]),
  ];
  if (reference) all.push(reference.at);
  const least = Math.min(...all);
  const pad = 0.04 * Math.max(Math.max(...all) - Math.min(...all), 0.05);
  const domain = [least < 0 ? least - pad : Math.max(0, least - pad), Math.max(...all) + pad] as const;
  const names = drawn.map(({ name }) => name);
  const layout = layoutOf(names, texts, narrow ? 0 : width);
  const margin = { top: reference ? 40 : 24, bottom: 30 };
  const seeds = drawn.flatMap(({ values, index, hue }) => values.map((value) => ({ value, index, hue })));
  return chart(`${quantity}: ${drawn.map(({ name }, i) => `${name} ${texts[i]}`).join("; ")}`, {
    width: narrow ? PHONE : width,
    height: rows.length * layout.row + margin.top + margin.bottom,
    marginTop: margin.top,
    marginBottom: margin.bottom,
    marginLeft: layout.left,
    marginRight: layout.right,
    x: { domain, label: null },
    y: { type: "linear", domain: [-0.6, rows.length - 0.4], reverse: true, axis: null },
    marks: [
      Plot.gridX({ stroke: colour("line"), strokeOpacity: 1, ticks: narrow ? 4 : 7 }),
      Plot.axisX({ tickSize: 0, ticks: narrow ? 4 : 7, fill: colour("quiet"), label: null }),
      Plot.text([quantity], { frameAnchor: "top-left", dy: -margin.top + 2, fill: colour("quiet") }),
      reference ? Plot.ruleX([reference.at], { stroke: colour("faint"), strokeDasharray: "3 3" }) : null,
      reference
        ? Plot.text([reference.name], {
            ...{ x: reference.at, frameAnchor: "top", dy: -18, fill: colour("quiet") },
            ...(narrow && { textAnchor: anchorAt((reference.at - domain[0]) / (domain[1] - domain[0])) }),
          })
        : null,
      Plot.text(layout.labels, { ...layout.name, y: (_, i) => i, fill: colour("ink") }),
      Plot.dot(seeds, {
        x: "value",
        y: "index",
        dy: 7,
        r: 2.2,
        fill: ({ hue }: (typeof seeds)[number]) => colour(hue),
        fillOpacity: 0.55,
      }),
      ...drawn.map(({ estimate: { mean, low, high }, index, hue, published }) => [
        Number.isNaN(low)
          ? null
          : Plot.link([0], {
              x1: low,
              x2: high,
              y1: index,
              y2: index,
              stroke: colour(hue),
              strokeWidth: 2.5,
              strokeLinecap: "round",
            }),
        Plot.dot([mean], { x: mean, y: index, r: 5, fill: colour(hue), stroke: colour("ground"), strokeWidth: 1 }),
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
      Plot.text(texts, { ...layout.text, y: (_, i) => i, fill: colour("quiet"), fontSize: FONT.size }),
    ],
  });
}
