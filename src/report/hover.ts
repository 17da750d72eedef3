// What curves say where one points at them, by CSS alone: a strip for each of some positions, with its values, which the
// page's style sheet shows while the pointer is on it. So a report needs no script.
import { FONT, widthOf } from "./chart.js";
import { escapeHtml } from "./html.js";
import { type Colour, colour } from "./theme.js";

/** A value at a position. */
export interface HoverValue {
  readonly name: string;
  readonly hue: Colour;
  /** Where it is, in pixels; undefined if it is outside of the chart. */
  readonly y: number | undefined;
  readonly text: string;
}

/** A position on the horizontal axis. */
export interface HoverPlace {
  /** In pixels. */
  readonly x: number;
  readonly text: string;
  readonly values: readonly HoverValue[];
}

/** The frame of a chart, in pixels. */
export interface Frame {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** The width of the whole chart. */
  readonly width: number;
}

/** The most strips of a chart: each takes about a hundred characters for each curve. */
export const MOST_PLACES = 48;

/** Characters of a name that are shown. */
const NAME = 26;

/** Pixels between the line and the box, and around the text in it. */
const [AWAY, PAD] = [8, 6] as const;

/** At most `MOST_PLACES` of these, spread evenly, with the first and the last. */
export function someOf<T>(list: readonly T[]): T[] {
  if (list.length <= MOST_PLACES) return [...list];
  return Array.from({ length: MOST_PLACES }, (_, i) => list[Math.round((i * (list.length - 1)) / (MOST_PLACES - 1))]);
}

/** The strips as the text of an SVG. */
export function hoverLayer(places: readonly HoverPlace[], frame: Frame): string {
  const edges = places.slice(1).map(({ x }, i) => (x + places[i].x) / 2);
  return places.map((place, i) => strip(place, edges[i - 1] ?? frame.left, edges[i] ?? frame.right, frame)).join("");
}

function strip({ x, text, values }: HoverPlace, from: number, to: number, { top, bottom, width }: Frame): string {
  const lines = values.map(({ name, text: value }) => `${short(name)} ${value}`);
  const wide = Math.min(width, widthOf([text, ...lines]) + 2 * PAD);
  const beside = x + AWAY + wide <= width ? x + AWAY : x - AWAY - wide;
  const left = round(Math.max(0, beside));
  const line = (i: number): number => top + PAD + FONT.line * (i + 0.8);
  const dots = values.flatMap(({ hue, y }) =>
    y === undefined ? [] : `<circle cx="${round(x)}" cy="${round(y)}" r="3" fill="${colour(hue)}"/>`,
  );
  const texts = lines.map(
    (each, i) =>
      `<tspan x="${left + PAD}" y="${round(line(i + 1))}" fill="${colour(values[i].hue)}">${escapeHtml(each)}</tspan>`,
  );
  const high = round(2 * PAD + FONT.line * (1 + lines.length));
  return (
    `<g class="at"><rect x="${round(from)}" y="${top}" width="${round(to - from)}" height="${bottom - top}" fill="none"/>` +
    `<g class="tip"><path d="M${round(x)},${top}V${bottom}" stroke="${colour("faint")}"/>${dots.join("")}` +
    `<rect x="${left}" y="${top}" width="${round(wide)}" height="${high}" rx="3" fill="${colour("shade")}" stroke="${colour("line")}"/>` +
    `<text text-anchor="start" x="${left + PAD}" y="${round(line(0))}" fill="${colour("quiet")}">${escapeHtml(text)}${texts.join("")}</text></g></g>`
  );
}

const short = (name: string): string => (name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name);

const round = (pixels: number): number => Math.round(10 * pixels) / 10;
