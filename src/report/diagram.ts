// Directed graphs as pictures. Dagre finds the places, always the same for the same graph.
import { Graph, layout } from "@dagrejs/dagre";
import type { Diagram, Hue } from "../studies/index.js";
import { FONT } from "./chart.js";
import { escapeHtml } from "./html.js";
import { colour } from "./theme.js";

/** Pixels inside and between boxes, and of the line that inhibition ends in. */
const BOX = { height: 26, inside: 10, apart: 16, ranks: 64, round: 5 };
const BAR = 5;
/** How far beside a box an edge is level, in pixels. */
const LEVEL = 14;

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Draws the graph. */
export function diagram({ label, nodes, edges }: Omit<Diagram, "kind">): string {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: BOX.apart, ranksep: BOX.ranks });
  for (const { name } of nodes)
    graph.setNode(name, { width: name.length * FONT.width + 2 * BOX.inside, height: BOX.height });
  edges.forEach(({ from, to }, i) => {
    if (from !== to) graph.setEdge(from, to, {}, String(i));
  });
  layout(graph);
  const places = nodes.map(({ name }) => graph.node(name) as Box);
  const routes = edges.map(({ from, to }, i) =>
    from === to
      ? around(graph.node(from) as Box)
      : between(
          graph.node(from) as Box,
          graph.edge(from, to, String(i)).points as Point[],
          graph.node(to) as Box,
          places,
        ),
  );
  const boxes = nodes.map(({ name, hue, dashed }, i) => {
    const { x, y, width, height } = places[i];
    const frame = `x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${height}"`;
    return `<rect ${frame} rx="${BOX.round}" fill="${colour("shade")}" stroke="${colour(hue)}"${dashed ? ' stroke-dasharray="4 3"' : ""}/>
<text x="${round(x)}" y="${round(y)}" dy="0.35em" text-anchor="middle" fill="${colour("ink")}">${escapeHtml(name)}</text>`;
  });
  const lines = edges.map(
    ({ hue, blunt }, i) =>
      `<path d="${curve(routes[i])}" fill="none" stroke="${colour(hue)}"/>${end(routes[i], hue, blunt)}`,
  );
  // Dagre's own size leaves out edges that run outside of all boxes.
  const corners = places.flatMap(({ x, y, width, height }) => [
    { x: x - width / 2, y: y - height / 2 },
    { x: x + width / 2, y: y + height / 2 },
  ]);
  const ends = [...corners, ...routes.flat()];
  const side = (pick: (point: Point) => number): [low: number, size: number] => {
    const low = Math.floor(Math.min(...ends.map(pick))) - BAR;
    return [low, Math.ceil(Math.max(...ends.map(pick))) + BAR - low];
  };
  const [[left, width], [top, height]] = [side(({ x }) => x), side(({ y }) => y)];
  const view = `width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}"`;
  return `<svg class="chart" ${view} font-size="${FONT.size}" role="img" aria-label="${escapeHtml(label)}">
${[...lines, ...boxes].join("\n")}
</svg>`;
}

/** The way of an edge from a box to itself: out of its top and back. Dagre's own lies outside the box if ranks go right. */
function around({ x, y, width, height }: Box): Point[] {
  const [top, reach] = [y - height / 2, width / 4];
  const [right, left] = [x + reach, x - reach];
  return [
    { x: right, y: top },
    { x: right, y: top - BOX.apart },
    { x: left, y: top - BOX.apart },
    { x: left, y: top },
  ];
}

/**
 * The way of an edge from the side of one box to the facing side of another, through Dagre's bends: level beside the boxes of
 * each rank that it passes, so that none is drawn over it.
 */
function between(from: Box, bends: readonly Point[], to: Box, boxes: readonly Box[]): Point[] {
  const way = Math.sign(to.x - from.x);
  /** The largest width of the boxes above and below a point; 0 between ranks. */
  const widthAt = (x: number): number =>
    Math.max(0, ...boxes.filter((box) => Math.abs(box.x - x) < 1).map(({ width }) => width));
  const beside = ({ x, y }: Point, side: number): Point => ({ x: x + side * (widthAt(x) / 2 + LEVEL), y });
  const sideOf = ({ x, y, width }: Box, side: number): Point => ({ x: x + (side * width) / 2, y });
  const passed = bends
    .slice(1, -1)
    .flatMap((bend) => (widthAt(bend.x) === 0 ? [bend] : [beside(bend, -way), beside(bend, way)]));
  return [sideOf(from, way), beside(from, way), ...passed, beside(to, -way), sideOf(to, -way)];
}

/** A smooth line through the bends of an edge: each bend is the control of an arc from middle to middle. */
function curve(points: readonly Point[]): string {
  const parts = [`M${at(points[0])}`];
  for (let i = 1; i < points.length - 1; i++) {
    const [bend, next] = [points[i], points[i + 1]];
    const last = i === points.length - 2;
    parts.push(`Q${at(bend)} ${at(last ? next : { x: (bend.x + next.x) / 2, y: (bend.y + next.y) / 2 })}`);
  }
  if (points.length === 2) parts.push(`L${at(points[1])}`);
  return parts.join("");
}

/** The end of an edge: an arrowhead, or a bar across it. */
function end(points: readonly Point[], hue: Hue, blunt = false): string {
  const [before, tip] = points.slice(-2);
  const length = Math.sqrt((tip.x - before.x) ** 2 + (tip.y - before.y) ** 2) || 1;
  const [dx, dy] = [(tip.x - before.x) / length, (tip.y - before.y) / length];
  /** The point `back` pixels before the tip, `aside` pixels off the line. */
  const near = (back: number, aside: number): string =>
    at({ x: tip.x - back * dx - aside * dy, y: tip.y - back * dy + aside * dx });
  return blunt
    ? `<path d="M${near(1, BAR)}L${near(1, -BAR)}" stroke="${colour(hue)}" stroke-width="2.5"/>`
    : `<path d="M${near(0, 0)}L${near(8, 4)}L${near(8, -4)}Z" fill="${colour(hue)}"/>`;
}

const round = (value: number): number => Number(value.toFixed(1));
const at = ({ x, y }: Point): string => `${round(x)},${round(y)}`;
