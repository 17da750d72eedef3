// The straight line through measured costs: a fixed part and one for each of what is counted.

/** A line: the cost of none, and what each adds. */
export interface Fit {
  readonly atNone: number;
  readonly each: number;
  /** The largest distance of a point from the line, as a share of the point. */
  readonly off: number;
}

/** The line of least squared relative distances, so that the small points count as much as the large ones. */
export function fitLine(points: readonly (readonly [x: number, y: number])[]): Fit {
  const total = (term: (x: number, y: number) => number): number =>
    points.reduce((sum, [x, y]) => sum + term(x, y) / (y * y), 0);
  const [w, wx, wxx] = [total(() => 1), total((x) => x), total((x) => x * x)];
  const [wy, wxy] = [total((_, y) => y), total((x, y) => x * y)];
  const each = (w * wxy - wx * wy) / (w * wxx - wx * wx);
  const atNone = (wy - each * wx) / w;
  const off = Math.max(...points.map(([x, y]) => Math.abs(atNone + each * x - y) / y));
  return { atNone, each, off };
}
