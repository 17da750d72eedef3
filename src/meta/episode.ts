// One episode: a task is drawn, a network learns it under the rule, and is then tested on it. All random numbers follow
// from the run's seed and the episode's index.

import { checkKind, checkMade, Key, kernelsOf, leavesOf, plain, scope, type Tensor } from "../core/index.js";
import type { Dataset, TaskOptions } from "../data/index.js";
import { checkDataset } from "../data/internal.js";
import { findDivergence, initialStart, logitsOf, lossOf, type Rule, type Start } from "../plasticity/index.js";
import { EPISODE_LIMIT, type TrainConfig } from "./config.js";
import { DivergedError } from "./diverged.js";
import type { Estimate, MetaLoss } from "./estimators/estimator.js";
import { estimate } from "./estimators/kinds.js";
import { formOf, type Lives } from "./forms.js";
import { liveRetaining, type Retention } from "./retention.js";
import type { Floats } from "./rule-values.js";
import { type DrawnTask, drawTask, scoreOf } from "./tasks.js";

/** How an episode went. */
export interface EpisodeScore {
  /** Mean cross-entropy of the queries; for regression half their mean squared error. */
  readonly loss: number;
  /**
   * Share of the queries answered correctly; for regression R2, the share of the targets' variance explained (see
   * `r2Of`).
   */
  readonly accuracy: number;
  /** For a continual task on which a frozen rule was tested. */
  readonly retention?: Retention;
}

/** The result of an episode: its score, and the gradient of its loss. */
export interface EpisodeResult extends EpisodeScore {
  /** The gradient of the loss, in the leaf order of the rule. */
  readonly grad: Floats[];
}

/** What an episode consists of, as tensors. */
export interface Episode extends DrawnTask {
  readonly start: Start;
}

/** Episode `index` (from 0) of a run. */
export function episodeOf(config: TrainConfig, sizes: readonly number[], dataset: Dataset, index: number): Episode {
  return drawEpisode(config, Key.of(config.seed).fold(index), sizes, dataset);
}

/** Draws the episode of this key: one branch for the network's initial state, one for its task. */
export function drawEpisode(
  config: TrainConfig,
  key: Key,
  sizes: readonly number[],
  dataset: Dataset,
  options: Partial<TaskOptions> = {},
): Episode {
  const [startKey, taskKey] = key.split();
  const start = initialStart(startKey, sizes, config.plasticity, { dtype: config.dtype });
  return { start, ...drawTask(config, dataset, taskKey, options) };
}

/** The branch of an episode's key for the noise of estimators; the first two are those of `drawEpisode`. */
const NOISE = 2;

/** The lifetimes of an episode, in the run's form. */
function livesOf({ form, plasticity, checkpoint }: TrainConfig, { start, stream, queries }: Episode): Lives {
  return formOf(form).lives({ config: plasticity, checkpoint, start, stream, queries });
}

/** The meta-loss of episode `index` (from 0) at `rule`, as estimators see it. */
export function metaLossOf(config: TrainConfig, episode: Episode, rule: Rule, index: number): MetaLoss {
  const { plasticity, seed } = config;
  const { stream, queries } = episode;
  const { live, outputs } = livesOf(config, episode);
  return {
    ...{ rule, steps: stream.labels.shape[0], episode: index + 1, key: Key.of(seed).fold(index).fold(NOISE) },
    live,
    test(life) {
      const logits = outputs(life);
      return {
        loss: lossOf(logits, queries.labels, plasticity.head),
        accuracy: scoreOf(logits, queries.labels),
      };
    },
  };
}

/** Throws for what no episode can be drawn from. */
export function checkEpisode(
  op: string,
  config: TrainConfig,
  sizes: readonly number[],
  data: Dataset,
  rule: Rule,
): void {
  checkMade(op, "the configuration", config, ["plasticity", "seed", "task"], "Make one with defaultTrainConfig().");
  checkKind(op, "the sizes of the layers", sizes, "a list");
  checkDataset(op, data);
  checkMade(op, "the rule", rule, ["P", "K", "v", "b"], "Make one with initialRule().");
}

/**
 * Runs episode `index` (from 0), and finds the gradient of the queries' mean loss by the configuration's `estimator`.
 *
 * @param sizes the network's widths, from `layerSizes`.
 * @throws DivergedError if the loss or its gradient is not finite.
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * const sizes = layerSizes(config, images);
 * const rule = initialRule(config.plasticity, sizes);
 * const { loss, grad } = runEpisode(config, sizes, images, rule, 0);
 * loss; // 4.231
 * grad.length; // 3
 */
export function runEpisode(
  config: TrainConfig,
  sizes: readonly number[],
  dataset: Dataset,
  rule: Rule,
  index: number,
): EpisodeResult {
  checkEpisode("runEpisode", config, sizes, dataset, rule);
  return scope(() => {
    const episode = episodeOf(config, sizes, dataset, index);
    const found = estimate(config.estimator, metaLossOf(config, episode, rule, index));
    return resultOf(config, rule, episode, index, found);
  });
}

/**
 * The result of an episode, as numbers.
 *
 * @throws DivergedError if the loss or its gradient is not finite.
 */
export function resultOf(
  config: TrainConfig,
  rule: Rule,
  episode: Episode,
  index: number,
  { value, accuracy, grad }: Estimate,
): EpisodeResult {
  const loss = value.item();
  if (!Number.isFinite(loss)) throw diverged(`episode ${index + 1}`, config, rule, episode, index + 1);
  const leaves = leavesOf("episode", grad);
  const bad = leaves.find(({ tensor }) => kernelsOf(tensor).countNonFinite(tensor.address, tensor.size) > 0);
  if (bad) {
    throw new DivergedError(
      `[train] episode ${index + 1}: the loss is finite (${loss}), but its gradient with respect to ${plain(bad.path)} is not. ` +
        "Lower `learningRate`, or use fewer steps (`ways`, `shots`).",
      index + 1,
    );
  }
  return { loss, accuracy, grad: leaves.map(({ tensor }) => tensor.data() as Floats) };
}

/**
 * Runs the evaluation episodes `indices` (from 0) without a gradient. Their keys belong to episodes that no training
 * reaches, so a rule can be compared before and after training on the same tasks.
 *
 * @param options how tasks differ from those of training, such as the side of the strict protocol's split of classes.
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * const sizes = layerSizes(config, images);
 * const rule = initialRule(config.plasticity, sizes);
 * const scores = evaluateRule(config, sizes, images, rule, [0, 1]);
 * scores.map(({ loss }) => loss); // [3.874, 3.847]
 */
export function evaluateRule(
  config: TrainConfig,
  sizes: readonly number[],
  dataset: Dataset,
  rule: Rule,
  indices: readonly number[],
  options: Partial<TaskOptions> = {},
): EpisodeScore[] {
  checkEpisode("evaluateRule", config, sizes, dataset, rule);
  checkKind("evaluateRule", "the episodes' indices", indices, "a list");
  return indices.map((index) =>
    scope(() => {
      const key = Key.of(config.seed).fold(EPISODE_LIMIT + index);
      const episode = drawEpisode(config, key, sizes, dataset, options);
      const { stream, firstSteps } = episode;
      const tested = (): { logits: Tensor; retention?: Retention } => {
        if (firstSteps === undefined) {
          const { live, outputs } = livesOf(config, episode);
          return { logits: outputs(live(rule, 0, stream.labels.shape[0])) };
        }
        const { weights, retention } = liveRetaining(config.plasticity, rule, episode, firstSteps);
        return { logits: logitsOf(weights, episode.queries.images, config.plasticity.beta), retention };
      };
      const { logits, ...measured } = tested();
      const loss = lossOf(logits, episode.queries.labels, config.plasticity.head).item();
      if (!Number.isFinite(loss)) throw diverged(`evaluation ${index + 1}`, config, rule, episode, index + 1);
      return { loss, accuracy: scoreOf(logits, episode.queries.labels), ...measured };
    }),
  );
}

/** The error for an episode whose loss is not finite. It runs the lifetime again to find where that began. */
function diverged(
  name: string,
  config: TrainConfig,
  rule: Rule,
  { start, stream }: Episode,
  episode: number,
): DivergedError {
  const cure = "Lower `learningRate`, or begin from smaller coefficients.";
  const found = findDivergence(config.plasticity, rule, start, stream);
  if (!found) {
    const fact = "all weights stay finite, but they are so large that the loss is not";
    return new DivergedError(`[train] ${name} diverged: ${fact}. ${cure}`, episode);
  }
  const { step, layer } = { step: found.step + 1, layer: found.layer };
  return new DivergedError(
    `[train] ${name} diverged: the weights of layer ${layer} leave the finite numbers at step ${step} of ` +
      `${stream.labels.shape[0]}. ${cure}`,
    episode,
    step,
    layer,
  );
}
