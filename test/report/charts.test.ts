// Charts read back: what stands in the SVG, turned into numbers by the ticks of its own axes, is what was given.
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { RETENTION_SHARES } from "../../src/meta/index.js";
import { curveChart } from "../../src/report/curves.js";
import { heatMap } from "../../src/report/heat.js";
import { logPointChart } from "../../src/report/log-points.js";
import { pointChart } from "../../src/report/points.js";
import { retentionChart } from "../../src/report/retention.js";
import { bootstrap, bootstrapCurves, movingAverage } from "../../src/studies/index.js";

interface Mark {
  readonly label: string;
  readonly parts: readonly Element[];
  of(name: string): string | null;
}

/** The groups of a chart in the order in which they are drawn, and its whole description. */
function read(svg: string): {
  readonly marks: readonly Mark[];
  readonly about: string;
  readonly size: [number, number];
} {
  const root = parseHTML(`<html><body>${svg}</body></html>`).document.querySelector("svg") as unknown as Element;
  const marks = Array.from(root.children, (group) => ({
    label: group.getAttribute("aria-label") ?? "",
    parts: Array.from(group.children),
    of: (name: string) => group.getAttribute(name),
  }));
  const size = ["width", "height"].map((name) => Number(root.getAttribute(name))) as [number, number];
  return { marks, about: root.getAttribute("aria-label") ?? "", size };
}

/** Where an element stands. */
function placeOf(element: Element): [number, number] {
  const moved = /translate\(([-\d.e]+),([-\d.e]+)\)/.exec(element.getAttribute("transform") ?? "");
  if (moved) return [Number(moved[1]), Number(moved[2])];
  return [Number(element.getAttribute("cx")), Number(element.getAttribute("cy"))];
}

/** What a place along an axis stands for, by the first and the last of the ticks that the chart writes there. */
function scaleOf(marks: readonly Mark[], axis: "x" | "y", logarithmic = false): (place: number) => number {
  const ticks = marks.find(({ label }) => label === `${axis}-axis tick label`)?.parts ?? [];
  const turn = (value: number): number => (logarithmic ? Math.log(value) : value);
  const known = ticks
    .filter(({ textContent }) => textContent !== "")
    .map((tick) => [placeOf(tick)[axis === "x" ? 0 : 1], turn(Number(tick.textContent?.replace("−", "-")))] as const);
  const [[from, low], [to, high]] = [known[0], known[known.length - 1]];
  expect(from).not.toBe(to);
  const back = (place: number): number => low + ((place - from) * (high - low)) / (to - from);
  return logarithmic ? (place) => Math.exp(back(place)) : back;
}

const pathOf = (element: Element): [number, number][] =>
  [...(element.getAttribute("d") ?? "").matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

const tenths = (most: number) => fc.integer({ min: 0, max: most }).map((n) => n / 10);

describe("a chart of points", () => {
  const row = fc.record({
    values: fc.array(tenths(50), { minLength: 1, maxLength: 5 }),
    published: fc.option(tenths(50)),
  });

  it("has every seed, the mean, the interval and what was published where the axis says, row below row", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), fc.option(tenths(50)), (given, at) => {
        const rows = given.map(({ values, published }, i) => ({
          ...{ name: `row ${i}`, hue: "s1" as const, values, published: published ?? undefined },
        }));
        const reference = at === null ? undefined : { at, name: "chance" };
        const { marks, about } = read(pointChart({ quantity: "share", rows, reference }));
        const value = scaleOf(marks, "x");
        const dots = marks.filter(({ label }) => label === "dot");
        const links = marks.filter(({ label }) => label === "link");
        const texts = marks.filter(({ label }) => label === "text");
        const lines = rows.map((_, i) => placeOf(texts[reference ? 2 : 1].parts[i])[1]);
        expect([...lines].sort((a, b) => a - b)).toEqual(lines);
        expect(new Set(lines).size).toBe(rows.length);
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

  it("goes below zero only where a value does, and leaves room around all of them", () => {
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

describe("a chart of curves", () => {
  it("has the mean of the seeds and its band at every place, on its axes, with each name at the end of its line", () => {
    const curves = fc
      .record({ seeds: fc.integer({ min: 1, max: 3 }), length: fc.integer({ min: 2, max: 12 }) })
      .chain(({ seeds, length }) => {
        const curve = fc.array(tenths(40), { minLength: length, maxLength: length });
        return fc.array(fc.array(curve, { minLength: seeds, maxLength: seeds }), { minLength: 1, maxLength: 3 });
      });
    fc.assert(
      fc.property(curves, fc.integer({ min: 1, max: 4 }), (all, window) => {
        const series = all.map((curves, i) => ({ name: `line ${i}`, hue: "s1" as const, curves, dashed: i === 1 }));
        const { marks, about } = read(curveChart({ quantity: "share", series, domain: [0, 5], window }));
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

  it("goes as high as the highest of lines, bands and the rule, a little more, and to an end that is given", () => {
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

  it("shades a span, and draws what was published over it and the rule over all, each where the axes say", () => {
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
});

describe("a heat map", () => {
  it("has in each cell the mean of the seeds, in the colour of its sign, as strong as its share of the largest", () => {
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
        const { marks } = read(heatMap({ title: "P", seeds, rows, columns }));
        const [above, beside, numbers] = marks.filter(({ label }) => label === "text").map(({ parts }) => parts);
        expect(above.map(({ textContent }) => textContent)).toEqual(columns);
        expect(beside.map(({ textContent }) => textContent)).toEqual(rows);
        const colours = marks.filter(({ label }) => label === "cell")[1].parts;
        const means = rows.flatMap((_, r) =>
          columns.map((_, c) => seeds.reduce((sum, seed) => sum + seed[r * columns.length + c], 0) / seeds.length),
        );
        const largest = Math.max(...means.map(Math.abs)) || 1;
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
  it("stand where its ticks say, each in its row, open or filled", () => {
    const point = fc.record({ at: fc.integer({ min: 5, max: 2000 }).map((n) => n / 10), open: fc.boolean() });
    fc.assert(
      fc.property(
        fc.array(fc.array(point, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
        (given) => {
          const rows = given.map((points, i) => ({ name: `L = ${i}`, points }));
          const { marks, about } = read(logPointChart({ quantity: "steps", rows }));
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
  it("has both parts under both rules, the initial one dashed, over the share of the second part", () => {
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
