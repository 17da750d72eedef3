// The images of a study: the built-in characters, or a folder with a set to train on and, if the study needs it, one to
// test with.
import { checkMade, InputError } from "../core/index.js";
import { type Dataset, glyphs, openFolder } from "../data/index.js";
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
 * @param data "glyphs", or a folder with IDX files.
 * @param prefix which files of the folder to learn from.
 * @throws InputError for a folder that lacks what is needed.
 */
export async function openStudyImages(data: string, needs: ImageNeeds, prefix = "train"): Promise<OpenedImages> {
  checkMade("openStudyImages", "what is needed", needs, ["perClass"], "Give what imageNeeds() returns.");
  const { perClass, test = false, least = 0 } = needs;
  if (data === "glyphs") {
    const characters = glyphs({ perClass });
    const train = await dataRef(characters, "glyphs", String(perClass));
    return { images: { train }, datasets: [characters], name: characters.name };
  }
  const training = await openFolder(data, prefix);
  const most = Math.min(...training.byClass.map(({ length }) => length));
  if (most < least) {
    throw new InputError(
      `${data} has a class of ${most} images, but tasks need ${least} of each. Lower \`shots\` or \`queries\`, or give other data.`,
    );
  }
  const train = await dataRef(training, data, prefix);
  if (!test) return { images: { train }, datasets: [training], name: training.name };
  let own = "t10k";
  const testing = await openFolder(data, own).catch(async (error: unknown) => {
    if (!(error instanceof InputError)) throw error;
    own = "test";
    return openFolder(data, own);
  });
  if (training.rows !== testing.rows || training.columns !== testing.columns) {
    throw new InputError(`${data} has training and test images of different sizes. Use files of one set.`);
  }
  const images = { train, test: await dataRef(testing, data, own) };
  return { images, datasets: [training, testing], name: training.name };
}
