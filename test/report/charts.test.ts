// Heat maps, logarithmic points and curves of retention read back: what stands in the SVG is what was given.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RETENTION_SHARES } from "../../src/meta/index.js";
import { heatMap, thousandths } from "../../src/report/heat.js";
import { logPointChart } from "../../src/report/log-points.js";
import { retentionChart } from "../../src/report/retention.js";
import { bootstrap } from "../../src/studies/index.js";
import { pathOf, placeOf, read, scaleOf, textsOf } from "./read-chart.js";

describe("a heat map", () => {
  it("shows in each cell the mean of the seeds, in the colour of its sign, as strong as its share of the largest", () => {
    const cell = fc.integer({ min: -99, max: 99 }).map((n) => n / 100);
    const matrix = fc
      .record({ rows: fc.integer({ min: 1, max: 3 }), columns: fc.integer({ min: 1, max: 4 }) })
      .chain(({ rows, columns }) =>
        fc.record({
          rows: fc.constant(Array.from({ length: rows }, (_, i) => `r${i}`)),
          columns: fc.constant(Array.from({ length: columns }, (_, i) => `c${i}`)),
          seeds: fc.array(fc.array(cell, { minLength: rows * columns, maxLength: rows * columns }), {
            minLength: 1,
            maxLength: 4,
          }),
        }),
      );
    fc.assert(
      fc.property(matrix, ({ rows, columns, seeds }) => {
        const svg = heatMap({ title: "P", seeds, rows, columns });
        const { marks, about } = read(svg);
        // Rows and columns have their own names and no axis besides; a column is as wide as any other.
        expect(marks.map(({ label }) => label)).toEqual(["text", "text", "cell", "cell", "text"]);
        const words = textsOf(svg);
        expect(words.slice(0, columns.length + rows.length).map(({ text }) => text)).toEqual([...columns, ...rows]);
        const [above, beside, numbers] = marks.filter(({ label }) => label === "text").map(({ parts }) => parts);
        expect(above.map(({ textContent }) => textContent)).toEqual(columns);
        expect(beside.map(({ textContent }) => textContent)).toEqual(rows);
        const colours = marks.filter(({ label }) => label === "cell")[1].parts;
        const means = rows.flatMap((_, r) =>
          columns.map((_, c) => seeds.reduce((sum, seed) => sum + seed[r * columns.length + c], 0) / seeds.length),
        );
        const largest = Math.max(...means.map(Math.abs)) || 1;
        const [, least, most] = /from (\S+) to (\S+) thousandths$/.exec(about) ?? [];
        expect([least, most]).toEqual([thousandths(-largest), thousandths(largest)]);
        // The names of the rows end left of all cells.
        const first = Math.min(...colours.map((cell) => Number(cell.getAttribute("x"))));
        for (const { right } of words.slice(columns.length, columns.length + rows.length)) {
          expect(right).toBeLessThan(first);
        }
        means.forEach((mean, i) => {
          const [r, c] = [Math.floor(i / columns.length), i % columns.length];
          expect(placeOf(numbers[i])).toEqual([placeOf(above[c])[0], placeOf(beside[r])[1]]);
          expect(Math.abs(Number(numbers[i].textContent?.replace("−", "-")) - 1000 * mean)).toBeLessThanOrEqual(0.51);
          const strength = Math.abs(mean) / largest;
          if (Math.abs(mean) > 1e-9)
            expect(colours[i].getAttribute("fill")).toBe(`var(--${mean < 0 ? "minus" : "plus"})`);
          expect(Number(colours[i].getAttribute("fill-opacity"))).toBeCloseTo(0.75 * strength, 9);
          if (Math.abs(strength - 0.62) > 1e-9) {
            expect(numbers[i].getAttribute("fill")).toBe(`var(--${strength > 0.62 ? "ground" : "ink"})`);
          }
          const { low, high } = bootstrap(seeds.map((seed) => seed[i]));
          const unsure = low <= 0 && high >= 0;
          expect(numbers[i].getAttribute("fill-opacity")).toBe(unsure ? "0.45" : "1");
        });
      }),
      { seed: 8, numRuns: 40 },
    );
  });
});

describe("points along a logarithmic axis", () => {
  it("are placed as its ticks say, each in its row, open or filled", () => {
    const point = fc.record({ at: fc.integer({ min: 5, max: 2000 }).map((n) => n / 10), open: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(fc.array(point, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
        (given) => {
          const rows = given.map((points, i) => ({ name: `L = ${i}`, points }));
          const svg = logPointChart({ quantity: "steps", rows });
          const { marks, about, size } = read(svg);
          // Names end left of the frame and stand as far apart everywhere; above the axis' numbers, inside the chart.
          const written = textsOf(svg);
          const lines = written.filter(({ text }) => text.startsWith("L = "));
          const ticks = marks.find(({ label }) => label === "x-axis tick label")?.parts ?? [];
          expect(ticks.length).toBeGreaterThan(1);
          const frame = Math.min(...ticks.map((tick) => placeOf(tick)[0]));
          for (const { left, right } of lines) expect(left >= 0 && right < frame).toBe(true);
          expect(lines[0].y).toBeGreaterThan(24);
          expect(lines[0].y - 24).toBeCloseTo(size[1] - 38 - lines[lines.length - 1].y, 6);
          lines.slice(1).forEach(({ y }, i) => {
            expect(y - lines[i].y).toBeGreaterThan(20);
          });
          const names = marks.find(({ label }) => label === "text")?.parts ?? [];
          expect(names.map(({ textContent }) => textContent)).toEqual(rows.map(({ name }) => name));
          const dots = marks.filter(({ label }) => label === "dot");
          const places = (open: boolean) =>
            (dots.find(({ of }) => (of("fill") === "none") === open)?.parts ?? []).map((dot) => placeOf(dot));
          const value = scaleOf(marks, "x", true);
          for (const open of [false, true]) {
            const wanted = rows.flatMap(({ points }, i) =>
              points.filter((each) => each.open === open).map(({ at }) => [at, placeOf(names[i])[1]]),
            );
            const found = places(open);
            expect(found).toHaveLength(wanted.length);
            found.forEach(([x, y], n) => {
              expect(value(x) / wanted[n][0]).toBeCloseTo(1, 6);
              expect(y).toBeCloseTo(wanted[n][1], 6);
            });
          }
          for (const { name, points } of rows) {
            expect(about).toContain(`${name}: ${points.map(({ at }) => at.toFixed(1)).join(", ")}`);
          }
        },
      ),
      { seed: 9, numRuns: 40 },
    );
  });
});

describe("the chart of retention", () => {
  it("shows both parts under both rules, the initial one dashed, against the share of the second part", () => {
    const rule = (first: number) => ({
      retention: { first: RETENTION_SHARES.map(() => first), second: RETENTION_SHARES.map(() => 1 - first) },
    });
    const line = (learned: number, initial: number) => ({ learned: rule(learned), initial: rule(initial) });
    const { marks, about } = read(retentionChart("2 ways", [line(0.9, 0.3), line(0.7, 0.5)] as never));
    const lines = marks.filter(({ label }) => label === "line");
    expect(lines.map(({ of }) => of("stroke-dasharray"))).toEqual([null, null, "4 3", "4 3"]);
    expect(lines.map(({ of }) => of("stroke"))).toEqual(["var(--s5)", "var(--s1)", "var(--s5)", "var(--s1)"]);
    expect(about.replace(/^.*?: /, "")).toBe(
      "first classes ends at 0.800; second classes ends at 0.200; first classes, initial rule ends at 0.400; second classes, initial rule ends at 0.600",
    );
    const x = scaleOf(marks, "x");
    const path = pathOf(lines[0].parts[0]);
    path.forEach(([across], i) => {
      expect(x(across)).toBeCloseTo(100 * RETENTION_SHARES[i], 1);
    });
  });
});
