// The numbers of figures as CSV: read back by the reader of CSV files, every number is there in its place.
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { csvRows } from "../../src/io/internal.js";
import { sectionsOf } from "../../src/report/draw.js";
import { figureCsv } from "../../src/report/numbers.js";
import type { Drawing, Figure } from "../../src/studies/index.js";

const name = fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "é", " b"), maxLength: 6 });
const number = fc.oneof(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), fc.constant(Number.NaN));
/** Numbers are written with nine digits. */
const near = (text: string, value: number): void => {
  if (Number.isNaN(value)) expect(text).toBe("");
  else expect(Math.abs(Number(text) - value)).toBeLessThanOrEqual(1e-8 * Math.abs(value));
};

describe("the numbers of a figure", () => {
  it("of curves are a row for each seed, as they were before they were averaged", () => {
    const series = fc.record({
      name,
      curves: fc.array(fc.array(number, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(series, { minLength: 1, maxLength: 3 }), (given) => {
        const curves = {
          kind: "curves",
          quantity: "loss",
          domain: [0],
          series: given.map((s) => ({ ...s, hue: "s1" })),
        };
        const [head, ...rows] = csvRows(figureCsv({ rows: [[curves as never]] }), "csv");
        expect(head).toEqual(["loss", "seed; then by episode", "1", "2", "3"]);
        const wanted = given.flatMap((each) => each.curves.map((curve, seed) => [each.name, seed, curve] as const));
        expect(rows).toHaveLength(wanted.length);
        rows.forEach(([called, seed, ...cells], i) => {
          expect([called, seed]).toEqual([wanted[i][0], String(wanted[i][1])]);
          for (const [k, value] of wanted[i][2].entries()) near(cells[k], value);
        });
      }),
      { numRuns: 50 },
    );
  });

  it("of other drawings stand in blocks, and those without numbers have none", () => {
    const rows: Drawing[][] = [
      [{ kind: "heading", text: "Heading" }],
      [{ kind: "points", quantity: "accuracy", rows: [{ name: "one", hue: "s1", values: [0.5, Number.NaN] }] }],
      [{ kind: "heat", title: "P", seeds: [[1, 2, 3, 4]], rows: ["a", "b"], columns: ["c", "d"] }],
      [
        {
          kind: "parallel",
          axes: [
            { name: "x", values: [1, "w"] },
            { name: "y", values: [3, 4] },
          ],
        },
      ],
      [{ kind: "log-points", quantity: "tau", rows: [{ name: "two", points: [{ at: 10, open: false }] }] }],
      [{ kind: "table", columns: [{ head: "a" }, { head: "b" }], rows: [["x, y", "1"]] }],
      [{ kind: "note", text: "Note" }],
    ];
    expect(figureCsv({ rows })).toBe(
      [
        "accuracy,seed 0,seed 1\r\none,0.5,\r\n",
        "seed; P,,c,d\r\n0,a,1,2\r\n0,b,3,4\r\n",
        "x,y\r\n1,3\r\nw,4\r\n",
        "tau\r\ntwo,10\r\n",
        'a,b\r\n"x, y",1\r\n',
      ].join("\r\n"),
    );
    expect(figureCsv({ rows: [[{ kind: "note", text: "Note" }]] })).toBe("");
  });

  it("are in the page, in a link that gives the same CSV whatever the names contain", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "<", ">", "&", '"', "'", "#", "%", "\n", " "), maxLength: 9 }),
        (odd) => {
          const table = { kind: "table" as const, columns: [{ head: odd }, { head: "n" }], rows: [[odd, "1"]] };
          const figure: Figure = { name: "one", title: "One", about: "", rows: [[table]] };
          const { document } = parseHTML(`<html><body>${sectionsOf([figure])[0].body}</body></html>`);
          const link = document.querySelector("a[download]");
          expect(link?.getAttribute("download")).toBe("one.csv");
          const [form, data] = (link?.getAttribute("href") ?? "").split(/,(.*)/s);
          expect(form).toBe("data:text/csv;charset=utf-8");
          expect(decodeURIComponent(data)).toBe(figureCsv(figure));
        },
      ),
      { numRuns: 60 },
    );
  });
});
