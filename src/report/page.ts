// The page of a report: one HTML file that contains everything it needs, opens from a disk, prints, and needs no
// script.
import { RESAMPLES, SEEDS_FOR_CLAIM } from "../studies/index.js";
import { type Evidence, episodesOf } from "../studies/internal.js";
import { escapeHtml, htmlPage } from "./html.js";
import { reportStyle } from "./theme.js";

/** A section of a page. */
export interface Section {
  /** The target of links to it. */
  readonly id: string;
  readonly title: string;
  /** As HTML. */
  readonly body: string;
}

/** What a page says. */
export interface ReportParts {
  readonly title: string;
  /** A sentence or two under the title. */
  readonly lead: string;
  readonly sections: readonly Section[];
  /** The runs that the page is about, if any: the footer says how many there are, and when the last one ended. */
  readonly evidence?: readonly Evidence[];
  /** The version of the package that writes the page. */
  readonly version?: string | undefined;
}

/** A report runs no script, loads nothing, and sends nothing, whatever the text in it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const INTERVALS = `The unit is the seed: intervals are percentile bootstrap intervals (98 %, ${RESAMPLES} resamples) of the mean over seeds. They are too narrow for few seeds: with five, the bootstrap alone excludes the truth about one time in eight. A difference is therefore claimed only with at least ${SEEDS_FOR_CLAIM} seeds, paired (same tasks, same initial weights), and where both the bootstrap and Student's 98 % interval exclude zero.`;

/** The page. */
export function reportPage({ title, lead, sections, evidence = [], version }: ReportParts): string {
  const nav = sections.map(({ id, title: text }) => `<a href="#${id}">${escapeHtml(text)}</a>`).join("\n");
  const bodies = sections.map(
    ({ id, title: text, body }) => `<section id="${id}">\n<h2>${escapeHtml(text)}</h2>\n${body}\n</section>`,
  );
  const head = `<h1>${escapeHtml(title)}</h1>\n<p class="lead">${escapeHtml(lead)}</p>`;
  const notes = [`${countsOf(evidence)}${INTERVALS}`, madeBy(evidence, version)].filter((text) => text !== "");
  const foot = `<footer class="note">${notes.map((text) => `<p>${escapeHtml(text)}</p>`).join("")}</footer>`;
  const policy = `<meta http-equiv="Content-Security-Policy" content="${POLICY}">\n`;
  return htmlPage(title, reportStyle, [head, `<nav>${nav}</nav>`, ...bodies, foot].join("\n"), policy);
}

/** What wrote the page, and the day on which the last of its runs was at its last episode. */
function madeBy(evidence: readonly Evidence[], version: string | undefined): string {
  const last = evidence
    .flatMap(({ runs }) => runs.flatMap(({ ended }) => ended ?? []))
    .sort()
    .at(-1);
  const by = version === undefined ? "" : `Written by Synaptape ${version}. `;
  return `${by}${last === undefined ? "" : `The last episode is of ${last.slice(0, "2026-11-30".length)} (UTC).`}`.trim();
}

function countsOf(evidence: readonly Evidence[]): string {
  if (evidence.length === 0) return "";
  const seeds = Math.max(...evidence.map(({ runs }) => runs.length));
  const episodes = Math.max(...evidence.map(episodesOf));
  return `Up to ${seeds} ${seeds === 1 ? "seed" : "seeds"} and ${episodes} episodes. `;
}
