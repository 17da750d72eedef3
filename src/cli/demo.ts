// `synaptape demo`, which `npm start` runs: in under a minute, it trains a learning rule on the built-in characters,
// tests it on characters that the rule never saw, and compares it with feedback alignment, whose own coefficient is
// trained on the same tasks.
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setImmediate } from "node:timers/promises";
import { scope } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import {
  defaultTrainConfig,
  evaluateRule,
  layerSizes,
  type RuleValues,
  ruleOf,
  type TrainConfig,
  train,
} from "../meta/index.js";
import { initialRule, type PresetName, type Rule } from "../plasticity/index.js";
import { openData } from "./data.js";
import { duration, percent, say } from "./output.js";
import { startProgress } from "./progress.js";
import { watchSignals } from "./signals.js";
import { tellStopped } from "./stopped.js";
import { outFlag } from "./suggestion.js";

/** The rule that is trained: the preset that learns fastest, which keeps the demo short. */
const PRESET = "rcn-layer";
/** What it is compared with. */
const RIVAL = "fa";

/** How much is done. */
export interface DemoSettings {
  /** Tasks to train on: enough for the accuracy to level off. */
  readonly episodes: number;
  /** New tasks to test a rule on: with 50 queries each, the mean is accurate to about two percentage points. */
  readonly trials: number;
  readonly metaBatch: number;
  /** Widths of the hidden layers; those of the presets where undefined. */
  readonly hidden?: readonly number[];
  /** Where the run folders go. */
  readonly folder: string;
}

/** What `npm start` does: about half a minute on two cores. */
const SETTINGS: DemoSettings = { episodes: 240, trials: 40, metaBatch: 2, folder: "runs" };

/** The demo's configuration of a preset: the strict protocol, since it holds characters back. */
function configOf(preset: PresetName, { episodes, metaBatch, hidden }: DemoSettings): TrainConfig {
  const base = defaultTrainConfig(preset);
  return { ...base, protocol: "strict", episodes, metaBatch, hidden: hidden ?? base.hidden };
}

/** Trains and tests both rules, and prints the results. */
export async function demo(settings: DemoSettings = SETTINGS): Promise<void> {
  const began = performance.now();
  const { episodes, trials } = settings;
  const config = configOf(PRESET, settings);
  const dataset = await openData(config);
  const out = freeFolder(settings.folder);
  const { ways, shots } = config;
  say(
    `Learning how to learn. A network is trained ${episodes} times. Each time it starts from random weights and sees`,
  );
  say(
    `${ways} new characters ${shots} times each, in one pass; its synapses change by a rule, with no backpropagation.`,
  );
  say("After each such lifetime, the rule is improved by differentiating through the whole lifetime.");
  say();

  const before = await tryOut(config, dataset, trials, () =>
    initialRule(config.plasticity, layerSizes(config, dataset)),
  );
  const learned = await learn(config, dataset, out, `the rule (${PRESET})`);
  if (!learned) return;
  const after = await tryOut(config, dataset, trials, () => ruleOf(learned));
  const rival = configOf(RIVAL, settings);
  const rivalLearned = await learn(rival, dataset, `${out}-${RIVAL}`, "plain feedback alignment, for comparison");
  if (!rivalLearned) return;
  const rivalAfter = await tryOut(rival, dataset, trials, () => ruleOf(rivalLearned));

  say();
  say(
    `Accuracy after one lifetime, mean over ${trials} tasks of ${ways} characters that were held back from training:`,
  );
  say();
  const rows = [
    [before, "the rule, before", `answers with any of ${dataset.classes} characters`],
    [1 / ways, "guessing", `one of ${ways}`],
    [rivalAfter, "feedback alignment", `its one coefficient trained on the same ${episodes} tasks`],
    [after, "the rule, after", "a Recurrent Chemical Network"],
  ] as const;
  for (const [share, name, remark] of rows) {
    const bar = "█".repeat(Math.round(24 * share)).padEnd(24, "·");
    say(`  ${name.padEnd(18)}  ${percent(share).padStart(7)}  ${bar}  ${remark}`);
  }
  say();
  say(`Run folder  ${out}  (and ${out}-${RIVAL}), ${duration((performance.now() - began) / 1000)} in all`);
  const next = [
    [["--preset", "bio", ...outFlag(defaultTrainConfig("bio"))].join(" "), "another rule, at the published setting"],
    ["--data DIR --shots 50", "your own images, such as EMNIST's IDX files"],
    ["--help", "all settings"],
  ];
  const width = Math.max(...next.map(([flags]) => flags.length));
  next.forEach(([flags, what], i) => {
    say(`${i === 0 ? "Try next" : "        "}    npx synaptape train ${flags.padEnd(width)}    ${what}`);
  });
}

/** The rule that a run learns, in the folder `out`; undefined if a signal stopped it. */
async function learn(
  config: TrainConfig,
  dataset: Dataset,
  out: string,
  title: string,
): Promise<RuleValues | undefined> {
  say(`Learning ${title} ...`);
  const progress = startProgress(config.episodes);
  const watch = watchSignals(
    () => progress.note("stopping"),
    () => progress.end(),
  );
  try {
    const result = await train(dataset, config, {
      out,
      workers: Math.min(availableParallelism(), config.metaBatch),
      signal: watch.signal,
      onEpisode: progress.step,
    });
    progress.end();
    if (!result.stopped) return result.rule;
    tellStopped(result, config, out, watch.code());
    return undefined;
  } finally {
    progress.end();
    watch.end();
  }
}

/** Mean accuracy on new tasks of held-out characters; the tasks are the same for every rule. */
async function tryOut(config: TrainConfig, dataset: Dataset, trials: number, make: () => Rule): Promise<number> {
  const sizes = layerSizes(config, dataset);
  let sum = 0;
  for (let trial = 0; trial < trials; trial++) {
    sum += scope(() => evaluateRule(config, sizes, dataset, make(), [trial], { classes: "heldout" })[0].accuracy);
    await setImmediate(); // lets a signal through
  }
  return sum / trials;
}

/** A new folder for a run, next to those of earlier demos. */
function freeFolder(inside: string): string {
  for (let n = 1; ; n++) {
    const folder = `${inside}/demo-${n}`;
    if (!existsSync(folder) && !existsSync(`${folder}-${RIVAL}`)) return folder;
  }
}
