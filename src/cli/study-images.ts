// The images of a study: the built-in characters, or a folder with a set to train on and one to test with.
import { InputError } from "../core/index.js";
import { type Dataset, glyphs, openFolder } from "../data/index.js";
import { dataRef } from "../runs/index.js";
import type { Images } from "../studies/index.js";

/** Opened images, how cells name them, and what a report calls them. */
export interface OpenedImages {
  readonly images: Images;
  readonly datasets: readonly Dataset[];
  readonly name: string;
}

/** Opens them. Of the built-in characters there are `perClass` of each class, a part of which cells keep for the test. */
export async function openStudyImages(data: string, perClass: number): Promise<OpenedImages> {
  if (data === "glyphs") {
    const characters = glyphs({ perClass });
    const train = await dataRef(characters, "glyphs", String(perClass));
    return { images: { train }, datasets: [characters], name: characters.name };
  }
  const training = await openFolder(data, "train");
  let prefix = "t10k";
  const testing = await openFolder(data, prefix).catch(async (error: unknown) => {
    if (!(error instanceof InputError)) throw error;
    prefix = "test";
    return openFolder(data, prefix);
  });
  if (training.rows !== testing.rows || training.columns !== testing.columns) {
    throw new InputError(`${data} has training and test images of different sizes. Use files of one set.`);
  }
  const images = { train: await dataRef(training, data, "train"), test: await dataRef(testing, data, prefix) };
  return { images, datasets: [training, testing], name: training.name };
}
