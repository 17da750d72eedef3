// Draws figures: as parts of a page, as files of their own, and as Markdown.
import type {
  Curves,
  Diagram,
  Drawing,
  Figure,
  Heat,
  LogPoints,
  Maps,
  Motion,
  Parallel,
  Points,
  Table,
} from "../studies/index.js";
import { PHONE, sheet } from "./chart.js";
import { checkFigure } from "./checks.js";
import { curveChart } from "./curves.js";
import { diagram } from "./diagram.js";
import { heatMap } from "./heat.js";
import { escapeHtml, htmlTable } from "./html.js";
import { logPointChart } from "./log-points.js";
import { mapPictures } from "./maps.js";
import { motion } from "./motion.js";
import { figureCsv } from "./numbers.js";
import type { Section } from "./page.js";
import { parallelChart } from "./parallel.js";
import { pointChart } from "./points.js";

/** A drawing that is a picture. */
type Picture = Curves | Points | Heat | LogPoints | Parallel | Diagram | Motion | Maps;

const isPicture = (drawing: Drawing): drawing is Picture => !["table", "heading", "note"].includes(drawing.kind);

/**
 * A picture as an SVG whose colours are variables of the page.
 *
 * @param live whether it says its values where one points at it.
 */
export function svgOf(drawing: Picture, live = false): string {
  switch (drawing.kind) {
    case "curves":
      return curveChart(drawing, live);
    case "points":
      return pointChart(drawing);
    case "heat":
      return heatMap(drawing);
    case "log-points":
      return logPointChart(drawing);
    case "parallel":
      return parallelChart(drawing);
    case "diagram":
      return diagram(drawing);
    case "motion":
      return motion(drawing);
    case "maps":
      return mapPictures(drawing);
  }
}

/** The same picture laid out for the page of a phone; undefined for pictures that are drawn in one size only. */
function slimOf(drawing: Picture): string | undefined {
  switch (drawing.kind) {
    case "curves":
      return curveChart(drawing, false, true);
    case "points":
      return pointChart(drawing, true);
    case "log-points":
      return logPointChart(drawing, true);
    case "motion":
      return motion(drawing, PHONE);
    case "maps":
      return mapPictures(drawing, PHONE);
    default:
      return undefined;
  }
}

/**
 * A figure as part of a page: its pictures as SVG, its tables, headings and notes. Colours are variables that `reportStyle`
 * defines, for light and dark pages. All text of the figure is escaped.
 *
 * @throws TypeError for what is no figure.
 * @example
 * const page = `<style>${reportStyle}</style>${figureHtml({ rows: [[{ kind: "note", text: "Five seeds." }]] })}`;
 */
export function figureHtml(figure: Pick<Figure, "rows">): string {
  checkFigure("figureHtml", figure);
  return figure.rows.map(rowOf).join("\n");
}

/**
 * Figures as sections of a page, each with its numbers to take away.
 *
 * @param quiet whether what a figure shows is said in small type.
 */
export const sectionsOf = (figures: readonly Figure[], quiet = false): Section[] =>
  figures.map((figure) => {
    const { name: id, title, about } = figure;
    const said = about === "" ? "" : `<p${quiet ? ' class="note"' : ""}>${escapeHtml(about)}</p>\n`;
    return { id, title, body: `${said}${figureHtml(figure)}${numbersLink(figure)}` };
  });

/** A link that saves the numbers of a figure, which are in the page already; nothing if it has none. */
function numbersLink(figure: Figure): string {
  const csv = figureCsv(figure);
  if (csv === "") return "";
  // Only what ends an attribute or means something in an address.
  const address = csv.replace(/[%"'<>&#\s]/g, (letter) => encodeURIComponent(letter).replace("'", "%27"));
  return `\n<p class="numbers"><a download="${escapeHtml(figure.name)}.csv" href="data:text/csv;charset=utf-8,${address}">Numbers (CSV)</a></p>`;
}

function rowOf(row: readonly Drawing[]): string {
  const items = row.map((drawing) => {
    if (isPicture(drawing)) return framed(drawing);
    if (drawing.kind === "heading") return `<h3>${escapeHtml(drawing.text)}</h3>`;
    if (drawing.kind === "note") return `<p class="note">${escapeHtml(drawing.text)}</p>`;
    return htmlTable(
      drawing.columns.map(({ head, ...rest }) => ({ head: escapeHtml(head), ...rest })),
      drawing.rows.map((cells) => cells.map(escapeHtml)),
    );
  });
  if (!row.some(isPicture)) return items.join("\n");
  if (row.length === 1) return `<figure>${items[0]}</figure>`;
  // Maps keep their own width; charts of curves share the width of the page.
  const kind = row.some(({ kind }) => kind === "heat") ? "pair" : "panels";
  return `<figure><div class="${kind}">\n${items.map((item) => (item.startsWith("<div") ? item : `<div>${item}</div>`)).join("\n")}\n</div></figure>`;
}

/** How far a picture may be drawn smaller where there is no room: text in it is still legible. */
const LEAST = 0.76;

/**
 * A picture in a box that scrolls by itself where the picture would get too small to be read. One for which that is so on a phone
 * has another beside it, which is laid out for that page, and the page shows the one that fits.
 */
function framed(drawing: Picture): string {
  const svg = svgOf(drawing, true);
  const least = leastOf(svg);
  const slim = least > PHONE ? slimOf(drawing) : undefined;
  const box = (picture: string, kind: string): string =>
    `<div class="picture${kind}" style="--least:${leastOf(picture)}px">${picture}</div>`;
  return slim ? `${box(svg, " wide")}${box(slim, " slim")}` : box(svg, "");
}

/** The least width at which a picture can be read, in pixels. */
function leastOf(svg: string): number {
  const [, width = "0"] = /^<svg[^>]* width="([\d.]+)"/.exec(svg) ?? [];
  return Math.round(LEAST * Number(width));
}

/**
 * The pictures of a figure, with their headings, as one SVG in the colours of light pages, which can be a file of its own;
 * undefined if the figure has no picture.
 *
 * @throws TypeError for what is no figure.
 * @example
 * const series = [{ name: "ours", hue: "s5", curves: [[0.2, 0.6, 0.9], [0.3, 0.5, 0.8]] }] as const;
 * const curves = { kind: "curves", quantity: "accuracy", domain: [0, 1], window: 1, series } as const;
 * const svg = figureSvg({ title: "Accuracy", rows: [[curves]] });
 */
export function figureSvg(figure: Pick<Figure, "title" | "rows">): string | undefined {
  checkFigure("figureSvg", figure, ["title", "rows"]);
  const { title, rows } = figure;
  const drawn = rows.flatMap((row) => {
    const items = row.flatMap((drawing) => {
      if (isPicture(drawing)) return svgOf(drawing);
      return drawing.kind === "heading" ? escapeHtml(drawing.text) : [];
    });
    return items.length > 0 ? [items] : [];
  });
  return rows.flat().some(isPicture) ? sheet(escapeHtml(title), drawn) : undefined;
}

/** A table as Markdown. */
export function markdownTable({ columns, rows }: Pick<Table, "columns" | "rows">): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = columns.map(({ text }, i) => (text || i === 0 ? "---" : "---:"));
  return [line(columns.map(({ head }) => head)), line(rule), ...rows.map(line)].join("\n");
}

/**
 * The text of a figure as Markdown: its tables and notes, without its pictures.
 *
 * @throws TypeError for what is no figure.
 * @example
 * const columns = [{ head: "machine", text: true }, { head: "seconds" }];
 * const table: Table = { kind: "table", columns, rows: [["laptop", "3.1"]] };
 * figureMarkdown({ rows: [[table]] }).split("\n").at(-1); // "| laptop | 3.1 |"
 */
export function figureMarkdown(figure: Pick<Figure, "rows">): string {
  checkFigure("figureMarkdown", figure);
  const parts = figure.rows.flat().flatMap((drawing) => {
    if (drawing.kind === "table") return markdownTable(drawing);
    return drawing.kind === "note" ? drawing.text : [];
  });
  return parts.join("\n\n");
}
