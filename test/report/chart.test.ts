// What charts share: labels that are moved apart as little as can be, and charts put together on a sheet.
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { chart, FONT, sheet, spread, widthOf } from "../../src/report/chart.js";

describe("a chart", () => {
  it("is an image with a description in which XML markup is escaped, and has no style sheet", () => {
    const svg = chart('a <b> "c" & d', { width: 100, height: 50, marks: [] });
    const { document } = parseHTML(`<html><body>${svg}</body></html>`);
    const root = document.querySelector("svg");
    expect(root?.getAttribute("role")).toBe("img");
    expect(root?.getAttribute("aria-label")).toBe('a b "c" & d');
    expect(/aria-label="[^"]*[<>]/.test(svg)).toBe(false);
    expect(document.querySelectorAll("style")).toHaveLength(0);
    expect([root?.getAttribute("width"), root?.getAttribute("height")]).toEqual(["100", "50"]);
    expect(root?.getAttribute("style")).toContain("var(--ink)");
  });

  it("leaves enough room for the longest text", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 9 }), { minLength: 1, maxLength: 5 }), (texts) => {
        const longest = [...texts].sort((a, b) => b.length - a.length)[0];
        expect(widthOf(texts)).toBe(longest.length * FONT.width);
      }),
    );
  });
});

describe("labels that are moved apart", () => {
  const [gap, low, high] = [2, 0, 12];
  const wanted = fc.array(
    fc.integer({ min: -4, max: 32 }).map((n) => n / 2),
    { minLength: 1, maxLength: 4 },
  );
  const cost = (placed: readonly number[], goals: readonly number[]): number =>
    placed.reduce((sum, at, i) => sum + (at - goals[i]) ** 2, 0);

  /** All places on a grid of halves that keep the order and the gap. */
  function* places(count: number, from = low): Generator<number[]> {
    if (count === 0) yield [];
    else for (let at = from; at <= high; at += 0.5) for (const rest of places(count - 1, at + gap)) yield [at, ...rest];
  }

  it("are as close to their places, by the sum of squares, as any in the same order with the same gaps", () => {
    fc.assert(
      fc.property(wanted, (given) => {
        const placed = spread(given, gap, low, high);
        expect(placed).toHaveLength(given.length);
        const order = given.map((_, i) => i).sort((a, b) => given[a] - given[b]);
        const goals = order.map((i) => given[i]);
        const own = cost(placed, given);
        const least = Math.min(...[...places(given.length)].map((others) => cost(others, goals)));
        expect(own).toBeLessThanOrEqual(least + 1e-9);
        order.forEach((index, rank) => {
          expect(placed[index]).toBeGreaterThanOrEqual(low - 1e-9);
          expect(placed[index]).toBeLessThanOrEqual(high + 1e-9);
          if (rank > 0) expect(placed[index] - placed[order[rank - 1]]).toBeGreaterThanOrEqual(gap - 1e-9);
        });
      }),
      { seed: 2, numRuns: 60 },
    );
  });
});

describe("a sheet", () => {
  interface Box {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }
  const picture = fc.record({
    width: fc.integer({ min: 20, max: 300 }),
    height: fc.integer({ min: 40, max: 200 }).map((n) => n + 0.5),
  });
  const row = fc.oneof(fc.array(picture, { minLength: 1, maxLength: 3 }), fc.stringMatching(/^[a-z]{1,9}$/));

  it("has rows below one another and the pictures of a row side by side, all within the sheet", () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (given) => {
        fc.pre(given.some((each) => typeof each !== "string"));
        const rows = given.map((each) =>
          typeof each === "string"
            ? [each]
            : each.map(({ width, height }) => `<svg class="one" width="${width}" height="${height}"></svg>`),
        );
        const { document } = parseHTML(`<html><body>${sheet("Title", rows)}</body></html>`);
        const root = document.querySelector("body > svg") as unknown as Element;
        const number = (element: Element, name: string): number => Number(element.getAttribute(name));
        const drawn = (Array.from(root.querySelectorAll("svg.one")) as Element[]).map((element): Box => {
          const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => number(element, name));
          return { x, y, width, height };
        });
        const heads = Array.from(root.querySelectorAll("g > text")) as Element[];
        expect(heads.map(({ textContent }) => textContent)).toEqual(given.filter((each) => typeof each === "string"));
        expect(drawn).toHaveLength(given.flatMap((each) => (typeof each === "string" ? [] : each)).length);
        const [left, top, wide, high] = (root.getAttribute("viewBox") ?? "").split(" ").map(Number);
        expect(number(root, "width")).toBe(wide);
        expect([left, top]).toEqual([-14, -14]);

        // One row after the other: where the one ends, the next has not begun.
        let [floor, next, head] = [0, 0, 0];
        let right = 0;
        for (const each of given) {
          if (typeof each === "string") {
            const y = number(heads[head++], "y");
            expect(y).toBeGreaterThan(floor);
            expect(y).toBeLessThan(floor + 30);
            floor += 30;
            continue;
          }
          const boxes = drawn.slice(next, next + each.length);
          next += each.length;
          boxes.forEach((box, i) => {
            expect({ width: box.width, height: box.height }).toEqual(each[i]);
            expect(box.y).toBeCloseTo(floor, 9);
            expect(box.x).toBeCloseTo(i === 0 ? 0 : boxes[i - 1].x + boxes[i - 1].width + 26, 9);
            right = Math.max(right, box.x + box.width);
          });
          floor += Math.max(...each.map(({ height }) => height)) + 26;
        }
        // The sheet ends where the widest row and the last one end, with the same room around all.
        expect(wide).toBe(Math.ceil(right) + 28);
        if (typeof given.at(-1) !== "string") expect(high).toBe(Math.ceil(floor) + 28 - 26);
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it("is a standalone file with a title and colours given by value", () => {
    const text = sheet("Title", [['<svg width="10" height="20"><path fill="var(--s5)"/></svg>']]);
    expect(text.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true);
    expect(text).toContain("<title>Title</title>");
    expect(text).toContain('fill="#0072b2"');
    expect(text).not.toContain("var(--");
  });
});
