// A dataset: labelled grey images in one block of bytes, and for each class the images it owns.

import { builtInName, bytesOf, checkMade, InputError, plain, quote } from "../core/index.js";

/** The largest label a dataset can hold. Labels are output units, so a larger one is a damaged file, not a class. */
const LARGEST_LABEL = 65535;

/** Labelled grey images. Plain data: it can be posted to a worker as it is. */
export interface Dataset {
  /** What messages and reports call it. */
  readonly name: string;
  /** The largest label plus one. A class without images is counted here, and its list in `byClass` is empty. */
  readonly classes: number;
  /** Height of an image in pixels. */
  readonly rows: number;
  /** Width of an image in pixels. */
  readonly columns: number;
  /** All images, one after the other, row by row: 0 is background, 255 is ink. */
  readonly images: Uint8Array;
  /** For each class, the indices of its images in the order of the file. */
  readonly byClass: readonly Uint32Array[];
}

/** Throws unless this is a dataset. */
export const checkDataset = (op: string, data: Dataset): void =>
  checkMade(
    op,
    "the dataset",
    data,
    ["images", "byClass", "classes"],
    "Make one with dataset(), idxDataset() or glyphs().",
  );

/**
 * The dataset of these images and labels: image `i` is `rows * columns` bytes and has label `i`.
 *
 * @param images a Uint8Array, a Uint8ClampedArray or an ArrayBuffer, of any realm; it is used, not copied.
 * @param labels whole numbers from 0 to 65535 in an array of any kind, also of bigints.
 * @throws InputError that names the first label or size that is invalid; TypeError for images of another kind.
 */
export function dataset(
  name: string,
  images: Uint8Array | Uint8ClampedArray | ArrayBuffer,
  labels: ArrayLike<number | bigint>,
  rows: number,
  columns: number,
): Dataset {
  const called = plain(name);
  if (!(Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0)) {
    throw new InputError(
      `[dataset] ${called}: images of ${quote(rows)} x ${quote(columns)} pixels. Both sides are whole and above 0.`,
    );
  }
  const pixels = pixelsOf(images);
  const classes = classesOf(called, labels);
  if (classes.length === 0) throw new InputError(`[dataset] ${called} holds no image. Use data with at least one.`);
  if (pixels.length !== classes.length * rows * columns) {
    throw new InputError(
      `[dataset] ${called}: ${classes.length} labels of ${rows} x ${columns} pixels need ` +
        `${classes.length * rows * columns} bytes, not ${pixels.length}. Pass one label for each image.`,
    );
  }
  const counts = countOf(classes);
  const byClass = counts.map((count) => new Uint32Array(count));
  const filled = counts.map(() => 0);
  classes.forEach((c, i) => {
    byClass[c][filled[c]++] = i;
  });
  return { name, classes: counts.length, rows, columns, images: pixels, byClass };
}

/** The bytes of images. Numbers of other kinds are refused, since their bytes would mean nothing. */
function pixelsOf(images: unknown): Uint8Array {
  const kind = builtInName(images);
  if (ArrayBuffer.isView(images) && kind !== "Uint8Array" && kind !== "Uint8ClampedArray") {
    throw new TypeError(
      `[dataset] images are bytes from 0 to 255, not ${quote(images)}. Pass a Uint8Array; scale floats by 255 first.`,
    );
  }
  return bytesOf("dataset", images);
}

/** The labels as numbers, each checked. */
function classesOf(name: string, labels: unknown): Uint16Array {
  const given = labels as ArrayLike<number | bigint> | null | undefined;
  if (typeof given !== "object" || !Number.isSafeInteger(given?.length)) {
    throw new TypeError(`[dataset] ${name}: ${quote(labels)} is no list of labels. Pass an array of whole numbers.`);
  }
  const list = given as ArrayLike<number | bigint>;
  const out = new Uint16Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const label = typeof list[i] === "bigint" ? Number(list[i]) : list[i];
    if (!(Number.isInteger(label) && label >= 0 && label <= LARGEST_LABEL)) {
      throw new InputError(
        `[dataset] ${name}: label ${i} is ${quote(list[i])}. A label is a whole number from 0 to ${LARGEST_LABEL}.`,
      );
    }
    out[i] = label as number;
  }
  return out;
}

/** How many images have each label, from label 0 to the largest. */
function countOf(classes: Uint16Array): number[] {
  const largest = classes.reduce((most, c) => Math.max(most, c), 0);
  const counts = new Array<number>(largest + 1).fill(0);
  for (const c of classes) counts[c]++;
  return counts;
}
