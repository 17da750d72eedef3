// What curves say where one points at them: strips that cover the chart side by side, each with the values that are there.
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { curveChart } from "../../src/report/curves.js";
import { MOST_PLACES, someOf } from "../../src/report/hover.js";

const number = (element: Element, name: string): number => Number(element.getAttribute(name));

/** The strips of a chart of these curves, from left to right. */
function stripsOf(curves: number[][], options = {}) {
  const series = [{ name: "one <b>", hue: "s1" as const, curves }];
  const given = { quantity: "loss", series, domain: [0, 4] as const, window: 1, ...options };
  const { document } = parseHTML(`<html><body>${curveChart(given, true)}</body></html>`);
  const strips = [...(document.querySelectorAll(".at") as unknown as Iterable<Element>)];
  return strips.map((strip) => ({
    strip: strip.querySelector("rect") as Element,
    box: strip.querySelectorAll("rect")[1] as unknown as Element,
    texts: [...(strip.querySelectorAll("text") as unknown as Iterable<Element>)].map(({ textContent }) => textContent),
    dots: [...(strip.querySelectorAll("circle") as unknown as Iterable<Element>)],
  }));
}

describe("a chart in a page", () => {
  it("has a strip for each position, with the mean, the interval and a dot on the curve", () => {
    const strips = stripsOf([
      [1, 2, 3],
      [3, 2, 1],
    ]);
    expect(strips).toHaveLength(3);
    expect(strips[1].texts).toEqual(["episode 2one <b> 2.000"]);
    expect(strips[0].texts[0]).toMatch(/^episode 1one <b> 2\.000 \(1\.000 to 3\.000\)$/);
    const ys = strips.map(({ dots }) => number(dots[0], "cy"));
    expect(new Set(ys).size).toBe(1);
  });

  it("is covered by its strips without a gap, and their boxes stay inside", () => {
    const strips = stripsOf([Array.from({ length: 300 }, (_, i) => Math.abs(Math.sin(i)))]);
    expect(strips).toHaveLength(MOST_PLACES);
    strips.forEach(({ strip, box }, i) => {
      const next = strips[i + 1]?.strip;
      if (next) expect(Math.abs(number(strip, "x") + number(strip, "width") - number(next, "x"))).toBeLessThan(0.25);
      expect(number(box, "x")).toBeGreaterThanOrEqual(0);
      expect(number(box, "x") + number(box, "width")).toBeLessThanOrEqual(470.1);
    });
    expect(strips[0].texts[0]).toMatch(/^episode 1o/);
    expect(strips.at(-1)?.texts[0]).toMatch(/^episode 300o/);
  });

  it("says the value of a curve that leaves the chart, without a dot", () => {
    const [inside, outside] = stripsOf([[1, 90]]);
    expect([inside.dots.length, outside.dots.length]).toEqual([1, 0]);
    expect(outside.texts[0]).toContain("90.000");
  });

  it("has no strips as a file of its own, where no style sheet hides them", () => {
    const series = [{ name: "one", hue: "s1" as const, curves: [[1, 2]] }];
    expect(curveChart({ quantity: "loss", series, domain: [0], window: 1 })).not.toContain('class="at"');
  });

  it("takes some of many positions evenly, with both ends", () => {
    const list = Array.from({ length: 1000 }, (_, i) => i);
    const some = someOf(list);
    expect([some.length, some[0], some.at(-1)]).toEqual([MOST_PLACES, 0, 999]);
    expect(new Set(some).size).toBe(MOST_PLACES);
    expect(someOf([1, 2])).toEqual([1, 2]);
  });
});
