// What the examples about runs, sweeps and reports have besides public names: runs of two episodes, in folders of their own, and
// the files that they read.
import { mkdtempSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as data from "../../src/data/index.js";
import * as meta from "../../src/meta/index.js";
import * as report from "../../src/report/index.js";
import * as runs from "../../src/runs/index.js";
import * as studies from "../../src/studies/index.js";
import * as sweeps from "../../src/sweeps/index.js";
import { root } from "./examples.js";

/** What reads and writes runs, in a folder of its own. */
function runsApart(folder: string) {
  const at = (name: string) => join(apart, name);
  const apart = mkdtempSync(join(folder, "runs-"));
  return {
    train: (images: data.Dataset, config: meta.TrainConfig, options: meta.ResumeOptions) =>
      meta.train(images, config, { ...options, out: at(options.out) }),
    resume: (images: data.Dataset, options: meta.ResumeOptions) =>
      meta.resume(images, { ...options, out: at(options.out) }),
    readRun: (name: string) => meta.readRun(at(name)),
    readRunConfig: (name: string) => meta.readRunConfig(at(name)),
  };
}

/** What squares the learning rate, as a subject of sweeps. */
function sweptSquares() {
  const values = ({ row }: runs.Result) => ({ square: Number(row) });
  const subject: sweeps.Subject = {
    ...{ name: "square", ranked: true, values },
    cells: ({ learningRate }, seeds) =>
      Array.from({ length: seeds }, (_, seed) => ({ kind: "square", config: learningRate, seed })),
    measures: ([first, ...more]) => ({ square: { value: values(first).square, seeds: 1 + more.length } }),
  };
  const studyThreads = () => runs.here([{ name: "square", run: ({ config }) => Number(config) ** 2 }]);
  return { subject, studyThreads };
}

/** Runs of two episodes, in the folders that an example names. */
function smallRuns(folder: string) {
  const apart = mkdtempSync(join(folder, "runs-"));
  const config = { ...meta.defaultTrainConfig("rcn"), shots: 2, queries: 2, hidden: [8], episodes: 2 };
  const readEvidence = async (folders: readonly string[]) => {
    const places = folders.map((name) => join(apart, name));
    for (const [seed, out] of places.entries()) {
      await meta.train(data.glyphs(), { ...config, seed }, { out, workers: 1 });
    }
    return report.readEvidence(places);
  };
  return { readEvidence, writeFile: async () => undefined };
}

/** What each of these examples is given; they write into this folder. */
export function givenToRuns(folder: string): Readonly<Record<string, () => Record<string, unknown>>> {
  return {
    "src/runs/open-store.ts openStore": () => ({
      openStore: (name: string) => runs.openStore(join(folder, name)),
    }),
    ...Object.fromEntries(
      ["train.ts resume", "run.ts readRun", "run.ts readRunConfig", "train-cell.ts rowOfRun"].map((at) => [
        `src/meta/${at}`,
        () => runsApart(folder),
      ]),
    ),
    "src/meta/own-parts.ts loadParts": () => ({
      ...{ dataset: data.glyphs({ perClass: 2 }), loadParts: async () => undefined, train: async () => undefined },
    }),
    "src/sweeps/sweep.ts sweep": () => ({ ...sweptSquares(), openStore: async () => runs.memoryStore() }),
    "src/runs/serve-cells.ts serveCells": () => ({ serveCells: () => undefined }),
    "src/report/card-report.ts cardReport": () => ({
      readFile: async (name: string) => readFileSync(join(root, "rules/bio-emnist", name), "utf8"),
    }),
    "src/report/figure-report.ts figureReport": () => ({
      ...{
        table: { kind: "table", columns: [{ head: "seconds" }], rows: [["3.1"]] },
        writeFile: async () => undefined,
      },
    }),
    "src/report/folders.ts readEvidence": () => smallRuns(folder),
    "src/report/run-report.ts runReport": () => smallRuns(folder),
    "src/report/samples.ts sampleAnswers": () => smallRuns(folder),
    "src/report/study-report.ts studyReport": () => {
      const study = studies.studyNamed("sparse-representations");
      const runStudy = (of: studies.AnyStudy, plan: studies.StudyPlan, options: runs.QueueOptions) =>
        studies.runStudy(of, { ...plan, scale: "smoke" }, options);
      return { study, runStudy, store: runs.memoryStore(), executor: runs.here(studies.kindsOf(study)) };
    },
    "src/report/sweep-report.ts sweepReport": () => {
      const { subject, studyThreads } = sweptSquares();
      const settings = sweeps.grid({ learningRate: [2, 3] });
      return { subject, settings, store: runs.memoryStore(), executor: studyThreads() };
    },
  };
}
