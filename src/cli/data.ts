// The images of a run.
import { resolve } from "node:path";
import { InputError } from "../core/index.js";
import { type DataOptions, type Dataset, noImages, openData as openSource } from "../data/index.js";
import { glyphsForTasks } from "../data/internal.js";
import { defaultsOf, flagsOf, givenIn, UsageError } from "../fields/index.js";
import type { RunContents, TrainConfig } from "../meta/index.js";
import { checkTask, dataFields, isRegression, OWN_DATA, readingOf } from "../meta/internal.js";
import { dataHash } from "../runs/index.js";
import { type ImageNeeds, type OpenedImages, openStudyImages } from "../studies/index.js";

/** The most images per class that the built-in set can have. */
const MOST_GLYPHS = 10_000;

/** What `--data` calls the built-in set. */
const GLYPHS = "glyphs";

/** Where images come from, as a configuration names it: the built-in set, or the absolute path of a folder. */
const sourceOf = (data: string): string => (data === GLYPHS ? GLYPHS : resolve(data));

/** The flags that say where images come from and how they are read, the same for every command. */
export const dataFlags = flagsOf(dataFields);

/** What these flags read. */
export interface DataFlags {
  readonly data?: string;
  readonly prefix?: string;
  readonly size?: readonly number[];
  readonly colour?: TrainConfig["data"]["colour"];
}

/** What the flags say about images. Throws a UsageError for flags about files with the built-in set, which has none. */
export function dataOf(flags: DataFlags): TrainConfig["data"] {
  const { data = GLYPHS, prefix, size, colour } = flags;
  const given = Object.entries({ prefix, size, colour }).find(([, value]) => value !== undefined);
  if (data === GLYPHS && given) {
    throw new UsageError(
      `--${given[0]} ${given[1]} is about files, which contradicts --data glyphs, the built-in set. ` +
        "Leave it out, or set --data to a folder or a file.",
    );
  }
  if (size !== undefined && size.length !== 2) {
    throw new UsageError(`--size ${size} is not two numbers. Give rows and columns, such as 28,28.`);
  }
  return { ...defaultsOf(dataFields), ...givenIn(dataFields, { ...flags }), source: sourceOf(data) };
}

/** How the files of these images are read. */
const optionsOf = (data: TrainConfig["data"]): DataOptions => ({ prefix: data.prefix, ...readingOf(data) });

/** Opens the images of a study that the flags name. */
export function openImagesOfStudy(flags: DataFlags, needs: ImageNeeds): Promise<OpenedImages> {
  const data = dataOf(flags);
  return openStudyImages(data.source, needs, optionsOf(data));
}

/** Opens images, with at least `perClass` of each class if they are the built-in ones. */
export async function openImages(data: TrainConfig["data"], perClass: number): Promise<Dataset> {
  const { source, prefix } = data;
  if (source === OWN_DATA) {
    throw new InputError(
      `the run was trained on images that a program passed in ("${prefix}"), which the command line cannot open. ` +
        "Call resume() of synaptape/meta in that program.",
    );
  }
  if (source !== GLYPHS) return openSource(source, optionsOf(data));
  return glyphsForTasks(Math.min(MOST_GLYPHS, perClass));
}

/**
 * Opens the images of a run, if its task has any, and checks that its tasks can be drawn from them.
 *
 * @param more how many images per class the built-in set must have in addition to those of a task.
 */
export async function openData(config: TrainConfig, more = 0): Promise<Dataset> {
  const { data, shots, queries } = config;
  if (isRegression(config.task)) return noImages;
  if (data.source === GLYPHS && shots + queries > MOST_GLYPHS) {
    throw new InputError(
      `--shots ${shots} and --queries ${queries} need ${shots + queries} images of a class, but the built-in glyphs ` +
        `have at most ${MOST_GLYPHS}. Lower one of them, or set --data to a folder.`,
    );
  }
  const dataset = await openImages(data, shots + queries + more);
  checkTask(config, dataset);
  return dataset;
}

/**
 * Throws an InputError if these are not the images that a run was trained on. Built-in characters are not checked: each
 * is determined by its number, and there may be more of them now than the run had.
 */
export async function checkSameImages(
  folder: string,
  { config, images }: RunContents,
  dataset: Dataset,
): Promise<void> {
  if (config.data.source === GLYPHS || isRegression(config.task) || (await dataHash(dataset)) === images) return;
  throw new InputError(
    `the images in ${config.data.source} are not those that ${folder} was trained on: their hash differs. ` +
      "Put back the original ones, or pass the new ones as --data.",
  );
}
