// The examples and queries of an episode, for every kind of task, drawn from a key as tensors; and how answers are
// scored.
import { type FloatName, fromNumbers, InputError, type Key, plain, type Tensor } from "../core/index.js";
import { checkTasks, type Dataset, sampleRegression, type Task, type TaskOptions } from "../data/index.js";
import { accuracyOf, r2Of, type Stream } from "../plasticity/index.js";
import { isRegression, type TrainConfig, taskOptions } from "./config.js";
import { imagesOf } from "./task-kinds.js";

/** What a network learns from, and its queries. */
export interface DrawnTask {
  readonly stream: Stream;
  readonly queries: Stream;
  /** For continual tasks, how many steps the first part has. */
  readonly firstSteps?: number;
}

/** Throws an InputError, before any work, if the tasks of a run cannot be drawn from this dataset. */
export function checkTask(config: TrainConfig, dataset: Dataset, options: Partial<TaskOptions> = {}): void {
  const images = imagesOf(config.task);
  if (!images) return;
  const { ways, ...rest } = { ...taskOptions(config), ...options };
  checkTasks(dataset, { ...rest, ways: images.parts * ways });
  const gated = config.plasticity.inputGate !== "one";
  if (gated && dataset.images instanceof Float32Array && dataset.images.some((value) => value < 0)) {
    throw new InputError(
      `[task] ${plain(dataset.name)} has numbers below 0, but the network's inputs are activities, which are not. ` +
        "Scale them, ideally to lie from 0 to 1.",
    );
  }
}

/** The task of this key. The options override the settings of the configuration about images. */
export function drawTask(
  config: TrainConfig,
  dataset: Dataset,
  key: Key,
  options: Partial<TaskOptions> = {},
): DrawnTask {
  const { task, shots, queries, dtype } = config;
  if (isRegression(task)) {
    const drawn = sampleRegression(task, key, shots, queries);
    const rows = (data: Float32Array, count: number): Tensor => fromNumbers(data, [count, data.length / count], dtype);
    return {
      stream: { images: rows(drawn.inputs, shots), labels: rows(drawn.targets, shots) },
      queries: { images: rows(drawn.queryInputs, queries), labels: rows(drawn.queryTargets, queries) },
    };
  }
  const drawn = imagesOf(task)!.draw(dataset, key, { ...taskOptions(config), ...options });
  return { ...streams(drawn, dtype), ...(drawn.firstSteps === undefined ? {} : { firstSteps: drawn.firstSteps }) };
}

/** A task of images as tensors. */
function streams({ images, labels, queryImages, queryLabels, pixels }: Task, dtype: FloatName): DrawnTask {
  const stream = (images: Float32Array, labels: Int32Array): Stream => ({
    images: fromNumbers(images, [labels.length, pixels], dtype),
    labels: fromNumbers(labels, [labels.length], "int32"),
  });
  return { stream: stream(images, labels), queries: stream(queryImages, queryLabels) };
}

/**
 * The score of answers, at most 1: the share that is correct, or for regression R2, the share of variance explained.
 */
export function scoreOf(outputs: Tensor, wanted: Tensor): number {
  return wanted.dtype === "int32" ? accuracyOf(outputs, wanted) : r2Of(outputs, wanted);
}
