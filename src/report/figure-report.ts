// A report of a program's own: any figures on a page.
import { checkEachMade, checkMade } from "../core/index.js";
import type { Figure } from "../studies/index.js";
import { sectionsOf } from "./draw.js";
import { reportPage } from "./page.js";

/** What a page of figures says. */
export interface FigurePage {
  /** The heading of the page. */
  readonly title: string;
  /** A sentence or two under it. */
  readonly lead: string;
  /** The figures, each with a heading of its own. */
  readonly figures: readonly Figure[];
}

/**
 * Figures as a page of HTML that contains everything it needs and looks like the other reports.
 *
 * @throws TypeError for what is no page or has what is no figure.
 * @example
 * const figure = { name: "times", title: "Times", about: "Seconds by machine.", rows: [[table]] };
 * await writeFile("times.html", figureReport({ title: "Timing", lead: "Two machines.", figures: [figure] }));
 */
export function figureReport(page: FigurePage): string {
  checkMade("figureReport", "the page", page, ["title", "lead", "figures"], "Give { title, lead, figures }.");
  const { title, lead, figures } = page;
  checkEachMade("figureReport", "the list of figures", figures, ["name", "title", "about", "rows"], "See Figure.");
  return reportPage({ title, lead, sections: sectionsOf(figures) });
}
