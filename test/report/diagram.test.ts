// Diagrams read back: every node and edge of the graph stands in the picture, in its place.
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { diagram } from "../../src/report/diagram.js";
import type { Diagram } from "../../src/studies/index.js";

const names = ["GrC", "PC", "a <circuit> & more", "x", "VN_output", "GoC"];
const graphs = fc.integer({ min: 1, max: names.length }).chain((count) => {
  const name = fc.constantFrom(...names.slice(0, count));
  return fc.record({
    nodes: fc.constant(names.slice(0, count).map((name, i) => ({ name, hue: "s5" as const, dashed: i % 2 === 1 }))),
    edges: fc.array(fc.record({ from: name, to: name, hue: fc.constant("s1" as const), blunt: fc.boolean() }), {
      maxLength: 12,
    }),
  });
});

const numbers = (text: string | null): number[] => (text?.match(/-?[\d.]+/g) ?? []).map(Number);

function read(graph: Omit<Diagram, "kind" | "label">) {
  const svg = diagram({ label: "a graph", ...graph });
  const root = parseHTML(`<html><body>${svg}</body></html>`).document.querySelector("svg") as unknown as Element;
  const [left, top, width, height] = numbers(root.getAttribute("viewBox"));
  const boxes = Array.from(root.querySelectorAll("rect"), (rect, i) => {
    const [x, y, w, h] = ["x", "y", "width", "height"].map((name) => Number(rect.getAttribute(name)));
    const text = root.querySelectorAll("text")[i].textContent;
    return { text, x, y, right: x + w, bottom: y + h, dashed: rect.hasAttribute("stroke-dasharray") };
  });
  const paths = Array.from(root.querySelectorAll("path"), (path) => ({
    at: numbers(path.getAttribute("d")),
    line: path.getAttribute("fill") === "none",
    head: path.getAttribute("fill") !== "none" && path.hasAttribute("fill"),
  }));
  return { svg, left, top, right: left + width, bottom: top + height, boxes, paths };
}

/** Points along a path of quadratic arcs, whose numbers are its start and then a control and an end for each arc. */
function along(at: readonly number[]): [number, number][] {
  const points: [number, number][] = [];
  for (let n = 2; n + 3 < at.length; n += 4) {
    for (let t = 0; t <= 1; t += 1 / 32) {
      const of = (axis: number): number =>
        (1 - t) ** 2 * at[n - 2 + axis] + 2 * t * (1 - t) * at[n + axis] + t * t * at[n + 2 + axis];
      points.push([of(0), of(1)]);
    }
  }
  return points;
}

describe("a diagram", () => {
  it("has a box for every node, none over another, and all of it inside the picture", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { boxes, paths, left, top, right, bottom } = read(graph);
        expect(boxes.map(({ text }) => text)).toEqual(graph.nodes.map(({ name }) => name));
        expect(boxes.map(({ dashed }) => dashed)).toEqual(graph.nodes.map(({ dashed }) => dashed));
        boxes.forEach((box, i) => {
          expect(box.x >= left && box.right <= right && box.y >= top && box.bottom <= bottom).toBe(true);
          for (const other of boxes.slice(0, i)) {
            const apart = box.right < other.x || other.right < box.x || box.bottom < other.y || other.bottom < box.y;
            expect(apart).toBe(true);
          }
        });
        for (const { at } of paths)
          at.forEach((value, i) => {
            expect(i % 2 === 0 ? value >= left && value <= right : value >= top && value <= bottom).toBe(true);
          });
        // Nor is it larger than what it holds, but for the ends of edges.
        const all = [
          ...boxes.flatMap(({ x, y, right, bottom }) => [x, y, right, bottom]),
          ...paths.flatMap(({ at }) => at),
        ];
        const [across, down] = [0, 1].map((axis) => all.filter((_, i) => i % 2 === axis));
        const margins = [
          ...[Math.min(...across) - left, right - Math.max(...across)],
          ...[Math.min(...down) - top, bottom - Math.max(...down)],
        ];
        for (const margin of margins) expect(margin).toBeLessThan(12);
      }),
      { numRuns: 40 },
    );
  });

  it("leads each edge from its first node to its second, and ends it in an arrow or a bar", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { boxes, paths } = read(graph);
        const boxOf = (name: string) => boxes[graph.nodes.findIndex((node) => node.name === name)];
        const touches = (x: number, y: number, name: string): boolean => {
          const box = boxOf(name);
          return x >= box.x - 1 && x <= box.right + 1 && y >= box.y - 1 && y <= box.bottom + 1;
        };
        expect(paths).toHaveLength(2 * graph.edges.length);
        graph.edges.forEach(({ from, to, blunt }, i) => {
          const [{ at, line }, tip] = paths.slice(2 * i, 2 * i + 2);
          expect(line).toBe(true);
          expect(touches(at[0], at[1], from)).toBe(true);
          expect(touches(at[at.length - 2], at[at.length - 1], to)).toBe(true);
          expect(tip.head).toBe(!blunt);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("goes from left to right along edges that make no circle, in ranks that do not touch", () => {
    fc.assert(
      fc.property(graphs, ({ nodes, edges }) => {
        const place = (name: string): number => nodes.findIndex((node) => node.name === name);
        const forward = edges.filter(({ from, to }) => place(from) < place(to));
        const { boxes } = read({ nodes, edges: forward });
        for (const { from, to } of forward) expect(boxes[place(to)].x - boxes[place(from)].right).toBeGreaterThan(20);
      }),
      { numRuns: 40 },
    );
  });

  it("leads an edge from a box to itself out of the box's top and back in beside, and gives every arrow a head", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { boxes, paths } = read(graph);
        graph.edges.forEach(({ from, to, blunt }, i) => {
          const [{ at }, tip] = paths.slice(2 * i, 2 * i + 2);
          if (from === to) {
            const box = boxes[graph.nodes.findIndex(({ name }) => name === from)];
            const [out, back] = [at[0], at[at.length - 2]];
            expect(Math.abs(out - back)).toBeGreaterThan((box.right - box.x) / 4);
            expect(out + back).toBeCloseTo(box.x + box.right, 0);
            expect(Math.min(...at.filter((_, n) => n % 2 === 1))).toBeLessThan(box.y - 5);
          }
          if (blunt) return;
          // Its tip is where the line ends, and it is as wide as it is long.
          expect(tip.at.slice(0, 2)).toEqual(at.slice(-2));
          const [[x, y], [ax, ay], [bx, by]] = [0, 2, 4].map((n) => tip.at.slice(n, n + 2));
          expect(Math.abs((ax - x) * (by - y) - (ay - y) * (bx - x)) / 2).toBeCloseTo(32, -1);
        });
      }),
      { numRuns: 40 },
    );
  });

  it("leads no edge under a box that it neither begins nor ends at", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const { boxes, paths } = read(graph);
        graph.edges.forEach(({ from, to }, i) => {
          const others = boxes.filter(({ text }) => text !== from && text !== to);
          for (const [x, y] of along(paths[2 * i].at)) {
            const under = others.filter((box) => x > box.x && x < box.right && y > box.y && y < box.bottom);
            expect(under.map(({ text }) => text)).toEqual([]);
          }
        });
      }),
      { numRuns: 200 },
    );
  });

  it("is the same each time", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(read(graph).svg).toBe(read(graph).svg);
      }),
      { numRuns: 20 },
    );
  });
});
