// The results page: its tables and figures, all of them from what is kept.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sheet } from "../../src/report/chart.js";
import { type Figure, type FigureName, figures } from "../../src/report/experiments.js";
import { curveCharts, forest, heatCharts, type Shown } from "../../src/report/figure.js";
import { angleChart } from "../../src/report/inside.js";
import { published } from "../../src/report/published.js";
import { shownAs } from "../../src/report/report.js";
import { EPISODES, FOLDER, type Images, type Kept } from "./kept.js";
import {
  comparisonsOf,
  comparisonTable,
  evaluationTable,
  gainTable,
  gap,
  imagesText,
  longRunTable,
  resultOf,
  resultTable,
  timeScaleTable,
} from "./tables.js";

/** What the runs saw, and how many there are. */
function dataText(images: Images, evidence: Kept["evidence"]): string {
  const seeds = [...new Set(evidence.map(({ runs }) => runs.length))].sort().reverse().join(" or ");
  return [
    `- images: \`${images.name}\`, ${images.images.toLocaleString("en")} of ${images.classes} classes, ${images.perClass.join(" to ")} of each; SHA-256 of images and classes ${images.sha256.slice(0, 16)}`,
    `- runs: ${evidence.reduce((sum, { runs }) => sum + runs.length, 0)}, of ${evidence.length} configurations, ${EPISODES} episodes each`,
    `- seeds: ${seeds} a configuration`,
  ].join("\n");
}

/** A published figure made from our runs, a row of charts after the other; undefined if there is no run for it. */
function drawing({ title, panels, heat = [], angles = [] }: Figure, all: ReadonlyMap<string, Shown>) {
  const pick = (labels: readonly string[]): Shown[] => labels.flatMap((label) => all.get(label) ?? []);
  const rows: string[][] = [];
  for (const panel of panels) {
    const shown = pick(panel.labels);
    if (shown.length > 0) rows.push([panel.title], curveCharts(shown));
  }
  const present = pick([...new Set(panels.flatMap(({ labels }) => labels))]);
  if (present.length > 0) {
    const at = published.bio.accuracy;
    rows.push([forest(present, { at, name: `published baseline ${at}` })]);
  }
  const turned = pick(angles).flatMap((shown) => angleChart(shown) ?? []);
  if (turned.length > 0) rows.push(["Angles of the errors"]);
  for (let i = 0; i < turned.length; i += 2) rows.push(turned.slice(i, i + 2));
  for (const shown of pick(heat)) {
    for (const { where, P, K } of heatCharts(shown)) rows.push([`${shown.name}: P and K, ${where}`], [P, K]);
  }
  return rows.length > 0 ? sheet(title, rows) : undefined;
}

/** All parts of the page that follow from what is kept, by name; figures by file name. */
export function sciencePage({ images, evaluations, evidence }: Kept) {
  const all = new Map(evidence.map((each) => [each.label, shownAs(each)]));
  const results = [...all.values()].map(resultOf);
  const parts: Record<string, string> = {
    data: dataText(images, evidence),
    results: resultTable(results),
    gap: gap(results),
    gains: gainTable(all),
    evaluations: evaluationTable(evaluations),
  };
  const files: Record<string, string> = {};
  const found: object[] = [];
  for (const [name, figure] of Object.entries(figures) as [FigureName, Figure][]) {
    const svg = drawing(figure, all);
    if (svg) files[`${name}.svg`] = svg;
    const comparisons = comparisonsOf(all, figure.pairs);
    for (const { first, second, difference, student, larger, claim } of comparisons)
      found.push({ figure: name, first, second, ...difference, student, seedsAbove: larger, claim });
    const image = svg ? `![${figure.title}](${name}.svg)` : "No finished run yet.";
    parts[name] = comparisons.length > 0 ? `${image}\n\n${comparisonTable(comparisons)}` : image;
  }
  files["results.json"] =
    `${JSON.stringify({ images, episodes: EPISODES, results, comparisons: found }, undefined, 1)}\n`;
  return { parts, files };
}

/** The parts that follow from other files in this folder: what is no run of the published experiments. */
export function otherParts(folder = FOLDER): Record<string, string> {
  const json = (name: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));
  return {
    images: imagesText(json("images.json")),
    timescales: timeScaleTable(json("two-timescale.json")),
    longrun: longRunTable(json("long-run.json")),
  };
}

/** The page with its parts filled in, each between <!-- its name --> and <!-- end -->. */
export function filled(page: string, parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts).reduce(
    (text, [name, part]) =>
      text.replace(
        new RegExp(`(<!-- ${name} -->).*?(<!-- end -->)`, "s"),
        (_, start, end) => `${start}\n\n${part}\n\n${end}`,
      ),
    page,
  );
}

/** Writes the page and its files. */
export function writePage(kept: Kept): void {
  const { parts, files } = sciencePage(kept);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(FOLDER, name), content);
  const page = join(FOLDER, "README.md");
  writeFileSync(page, filled(readFileSync(page, "utf8"), { ...parts, ...otherParts() }));
}
