// The images of a run.
import { InputError } from "../core/errors.js";
import { checkTasks, type Dataset, glyphs, openFolder } from "../data/index.js";
import { type TrainConfig, taskOptions } from "../meta/config.js";

/** Images that the built-in set has of each class, unless a task needs more. */
const GLYPHS_PER_CLASS = 80;

/** The most that it can have. */
const MOST_GLYPHS = 10_000;

/** Opens the images that a run is about, and makes sure that its tasks can be drawn from them. */
export async function openData(config: TrainConfig): Promise<Dataset> {
  const { data, shots, queries } = config;
  if (data.source === "glyphs" && shots + queries > MOST_GLYPHS) {
    throw new InputError(
      `--shots ${shots} and --queries ${queries} need ${shots + queries} images of a class, but the built-in glyphs ` +
        `have at most ${MOST_GLYPHS}. Lower one of them, or give --data a folder.`,
    );
  }
  const dataset =
    data.source === "glyphs"
      ? glyphs({ perClass: Math.max(GLYPHS_PER_CLASS, shots + queries) })
      : await openFolder(data.source, data.prefix);
  checkTasks(dataset, taskOptions(config));
  return dataset;
}
