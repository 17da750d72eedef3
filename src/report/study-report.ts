// The report on a study: its claims with their verdicts, and its figures.
import { checkMade } from "../core/index.js";
import { type AnyStudy, type ClaimLine, claimTable, type Figure } from "../studies/index.js";
import { figureHtml, sectionsOf } from "./draw.js";
import { escapeHtml } from "./html.js";
import { reportPage } from "./page.js";

/** The outcome of a study. */
export interface StudyFindings {
  /** Its claims with their verdicts: see `judged`. */
  readonly claims: readonly ClaimLine[];
  /** Its figures. */
  readonly figures: readonly Figure[];
  /** The version of the package, which the page then names. */
  readonly version?: string | undefined;
}

/**
 * The report on a study as a page of HTML: what `synaptape reproduce` writes.
 *
 * @param study the study, of which the name, the papers, the basis and the text about it are shown.
 * @throws TypeError for what is no study, or no findings.
 * @example
 * const { results, claims } = await runStudy(study, { scale: "quick" }, { store, executor });
 * const html = studyReport(study, { claims, figures: study.figures?.(results) ?? [] });
 */
export function studyReport(
  study: Pick<AnyStudy, "name" | "about" | "basis" | "papers">,
  findings: StudyFindings,
): string {
  const parts = ["name", "about", "basis", "papers"];
  checkMade("studyReport", "the study", study, parts, "Give one of `studies`, or one of your own.");
  checkMade("studyReport", "the outcome", findings, ["claims", "figures"], "Give { claims, figures }.");
  const { name, about, basis, papers } = study;
  const { claims, figures, version } = findings;
  const table = figureHtml({ rows: [[claimTable(claims)]] });
  const sources = papers.map(({ authors, title, year, where }) => `${authors} ${year}: ${title}. ${where}.`);
  const read = `<p class="note">${escapeHtml(`Basis: ${basis}. ${sources.join(" ")}`)}</p>`;
  const own = { id: "claims", title: "Claims", body: `${table}\n${read}` };
  return reportPage({ title: titleOf(name), lead: about, sections: [own, ...sectionsOf(figures)], version });
}

/** The name of a study as a title: "two-time-scales" is "Two time scales". */
const titleOf = (name: string): string => {
  const words = name.replaceAll("-", " ");
  return words[0].toUpperCase() + words.slice(1);
};
