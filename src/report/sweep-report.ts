// The report on a sweep: its figures, with the settings that all trials share.
import type { Figure, Table } from "../studies/index.js";
import { htmlOf, sectionsOf } from "./draw.js";
import { reportPage } from "./page.js";

/** What a report on a sweep says. */
export interface SweepFindings {
  /** What was swept: "train", "bio" or the name of a study. */
  readonly subject: string;
  /** A sentence on what was run and what came of it. */
  readonly lead: string;
  /** The flags that all trials share, as rows of name and value. */
  readonly shared: readonly (readonly [name: string, value: string])[];
  readonly figures: readonly Figure[];
}

/** The report on a sweep. */
export function sweepReport({ subject, lead, shared, figures }: SweepFindings): string {
  const columns = [{ head: "flag", text: true }, { head: "value" }];
  const same: Table = { kind: "table", columns, rows: shared };
  const settings = { id: "shared", title: "Settings of all trials", body: htmlOf({ rows: [[same]] }) };
  const sections = [...sectionsOf(figures), ...(shared.length > 0 ? [settings] : [])];
  return reportPage({ title: `Sweep of ${subject}`, lead, sections });
}
