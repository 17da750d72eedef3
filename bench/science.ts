// npm run bench science [DIR]: writes bench/science/README.md, its figures and results.json from the runs that are kept in
// bench/science/runs, a file a configuration. With DIR, the folder of a reproduction, these files are made anew first,
// from all runs in it that are as long as the published ones.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFolder } from "../src/data/index.js";
import { type EvaluationLine, readRun } from "../src/meta/index.js";
import { configHash, datasetHash } from "../src/meta/run-folder.js";
import { sheet } from "../src/report/chart.js";
import {
  decodeEvidence,
  type Evidence,
  encodeEvidence,
  grouped,
  paired,
  recordOf,
  statistics,
} from "../src/report/evidence.js";
import { configOf, experiments, type Figure, type FigureName, figures, type Label } from "../src/report/experiments.js";
import { curveCharts, forest, heatCharts, type Shown } from "../src/report/figure.js";
import { angleChart } from "../src/report/inside.js";
import { independent, published } from "../src/report/published.js";
import { publishedText, shownAs } from "../src/report/report.js";
import { bootstrap, compare, mean, signed, verdict } from "../src/report/statistics.js";

const FOLDER = "bench/science";
const EPISODES = 180;

/** The images that the kept runs saw. */
interface Images {
  readonly name: string;
  readonly images: number;
  readonly classes: number;
  readonly perClass: readonly [least: number, most: number];
  readonly sha256: string;
}

/** What `synaptape evaluate` found of one run: accuracies under what was learned, a task each. */
interface Evaluation {
  readonly label: Label;
  readonly seed: number;
  readonly conditions: readonly {
    readonly condition: string;
    readonly data: string;
    readonly learned: readonly number[];
  }[];
}

/** The evaluation in the folder of a run, with as many images of each class as in training. */
function evaluationIn(folder: string, label: Label, seed: number, shots: number): Evaluation[] {
  const file = join(folder, "evaluation.jsonl");
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  const all = lines.map((line): EvaluationLine => JSON.parse(line)).filter((line) => line.shots === shots);
  const conditions = [...grouped(all, ({ condition }) => condition)].map(([condition, group]) => ({
    condition,
    data: group[0].data,
    learned: group.map(({ learned }) => learned.accuracy),
  }));
  return [{ label, seed, conditions }];
}

/** Keeps the whole runs of a reproduction in small files. */
async function keep(from: string): Promise<void> {
  const runs = new Map<Label, Evidence>();
  const evaluations: Evaluation[] = [];
  const sources = new Set<string>();
  for (const folder of readdirSync(join(from, "runs")).sort()) {
    const [, label, seed] = /^(.+)-seed(\d+)$/.exec(folder) ?? [];
    if (!Object.hasOwn(experiments, label ?? "") || !existsSync(join(from, "runs", folder, "config.json"))) continue;
    const contents = await readRun(join(from, "runs", folder));
    const { config, metrics } = contents;
    const { data, hidden, ways, shots, queries } = config;
    const published = { data, hidden: [170, 130, 100, 70], ways: 5, shots: 50, queries: 10, episodes: EPISODES };
    const expected = configOf(label as Label, published, Number(seed));
    if (metrics.length < EPISODES || configHash(config) !== configHash(expected)) {
      console.log(`${folder}: left out, ${metrics.length} episodes of ${[ways, shots, queries, ...hidden].join("-")}`);
      continue;
    }
    sources.add(JSON.stringify(data));
    evaluations.push(...evaluationIn(join(from, "runs", folder), label as Label, Number(seed), shots));
    const before = runs.get(label as Label);
    const record = recordOf(contents, EPISODES);
    const all = [...(before?.runs ?? []), record].sort((a, b) => a.seed - b.seed);
    runs.set(label as Label, { label, config: { ...expected, seed: 0 }, runs: all });
  }
  if (sources.size !== 1)
    throw new Error(`bench science: the runs have ${sources.size} sources of images; one is needed.`);
  const { source, prefix } = JSON.parse([...sources][0]);
  const dataset = await openFolder(source, prefix);
  const counts = dataset.byClass.map(({ length }) => length);
  const about: Images = {
    name: dataset.name,
    images: counts.reduce((sum, count) => sum + count, 0),
    classes: dataset.classes,
    perClass: [Math.min(...counts), Math.max(...counts)],
    sha256: datasetHash(dataset),
  };
  rmSync(join(FOLDER, "runs"), { recursive: true, force: true });
  mkdirSync(join(FOLDER, "runs"), { recursive: true });
  writeFileSync(join(FOLDER, "data.json"), `${JSON.stringify(about, undefined, 2)}\n`);
  writeFileSync(join(FOLDER, "evaluations.json"), `${JSON.stringify(evaluations)}\n`);
  for (const [label, evidence] of runs) writeFileSync(join(FOLDER, "runs", `${label}.json`), encodeEvidence(evidence));
}

/** The kept runs, in the order of the experiments. */
export function keptEvidence(folder = FOLDER): Evidence[] {
  const labels = Object.keys(experiments).filter((label) => existsSync(join(folder, "runs", `${label}.json`)));
  return labels.map((label) => {
    const file = join(folder, "runs", `${label}.json`);
    return decodeEvidence(readFileSync(file, "utf8"), file);
  });
}

const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? "---" : "---:"))), ...rows.map(line)].join("\n");
};

/** One experiment's numbers beside those of others. */
function resultOf({ evidence, name }: Shown) {
  const { mean: accuracy, low, high, count: seeds } = bootstrap(statistics(evidence));
  const { label } = evidence;
  const theirs = published[label];
  const inside = (value: number | undefined): boolean | undefined =>
    value === undefined || seeds < 2 ? undefined : low <= value && value <= high;
  return {
    experiment: label,
    name,
    seeds,
    accuracy,
    low,
    high,
    published: theirs?.accuracy,
    publishedInside: theirs?.about ? undefined : inside(theirs?.accuracy),
    independent: independent[label],
    independentInside: inside(independent[label]),
  };
}

/** How far apart the three are, over the configurations of which there are all three, each for the same episodes. */
function gap(results: readonly ReturnType<typeof resultOf>[]): string {
  const three = results.flatMap(({ experiment, accuracy, published: theirs, independent: other, name }) =>
    published[experiment]?.deviation !== undefined && theirs !== undefined && other !== undefined
      ? [{ name, ours: accuracy - theirs, other: other - theirs }]
      : [],
  );
  if (three.length === 0) return "No configuration has all three numbers yet.";
  const ours = mean(three.map((row) => row.ours));
  const other = mean(three.map((row) => row.other));
  return (
    `Over the ${three.length} configurations with all three numbers (${three.map(({ name }) => name).join("; ")}), ours less the ` +
    `published ones are ${signed(ours)} on average, the other implementation's less the published ones ${signed(other)}, and ` +
    `ours less the other implementation's ${signed(ours - other)}.`
  );
}

const yesNo = (value: boolean | undefined): string => (value === undefined ? "" : value ? "yes" : "no");

/** What frozen rules do on tasks of other kinds. The unit is the task, since each row is one run. */
function evaluationTable(evaluations: readonly Evaluation[]): string {
  const rows = evaluations.flatMap(({ label, seed, conditions }) =>
    conditions.map(({ condition, data, learned }) => {
      const { mean: accuracy, low, high, count } = bootstrap(learned);
      const interval = `${low.toFixed(3)} to ${high.toFixed(3)}`;
      return [`${experiments[label].name}, seed ${seed}`, condition, data, `${count}`, accuracy.toFixed(3), interval];
    }),
  );
  return tableOf(["rule", "tasks", "images", "number", "accuracy", "98 % interval over tasks"], rows);
}

/** All parts of the page that follow from the kept runs, by name; figures by file name. */
export function sciencePage(evidence: readonly Evidence[], about: Images, evaluations: readonly Evaluation[]) {
  const all = new Map(evidence.map((each) => [each.label, shownAs(each)]));
  const parts: Record<string, string> = {};
  const files: Record<string, string> = {};
  const results = [...all.values()].map(resultOf);
  const comparisons: object[] = [];
  parts.data = [
    `- images: \`${about.name}\`, ${about.images.toLocaleString("en")} of ${about.classes} classes, ${about.perClass.join(" to ")} of each; SHA-256 of images and classes ${about.sha256.slice(0, 16)}`,
    `- runs: ${evidence.reduce((sum, { runs }) => sum + runs.length, 0)}, of ${evidence.length} configurations, ${EPISODES} episodes each`,
    `- seeds: ${[...new Set(evidence.map(({ runs }) => runs.length))].sort().reverse().join(" or ")} a configuration`,
  ].join("\n");
  parts.results = tableOf(
    [
      "configuration",
      "seeds",
      "ours",
      "98 % interval",
      "published",
      "inside",
      "another implementation, same images",
      "inside",
    ],
    results.map((row) => [
      row.name,
      String(row.seeds),
      row.accuracy.toFixed(3),
      row.seeds > 1 ? `${row.low.toFixed(3)} to ${row.high.toFixed(3)}` : "",
      publishedText(row.experiment),
      yesNo(row.publishedInside),
      row.independent?.toFixed(3) ?? "",
      yesNo(row.independentInside),
    ]),
  );
  parts.gap = gap(results);
  parts.evaluations = evaluationTable(evaluations);
  for (const [name, { title, panels, heat = [], angles = [], pairs }] of Object.entries(figures) as [
    FigureName,
    Figure,
  ][]) {
    const pick = (labels: readonly string[]): Shown[] => labels.flatMap((label) => all.get(label) ?? []);
    const rows: string[][] = [];
    for (const panel of panels) {
      const shown = pick(panel.labels);
      if (shown.length > 0) rows.push([panel.title], curveCharts(shown));
    }
    const present = pick([...new Set(panels.flatMap(({ labels }) => labels))]);
    if (present.length > 0)
      rows.push([
        forest(present, { at: published.bio.accuracy, name: `published baseline ${published.bio.accuracy}` }),
      ]);
    const turned = pick(angles).flatMap((shown) => angleChart(shown) ?? []);
    if (turned.length > 0) rows.push(["Angles of the errors"]);
    for (let i = 0; i < turned.length; i += 2) rows.push(turned.slice(i, i + 2));
    for (const shown of pick(heat)) {
      for (const { where, P, K } of heatCharts(shown)) rows.push([`${shown.name}: P and K, ${where}`], [P, K]);
    }
    const lines = pairs.flatMap(([first, second]) => {
      const both = [all.get(first), all.get(second)] as const;
      const matched = both[0] && both[1] && paired(both[0].evidence, both[1].evidence);
      if (!both[0] || !both[1] || !matched) return [];
      const comparison = compare(statistics(matched[0]), statistics(matched[1]));
      const { difference, student, larger, claim } = comparison;
      comparisons.push({ figure: name, first, second, ...difference, student, seedsAbove: larger, claim });
      const interval = ({ low, high }: typeof difference): string =>
        Number.isNaN(low) ? "" : `${signed(low)} to ${signed(high)}`;
      return [
        [
          `${both[0].name} − ${both[1].name}`,
          signed(difference.mean),
          interval(difference),
          interval(student),
          `${larger} of ${difference.count}`,
          verdict(both[0].name, both[1].name, comparison),
        ],
      ];
    });
    const image = rows.length > 0 ? `![${title}](${name}.svg)` : "No finished run yet.";
    if (rows.length > 0) files[`${name}.svg`] = sheet(title, rows);
    const head = ["difference", "mean", "98 %, bootstrap", "98 %, Student", "seeds above", "what may be said"];
    parts[name] = lines.length > 0 ? `${image}\n\n${tableOf(head, lines)}` : image;
  }
  files["results.json"] =
    `${JSON.stringify({ images: about, episodes: EPISODES, results, comparisons }, undefined, 1)}\n`;
  return { parts, files };
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

/** Writes the page; see the head of this file. */
export async function writeSciencePage(from?: string): Promise<void> {
  if (from !== undefined) await keep(from);
  const about: Images = JSON.parse(readFileSync(join(FOLDER, "data.json"), "utf8"));
  const evaluations: Evaluation[] = JSON.parse(readFileSync(join(FOLDER, "evaluations.json"), "utf8"));
  const { parts, files } = sciencePage(keptEvidence(), about, evaluations);
  for (const [name, content] of Object.entries(files)) writeFileSync(join(FOLDER, name), content);
  const page = join(FOLDER, "README.md");
  writeFileSync(page, filled(readFileSync(page, "utf8"), parts));
}
