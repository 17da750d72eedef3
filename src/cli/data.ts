// The images of a run.
import { resolve } from "node:path";
import { InputError } from "../core/index.js";
import { type Dataset, glyphs, noImages, openFolder } from "../data/index.js";
import type { RunContents, TrainConfig } from "../meta/index.js";
import { checkTask, isRegression, OWN_DATA } from "../meta/internal.js";
import { dataHash } from "../runs/index.js";
import { UsageError } from "./failure.js";

/** Images that the built-in set has of each class, unless a task needs more. */
const GLYPHS_PER_CLASS = 80;

/** The most that it can have. */
const MOST_GLYPHS = 10_000;

/** The name of the built-in set, where a folder can be given. */
const GLYPHS = "glyphs";

/** Where images come from, as a configuration names it: the built-in set, or the whole path of a folder. */
export const sourceOf = (data: string): string => (data === GLYPHS ? GLYPHS : resolve(data));

/** Throws a UsageError where --prefix chooses among the files of the built-in set, which has none. */
export function checkPrefix(prefix: string | undefined, data: string | undefined): void {
  if (prefix === undefined || (data ?? GLYPHS) !== GLYPHS) return;
  throw new UsageError(
    `--prefix ${prefix} chooses among the files of a folder, which contradicts --data glyphs, the built-in set. ` +
      "Leave it out, or give --data a folder.",
  );
}

/** Opens images, with at least `perClass` of each class if they are the built-in ones. */
export async function openImages({ source, prefix }: TrainConfig["data"], perClass: number): Promise<Dataset> {
  if (source === OWN_DATA) {
    throw new InputError(
      `the run learned on images that a program gave it ("${prefix}"), which the command line cannot open. Use resume() ` +
        "of synaptape/meta in that program.",
    );
  }
  if (source !== GLYPHS) return openFolder(source, prefix);
  return glyphs({ perClass: Math.min(MOST_GLYPHS, Math.max(GLYPHS_PER_CLASS, perClass)) });
}

/**
 * Opens the images that a run is about, if it is about any, and makes sure that its tasks can be drawn from them.
 *
 * @param more images of each class that the built-in set must have besides those of a task.
 */
export async function openData(config: TrainConfig, more = 0): Promise<Dataset> {
  const { data, shots, queries } = config;
  if (isRegression(config.task)) return noImages;
  if (data.source === GLYPHS && shots + queries > MOST_GLYPHS) {
    throw new InputError(
      `--shots ${shots} and --queries ${queries} need ${shots + queries} images of a class, but the built-in glyphs ` +
        `have at most ${MOST_GLYPHS}. Lower one of them, or give --data a folder.`,
    );
  }
  const dataset = await openImages(data, shots + queries + more);
  checkTask(config, dataset);
  return dataset;
}

/**
 * Throws an InputError if these are not the images that a run learned on. Built-in characters are those that their
 * numbers say; of them there may be more than the run had.
 */
export async function checkSameImages(
  folder: string,
  { config, images }: RunContents,
  dataset: Dataset,
): Promise<void> {
  if (config.data.source === GLYPHS || isRegression(config.task) || (await dataHash(dataset)) === images) return;
  throw new InputError(
    `${config.data.source} holds other images now than ${folder} learned on: their hash differs. Put back the same ones, ` +
      "or give the others as --data.",
  );
}
