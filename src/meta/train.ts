// Meta-training: learns a rule episode by episode, in memory or in a folder from which it can be resumed
// (Shervani-Tabar and Rosenbaum 2023, methods: adapt, query, differentiate, take one step of Adam).

import { checkKind, checkMade, InputError, quote, scope } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { checkDataset } from "../data/internal.js";
import type { Gpu } from "../gpu/index.js";
import { type Executor, Stopped } from "../runs/index.js";
import { cryptography, type Lock, runInMemory } from "../runs/internal.js";
import { checkMemory } from "./check-memory.js";
import { layerSizes, parseTrainConfig, type TrainConfig } from "./config.js";
import { type Diagnosis, diagnose } from "./diagnose.js";
import { overExecutor } from "./episode-cell.js";
import type { TimedResult } from "./episode-job.js";
import { GradientSum, guardedLearn, type Learner, newLearner, penaltyOf } from "./learner.js";
import { loadFloat } from "./load-float.js";
import type { EpisodeReport } from "./metrics.js";
import { checkOnGpu, onGpu } from "./on-gpu.js";
import { withOwnData } from "./own-data.js";
import { type RuleValues, ruleHash, ruleOf } from "./rule-values.js";
import { runFolders } from "./run.js";
import type { TrainingRun } from "./run-contents.js";
import { checkTask } from "./tasks.js";
import { type EpisodeRunner, inProcess, inThreads } from "./workers.js";

/** The result of a run. Means over no episodes are NaN. */
export interface TrainResult {
  /** Episodes done, including those before a resume. */
  readonly episodes: number;
  /** Mean accuracy of the last 50 episodes, or of all if there are fewer. */
  readonly meanAccuracyLast50: number;
  /** Mean loss of the same episodes, except those that diverged. */
  readonly meanLossLast50: number;
  /** SHA-256, in hexadecimal digits, of the rule's leaves in order, little-endian and of the run's `dtype`. */
  readonly ruleHash: string;
  /** The rule's numbers. */
  readonly rule: RuleValues;
  /** Whether `signal` stopped the run before its last episode. */
  readonly stopped: boolean;
  /** Mean accuracy of the first 50 episodes, or of all if there are fewer. */
  readonly firstAccuracy: number;
  /** Episodes that diverged and were left out; see `TrainConfig.clip`. */
  readonly diverged: number;
  /** Episodes whose meta-gradient was shortened or left out. */
  readonly clipped: number;
}

/** How a run is carried out; its result does not depend on this. */
export interface TrainOptions {
  /** The run's folder, which needs Node. Without it the run is kept in memory, and only its result is returned. */
  readonly out?: string | undefined;
  /** The number of threads on which to run the episodes of a meta-batch. The result does not depend on it. */
  readonly workers: number;
  /**
   * A GPU, from `open` of synaptape/gpu, on which to run the episodes of a meta-batch, all at once; without it they run
   * on the CPU. The result is the same on a GPU that rounds like the CPU; other hardware may differ in the last bits,
   * and such differences grow over many meta-steps.
   */
  readonly device?: Gpu;
  /**
   * What computes the episodes of a meta-batch, as cells of `episodeKind`, in the place of threads; it stays open. The
   * result does not depend on it.
   */
  readonly executor?: Executor;
  /**
   * Called for each episode, in order, once it is safely kept: on disk, if the run has a folder. `rule` is the rule after
   * the meta-step that the episode belongs to. If it returns a promise, the run waits for it; so a run is paused.
   */
  readonly onEpisode?: (report: EpisodeReport, rule: RuleValues) => unknown;
  /**
   * How often, in episodes, to measure what the rule does in a network, beginning with the first episode; see
   * `Diagnosis`. In a folder, the measurements are the lines of diagnostics.jsonl. The result of the run does not
   * depend on it.
   */
  readonly diagnostics?: number | undefined;
  /** Called for each diagnosis, before `onEpisode` for its episode. */
  readonly onDiagnosis?: (diagnosis: Diagnosis) => void;
  /** Called after each meta-step with the rule as it then is, and the number of episodes that it was learned from. */
  readonly onRule?: (rule: RuleValues, episodes: number) => void;
  /**
   * When it is aborted, the run ends after the current meta-step, or without that step if threads take more than ten
   * seconds for it. A run in a folder can be resumed.
   */
  readonly signal?: AbortSignal;
  /** The built file `episode-worker.js`, or its address in a page, if it is not next to the built code. */
  readonly workerEntry?: string | URL;
}

/** Options to continue a run, which must have a folder. */
export type ResumeOptions = TrainOptions & { readonly out: string };

/** The number of episodes over which the first and the last means are taken. */
const WINDOW = 50;

/**
 * Learns a rule, in memory or in a new folder.
 *
 * @throws InputError if the configuration, the data or the folder cannot be used, and for a run that keeps exploding
 * despite the guard; DivergedError, if `clip` is "off", for an episode whose numbers are no longer finite. A folder then
 * holds the last good checkpoint.
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * const { episodes, rule, stopped } = await train(images, config, { workers: 1 });
 * [episodes, stopped]; // [2, false]
 */
export async function train(dataset: Dataset, config: TrainConfig, options: TrainOptions): Promise<TrainResult> {
  checkDataset("train", dataset);
  checkKind("train", "what the run is given", options, "an object");
  return trainHolding(dataset, config, options);
}

/**
 * Like `train`.
 *
 * @param held the folder's lock, if the caller already holds it.
 */
export async function trainHolding(
  dataset: Dataset,
  config: TrainConfig,
  options: TrainOptions,
  held?: Lock,
): Promise<TrainResult> {
  const checked = withOwnData(parseTrainConfig(config, "the configuration"), dataset);
  const runner = await openRunner(dataset, checked, options);
  try {
    const learner = newLearner(checked, layerSizes(checked, dataset));
    const run = await openRun(options.out, checked, dataset, learner, held);
    return await trainingLoop(run, runner, checked, learner, [], options, dataset);
  } finally {
    await runner.close();
  }
}

/**
 * Continues the run in the folder `options.out`, to the same bits as if it had never stopped.
 *
 * @throws InputError for a folder that is damaged or not a run, and for other data than the run began with; see also
 * `train`.
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * await train(images, config, { out: "runs/first", workers: 1 });
 * const { episodes } = await resume(images, { out: "runs/first", workers: 1 });
 * episodes; // 2
 */
export async function resume(dataset: Dataset, options: ResumeOptions): Promise<TrainResult> {
  checkDataset("resume", dataset);
  checkMade("resume", "what the run is given", options, ["out"], "Give { out: the run's folder }.");
  checkKind("resume", "`out`", options.out, "text");
  return resumeHolding(dataset, options);
}

/**
 * Like `resume`.
 *
 * @param held the folder's lock, if the caller already holds it.
 */
export async function resumeHolding(dataset: Dataset, options: ResumeOptions, held?: Lock): Promise<TrainResult> {
  const { run, config, learner, metrics } = await (await runFolders()).reopenRun(options.out, dataset, held);
  let runner: EpisodeRunner;
  try {
    runner = await openRunner(dataset, config, options);
  } catch (error) {
    await run.close();
    throw error;
  }
  try {
    return await trainingLoop(run, runner, config, learner, metrics, options, dataset);
  } finally {
    await runner.close();
  }
}

/** Opens the place where a new run is kept. */
async function openRun(
  out: string | undefined,
  config: TrainConfig,
  dataset: Dataset,
  learner: Learner,
  held: Lock | undefined,
): Promise<TrainingRun> {
  if (out === undefined) return runInMemory();
  return (await runFolders()).createRun(out, config, dataset, learner, held);
}

/**
 * Opens what runs the episodes. There are never more threads than episodes in a batch, since further ones would have
 * nothing to do.
 */
async function openRunner(
  dataset: Dataset,
  config: TrainConfig,
  { workers, workerEntry, device, executor, diagnostics }: TrainOptions,
): Promise<EpisodeRunner> {
  if (!Number.isSafeInteger(workers) || workers < 1) {
    throw new InputError(`[train] \`workers\` is ${quote(workers)}. Make it a whole number from 1 up.`);
  }
  if (diagnostics !== undefined && !(Number.isSafeInteger(diagnostics) && diagnostics > 0)) {
    throw new InputError(`[train] \`diagnostics\` is ${quote(diagnostics)}. Make it a whole number from 1 up.`);
  }
  if (device) checkOnGpu(config);
  await loadFloat(config.dtype);
  cryptography(); // otherwise it would fail only after the work is done
  checkTask(config, dataset);
  const setup = { config, sizes: layerSizes(config, dataset), dataset };
  checkMemory(setup);
  if (device) return onGpu(setup, device);
  if (executor) return overExecutor(setup, executor);
  const threads = Math.min(workers, config.metaBatch);
  return threads === 1 ? inProcess(setup) : inThreads(setup, threads, workerEntry);
}

/** Runs the episodes that are left, and closes the run. */
async function trainingLoop(
  run: TrainingRun,
  runner: EpisodeRunner,
  config: TrainConfig,
  begin: Learner,
  metrics: EpisodeReport[],
  { onEpisode, onDiagnosis, onRule, diagnostics, signal }: TrainOptions,
  dataset: Dataset,
): Promise<TrainResult> {
  let learner = begin;
  try {
    while (run.done < config.episodes && !signal?.aborted) {
      const batch = await metaStep(runner, config, learner, run.done, signal);
      const due = batch.reports.filter(
        ({ episode, diverged }) => diagnostics !== undefined && !diverged && (episode - 1) % diagnostics === 0,
      );
      const measured = due.map(({ episode }) => diagnoseValues(config, dataset, learner.rule, episode));
      await run.record(batch.reports, batch.learner, measured);
      learner = batch.learner;
      onRule?.(learner.rule, run.done);
      for (const diagnosis of measured) onDiagnosis?.(diagnosis);
      metrics.push(...batch.reports);
      for (const report of batch.reports) await onEpisode?.(report, learner.rule);
    }
  } catch (error) {
    // A thread that does not end when asked to is terminated, and with it the current meta-step.
    if (!(error instanceof Stopped)) throw error;
  } finally {
    await run.close();
  }
  return {
    episodes: run.done,
    meanAccuracyLast50: mean(metrics.slice(-WINDOW).map(({ accuracy }) => accuracy)),
    meanLossLast50: mean(metrics.slice(-WINDOW).flatMap(({ loss, diverged }) => (diverged ? [] : [loss]))),
    ruleHash: await ruleHash(learner.rule),
    rule: learner.rule,
    stopped: run.done < config.episodes,
    firstAccuracy: mean(metrics.slice(0, WINDOW).map(({ accuracy }) => accuracy)),
    diverged: metrics.filter(({ diverged }) => diverged).length,
    clipped: metrics.filter(({ clipped }) => clipped !== undefined).length,
  };
}

/** Measures what a rule of plain numbers does in an episode, counted from 1. */
function diagnoseValues(config: TrainConfig, dataset: Dataset, rule: RuleValues, episode: number): Diagnosis {
  return scope(() => diagnose(config, layerSizes(config, dataset), dataset, ruleOf(rule), episode - 1));
}

/** Runs one meta-batch, beginning with the episode of index `first`, and takes a step. */
async function metaStep(
  runner: EpisodeRunner,
  config: TrainConfig,
  learner: Learner,
  first: number,
  signal: AbortSignal | undefined,
): Promise<{ reports: EpisodeReport[]; learner: Learner }> {
  const count = Math.min(config.metaBatch, config.episodes - first);
  const indices = Array.from({ length: count }, (_, i) => first + i);
  const penalty = penaltyOf(learner.rule, config.l1);
  const gradient = new GradientSum(learner.rule);
  const reports: EpisodeReport[] = [];
  const consume = ({ loss, accuracy, seconds, grad, diverged }: TimedResult): void => {
    const report = { episode: first + reports.length + 1, loss: loss + penalty, accuracy, seconds };
    if (!diverged) gradient.add(grad);
    reports.push(diverged ? { ...report, diverged: true } : report);
  };
  await runner.run(learner.rule, indices, consume, signal);
  const loss = mean(reports.flatMap(({ loss, diverged }) => (diverged ? [] : [loss])));
  const step = guardedLearn(config, learner, gradient.empty ? undefined : gradient.mean(config.l1), loss);
  return {
    reports: step.scale === 1 ? reports : reports.map((report) => ({ ...report, clipped: step.scale })),
    learner: step.learner,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
