// Curves over the episodes, or over anything else: moving averages with their intervals over the seeds, each labelled at
// its end.
import * as Plot from "@observablehq/plot";
import { bootstrapCurves, type Curves, movingAverage, type Series, WINDOWS } from "../studies/index.js";
import { chart, FONT, inLines, PHONE, type Placed, spread, widthOf } from "./chart.js";
import { hoverLayer, someOf } from "./hover.js";
import { colour } from "./theme.js";

interface Point {
  readonly x: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The moving averages of a series with their intervals. Positions without a number in any seed are left out. */
function pointsOf({ curves }: Series, { window = WINDOWS.report, at }: Omit<Curves, "kind">): Point[] {
  const smooth = curves.map((curve) => movingAverage(curve, window));
  return bootstrapCurves(smooth)
    .map(({ mean, low, high }, i) => ({ x: at?.[i] ?? i + 1, mean, low, high }))
    .filter((point) => Number.isFinite(point.mean));
}

/** If no upper end is given, curves are cut off at this many times their first value. */
const SOARS = 1.5;

/** The widest names that stand beside curves on a phone's page, in pixels; wider ones stand above. */
const BESIDE = 96;

/**
 * Draws curves.
 *
 * @param live whether they say their values where one points at them, in a page with the style sheet of reports.
 * @param narrow whether they are for the page of a phone.
 */
export function curveChart(options: Omit<Curves, "kind">, live = false, narrow = false): string {
  const { quantity, series, domain, span, rule, axis = "episode", alongside = [] } = options;
  const drawn = series.map((line) => ({ ...line, points: pointsOf(line, options) })).filter((s) => s.points.length > 0);
  const tops = drawn.flatMap(({ points }) => points.map(({ mean, high }) => (Number.isNaN(high) ? mean : high)));
  const low = domain[0];
  const [first = 1] = options.at ?? [];
  // Next to a loss that explodes, the other curves could not be seen. Curves that begin at the lower end only rise.
  const begin = Math.max(...drawn.map(({ points }) => points[0].mean));
  const usual = begin > low ? SOARS * begin : Number.POSITIVE_INFINITY;
  const high = domain[1] ?? Math.min(Math.max(...tops, rule?.at ?? 0) * 1.05, Math.max(usual, rule?.at ?? 0));
  // A line that leaves the chart ends there, and so does its band.
  const shown = (part: "mean" | "low" | "high") => (point: Point) => (point.mean > high ? Number.NaN : point[part]);
  const last = Math.max(...drawn.map(({ points }) => points[points.length - 1].x));
  const beside = widthOf([...drawn.map(({ name }) => name), ...alongside]) + 14;
  const above = narrow && beside > BESIDE;
  /** The names above, each in lines of its own. */
  const legend = above
    ? drawn.flatMap(({ name, hue, dashed }) =>
        inLines(`${dashed ? "- -" : "—"} ${name}`).map((text) => ({ text, hue })),
      )
    : [];
  const top = legend.length > 0 ? legend.length * FONT.line + 6 : 0;
  const margin = { top: 24 + top, right: above ? 12 : beside, bottom: 34, left: 40 };
  const width = narrow ? PHONE : (options.width ?? 470);
  const height = (options.height ?? 290) + top;
  const unit = (high - low) / (height - margin.top - margin.bottom);
  const ends = drawn.map(({ points }) => Math.min(points[points.length - 1].mean, high));
  const places = spread(ends, FONT.line * unit, low, high);
  const labels = drawn.map((each, i) => ({ ...each, at: places[i], end: ends[i] }));
  const ruled = rule ? [rule] : [];
  const frame = {
    left: margin.left,
    right: width - margin.right,
    top: margin.top,
    bottom: height - margin.bottom,
    width,
  };
  const positions = [...new Set(drawn.flatMap(({ points }) => points.map(({ x }) => x)))].sort((a, b) => a - b);
  /** What is at a position, for those who point there. */
  const strips = (placed: Placed): string =>
    hoverLayer(
      someOf(positions).map((x) => ({
        ...{ x: placed("x", x), text: `${axis} ${Number(x.toPrecision(6))}` },
        values: drawn.flatMap(({ name, hue, points }) => {
          const point = points.find((each) => each.x === x);
          const inside = point && point.mean >= low && point.mean <= high;
          return point ? [{ name, hue, y: inside ? placed("y", point.mean) : undefined, text: valueText(point) }] : [];
        }),
      })),
      frame,
    );
  return chart(
    `${quantity} by ${axis}: ${drawn.map(({ name, points }) => `${name} ends at ${points[points.length - 1].mean.toFixed(3)}`).join("; ")}`,
    {
      width,
      height,
      marginTop: margin.top,
      marginRight: margin.right,
      marginBottom: margin.bottom,
      marginLeft: margin.left,
      x: { domain: [first, last], label: null },
      y: { domain: [low, high], label: null, clamp: true },
      marks: [
        span ? Plot.rect([span], { x1: "from", x2: "to", y1: low, y2: high, fill: colour("shade") }) : null,
        Plot.gridY({ stroke: colour("line"), strokeOpacity: 1, ticks: 5 }),
        Plot.axisY({
          ...{ tickSize: 0, ticks: 5, fill: colour("quiet"), label: null },
          ...(high >= 1000 && { tickFormat: "~s" }),
        }),
        Plot.axisX({
          tickSize: 0,
          ticks: 6,
          fill: colour("quiet"),
          label: axis,
          labelArrow: "none",
          labelAnchor: "center",
        }),
        Plot.text([quantity], {
          frameAnchor: "top-left",
          dx: -margin.left + 4,
          dy: -22,
          fill: colour("quiet"),
        }),
        ...legend.map(({ text, hue }, i) =>
          Plot.text([text], {
            frameAnchor: "top-left",
            dx: -margin.left + 4,
            dy: -margin.top + 2 + i * FONT.line,
            fill: colour(hue),
          }),
        ),
        Plot.ruleY(ruled, { y: "at", stroke: colour("faint"), strokeDasharray: "2 4" }),
        Plot.text(ruled, {
          ...(rule?.end ? { x: last, textAnchor: "end", dx: -4 } : { x: first, textAnchor: "start", dx: 4 }),
          y: "at",
          text: "name",
          dy: -7,
          fill: colour("quiet"),
        }),
        ...drawn.map(({ points, hue }) =>
          Plot.areaY(
            points.filter((point) => Number.isFinite(point.low)),
            { x: "x", y1: shown("low"), y2: shown("high"), fill: colour(hue), fillOpacity: 0.13 },
          ),
        ),
        ...drawn.map(({ points, hue, dashed }) =>
          Plot.lineY(points, {
            x: "x",
            y: shown("mean"),
            stroke: colour(hue),
            strokeWidth: 1.75,
            ...(dashed && { strokeDasharray: "4 3" }),
          }),
        ),
        ...labels.map(({ published, hue }) =>
          span && published !== undefined
            ? Plot.ruleY([published], {
                x1: span.from,
                x2: span.to,
                stroke: colour(hue),
                strokeDasharray: "4 3",
                strokeWidth: 1.5,
              })
            : null,
        ),
        ...(above ? [] : labels).map(({ name, at, end, hue }) => [
          Plot.link([0], {
            x1: last,
            x2: last,
            y1: end,
            y2: at,
            dx: 5,
            stroke: colour(hue),
            strokeOpacity: 0.5,
          }),
          Plot.text([name], { x: last, y: at, dx: 9, textAnchor: "start", fill: colour(hue) }),
        ]),
      ],
    },
    live && drawn.length > 0 ? strips : undefined,
  );
}

/** A value with its interval, if there is one. */
const valueText = ({ mean, low, high }: Point): string =>
  low < high ? `${short(mean)} (${short(low)} to ${short(high)})` : short(mean);

/** A number with three digits after the point, or three in all where it is large. */
const short = (value: number): string =>
  Math.abs(value) < 100 ? value.toFixed(3) : String(Number(value.toPrecision(3)));
