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

  it("is the same each time", () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(read(graph).svg).toBe(read(graph).svg);
      }),
      { numRuns: 20 },
    );
  });
});
