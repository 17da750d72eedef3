// The runs behind the results page, as it keeps them: a small file a configuration, and what was evaluated of them.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openFolder } from "../../src/data/index.js";
import { type EvaluationLine, readRun, type TrainConfig } from "../../src/meta/index.js";
import { configHash } from "../../src/meta/run-folder.js";
import { decodeEvidence, type Evidence, encodeEvidence, grouped, recordOf } from "../../src/report/evidence.js";
import { configOf, experiments, type Label } from "../../src/report/experiments.js";
import { dataHash } from "../../src/runs/index.js";

/** Where all of it is, from the root of the repository. */
export const FOLDER = "bench/science";
/** Episodes of a kept run: as many as the published statistic needs. */
export const EPISODES = 180;

/** The images that the kept runs saw. */
export interface Images {
  readonly name: string;
  readonly images: number;
  readonly classes: number;
  readonly perClass: readonly [least: number, most: number];
  readonly sha256: string;
}

/** What `synaptape evaluate` found of one run: accuracies under what was learned, a task each. */
export interface Evaluation {
  readonly label: Label;
  readonly seed: number;
  readonly conditions: readonly {
    readonly condition: string;
    readonly data: string;
    readonly learned: readonly number[];
  }[];
}

/** All that the page is made from. */
export interface Kept {
  readonly images: Images;
  readonly evaluations: readonly Evaluation[];
  /** In the order of the experiments. */
  readonly evidence: readonly Evidence[];
}

const json = (name: string, folder: string) => JSON.parse(readFileSync(join(folder, name), "utf8"));

/** What is kept. */
export function readKept(folder = FOLDER): Kept {
  const labels = Object.keys(experiments).filter((label) => existsSync(join(folder, "runs", `${label}.json`)));
  const evidence = labels.map((label) => {
    const file = join(folder, "runs", `${label}.json`);
    return decodeEvidence(readFileSync(file, "utf8"), file);
  });
  return { images: json("data.json", folder), evaluations: json("evaluations.json", folder), evidence };
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

/** One run: its experiment, what it has to tell, and what was evaluated of it. */
export interface KeptRun {
  readonly evidence: Evidence;
  readonly evaluations: readonly Evaluation[];
}

/** The whole runs in a reproduction, and their one source of images. */
async function wholeRuns(from: string) {
  if (!existsSync(join(from, "runs")))
    throw new Error(`bench science: ${from} has no folder "runs". Give what "synaptape reproduce" had as --out.`);
  const runs: KeptRun[] = [];
  const sources = new Set<string>();
  for (const name of readdirSync(join(from, "runs")).sort()) {
    const folder = join(from, "runs", name);
    const [, label, seed] = /^(.+)-seed(\d+)$/.exec(name) ?? [];
    if (!Object.hasOwn(experiments, label ?? "") || !existsSync(join(folder, "config.json"))) continue;
    const contents = await readRun(folder);
    const { config, metrics } = contents;
    const { data, hidden, ways, shots, queries } = config;
    const published = { data, hidden: [170, 130, 100, 70], ways: 5, shots: 50, queries: 10, episodes: EPISODES };
    const expected = configOf(label as Label, published, Number(seed));
    if (metrics.length < EPISODES || configHash(config) !== configHash(expected)) {
      console.log(`${name}: left out, ${metrics.length} episodes of ${[ways, shots, queries, ...hidden].join("-")}`);
      continue;
    }
    sources.add(JSON.stringify(data));
    runs.push({
      evidence: { label, config: { ...expected, seed: 0 }, runs: [recordOf(contents, EPISODES)] },
      evaluations: evaluationIn(folder, label as Label, Number(seed), shots),
    });
  }
  if (sources.size !== 1)
    throw new Error(`bench science: the runs have ${sources.size} sources of images; one is needed.`);
  const { source, prefix }: TrainConfig["data"] = JSON.parse([...sources][0]);
  return { runs, source, prefix };
}

/** What there is to say of the images in a folder. */
async function imagesIn(source: string, prefix: string): Promise<Images> {
  const dataset = await openFolder(source, prefix);
  const counts = dataset.byClass.map(({ length }) => length);
  return {
    name: dataset.name,
    images: counts.reduce((sum, count) => sum + count, 0),
    classes: dataset.classes,
    perClass: [Math.min(...counts), Math.max(...counts)],
    sha256: await dataHash(dataset),
  };
}

/** A list with this in it, in place of what has the same seed, by ascending seeds. */
const withSeed = <T extends { readonly seed: number }>(list: readonly T[], added: T): T[] =>
  [...list.filter(({ seed }) => seed !== added.seed), added].sort((a, b) => a.seed - b.seed);

/**
 * What is kept with more runs, on the same images. What was kept of an experiment goes if the experiment is another now,
 * and a run goes if the same is there again.
 */
export function withRuns(kept: Kept, runs: readonly KeptRun[]): Kept {
  const evidence = new Map(kept.evidence.map((each) => [each.label, each]));
  const evaluations = grouped(kept.evaluations, ({ label }) => label);
  for (const { evidence: one, evaluations: added } of runs) {
    const present = evidence.get(one.label);
    const stays = present !== undefined && configHash(present.config) === configHash(one.config);
    if (present && !stays) evaluations.delete(one.label);
    evidence.set(one.label, { ...one, runs: withSeed(stays ? present.runs : [], one.runs[0]) });
    for (const each of added) evaluations.set(one.label, withSeed(evaluations.get(one.label) ?? [], each));
  }
  const order = Object.keys(experiments);
  return {
    ...kept,
    evidence: order.flatMap((label) => evidence.get(label) ?? []),
    evaluations: order.flatMap((label) => evaluations.get(label) ?? []),
  };
}

/** Keeps the whole runs of a reproduction too, or instead if they saw other images. */
export async function keep(from: string, folder = FOLDER): Promise<void> {
  const { runs, source, prefix } = await wholeRuns(from);
  const images = await imagesIn(source, prefix);
  const before = existsSync(join(folder, "data.json")) ? readKept(folder) : undefined;
  const same = before?.images.sha256 === images.sha256 ? before : { evidence: [], evaluations: [] };
  const { evidence, evaluations } = withRuns({ ...same, images }, runs);
  const files = new Map(evidence.map((each) => [join("runs", `${each.label}.json`), encodeEvidence(each)]));
  files.set("data.json", `${JSON.stringify(images, undefined, 2)}\n`);
  files.set("evaluations.json", `${JSON.stringify(evaluations)}\n`);
  rmSync(join(folder, "runs"), { recursive: true, force: true });
  mkdirSync(join(folder, "runs"), { recursive: true });
  for (const [name, content] of files) writeFileSync(join(folder, name), content);
}
