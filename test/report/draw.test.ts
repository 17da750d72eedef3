// Figures as pages, files and Markdown: nothing of them is lost on the way, and what others wrote is escaped.
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { PHONE } from "../../src/report/chart.js";
import { figureHtml, figureMarkdown, figureSvg, markdownTable, svgOf } from "../../src/report/draw.js";
import { reportPage } from "../../src/report/page.js";
import type { Curves, Diagram, Drawing, Heat, LogPoints, Motion, Points, Table } from "../../src/studies/index.js";

const curves: Curves = {
  ...{ kind: "curves", quantity: "loss", domain: [0] },
  series: [{ name: "falls", hue: "s1", curves: [[3, 2, 1]] }],
};
const points: Points = { kind: "points", quantity: "share", rows: [{ name: "arm", hue: "s2", values: [0.1, 0.3] }] };
const heat: Heat = { kind: "heat", title: "P", seeds: [[0.5, -0.5]], rows: ["w"], columns: ["F0", "F1"] };
const times: LogPoints = {
  kind: "log-points",
  quantity: "steps",
  rows: [{ name: "L", points: [{ at: 3, open: true }] }],
};
const graph: Diagram = {
  ...{ kind: "diagram", label: "a <graph>" },
  nodes: [{ name: "a & b", hue: "s5" }],
  edges: [{ from: "a & b", to: "a & b", hue: "s1", blunt: true }],
};
const swim: Motion = {
  kind: "motion",
  label: "a swim",
  hue: "s5",
  frames: [
    [0, 0, 1, 1],
    [1, 0, 2, 1],
  ],
  seconds: 2,
};
const pictures = { curves, points, heat, times, graph, swim };
const table: Table = { kind: "table", columns: [{ head: "what", text: true }, { head: "n" }], rows: [["a", "1"]] };

describe("a figure", () => {
  it.each(Object.entries(pictures))("is drawn both in a page and in a file: %s", (_, drawing) => {
    const svg = svgOf(drawing);
    expect(svg).toMatch(/^<svg [^>]*role="img"/);
    // No smaller than 0.76 of its size, below which its text cannot be read; the box scrolls then.
    const least = Math.round(0.76 * Number(/ width="([\d.]+)"/.exec(svg)?.[1]));
    // In a page curves say their values where one points at them; in a file nothing would hide what they say.
    const html = figureHtml({ rows: [[drawing]] });
    const box = (kind: string): string =>
      `<div class="picture${kind}" style="--least:${least}px">${svgOf(drawing, true)}</div>`;
    if (least <= PHONE) expect(html).toBe(`<figure>${box("")}</figure>`);
    else {
      // On a phone it would scroll, so that another one is there that does not.
      const [, slim] = html.split(box(" wide"));
      expect(html.startsWith(`<figure>${box(" wide")}<div class="picture slim"`)).toBe(true);
      expect(Number(/<svg[^>]* width="([\d.]+)"/.exec(slim)?.[1])).toBeLessThanOrEqual(PHONE);
    }
    const file = figureSvg({ title: "Title", rows: [[drawing]] }) ?? "";
    expect(file).toContain("<title>Title</title>");
    expect(file).not.toMatch(/var\(--|NaN|undefined/); // in a file colours stand instead of their names
    // A file is XML: what is opened is closed, in turn.
    const open: string[] = [];
    for (const [, closing, name, rest] of file.matchAll(/<(\/?)([a-zA-Z]+)([^>]*)>/g)) {
      if (closing) expect(open.pop()).toBe(name);
      else if (!rest.endsWith("/")) open.push(name);
    }
    expect(open).toEqual([]);
  });

  it("shows everything in every row, in order", () => {
    const rows: Drawing[][] = [
      [{ kind: "heading", text: "First" }],
      [curves, curves],
      [{ kind: "note", text: "A note." }],
      [heat, heat],
      [table],
    ];
    const html = figureHtml({ rows });
    const order = ["<h3>First</h3>", 'class="panels"', '<p class="note">A note.</p>', 'class="pair"', "<td>1</td>"];
    const at = order.map((part) => html.indexOf(part));
    expect(at.every((place) => place >= 0)).toBe(true);
    expect([...at].sort((a, b) => a - b)).toEqual(at);
    expect(html.split("<svg").length - 1).toBe(4);
    const file = figureSvg({ title: "All", rows }) ?? "";
    expect(file.split("<svg").length - 1).toBe(1 + 4);
    expect(file).toContain(">First</text>");
    expect(figureMarkdown({ rows })).toBe("A note.\n\n| what | n |\n| --- | ---: |\n| a | 1 |");
  });

  it("without a picture has no file", () => {
    expect(figureSvg({ title: "Words", rows: [[table], [{ kind: "heading", text: "x" }]] })).toBeUndefined();
  });

  it("escapes text from outside", () => {
    const odd = '<b>&"x';
    const texts: Drawing[][] = [
      [{ kind: "heading", text: odd }],
      [{ kind: "note", text: odd }],
      [{ ...table, rows: [[odd, odd]] }],
    ];
    expect(figureHtml({ rows: texts }).split("&lt;b&gt;&amp;&quot;x").length - 1).toBe(4);
    expect(figureHtml({ rows: texts })).not.toContain("<b>&");
    expect(figureSvg({ title: odd, rows: [texts[0], [curves]] })).not.toContain("<b>&");
  });
});

describe("a page", () => {
  it("has its name in title and heading, whatever the name contains", () => {
    const names = fc.string({ unit: fc.constantFrom("a", "<", ">", "&", '"', "amp;"), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(names, (title) => {
        const { document } = parseHTML(reportPage({ title, lead: title, sections: [{ id: "one", title, body: "" }] }));
        for (const place of ["title", "h1", ".lead", "nav a", "#one h2"]) {
          expect(document.querySelector(place)?.textContent).toBe(title);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe("a table as Markdown", () => {
  it("has a line per row with a cell for each column, whatever the cells contain", () => {
    const cell = fc.string({ unit: fc.constantFrom("a", "|", " ", "\\", "é"), maxLength: 6 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.infiniteStream(cell), fc.nat(4), (width, cells, count) => {
        const next = () => Array.from({ length: width }, () => cells.next().value.replaceAll("\\", "/"));
        const rows = Array.from({ length: count }, next);
        const lines = markdownTable({ columns: next().map((head) => ({ head })), rows }).split("\n");
        expect(lines.length).toBe(2 + count);
        for (const line of lines) expect(line.split(/(?<!\\)\|/).length).toBe(width + 2);
      }),
      { seed: 11, numRuns: 60 },
    );
  });
});
