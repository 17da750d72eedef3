// Lines that grow, redrawn as they do.
import { colour, few } from "./colours.js";
import { Drawing } from "./drawing.js";

/** A line. */
export interface Line {
  /** The name of its colour. */
  readonly hue: string;
  readonly values: ArrayLike<number>;
  readonly dashed?: boolean;
  readonly thin?: boolean;
  /** Whether only the mean of the last values is a line, and the values themselves are faint dots. */
  readonly window?: number;
}

/** What a chart shows. */
export interface ChartProps {
  readonly lines: readonly Line[];
  /** What it shows, for those who do not see it. */
  readonly label: string;
  /** The least and the most that the scale shows, whatever the values are. */
  readonly span: readonly [least: number, most: number];
  /** How many values there will be. */
  readonly count: number;
  /** The number of the first value, 0 or 1. */
  readonly first: number;
  /** A place that is marked, from 0. */
  readonly mark?: number;
  readonly percent?: boolean;
}

const [GAP, RIGHT, ABOVE, BELOW] = [12, 8, 8, 24];

/** Steps of 1, 2 or 5 times a power of ten, three to six of them. */
function ticks(low: number, high: number): number[] {
  const rough = (high - low) / 4;
  const power = Number(rough.toExponential().replace(/^[^e]+/, "1"));
  const step = [1, 2, 5, 10].map((n) => n * power).find((one) => one >= rough) as number;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}

/** The means of the last `window` values up to each. */
function smooth(values: ArrayLike<number>, window: number): number[] {
  let [sum, count] = [0, 0];
  const add = (value: number, sign: number): void => {
    if (!Number.isFinite(value)) return;
    sum += sign * value;
    count += sign;
  };
  return Array.from(values, (value, i) => {
    add(value, 1);
    if (i >= window) add(values[i - window], -1);
    return count > 0 ? sum / count : Number.NaN;
  });
}

/** The least and the most of all values that are numbers, and of `span`. */
function rangeOf(lines: readonly Line[], span: readonly [number, number]): readonly [number, number] {
  let [low, high] = span;
  for (const { values } of lines) {
    for (let i = 0; i < values.length; i++) {
      if (values[i] < low) low = values[i];
      if (values[i] > high) high = values[i];
    }
  }
  return [low, high];
}

/** The places of at most `most` of `count` values, the last among them. */
function places(count: number, most: number): number[] {
  const stride = Math.ceil(count / most);
  return Array.from({ length: Math.ceil(count / stride) }, (_, i) => count - 1 - i * stride).reverse();
}

function draw(
  context: CanvasRenderingContext2D,
  [width, height]: readonly [number, number],
  { lines, span, count, first, mark, percent }: ChartProps,
): void {
  const [low, high] = rangeOf(lines, span);
  const marks = ticks(low, high).map((at) => ({ at, text: percent ? `${Math.round(100 * at)} %` : few(at) }));
  const left = GAP + Math.max(...marks.map(({ text }) => context.measureText(text).width));
  const [right, bottom] = [width - RIGHT, height - BELOW];
  const x = (i: number): number => left + ((right - left) * i) / Math.max(1, count - 1);
  const y = (value: number): number => bottom - ((bottom - ABOVE) * (value - low)) / (high - low);

  context.strokeStyle = colour("line");
  context.fillStyle = colour("quiet");
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const { at, text } of marks) {
    const line = Math.round(y(at)) + 0.5;
    context.beginPath();
    context.moveTo(left, line);
    context.lineTo(right, line);
    context.stroke();
    context.fillText(text, left - GAP / 2, line);
  }
  context.textAlign = "center";
  context.textBaseline = "bottom";
  for (const tick of ticks(first, first + count - 1).filter(Number.isInteger)) {
    context.fillText(String(tick), x(tick - first), height - 2);
  }
  if (mark !== undefined) {
    context.strokeStyle = colour("minus");
    context.beginPath();
    context.moveTo(x(mark), ABOVE);
    context.lineTo(x(mark), bottom);
    context.stroke();
  }

  for (const { hue, values, dashed, thin, window } of lines) {
    const shown = places(values.length, 2 * width);
    context.strokeStyle = colour(hue);
    context.fillStyle = colour(hue);
    if (window !== undefined) {
      context.globalAlpha = 0.35;
      for (const i of shown) context.fillRect(x(i) - 1, y(values[i]) - 1, 2, 2);
      context.globalAlpha = 1;
    }
    const line = window === undefined ? values : smooth(values, window);
    context.lineWidth = thin ? 1 : 2;
    context.setLineDash(dashed ? [5, 4] : []);
    context.beginPath();
    for (const i of shown) context.lineTo(x(i), y(line[i]));
    context.stroke();
    context.lineWidth = 1;
    context.setLineDash([]);
  }
}

/** See the head of this file. */
export function Chart(props: ChartProps) {
  return <Drawing kind="chart" label={props.label} draw={(context, size) => draw(context, size, props)} />;
}
