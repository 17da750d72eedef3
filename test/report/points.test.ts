// Charts of points read back: what stands in the SVG, turned into numbers by the ticks of its own axes, is what was given.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pointChart } from "../../src/report/points.js";
import { bootstrap } from "../../src/studies/index.js";
import { pathOf, placeOf, read, scaleOf, tenths, textsOf } from "./read-chart.js";

describe("a chart of points", () => {
  const row = fc.record({
    values: fc.array(tenths(50), { minLength: 1, maxLength: 5 }),
    published: fc.option(tenths(50)),
  });

  it("shows every seed, the mean, the interval and the published value where the axis says, one row below another", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), fc.option(tenths(50)), (given, at) => {
        const rows = given.map(({ values, published }, i) => ({
          ...{ name: `row ${i}`, hue: "s1" as const, values, published: published ?? undefined },
        }));
        const reference = at === null ? undefined : { at, name: "chance" };
        const svg = pointChart({ quantity: "share", rows, reference });
        const { marks, about, size } = read(svg);
        const value = scaleOf(marks, "x");
        const dots = marks.filter(({ label }) => label === "dot");
        const links = marks.filter(({ label }) => label === "link");
        const texts = marks.filter(({ label }) => label === "text");
        const lines = rows.map((_, i) => placeOf(texts[reference ? 2 : 1].parts[i])[1]);
        // One below another, as far apart everywhere, in the middle of the frame and inside it.
        const top = reference ? 40 : 24;
        const [above, below] = [lines[0] - top, size[1] - 30 - lines[lines.length - 1]];
        expect(above).toBeGreaterThan(10);
        expect(above).toBeCloseTo(below, 6);
        lines.slice(1).forEach((line, i) => {
          expect(line - lines[i]).toBeCloseTo((lines[lines.length - 1] - lines[0]) / (rows.length - 1), 6);
          expect(line - lines[i]).toBeGreaterThan(20);
        });
        // What the chart shows stands above the frame, and so does the name of what all are compared with, below it.
        const written = textsOf(svg);
        const [title, chance] = ["share", "chance"].map((word) => written.find(({ text }) => text === word));
        expect(title?.y).toBeLessThan(12);
        expect(chance === undefined).toBe(reference === undefined);
        if (chance) expect(chance.y > 12 && chance.y < top).toBe(true);
        expect(marks.map(({ label }) => label)).not.toContain("x-axis tick");
        expect(marks.map(({ label }) => label)).not.toContain("x-axis label");
        expect(marks.find(({ label }) => label === "x-axis tick label")?.of("fill")).toBe("var(--quiet)");
        expect(texts[reference ? 2 : 1].parts.map(({ textContent }) => textContent)).toEqual(
          rows.map(({ name }) => name),
        );

        const seeds = dots[0].parts.map((dot) => placeOf(dot));
        const wanted = rows.flatMap(({ values }, i) => values.map((each) => [each, i] as const));
        expect(seeds).toHaveLength(wanted.length);
        wanted.forEach(([each, i], n) => {
          expect(value(seeds[n][0])).toBeCloseTo(each, 6);
          expect(seeds[n][1]).toBe(lines[i]);
        });

        const own = dots.slice(1);
        for (const [i, { values, published, name }] of rows.entries()) {
          const { mean, low, high } = bootstrap(values);
          const [x, y] = placeOf(own.shift()?.parts[0] as Element);
          expect([value(x), y]).toEqual([expect.closeTo(mean, 6), lines[i]]);
          if (values.length > 1) {
            const ends = pathOf(links.shift()?.parts[0] as Element);
            expect(ends.map(([end]) => value(end))).toEqual([low, high].map((end) => expect.closeTo(end, 2)));
            for (const [, end] of ends) expect(end).toBeCloseTo(y, 2);
          }
          if (published !== undefined) {
            const [theirs, beside] = placeOf(own.shift()?.parts[0] as Element);
            expect([value(theirs), beside]).toEqual([expect.closeTo(published, 6), y]);
          }
          const interval = values.length > 1 ? ` (${low.toFixed(3)} to ${high.toFixed(3)})` : "";
          const text = `${mean.toFixed(3)}${interval}${published === undefined ? "" : `; published ${published.toFixed(3)}`}`;
          expect(texts.at(-1)?.parts[i].textContent).toBe(text);
          expect(about).toContain(`${name} ${text}`);
        }
        expect([own, links]).toEqual([[], []]);
        const rules = marks.filter(({ label }) => label === "rule");
        expect(rules).toHaveLength(reference ? 1 : 0);
        if (reference) expect(value(Number(rules[0].parts[0].getAttribute("x1")))).toBeCloseTo(reference.at, 6);
      }),
      { seed: 4, numRuns: 40 },
    );
  });

  it("leaves room for published values, and for the value that all are compared with, as for any other", () => {
    const row = { name: "a", hue: "s1" as const, values: [0.5, 0.6] };
    const inside = (published: number | undefined, at: number | undefined): void => {
      const reference = at === undefined ? undefined : { at, name: "chance" };
      const { marks } = read(pointChart({ quantity: "x", rows: [{ ...row, published }], reference }));
      const value = scaleOf(marks, "x");
      const left = placeOf(marks.find(({ label }) => label === "text")?.parts[0] as Element)[0];
      const all = [...row.values, ...[published, at].filter((each) => each !== undefined)];
      const [least, most] = [Math.min(...all), Math.max(...all)];
      const pad = 0.04 * Math.max(most - least, 0.05);
      expect(value(left)).toBeCloseTo(least < 0 ? least - pad : Math.max(0, least - pad), 6);
    };
    for (const published of [undefined, 0.2, 0.9, -1]) for (const at of [undefined, 0.1, 2, -3]) inside(published, at);
  });

  it("writes as many digits as requested, and colours each row's marks like the row", () => {
    const rows = [
      { name: "a", hue: "s1" as const, values: [0.25, 0.75], published: 0.4 },
      { name: "b", hue: "s4" as const, values: [0.5] },
    ];
    const { marks, size } = read(pointChart({ quantity: "x", rows, digits: 1 }));
    const texts = marks.filter(({ label }) => label === "text").at(-1)?.parts ?? [];
    expect(texts.map(({ textContent }) => textContent)).toEqual([
      expect.stringMatching(/^0\.5 \(0\.\d to 0\.\d\); published 0\.4$/),
      "0.5",
    ]);
    const [seeds, first, theirs, second] = marks.filter(({ label }) => label === "dot");
    expect(seeds.parts.map((dot) => dot.getAttribute("fill"))).toEqual(["var(--s1)", "var(--s1)", "var(--s4)"]);
    expect([first, second].map(({ of }) => of("fill"))).toEqual(["var(--s1)", "var(--s4)"]);
    expect(theirs.of("stroke")).toBe("var(--ink)");
    expect(marks.find(({ label }) => label === "link")?.of("stroke")).toBe("var(--s1)");
    // A row more makes the chart higher by one row, and the axis goes on below all of them.
    expect(size).toEqual([970, 2 * 25 + 24 + 30]);
  });

  it("goes below zero only if a value does, and leaves room around all of them", () => {
    const ends = (values: number[]): number[] => {
      const { marks, size } = read(pointChart({ quantity: "x", rows: [{ name: "a", hue: "s1", values }], width: 600 }));
      expect(size[0]).toBe(600);
      const grid = marks.find(({ label }) => label === "text")?.parts[0] as Element;
      return [scaleOf(marks, "x")(placeOf(grid)[0]), ...values.map((value) => value)];
    };
    expect(ends([0, 1])[0]).toBeCloseTo(0, 6);
    expect(ends([0.01, 1.01])[0]).toBeCloseTo(0, 6);
    expect(ends([0.5, 1.5])[0]).toBeCloseTo(0.46, 6);
    expect(ends([-0.5, 0.5])[0]).toBeCloseTo(-0.54, 6);
    expect(ends([0.7, 0.7])[0]).toBeCloseTo(0.7 - 0.04 * 0.05, 6);
  });
});
