// The images of runs for people to look at, with the names of their classes.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError, plain } from "../core/index.js";
import { type Dataset, glyphNames } from "../data/index.js";
import type { TrainConfig } from "../meta/index.js";
import { imagesOf } from "../meta/internal.js";
import { dataHash } from "../runs/index.js";
import { openData } from "./data.js";

/** Images that can be shown. */
export interface ShownImages {
  readonly dataset: Dataset;
  readonly classNames: readonly string[] | undefined;
}

/**
 * The images of a run, if it has some that can be shown as one set; a sentence that says why they cannot be shown, if they are
 * gone or are others now.
 *
 * @param hash of the images that the run was trained on.
 */
export async function shownImages(
  config: TrainConfig,
  hash: string | undefined,
): Promise<ShownImages | string | undefined> {
  if (!imagesOf(config.task)?.shown) return undefined;
  let dataset: Dataset;
  try {
    dataset = await openData(config);
  } catch (error) {
    return `No images are shown: ${(error as Error).message.replace(/^\[[^\]]*\] /, "")}`;
  }
  if (hash !== undefined && config.data.source !== "glyphs" && (await dataHash(dataset)) !== hash) {
    return `No images are shown: those in ${config.data.source} are not the ones that the runs were trained on.`;
  }
  return { dataset, classNames: dataset.classNames ?? (await classNames(config.data)) };
}

/** The largest class and code point that a line of a mapping file may hold. */
const MOST_CLASSES = 65_535;
const LAST_CODE_POINT = 0x10ffff;

/**
 * The names of the classes: those of the built-in set, or those in a file *mapping.txt next to the images, as in
 * EMNIST.
 */
async function classNames({ source }: TrainConfig["data"]): Promise<readonly string[] | undefined> {
  if (source === "glyphs") return glyphNames;
  const files = await readdir(source).catch(() => []); // the source may be a file, which has no such neighbour
  const name = files.find((file) => file.endsWith("mapping.txt"));
  if (name === undefined) return undefined;
  const names: string[] = [];
  for (const [, index, code] of (await readFile(join(source, name), "utf8")).matchAll(/^(\d+) (\d+)/gm)) {
    const [place, point] = [Number(index), Number(code)];
    if (place > MOST_CLASSES || point > LAST_CODE_POINT) {
      throw new InputError(
        `[report] ${plain(join(source, name))} has the line ${plain(`${index} ${code}`, 40)}, which names no class. ` +
          "A line is the number of a class and the code point of its character: correct it, or remove the file.",
      );
    }
    names[place] = String.fromCodePoint(point);
  }
  return names;
}
