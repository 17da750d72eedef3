// Paths: from the notation of `strokes.ts` to short straight segments.

/** A path whose points are listed once: strokes that meet share a point, so they still meet after it has moved. */
export interface Path {
  /** x and y of each point, in units of the box. */
  readonly points: readonly number[];
  /** Pieces, three numbers each: the indices of start, control (-1 for a straight line) and end. */
  readonly pieces: readonly number[];
}

/** Lines are also cut into pieces, so that a warp can bend them. */
const CUTS = 6;

/** Reads a path in the notation of `strokes.ts`. */
export function parsePath(text: string): Path {
  const points: number[] = [];
  const pieces: number[] = [];
  const point = (x: string, y: string): number => {
    const [px, py] = [Number(x) / 100, Number(y) / 100];
    for (let i = 0; i < points.length; i += 2) if (points[i] === px && points[i + 1] === py) return i / 2;
    points.push(px, py);
    return points.length / 2 - 1;
  };
  let at = -1;
  for (const [, command, rest] of text.matchAll(/([MLQ])([^MLQ]*)/g)) {
    const n = rest.trim().split(/\s+/);
    if (command === "M") {
      at = point(n[0], n[1]);
      continue;
    }
    const control = command === "Q" ? point(n[0], n[1]) : -1;
    const end = command === "Q" ? point(n[2], n[3]) : point(n[0], n[1]);
    pieces.push(at, control, end);
    at = end;
  }
  return { points, pieces };
}

/** The path as segments x0, y0, x1, y1, with its points at `points` instead of where they were drawn. */
export function flatten({ pieces }: Path, points: ArrayLike<number>): Float64Array {
  const segments = new Float64Array((pieces.length / 3) * CUTS * 4);
  let to = 0;
  for (let i = 0; i < pieces.length; i += 3) {
    const [start, control, end] = pieces.slice(i, i + 3);
    let x = points[2 * start];
    let y = points[2 * start + 1];
    for (let cut = 1; cut <= CUTS; cut++) {
      segments[to++] = x;
      segments[to++] = y;
      const t = cut / CUTS;
      x = along(points, start, control, end, 0, t);
      y = along(points, start, control, end, 1, t);
      segments[to++] = x;
      segments[to++] = y;
    }
  }
  return segments;
}

/** Coordinate `axis` at `t` on a line or a quadratic Bezier curve. */
function along(p: ArrayLike<number>, start: number, control: number, end: number, axis: number, t: number): number {
  const a = p[2 * start + axis];
  const c = p[2 * end + axis];
  if (control < 0) return a + (c - a) * t;
  const b = p[2 * control + axis];
  return (1 - t) * (1 - t) * a + 2 * t * (1 - t) * b + t * t * c;
}
