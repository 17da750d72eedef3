// The images of a study: the built-in characters, or a folder with a set to train on and, if the study needs it, one to
// test with.
import { checkMade, InputError } from "../core/index.js";
import { type DataOptions, type Dataset, glyphs, openData } from "../data/index.js";
import { sizeText } from "../data/internal.js";
import { dataRef } from "../runs/index.js";
import type { ImageNeeds, Images } from "./study.js";

/** The opened images of a study. */
export interface OpenedImages {
  /** How cells name them. */
  readonly images: Images;
  /** The opened sets, for an executor. */
  readonly datasets: readonly Dataset[];
  /** What a report calls them. */
  readonly name: string;
}

/**
 * Opens the images of a study.
 *
 * @param data "glyphs", or a path: see `openData`.
 * @param options how it is read; `prefix`, the set to learn from, is "train" by default.
 * @throws InputError for a folder that lacks what is needed.
 * @example
 * const needs = imageNeeds(studyNamed("bio-transformations"), { scale: "smoke" });
 * const { images, datasets } = await openStudyImages("glyphs", needs);
 * [images.train.source, datasets.length]; // ["glyphs", 1]
 */
export async function openStudyImages(
  data: string,
  needs: ImageNeeds,
  options: DataOptions = {},
): Promise<OpenedImages> {
  checkMade("openStudyImages", "what is needed", needs, ["perClass"], "Give what imageNeeds() returns.");
  const { perClass, test = false, least = 0 } = needs;
  const { prefix = "train" } = options;
  if (data === "glyphs") {
    const characters = glyphs({ perClass });
    const train = await dataRef(characters, "glyphs", String(perClass));
    return { images: { train }, datasets: [characters], name: characters.name };
  }
  const training = await openData(data, { ...options, prefix });
  const most = Math.min(...training.byClass.map(({ length }) => length));
  if (most < least) {
    throw new InputError(
      `${data} has a class of ${most} images, but tasks need ${least} of each. Lower \`shots\` or \`queries\`, or give other data.`,
    );
  }
  const train = await dataRef(training, data, prefix, options);
  if (!test) return { images: { train }, datasets: [training], name: training.name };
  let own = "t10k";
  const testing = await openData(data, { ...options, prefix: own }).catch(async (error: unknown) => {
    if (!(error instanceof InputError)) throw error;
    own = "test";
    return openData(data, { ...options, prefix: own });
  });
  if (sizeText(training) !== sizeText(testing)) {
    throw new InputError(`${data} has training and test images of different sizes. Use files of one set.`);
  }
  const images = { train, test: await dataRef(testing, data, own, options) };
  return { images, datasets: [training, testing], name: training.name };
}
