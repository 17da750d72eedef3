// Parallel coordinates: the settings of many trials side by side, with what came of them at the right.
import * as Plot from "@observablehq/plot";
import type { Parallel } from "../studies/index.js";
import { log10Of } from "../studies/internal.js";
import { chart, FONT } from "./chart.js";
import { colour } from "./theme.js";

/** Numbers that differ by this factor or more are drawn on a logarithmic axis. */
const LOG_FROM = 100;

/** As many labels as fit along an axis. */
const MOST_LABELS = 8;

/** The height of the axes, and the space above and below them, in pixels. */
const AXIS = { height: 280, top: 40, bottom: 14, side: 70 } as const;

type Axis = Parallel["axes"][number];

/** How large or how far along a list a value is, before axes are scaled to the same height. */
function heights({ values }: Axis): number[] {
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length < values.length) {
    const names = [...new Set(values.map(String))].sort();
    return values.map((value) => names.indexOf(String(value)));
  }
  const low = Math.min(...numbers);
  return low > 0 && Math.max(...numbers) >= LOG_FROM * low ? log10Of(numbers) : numbers;
}

/** The place of each value along its axis, from 0 at the bottom to 1 at the top; in the middle if all are the same. */
export function placesOn(axis: Axis): number[] {
  const all = heights(axis);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  return all.map((x) => (high > low ? (x - low) / (high - low) : 0.5));
}

/** A value as a label: a number with four significant digits. */
const textOf = (value: number | string): string =>
  typeof value === "number" ? String(Number(value.toPrecision(4))) : value;

/** Labels for those of an axis's values that are far enough apart; the lowest and the highest are among them. */
function labelsOf({ values }: Axis, places: readonly number[]): { text: string; at: number }[] {
  const known = new Map(places.map((at, i) => [at, textOf(values[i])]));
  const rows = [...known].map(([at, text]) => ({ text, at })).sort((a, b) => a.at - b.at);
  const apart = Math.max(1 / MOST_LABELS, FONT.line / AXIS.height);
  const top = rows[rows.length - 1]?.at ?? 1;
  const kept: typeof rows = [];
  for (const row of rows) {
    const below = kept[kept.length - 1]?.at ?? -1;
    if (row.at === top || (row.at - below >= apart && top - row.at >= apart)) kept.push(row);
  }
  return kept;
}

/** Draws the axes and a line for each trial. */
export function parallelChart({ axes }: Omit<Parallel, "kind">): string {
  const places = axes.map(placesOn);
  const scores = places[places.length - 1] ?? [];
  const lines = scores.map((score, line) => ({
    score,
    points: places.map((on, axis) => ({ axis, at: on[line], line })),
  }));
  // The best are drawn last, above the others.
  lines.sort((a, b) => a.score - b.score);
  const labels = axes.flatMap((axis, i) => labelsOf(axis, places[i]).map((label) => ({ ...label, axis: i })));
  const heads = axes.map(({ name }, axis) => ({ name, axis }));
  return chart(`Parallel coordinates of ${axes.map(({ name }) => name).join(", ")} for ${scores.length} trials`, {
    width: 970,
    height: AXIS.height + AXIS.top + AXIS.bottom,
    marginTop: AXIS.top,
    marginBottom: AXIS.bottom,
    marginLeft: AXIS.side,
    marginRight: AXIS.side + 20,
    x: { type: "linear", domain: [0, Math.max(1, axes.length - 1)], axis: null },
    y: { type: "linear", domain: [0, 1], axis: null },
    marks: [
      ...lines.map(({ score, points }) =>
        Plot.line(points, {
          ...{ x: "axis", y: "at", stroke: colour("s1"), strokeWidth: 1.4 },
          strokeOpacity: 0.12 + 0.78 * score,
        }),
      ),
      Plot.ruleX(heads, { x: "axis", y1: 0, y2: 1, stroke: colour("quiet") }),
      Plot.text(heads, { ...{ x: "axis", y: 1, text: "name", dy: -20, fill: colour("ink") } }),
      Plot.text(labels, {
        ...{ x: "axis", y: "at", text: "text", dx: 6, textAnchor: "start", fill: colour("quiet") },
        ...{ stroke: colour("ground"), strokeWidth: 3 },
      }),
    ],
  });
}
