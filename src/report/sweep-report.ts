// The report on a sweep: its figures, with the settings that all trials share.
import { checkMade } from "../core/index.js";
import type { Figure, Table } from "../studies/index.js";
import { figureHtml, sectionsOf } from "./draw.js";
import { reportPage } from "./page.js";

/** What a report on a sweep says. */
export interface SweepFindings {
  /** What was swept: "train", "bio" or the name of a study. */
  readonly subject: string;
  /** A sentence on what was run and what came of it. */
  readonly lead: string;
  /** The flags that all trials share, as rows of name and value. */
  readonly shared: readonly (readonly [name: string, value: string])[];
  /** Its figures: see `sweepFigures`. */
  readonly figures: readonly Figure[];
  /** The version of the package, which the page then names. */
  readonly version?: string | undefined;
}

/**
 * The report on a sweep as a page of HTML: what `synaptape sweep` writes.
 *
 * @throws TypeError for what are no findings.
 * @example
 * const outcome = await sweep(subject, { settings, store, executor });
 * const figures = sweepFigures(subject, outcome);
 * const html = sweepReport({ subject: "train", lead: "Twelve trials.", shared: [], figures });
 */
export function sweepReport(findings: SweepFindings): string {
  const parts = ["subject", "lead", "shared", "figures"];
  checkMade("sweepReport", "what was found", findings, parts, `Give an object with ${parts.join(", ")}.`);
  const { subject, lead, shared, figures, version } = findings;
  const columns = [{ head: "flag", text: true }, { head: "value" }];
  const same: Table = { kind: "table", columns, rows: shared };
  const settings = { id: "shared", title: "Settings of all trials", body: figureHtml({ rows: [[same]] }) };
  const sections = [...sectionsOf(figures), ...(shared.length > 0 ? [settings] : [])];
  return reportPage({ title: `Sweep of ${subject}`, lead, sections, version });
}
