// Do synapses with two chemicals learn what synapses with one cannot? A linear teacher of which one half stays and the
// other half is drawn anew every few steps (see `RegressionKind`, "two-timescale") is followed by a single plastic layer,
// so that nothing but the synapses' own time scales matters. Rules are meta-learned for each length of the segments, then
// frozen and tried on 400 new tasks, the same for all rules. The error is the mean squared error of the queries divided
// by the targets' variance, which is 1.
//
//   npx tsx bench/science/two-timescale.ts [seeds] [processes]     writes two-timescale.json beside it, or goes on with it
//
// The file: `setting`, and in `results` one entry for each length of segments and rule with the errors by seed (`error`,
// and `slow`, the error against the part that stays), and in `differences` each rule's errors less those of one chemical,
// seed by seed, with their interval. Seeds are paired: they have the same tasks, in training too.
//
// What theory says, by the best filters found by search for teachers of this kind (constant step sizes and decays): a
// second time scale takes a tenth to a sixth off the error where segments are about as short as a teacher has inputs, and
// nothing where they are long enough to learn each anew.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { fromNumbers, Key, scope } from "../../src/core/index.js";
import { noImages, type RegressionKind, sampleRegression } from "../../src/data/index.js";
import {
  defaultTrainConfig,
  layerSizes,
  type RuleValues,
  ruleOf,
  type TrainConfig,
  train,
} from "../../src/meta/index.js";
import { initialStart, lifetime, logitsOf, type PlasticityConfig } from "../../src/plasticity/index.js";
import { compare, mean } from "../../src/studies/index.js";

const FILE = new URL("two-timescale.json", import.meta.url);
const SEGMENTS = [5, 10, 20, 40];
const STEPS = 120;
const QUERIES = 32;
const TRIALS = 400;
const OWN_SEED = 1_000_003; // of the tasks that rules are tried on

/** Two motifs are enough for one layer: the pseudo-gradient and decay. */
const REFERENCE = "1 chemical";
const RULES: Readonly<Record<string, Partial<PlasticityConfig>>> = {
  "1 chemical": { synapse: "chemical", chemicals: 1 },
  "2 chemicals": { synapse: "chemical", chemicals: 2 },
  linear: { synapse: "linear", chemicals: 1 },
  "3 chemicals": { synapse: "chemical", chemicals: 3 },
  "2 chemicals, tau 50": { synapse: "chemical", chemicals: 2, tauMax: 50 },
};

/** One run: a rule, meta-learned for segments of about this length. */
interface Cell {
  readonly rule: string;
  readonly segment: number;
  readonly seed: number;
}

/** What came of it. */
interface Outcome extends Cell {
  readonly error: number;
  readonly slow: number;
}

/** Segments of half to one and a half times this length. */
const taskOf = (segment: number): RegressionKind & { kind: "two-timescale" } => ({
  kind: "two-timescale",
  inputs: 8,
  outputs: 4,
  segment: [Math.ceil(segment / 2), Math.floor((3 * segment) / 2)],
  fast: 0.5,
});

function configOf({ rule, segment, seed }: Cell): TrainConfig {
  const base = defaultTrainConfig("rcn");
  const plasticity: PlasticityConfig = {
    ...base.plasticity,
    motifs: [0, 3],
    tauMax: 10,
    initialP0: 0.02,
    head: "linear",
    inputGate: "one",
    ...RULES[rule],
  };
  return {
    ...base,
    task: taskOf(segment),
    plasticity,
    hidden: [],
    ways: 1,
    shots: STEPS,
    queries: QUERIES,
    episodes: 800,
    metaBatch: 4,
    learningRate: 3e-3,
    seed,
  };
}

/** Mean squared errors of a frozen rule on new tasks: against the teacher of the last step, and the part that stays. */
function tryOut(kind: RegressionKind, config: TrainConfig, values: RuleValues): { error: number; slow: number } {
  const sizes = layerSizes(config, noImages);
  let [error, slow] = [0, 0];
  for (let trial = 0; trial < TRIALS; trial++) {
    scope(() => {
      const [startKey, taskKey] = Key.of(OWN_SEED).fold(trial).split();
      const task = sampleRegression(kind, taskKey, STEPS, QUERIES);
      const rows = (data: Float32Array, count: number) => fromNumbers(data, [count, data.length / count], "float32");
      const stream = { images: rows(task.inputs, STEPS), labels: rows(task.targets, STEPS) };
      const weights = lifetime(config.plasticity, ruleOf(values), initialStart(startKey, sizes), stream);
      const answers = logitsOf(weights, rows(task.queryInputs, QUERIES), config.plasticity.beta).data();
      const distance = (targets: Float32Array): number => mean(targets.map((t, i) => (answers[i] - t) ** 2));
      error += distance(task.queryTargets) / TRIALS;
      slow += distance(task.slowTargets as Float32Array) / TRIALS;
    });
  }
  return { error, slow };
}

async function live(cell: Cell): Promise<Outcome> {
  const config = configOf(cell);
  const { rule } = await train(noImages, config, { workers: 1 });
  return { ...cell, ...tryOut(taskOf(cell.segment), config, rule) };
}

/** The same in a process of its own. */
function elsewhere(cell: Cell): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const file = fileURLToPath(import.meta.url);
    const child = spawn(process.execPath, [...process.execArgv, file, JSON.stringify(cell)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let text = "";
    child.stdout.on("data", (chunk) => {
      text += chunk;
    });
    child.on("close", (code) =>
      code === 0 ? resolve(JSON.parse(text)) : reject(new Error(`a run ended with ${code}`)),
    );
  });
}

/** What is written: the cells that are complete for all seeds. */
function summary(outcomes: readonly Outcome[], seeds: number): object {
  const of = (rule: string, segment: number): Outcome[] =>
    outcomes.filter((o) => o.rule === rule && o.segment === segment).sort((a, b) => a.seed - b.seed);
  const whole = SEGMENTS.flatMap((segment) => Object.keys(RULES).map((rule) => ({ rule, segment }))).filter(
    ({ rule, segment }) => of(rule, segment).length === seeds,
  );
  const errors = (rule: string, segment: number): number[] => of(rule, segment).map(({ error }) => error);
  const { seed: _, ...setting } = configOf({ rule: "2 chemicals", segment: 10, seed: 0 });
  return {
    setting: { config: setting, rules: RULES, segments: SEGMENTS, seeds, trials: TRIALS },
    results: whole.map(({ rule, segment }) => ({
      rule,
      segment,
      error: errors(rule, segment),
      slow: of(rule, segment).map(({ slow }) => slow),
      mean: mean(errors(rule, segment)),
    })),
    differences: whole
      .filter(({ rule, segment }) => rule !== REFERENCE && errors(REFERENCE, segment).length === seeds)
      .map(({ rule, segment }) => ({
        ...{ rule, less: REFERENCE, segment },
        ...compare(errors(rule, segment), errors(REFERENCE, segment)),
      })),
  };
}

/** What the file holds already. */
function kept(): Outcome[] {
  if (!existsSync(FILE)) return [];
  const { results }: { results: { rule: string; segment: number; error: number[]; slow: number[] }[] } = JSON.parse(
    readFileSync(FILE, "utf8"),
  );
  return results.flatMap(({ rule, segment, error, slow }) =>
    error.map((each, seed) => ({ rule, segment, seed, error: each, slow: slow[seed] })),
  );
}

async function main([seeds = 5, processes = 2]: readonly number[]): Promise<void> {
  const cells = Object.keys(RULES).flatMap((rule) =>
    SEGMENTS.flatMap((segment) => Array.from({ length: seeds }, (_, seed) => ({ rule, segment, seed }))),
  );
  const outcomes = kept();
  const there = new Set(outcomes.map(({ rule, segment, seed }) => JSON.stringify({ rule, segment, seed })));
  const missing = cells.filter((cell) => !there.has(JSON.stringify(cell)));
  const work = async (): Promise<void> => {
    for (let cell = missing.shift(); cell; cell = missing.shift()) {
      outcomes.push(await elsewhere(cell));
      console.error(JSON.stringify(outcomes.at(-1)));
      await writeFile(FILE, `${JSON.stringify(summary(outcomes, seeds), undefined, 1)}\n`);
    }
  };
  await Promise.all(Array.from({ length: processes }, work));
}

const [, , first = "", ...others] = process.argv;
if (first.startsWith("{")) console.log(JSON.stringify(await live(JSON.parse(first))));
else await main([first, ...others].filter(Boolean).map(Number));
