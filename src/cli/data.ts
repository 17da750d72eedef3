// The images of a run.
import { InputError } from "../core/errors.js";
import { type Dataset, glyphs, noImages, openFolder } from "../data/index.js";
import { isRegression, type TrainConfig } from "../meta/config.js";
import { checkTask } from "../meta/tasks.js";

/** Images that the built-in set has of each class, unless a task needs more. */
const GLYPHS_PER_CLASS = 80;

/** The most that it can have. */
const MOST_GLYPHS = 10_000;

/**
 * Opens the images that a run is about, if it is about any, and makes sure that its tasks can be drawn from them.
 *
 * @param more images of each class that the built-in set must have besides those of a task.
 */
export async function openData(config: TrainConfig, more = 0): Promise<Dataset> {
  const { data, shots, queries } = config;
  if (isRegression(config.task)) return noImages;
  if (data.source === "glyphs" && shots + queries > MOST_GLYPHS) {
    throw new InputError(
      `--shots ${shots} and --queries ${queries} need ${shots + queries} images of a class, but the built-in glyphs ` +
        `have at most ${MOST_GLYPHS}. Lower one of them, or give --data a folder.`,
    );
  }
  const dataset =
    data.source === "glyphs"
      ? glyphs({ perClass: Math.min(MOST_GLYPHS, Math.max(GLYPHS_PER_CLASS, shots + queries + more)) })
      : await openFolder(data.source, data.prefix);
  checkTask(config, dataset);
  return dataset;
}
