// `synaptape train`: trains a rule, or continues a run.
import { availableParallelism } from "node:os";
import type { Dataset } from "../data/index.js";
import {
  type EpisodeReport,
  type ResumeOptions,
  readRun,
  resume,
  type TrainConfig,
  type TrainResult,
  train,
} from "../meta/index.js";
import { imagesOf, isRegression, taskName } from "../meta/internal.js";
import { recordIn } from "./config-file.js";
import { openData } from "./data.js";
import { hasThreads, withDevice } from "./device.js";
import { checkEpisodes, queueOf, withEpisodes } from "./executor.js";
import { UsageError } from "./failure.js";
import type { TrainFlags } from "./flags.js";
import { duration, percent, say, sayJson } from "./output.js";
import { startProgress } from "./progress.js";
import { begunRun } from "./same-run.js";
import { watchSignals } from "./signals.js";
import { tellStopped } from "./stopped.js";
import { suggestion } from "./suggestion.js";
import { openEvents } from "./tensorboard.js";
import { checkResume, defaultFolder, trainConfig } from "./train-config.js";

/** Trains as these flags say; the exit code is 130 or 143 if a signal stopped it. */
export async function runTrain(flags: TrainFlags): Promise<void> {
  if (flags.workers !== undefined && !hasThreads(flags.device)) {
    throw new UsageError(
      `--workers ${flags.workers} runs episodes on threads of the CPU, which contradicts --device ${flags.device}. Leave one of them out.`,
    );
  }
  checkEpisodes(flags);
  if (flags.resume === undefined) {
    const config = trainConfig(flags, await recordIn(flags.config));
    const out = flags.out ?? defaultFolder(config);
    const begun = flags.continue ? await begunRun(out, config) : undefined;
    const dataset = await openData(config);
    await follow(flags, config, dataset, begun?.metrics ?? [], out, (options) =>
      begun ? resume(dataset, options) : train(dataset, config, options),
    );
  } else {
    checkResume(flags);
    if (await recordIn(flags.config)) {
      throw new UsageError(
        `--config ${flags.config} is the record of a run, which contradicts --resume. Leave one of them out.`,
      );
    }
    const { config, metrics } = await readRun(flags.resume);
    const dataset = await openData(config);
    await follow(flags, config, dataset, metrics, flags.resume, (options) => resume(dataset, options));
  }
}

/** Runs the training, shows its progress, and prints the result. */
async function follow(
  flags: TrainFlags,
  config: TrainConfig,
  dataset: Dataset,
  history: readonly EpisodeReport[],
  out: string,
  start: (options: ResumeOptions) => Promise<TrainResult>,
): Promise<void> {
  const { json = false, workers, device, diagnostics } = flags;
  const began = performance.now();
  const past = [...history]; // the run adds its own episodes to the list
  const events = flags.tensorboard ? openEvents(out, past) : undefined;
  const progress = startProgress(config.episodes, { history, quiet: json });
  const watch = watchSignals(
    () => progress.note("stopping"),
    () => progress.end(),
  );
  try {
    const carry = { out, workers: Math.min(workers ?? availableParallelism(), config.metaBatch), diagnostics };
    const onEpisode = (report: EpisodeReport): void => {
      progress.step(report);
      events?.add(report);
      if (json) sayJson(asLine(report));
    };
    const result = await withDevice(device, (gpu) =>
      withEpisodes(queueOf(flags), [dataset], (elsewhere) =>
        start({
          ...{ ...carry, signal: watch.signal, onEpisode },
          ...(gpu ? { device: gpu } : {}),
          ...(elsewhere ? { executor: elsewhere } : {}),
        }),
      ),
    );
    progress.end();
    if (json) sayJson(asLastLine(result));
    else if (!result.stopped) summary(result, config, dataset, out, (performance.now() - began) / 1000);
    if (result.stopped) tellStopped(result, config, out, watch.code());
  } finally {
    events?.close();
    progress.end();
    watch.end();
  }
}

/** NaN becomes null; fields about what did not happen are left out. */
const asLine = ({ episode, loss, accuracy, seconds, clipped, diverged }: EpisodeReport) => ({
  episode,
  loss,
  accuracy,
  seconds,
  clipped,
  diverged,
});

const asLastLine = ({ stopped, episodes, meanAccuracyLast50, ruleHash }: TrainResult) => ({
  done: !stopped,
  episodes,
  meanAccuracyLast50,
  ruleHash,
});

/** The summary at the end, written for newcomers. */
function summary(result: TrainResult, config: TrainConfig, dataset: Dataset, out: string, seconds: number): void {
  const { episodes, firstAccuracy, meanAccuracyLast50, ruleHash, clipped, diverged } = result;
  const { preset, task } = config;
  const regression = isRegression(task);
  say(
    `Learned a plasticity rule (${preset}) on ${regression ? `the task ${taskName(task)}` : dataset.name}: ${episodes} episodes, ${duration(seconds)}.`,
  );
  say();
  const what = regression ? "Variance explained (R2) by" : "Accuracy of";
  say(`${what} networks that learn by this rule from scratch, in one pass:`);
  if (episodes >= 100) {
    say(`  first 50 episodes  ${percent(firstAccuracy)}`);
    say(`  last 50 episodes   ${percent(meanAccuracyLast50)}`);
  } else {
    say(
      `  all episodes       ${percent(meanAccuracyLast50)}  (with 100 or more, the first and the last 50 are compared)`,
    );
  }
  const classes = config.ways * (imagesOf(task)?.parts ?? 1);
  if (!regression) say(`  guessing           ${percent(1 / classes)}  (one of ${classes} classes)`);
  if (clipped > 0) say(`  shortened or left out the meta-gradient of ${clipped} of ${episodes} episodes (see --clip)`);
  if (diverged > 0) say(`  left out ${diverged} of ${episodes} episodes, which diverged (see --clip)`);
  say();
  say(`Run folder  ${out}`);
  say(`ruleHash    ${ruleHash}`);
  say(`Try next    ${suggestion(config)}`);
}
