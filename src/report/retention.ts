// The retention curve of continual tasks as a chart: what is known of the first classes while the second are learned.
import * as Plot from "@observablehq/plot";
import { type EvaluationLine, RETENTION_SHARES, type Retention } from "../meta/index.js";
import { chart, FONT, spread, widthOf } from "./chart.js";
import { bootstrap, type Estimate } from "./statistics.js";
import { type Colour, colour } from "./theme.js";

/** The rules that an evaluation compares. */
export const TRIED = ["learned", "initial"] as const;

/**
 * What the tasks of these lines come to at each point of the curve, with the interval over tasks. A task that has no class
 * of its own in the second part says nothing about it.
 */
export function retentionOf(
  lines: readonly EvaluationLine[],
  rule: (typeof TRIED)[number],
  side: keyof Retention,
): Estimate[] {
  return RETENTION_SHARES.map((_, point) =>
    bootstrap(lines.map((line) => line[rule].retention?.[side][point] ?? Number.NaN).filter((x) => !Number.isNaN(x))),
  );
}

interface Series {
  readonly name: string;
  readonly colour: Colour;
  readonly dashed: boolean;
  readonly points: readonly (Estimate & { readonly share: number })[];
}

const sides = { first: ["first classes", "s5"], second: ["second classes", "s1"] } as const;

/** Draws the curves of one condition: both parts under both rules, the initial one dashed. */
export function retentionChart(title: string, lines: readonly EvaluationLine[]): string {
  const series: Series[] = TRIED.flatMap((rule) =>
    (["first", "second"] as const).map((side) => ({
      name: rule === "learned" ? sides[side][0] : `${sides[side][0]}, initial rule`,
      colour: sides[side][1],
      dashed: rule === "initial",
      points: retentionOf(lines, rule, side)
        .map((estimate, i) => ({ ...estimate, share: 100 * RETENTION_SHARES[i] }))
        .filter((point) => Number.isFinite(point.mean)),
    })),
  ).filter(({ points }) => points.length > 0);
  const [width, height] = [560, 290];
  const margin = { top: 24, right: widthOf(series.map(({ name }) => name)) + 14, bottom: 34, left: 40 };
  const ends = series.map(({ points }) => points[points.length - 1].mean);
  const places = spread(ends, FONT.line / (height - margin.top - margin.bottom), 0, 1);
  const about = series.map(
    ({ name, points }) => `${name} from ${points[0].mean.toFixed(3)} to ${points[points.length - 1].mean.toFixed(3)}`,
  );
  return chart(`${title}: ${about.join("; ")}`, {
    ...{ width, height },
    ...{ marginTop: margin.top, marginRight: margin.right, marginBottom: margin.bottom, marginLeft: margin.left },
    x: { domain: [0, 100], label: null },
    y: { domain: [0, 1], label: null },
    marks: [
      Plot.gridY({ stroke: colour("line"), strokeOpacity: 1, ticks: 5 }),
      Plot.axisY({ tickSize: 0, ticks: 5, fill: colour("quiet"), label: null }),
      Plot.axisX({
        ...{ tickSize: 0, ticks: 5, fill: colour("quiet"), labelArrow: "none", labelAnchor: "center" },
        label: "% of the second part",
      }),
      Plot.text([title], { frameAnchor: "top-left", dx: 4 - margin.left, dy: 2 - margin.top, fill: colour("quiet") }),
      ...series.map(({ points, colour: name }) =>
        Plot.areaY(
          points.filter(({ low }) => Number.isFinite(low)),
          { x: "share", y1: "low", y2: "high", fill: colour(name), fillOpacity: 0.13 },
        ),
      ),
      ...series.map(({ points, colour: name, dashed }) =>
        Plot.lineY(points, {
          ...{ x: "share", y: "mean", stroke: colour(name), strokeWidth: 1.75 },
          ...(dashed && { strokeDasharray: "4 3" }),
        }),
      ),
      ...series.map(({ name, colour: of }, i) =>
        Plot.text([name], { x: 100, y: places[i], dx: 9, textAnchor: "start", fill: colour(of) }),
      ),
    ],
  });
}
