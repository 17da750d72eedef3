// Charts for the page of a phone: as wide as it, nothing leaves them, and they say what wide ones say.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FONT, inLines, PHONE } from "../../src/report/chart.js";
import { curveChart } from "../../src/report/curves.js";
import { logPointChart } from "../../src/report/log-points.js";
import { mapPictures } from "../../src/report/maps.js";
import { pointChart } from "../../src/report/points.js";
import { placeOf, read, scaleOf, textsOf } from "./read-chart.js";

const word = fc.stringMatching(/^[a-z0-9.]{1,12}$/);
const name = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(" "));
const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 6 });

describe("a text in lines", () => {
  it("has all its words in order, in lines that fit, none of which could take the next word", () => {
    fc.assert(
      fc.property(name, (text) => {
        const lines = inLines(text);
        expect(lines.join(" ")).toBe(text);
        lines.forEach((line, i) => {
          expect(line.length * FONT.width).toBeLessThanOrEqual(PHONE);
          if (i > 0) {
            const [first] = line.split(" ");
            expect((lines[i - 1].length + 1 + first.length) * FONT.width).toBeGreaterThan(PHONE - 12 - FONT.width);
          }
        });
      }),
    );
  });
});

/** The words of a chart, whatever lines they stand in. */
const wordsOf = (svg: string): string => svg.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

describe("a chart for a phone", () => {
  it("of points has the rows of the wide one, at the same numbers", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ name, values }), { minLength: 1, maxLength: 5 }), (given) => {
        const drawing = { quantity: "share", rows: given.map((row) => ({ ...row, hue: "s1" as const })) };
        const [wide, slim] = [pointChart(drawing), pointChart(drawing, true)];
        expect(read(slim).size[0]).toBe(PHONE);
        expect(read(slim).about).toBe(read(wide).about);
        const numbers = (svg: string): number[] => {
          const { marks } = read(svg);
          const at = scaleOf(marks, "x");
          return marks
            .filter(({ label }) => label === "dot")
            .flatMap(({ parts }) => parts.map((part) => at(placeOf(part)[0])));
        };
        const [ours, theirs] = [numbers(slim), numbers(wide)];
        expect(ours.length).toBe(theirs.length);
        ours.forEach((x, i) => {
          expect(Math.abs(x - theirs[i])).toBeLessThan(0.02);
        });
        for (const row of given) expect(wordsOf(slim)).toContain(row.name);
      }),
      { numRuns: 20 },
    );
  });

  it("of curves names them beside if the names are short, and above if they are not", () => {
    const series = (names: readonly string[]) =>
      names.map((each, i) => ({ name: each, hue: "s2" as const, curves: [[1, 2, 3 + i]] }));
    const draw = (...names: string[]): string =>
      curveChart({ quantity: "loss", series: series(names), domain: [0], window: 1, width: 720 }, false, true);
    for (const names of [
      ["short", "other"],
      ["a name that is far too long to stand beside its curve", "short"],
    ]) {
      const svg = draw(...names);
      const texts = textsOf(svg);
      expect(read(svg).size[0]).toBe(PHONE);
      const places = names.map((each) => texts.find(({ text }) => each.startsWith(text.replace("— ", "")))!);
      expect(places.every(({ left }) => left > PHONE / 2)).toBe(names[0] === "short");
      expect(places.every(({ left }) => left < FONT.size)).toBe(names[0] !== "short");
    }
  });

  it("of points on a logarithmic axis and of grids is no wider either", () => {
    const rows = [{ name: "a name that needs more than one line on the page of a phone, as some do", points: [] }];
    const spots = rows.map((row) => ({
      ...row,
      points: [
        { at: 3, open: true },
        { at: 30, open: false },
      ],
    }));
    const svg = logPointChart({ quantity: "steps", rows: spots }, true);
    expect(read(svg).size[0]).toBe(PHONE);
    expect(wordsOf(svg)).toContain(rows[0].name);
    const maps = Array.from({ length: 7 }, (_, i) => ({ name: `${i} ms`, values: new Array<number>(400).fill(1) }));
    for (const [columns, size] of [
      [20, 5],
      [200, 5],
    ]) {
      const grid = mapPictures({ label: "cells", hue: "s1", columns, size, maps }, PHONE);
      expect(read(grid).size[0]).toBeLessThanOrEqual(PHONE);
    }
  });
});
