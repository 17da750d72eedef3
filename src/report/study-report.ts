// The report on a study: its claims with their verdicts, and its figures.
import { type AnyStudy, type ClaimLine, claimTable, type Figure } from "../studies/index.js";
import { htmlOf, sectionsOf } from "./draw.js";
import { escapeHtml } from "./html.js";
import { reportPage } from "./page.js";

/** The outcome of a study. */
export interface StudyFindings {
  readonly claims: readonly ClaimLine[];
  readonly figures: readonly Figure[];
}

/** The report on a study. */
export function studyReport(
  { name, about, basis, papers }: Pick<AnyStudy, "name" | "about" | "basis" | "papers">,
  { claims, figures }: StudyFindings,
): string {
  const table = htmlOf({ rows: [[claimTable(claims)]] });
  const sources = papers.map(({ authors, title, year, where }) => `${authors} ${year}: ${title}. ${where}.`);
  const read = `<p class="note">${escapeHtml(`Basis: ${basis}. ${sources.join(" ")}`)}</p>`;
  const own = { id: "claims", title: "Claims", body: `${table}\n${read}` };
  return reportPage({ title: titleOf(name), lead: about, sections: [own, ...sectionsOf(figures)] });
}

/** The name of a study as a title: "two-time-scales" is "Two time scales". */
const titleOf = (name: string): string => {
  const words = name.replaceAll("-", " ");
  return words[0].toUpperCase() + words.slice(1);
};
