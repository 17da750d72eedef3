// A chain of points that moves, as an SVG that animates itself: without a script, in a page and as a file.
import type { Motion } from "../studies/index.js";
import { FONT } from "./chart.js";
import { escapeHtml } from "./html.js";
import { colour } from "./theme.js";

/** Pixels: the width of a drawing, its largest height, what is free around it, and the width of the chain. */
const [WIDTH, HEIGHT, MARGIN, BODY] = [720, 420, 24, 7];

/** Draws the motion, with the path of the first point, and a bar for a length in metres. */
export function motion({ label, hue, frames, seconds }: Omit<Motion, "kind">, width: number = WIDTH): string {
  const all = frames.flat();
  const [xs, ys] = [0, 1].map((odd) => all.filter((_, i) => i % 2 === odd));
  const [left, right, low, high] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min(
    (width - 2 * MARGIN) / Math.max(right - left, 1e-9),
    (HEIGHT - 2 * MARGIN) / Math.max(high - low, 1e-9),
  );
  const height = Math.ceil((high - low) * scale + 2 * MARGIN) + 2 * FONT.line;
  const place = (points: readonly number[]): string =>
    Array.from(
      { length: points.length / 2 },
      (_, i) =>
        `${round(MARGIN + (points[2 * i] - left) * scale)},${round(MARGIN + (high - points[2 * i + 1]) * scale)}`,
    ).join(" ");
  const pictures = frames.map(place);
  const noses = frames.map((points) => place(points.slice(0, 2)));
  const animate = (name: string, values: readonly string[]): string =>
    `<animate attributeName="${name}" dur="${seconds}s" repeatCount="indefinite" values="${values.join(";")}"/>`;
  const eye = (axis: 0 | 1): string[] => noses.map((at) => at.split(",")[axis]);
  const bar = lengthOf((right - left) / 4);
  const [barEnd, bottom] = [round(MARGIN + bar * scale), height - FONT.line];
  return `<svg class="chart" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-size="${FONT.size}" role="img" aria-label="${escapeHtml(label)}">
<polyline points="${noses.join(" ")}" fill="none" stroke="${colour("base")}" stroke-dasharray="2 4"/>
<polyline points="${pictures[0]}" fill="none" stroke="${colour(hue)}" stroke-width="${BODY}" stroke-linecap="round" stroke-linejoin="round">${animate("points", pictures)}</polyline>
<circle cx="${eye(0)[0]}" cy="${eye(1)[0]}" r="${BODY - 1}" fill="${colour(hue)}">${animate("cx", eye(0))}${animate("cy", eye(1))}</circle>
<path d="M${MARGIN},${bottom}H${barEnd}" stroke="${colour("ink")}"/>
<text x="${barEnd + 6}" y="${bottom}" dy="0.35em" fill="${colour("ink")}">${bar} m; ${Number(seconds.toPrecision(3))} s</text>
</svg>`;
}

const round = (value: number): number => Number(value.toFixed(1));

/** The largest of 1, 2 and 5 times a power of ten that is not above this length. */
function lengthOf(most: number): number {
  const steps = [1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
  return steps.find((step) => step <= most) ?? steps[steps.length - 1];
}
