// A task that no run was trained on, and the answers that networks give to its queries after learning it by each rule.
import { InputError, Key, scope } from "../core/index.js";
import { type Dataset, sampleTask } from "../data/index.js";
import { checkDataset } from "../data/internal.js";
import { layerSizes, type RuleValues, ruleOf, type TrainConfig } from "../meta/index.js";
import { drawEpisode, EPISODE_LIMIT, imagesOf, taskName, taskOptions } from "../meta/internal.js";
import { argmax } from "../ops/index.js";
import { lifetime, logitsOf } from "../plasticity/index.js";
import { type Evidence, streamOf } from "../studies/internal.js";
import { checkEvidence } from "./checks.js";
import { pngOf } from "./sheet.js";

/** The answers of networks to the same images. */
export interface Samples {
  /** The images that are shown, as PNG, each with its class. */
  readonly images: readonly { readonly png: Uint8Array; readonly label: number }[];
  /** For each configuration the class it named for each image, and its accuracy over all queries of the task. */
  readonly answers: readonly {
    /** The label of the configuration. */
    readonly label: string;
    /** The class that was named for each image. */
    readonly classes: readonly number[];
    /** The share of all queries of the task that were answered correctly. */
    readonly accuracy: number;
  }[];
}

/** How many images of each class are shown. */
const PER_CLASS = 2;

/** The index of the task, among those of evaluation. */
const TASK = 0;

/**
 * Runs the rule of each configuration's first run on one task, which none of the runs was trained on. Configurations that
 * draw other tasks than the first one are left out.
 *
 * @param dataset the images that the runs were trained on.
 * @throws TypeError for what are no runs or no dataset, RangeError for no run, and InputError for a task without classes.
 * @example
 * const evidence = await readEvidence(["runs/rcn-glyphs-seed0"]);
 * const { images, answers } = sampleAnswers(evidence, glyphs());
 * images.length; // 10: two of each of the five classes
 * answers[0].classes.length; // 10
 */
export function sampleAnswers(evidence: readonly Evidence[], dataset: Dataset): Samples {
  checkEvidence("sampleAnswers", evidence);
  checkDataset("sampleAnswers", dataset);
  const { config } = evidence[0];
  if (!imagesOf(config.task)?.shown) {
    throw new InputError(
      `[sampleAnswers] the task ${taskName(config.task)} has no images of one set to show. Leave it out.`,
    );
  }
  const seed = evidence[0].runs[0].seed;
  const key = Key.of(seed).fold(EPISODE_LIMIT + TASK);
  const task = sampleTask(dataset, key.split()[1], taskOptions(config));
  const shown = Array.from({ length: config.ways * config.queries }, (_, i) => i).filter(
    (i) => i % config.queries < PER_CLASS,
  );
  const images = shown.map((i) => {
    const pixels = task.queryImages.subarray(i * task.pixels, (i + 1) * task.pixels);
    return { png: pngOf(dataset, pixels), label: task.queryLabels[i] };
  });
  const same = evidence.filter((each) => streamOf(each) === streamOf(evidence[0]));
  const answers = same.flatMap((each) => {
    const run = each.runs.find((candidate) => candidate.seed === seed);
    if (!run?.whole) return [];
    const said = answersTo(each.config, run.whole, dataset, key);
    const right = said.filter((c, i) => c === task.queryLabels[i]).length;
    return [{ label: each.label, classes: shown.map((i) => said[i]), accuracy: right / said.length }];
  });
  return { images, answers };
}

/** The class that a network names for each query, after a lifetime of the episode of this key. */
function answersTo(config: TrainConfig, rule: RuleValues, dataset: Dataset, key: Key): number[] {
  return scope(() => {
    const { start, stream, queries } = drawEpisode(config, key, layerSizes(config, dataset), dataset);
    const weights = lifetime(config.plasticity, ruleOf(rule), start, stream);
    return [...argmax(logitsOf(weights, queries.images, config.plasticity.beta), -1).data()];
  });
}
