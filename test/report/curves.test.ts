// Charts of curves read back: what stands in the SVG, turned into numbers by the ticks of its own axes, is what was given.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { curveChart } from "../../src/report/curves.js";
import { bootstrapCurves, movingAverage } from "../../src/studies/index.js";
import { pathOf, placeOf, read, scaleOf, tenths, textsOf } from "./read-chart.js";

describe("a chart of curves", () => {
  it("has the mean of the seeds and its band at every point, on its axes, with each name at the end of its line", () => {
    const curves = fc
      .record({ seeds: fc.integer({ min: 1, max: 3 }), length: fc.integer({ min: 2, max: 12 }) })
      .chain(({ seeds, length }) => {
        const curve = fc.array(tenths(40), { minLength: length, maxLength: length });
        return fc.array(fc.array(curve, { minLength: seeds, maxLength: seeds }), { minLength: 1, maxLength: 3 });
      });
    fc.assert(
      fc.property(curves, fc.integer({ min: 1, max: 4 }), (all, window) => {
        const series = all.map((curves, i) => ({ name: `line ${i}`, hue: "s1" as const, curves, dashed: i === 1 }));
        const svg = curveChart({ quantity: "share", series, domain: [0, 5], window });
        const { marks, about } = read(svg);
        // What the chart shows stands in its upper left corner, left of the frame and above it.
        const corner = textsOf(svg).filter(({ text }) => text === "share");
        expect(corner).toHaveLength(1);
        expect(corner[0].x < 40 && corner[0].y < 12).toBe(true);
        // The corner says what the axis shows; the axis has numbers alone.
        for (const part of ["tick", "label"]) expect(marks.map(({ label }) => label)).not.toContain(`y-axis ${part}`);
        const [x, y] = [scaleOf(marks, "x"), scaleOf(marks, "y")];
        const lines = marks.filter(({ label }) => label === "line");
        const areas = marks.filter(({ label }) => label === "area");
        const names = marks.filter(({ label }) => label === "text").slice(1);
        expect(lines).toHaveLength(series.length);
        series.forEach(({ name, curves }, i) => {
          const wanted = bootstrapCurves(curves.map((curve) => movingAverage(curve, window)));
          const path = pathOf(lines[i].parts[0]);
          expect(path).toHaveLength(wanted.length);
          path.forEach(([across, up], n) => {
            expect(x(across)).toBeCloseTo(n + 1, 1);
            expect(y(up)).toBeCloseTo(wanted[n].mean, 1);
          });
          expect(lines[i].of("stroke-dasharray")).toBe(i === 1 ? "4 3" : null);
          if (curves.length > 1) {
            const band = pathOf(areas[i].parts[0]).map(([, up]) => y(up));
            const ends = [...wanted.map(({ high }) => high), ...wanted.map(({ low }) => low).reverse()];
            band.forEach((up, n) => {
              expect(up).toBeCloseTo(ends[n], 1);
            });
          }
          expect(names[i].parts[0].textContent).toBe(name);
          expect(about).toContain(`${name} ends at ${wanted[wanted.length - 1].mean.toFixed(3)}`);
        });
        // Names are apart, in the order of the ends of their lines.
        const heights = names.map(({ parts }) => placeOf(parts[0])[1]).sort((a, b) => a - b);
        heights.slice(1).forEach((height, n) => {
          expect(height - heights[n]).toBeGreaterThan(13.9);
        });
      }),
      { seed: 6, numRuns: 40 },
    );
  });

  it("has an axis of the same length as those of its neighbours if it leaves room for their names", () => {
    const names = ["a", "a name of some length", "middling"];
    const ends = (alongside: readonly string[]): number[] =>
      names.map((name) => {
        const series = [{ name, hue: "s1" as const, curves: [[0, 1, 0]] }];
        const { marks } = read(curveChart({ quantity: "mV", series, domain: [0, 1], window: 1, alongside }));
        return pathOf(marks.find(({ label }) => label === "line")!.parts[0])[2][0];
      });
    expect(new Set(ends(names)).size).toBe(1);
    expect(new Set(ends([])).size).toBe(3);
  });

  it("reaches a little above the highest of lines, bands and the rule, and up to a given end", () => {
    const series = [{ name: "a", hue: "s1" as const, curves: [[4, 4.5, 3]] }];
    const top = (options: object): number => {
      const { marks } = read(curveChart({ quantity: "loss", series, domain: [0], window: 1, ...options }));
      return scaleOf(marks, "y")(24); // the upper margin
    };
    expect(top({})).toBeCloseTo(4.5 * 1.05, 6);
    expect(top({ rule: { at: 5, name: "chance" } })).toBeCloseTo(5 * 1.05, 6);
    expect(top({ rule: { at: 50, name: "chance" } })).toBeCloseTo(50, 6);
    expect(top({ domain: [0, 9] })).toBeCloseTo(9, 6);
    const soaring = [{ name: "a", hue: "s1" as const, curves: [[4, 40, 3]] }];
    expect(top({ series: soaring })).toBeCloseTo(1.5 * 4, 6);
  });

  it("leaves out a line without numbers and its name, and keeps the positions of the others", () => {
    const { NaN: none } = Number;
    const given = { hue: "s1" as const };
    const series = [
      { ...given, name: "empty", curves: [[none, none, none, none]] },
      { ...given, name: "late", curves: [[none, 2, 3, none]] },
    ];
    const { marks, about } = read(curveChart({ quantity: "loss", series, domain: [0, 5], window: 1 }));
    expect(about).toBe("loss by episode: late ends at 3.000");
    expect(marks.filter(({ label }) => label === "line")).toHaveLength(1);
    expect(marks.flatMap(({ parts }) => parts.map(({ textContent }) => textContent))).not.toContain("empty");
    // The axis begins at the first episode, whether or not there is a number, and ends with the last that has one.
    const path = pathOf(marks.find(({ label }) => label === "line")?.parts[0] as Element);
    const x = scaleOf(marks, "x");
    expect(path.map(([across]) => x(across))).toEqual([2, 3].map((at) => expect.closeTo(at, 2)));
    expect(x(40)).toBeCloseTo(1, 6); // the left margin
  });

  it("is as high as the highest beginning of its lines allows, in whatever order they are given", () => {
    const low = { name: "low", hue: "s1" as const, curves: [[1, 1, 1]] };
    const high = { name: "high", hue: "s2" as const, curves: [[4, 90, 1]] };
    for (const series of [
      [low, high],
      [high, low],
    ]) {
      const { marks } = read(curveChart({ quantity: "loss", series, domain: [0], window: 1 }));
      expect(scaleOf(marks, "y")(24)).toBeCloseTo(1.5 * 4, 6);
    }
  });

  it("keeps names apart by the height of their text, wherever the axis starts", () => {
    const curve = (name: string, end: number) => ({ name, hue: "s1" as const, curves: [[12, end]] });
    const series = [curve("a", 13), curve("b", 13), curve("c", 13)];
    const { marks } = read(curveChart({ quantity: "loss", series, domain: [10, 15], window: 1 }));
    const names = marks.filter(({ label }) => label === "text").slice(1);
    const heights = names.map(({ parts }) => placeOf(parts[0])[1]).sort((a, b) => a - b);
    expect(heights[1] - heights[0]).toBeCloseTo(14, 6);
    expect(heights[2] - heights[1]).toBeCloseTo(14, 6);
    // The middle one stands at the end of its line, and a thread leads each name back to it.
    expect(scaleOf(marks, "y")(heights[1])).toBeCloseTo(13, 6);
    for (const link of marks.filter(({ label }) => label === "link")) {
      const [[from, start], [to, end]] = pathOf(link.parts[0]);
      expect(from).toBeCloseTo(to, 6);
      expect(scaleOf(marks, "y")(start)).toBeCloseTo(13, 2);
      expect(heights.some((height) => Math.abs(height - end) < 0.01)).toBe(true);
    }
  });

  it("abbreviates numbers from a thousand on, and writes smaller ones in full", () => {
    const ticks = (top: number): (string | null)[] => {
      const series = [{ name: "a", hue: "s1" as const, curves: [[1, 2]] }];
      const { marks } = read(curveChart({ quantity: "loss", series, domain: [0, top], window: 1 }));
      return (marks.find(({ label }) => label === "y-axis tick label")?.parts ?? []).map((t) => t.textContent);
    };
    expect(ticks(1000).at(-1)).toBe("1k");
    expect(ticks(999).join()).not.toContain("k");
  });

  it("shades a span, draws published values over it and the rule over everything, each where the axes say", () => {
    const series = [{ name: "a", hue: "s2" as const, curves: [[1, 2, 3, 4, 3, 2]], published: 2.5 }];
    const options = { quantity: "loss", series, domain: [0, 5] as const, window: 1, rule: { at: 1.5, name: "chance" } };
    const { marks } = read(
      curveChart({ ...options, span: { from: 3, to: 5 }, at: [10, 20, 30, 40, 50, 60], axis: "step" }),
    );
    const [x, y] = [scaleOf(marks, "x"), scaleOf(marks, "y")];
    const shade = marks.find(({ label }) => label === "rect")?.parts[0] as Element;
    const [left, width, top, height] = ["x", "width", "y", "height"].map((name) => Number(shade.getAttribute(name)));
    expect([x(left), x(left + width)]).toEqual([expect.closeTo(3, 6), expect.closeTo(5, 6)]);
    expect([y(top), y(top + height)]).toEqual([expect.closeTo(5, 6), expect.closeTo(0, 6)]);
    const [rule, published] = marks.filter(({ label }) => label === "rule").map(({ parts }) => parts[0]);
    const at = (line: Element, name: string): number => Number(line.getAttribute(name));
    expect(y(at(rule, "y1"))).toBeCloseTo(1.5, 6);
    expect([at(published, "x1"), at(published, "x2")].map(x)).toEqual([3, 5].map((each) => expect.closeTo(each, 6)));
    expect(y(at(published, "y1"))).toBeCloseTo(2.5, 6);
    const path = pathOf(marks.find(({ label }) => label === "line")?.parts[0] as Element);
    path.forEach(([across], n) => {
      expect(x(across)).toBeCloseTo(10 * (n + 1), 1);
    });
    expect(marks.find(({ label }) => label === "x-axis label")?.parts[0].textContent).toBe("step");
    // Without a span nothing is shaded, and there is no place for what was published.
    const plain = read(curveChart({ ...options, rule: undefined as never })).marks.map(({ label }) => label);
    expect(plain).not.toContain("rect");
    expect(plain).not.toContain("rule");
  });

  it("shows the whole of curves that begin at the lower end of the axis", () => {
    const rising = [0, 0.1, 0.19, 0.27];
    const series = [{ name: "error", hue: "s5" as const, curves: [rising] }];
    const { marks } = read(curveChart({ quantity: "error", series, domain: [0], window: 1 }));
    const y = scaleOf(marks, "y");
    const path = pathOf(marks.find(({ label }) => label === "line")?.parts[0] as Element);
    expect(path.map(([, up]) => y(up))).toEqual(rising.map((each) => expect.closeTo(each, 2)));
  });
});
