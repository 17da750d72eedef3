// Writes the tables and figures of docs/scale.md, each table between <!-- its name --> and <!-- end -->.
import { readFileSync, writeFileSync } from "node:fs";
import type { Measured } from "./measured.js";
import { liePlot, loadPlot } from "./plots.js";
import { lateTable, markdown, measuredTable, serverTable, trustTable } from "./tables.js";

/** The page, its figures, and the measured numbers that both are made from. */
export const PAGE = "docs/scale.md";
export const MEASURED = "docs/scale/measured.json";

/** Every file that is made from the measured numbers, by its path; `page` is the page as it is. */
export function scaleFiles(measured: Measured, page: string): Record<string, string> {
  const tables = { measured: measuredTable, server: serverTable, late: lateTable, trust: trustTable };
  let filled = page;
  for (const [name, table] of Object.entries(tables)) {
    const place = new RegExp(`(<!-- ${name} -->)[\\s\\S]*?(<!-- end -->)`);
    if (!place.test(filled)) throw new Error(`[scale] ${PAGE} has no place for the table ${name}.`);
    filled = filled.replace(place, `$1\n\n${markdown(table(measured))}\n\n$2`);
  }
  return { [PAGE]: filled, "docs/scale/load.svg": loadPlot(measured), "docs/scale/lies.svg": liePlot(measured) };
}

/** Writes them. */
export function writeScale(measured: Measured): void {
  const files = scaleFiles(measured, readFileSync(PAGE, "utf8"));
  for (const [path, text] of Object.entries(files)) writeFileSync(path, text);
}
