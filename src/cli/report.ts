// `synaptape report`: a report on runs, as one HTML file.
import { basename, dirname, join } from "node:path";
import { readEvidence } from "../report/folders.js";
import { type ReportExtras, runReport } from "../report/run-report.js";
import { sampleAnswers } from "../report/samples.js";
import { explained, packageVersion, writeAside } from "../runs/node.js";
import type { Evidence } from "../studies/internal.js";
import { say, sayJson } from "./output.js";
import { shownImages } from "./shown-images.js";

/** The flags of `report` that were given. */
export interface ReportFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/** Writes the report on the runs in these folders. */
export async function report(folders: readonly string[], { out, json = false }: ReportFlags): Promise<void> {
  const evidence = await readEvidence(folders);
  const file = out ?? join(folders[0], "report.html");
  await writeReport(file, runReport(evidence, { ...(await extrasOf(evidence)), version: packageVersion() }));
  const runs = evidence.reduce((sum, each) => sum + each.runs.length, 0);
  if (json) sayJson({ report: file, configurations: evidence.length, runs });
  else say(`Report on ${runs} ${runs === 1 ? "run" : "runs"}: ${file}`);
}

/** Writes a report so that the file always holds the whole old report or the whole new one. */
export async function writeReport(file: string, html: string): Promise<void> {
  await writeAside(dirname(file), basename(file), html).catch((error: unknown) => {
    throw explained(error, `${file} cannot be written`, "Choose another --out.");
  });
}

/**
 * What a report shows besides the runs: a task of the first configuration's kind, given to every configuration that
 * draws the same tasks. If the images are gone, the report says so.
 */
async function extrasOf(evidence: readonly Evidence[]): Promise<ReportExtras> {
  const { config, images } = evidence[0];
  const shown = await shownImages(config, images);
  if (shown === undefined) return {};
  if (typeof shown === "string") return { samples: shown };
  const { dataset, classNames } = shown;
  return { samples: sampleAnswers(evidence, dataset), dataset: dataset.name, classNames };
}
