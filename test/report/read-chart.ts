// Reads charts back: the groups of an SVG, and what a place stands for by the ticks of the chart's own axes.
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { expect } from "vitest";
import { FONT } from "../../src/report/chart.js";

/** A group of a chart. */
export interface Mark {
  readonly label: string;
  readonly parts: readonly Element[];
  of(name: string): string | null;
}

/** The groups of a chart in the order in which they are drawn, and its whole description. */
export function read(svg: string): {
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
export function placeOf(element: Element): [number, number] {
  const moved = /translate\(([-\d.e]+),([-\d.e]+)\)/.exec(element.getAttribute("transform") ?? "");
  if (moved) return [Number(moved[1]), Number(moved[2])];
  return [Number(element.getAttribute("cx")), Number(element.getAttribute("cy"))];
}

/** A text of a chart: its anchor, and about from where to where it reaches. */
export interface Written {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly left: number;
  readonly right: number;
}

/** By so much may a text seem to leave the chart: letters are narrower than the widest. */
const LETTER = 2 * FONT.width;

/** Where each text of a chart stands; the law that none leaves the chart is held too. */
export function textsOf(svg: string): Written[] {
  const { marks, size } = read(svg);
  const texts = marks
    .filter(({ parts }) => parts.some(({ tagName }) => tagName.toLowerCase() === "text"))
    .flatMap(({ parts, of }) => {
      const [, right = "0", down = "0"] = /translate\(([-\d.e]+),([-\d.e]+)\)/.exec(of("transform") ?? "") ?? [];
      const before = { start: 0, end: 1 }[of("text-anchor") ?? ""] ?? 0.5;
      return parts.map((part) => {
        const [x, y] = placeOf(part);
        const text = part.textContent ?? "";
        const left = x + Number(right) - before * text.length * FONT.width;
        return { text, x: x + Number(right), y: y + Number(down), left, right: left + text.length * FONT.width };
      });
    });
  for (const { text, left, right, y } of texts) {
    const inside = left > -LETTER && right < size[0] + LETTER && y >= 0 && y <= size[1];
    expect(inside, `${text} from ${left} to ${right} at ${y} in ${size}`).toBe(true);
  }
  return texts;
}

/** What a place along an axis stands for, by the first and the last of the ticks that the chart writes there. */
export function scaleOf(marks: readonly Mark[], axis: "x" | "y", logarithmic = false): (place: number) => number {
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

/** The points of a path. */
export const pathOf = (element: Element): [number, number][] =>
  [...(element.getAttribute("d") ?? "").matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

/** Tenths from 0 to so many of them. */
export const tenths = (most: number) => fc.integer({ min: 0, max: most }).map((n) => n / 10);
