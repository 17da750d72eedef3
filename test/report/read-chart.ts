// Reads charts back: the groups of an SVG, and what a place stands for by the ticks of the chart's own axes.
import fc from "fast-check";
import { parseHTML } from "linkedom";
import { expect } from "vitest";

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
