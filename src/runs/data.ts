// Images are identified by their hash: two folders of the same name may hold different images, and two folders may hold
// the same ones.

import { checkKind, InputError } from "../core/index.js";
import { type DataOptions, type Dataset, glyphs, openData } from "../data/index.js";
import { checkDataset } from "../data/internal.js";
import type { DataRef } from "./cell.js";
import { sha256 } from "./platform.js";

/**
 * SHA-256 of the images and their classes. Their folder and their name do not matter.
 *
 * @example
 * const images = glyphs({ perClass: 2 });
 * (await dataHash(images)).slice(0, 8); // "c8735964"
 */
export function dataHash(dataset: Dataset): Promise<string> {
  checkDataset("dataHash", dataset);
  const { rows, columns, channels, images, byClass } = dataset;
  const classes = byClass.flatMap((indices) => [`,${indices.length}`, indices]);
  // Grey bytes, all that there was once, keep the hashes that they had.
  const kind = `${channels === 1 ? "" : `,${channels} channels`}${images instanceof Float32Array ? ",float32" : ""}`;
  return sha256([`${rows},${columns},${byClass.length}${kind}`, images, ...classes]);
}

/** How pictures are read: `size` and `colour` of `openData`. */
export type Reading = Pick<DataOptions, "size" | "colour">;

/**
 * How a cell names images: by their hash, and by where to look for them and how to read them.
 *
 * @param reading how they were read, if they are pictures that were converted.
 * @example
 * const data = await dataRef(glyphs({ perClass: 2 }), "glyphs", "2");
 * const cell = { kind: "train", config: {}, seed: 0, data };
 * [data.source, data.prefix]; // ["glyphs", "2"]
 */
export async function dataRef(
  dataset: Dataset,
  source: string,
  prefix: string,
  { size, colour }: Reading = {},
): Promise<DataRef> {
  checkDataset("dataRef", dataset);
  return { source, prefix, hash: await dataHash(dataset), ...(size && { size }), ...(colour && { colour }) };
}

/**
 * Opens images for cells: those given are found by their hash, others are opened from the place that the reference
 * names. Each set is opened once.
 *
 * @example
 * const images = glyphs({ perClass: 2 });
 * const open = dataOpener([images]);
 * (await open(await dataRef(images, "glyphs", "2"))) === images; // true
 */
export function dataOpener(given: readonly Dataset[] = []): (data: DataRef) => Promise<Dataset> {
  checkKind("dataOpener", "what it is given", given, "a list");
  const opened = new Map<string, Promise<Dataset>>();
  const known = Promise.all(given.map(async (dataset) => [await dataHash(dataset), dataset] as const));
  known.catch(() => {}); // the error is thrown when images are asked for
  const open = async (data: DataRef): Promise<Dataset> => {
    const found = new Map(await known).get(data.hash);
    return found ?? verified(data);
  };
  return (data) => {
    const before = opened.get(data.hash);
    if (before) return before;
    const now = open(data);
    opened.set(data.hash, now);
    now.catch(() => opened.delete(data.hash));
    return now;
  };
}

/** An opener that looks among images that are verified already first. */
export const opensWith =
  (images: ReadonlyMap<string, Dataset> | undefined, open: (data: DataRef) => Promise<Dataset>) =>
  async (data: DataRef): Promise<Dataset> =>
    images?.get(data.hash) ?? open(data);

async function verified({ source, prefix, hash, size, colour }: DataRef): Promise<Dataset> {
  const dataset =
    source === "glyphs"
      ? glyphs(/^\d+$/.test(prefix) ? { perClass: Number(prefix) } : {})
      : await openData(source, { prefix, size, colour });
  if ((await dataHash(dataset)) === hash) return dataset;
  const where = source === "glyphs" ? "the built-in characters" : `the images in ${source}`;
  throw new InputError(
    `[data] ${where} are not those that the work began with: their hash differs. Put back the same images.`,
  );
}
