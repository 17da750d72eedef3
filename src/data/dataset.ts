// A dataset: labelled grey images in one block of bytes, and for each class the images it owns.

import { InputError } from "../core/index.js";

/** The largest label a dataset can hold. Labels are output units, so a larger one is a damaged file, not a class. */
const LARGEST_LABEL = 65535;

/** Labelled grey images. Plain data: it can be posted to a worker as it is. */
export interface Dataset {
  /** What messages and reports call it. */
  readonly name: string;
  /** The largest label plus one. A class that no image bears is counted here and is empty in `byClass`. */
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

/** The dataset of these images and labels: image `i` is `rows * columns` bytes and bears label `i`. */
export function dataset(
  name: string,
  images: Uint8Array,
  labels: ArrayLike<number>,
  rows: number,
  columns: number,
): Dataset {
  if (!(Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0)) {
    throw new InputError(`[dataset] ${name}: images of ${rows} x ${columns} pixels. Both sides are whole and above 0.`);
  }
  if (labels.length === 0) throw new InputError(`[dataset] ${name} holds no image. Use data with at least one.`);
  if (images.length !== labels.length * rows * columns) {
    throw new InputError(
      `[dataset] ${name}: ${labels.length} labels of ${rows} x ${columns} pixels need ` +
        `${labels.length * rows * columns} bytes, not ${images.length}. Pass one label for each image.`,
    );
  }
  const counts = countLabels(name, labels);
  const byClass = counts.map((count) => new Uint32Array(count));
  const filled = counts.map(() => 0);
  for (let i = 0; i < labels.length; i++) byClass[labels[i]][filled[labels[i]]++] = i;
  return { name, classes: counts.length, rows, columns, images, byClass };
}

/** How many images bear each label, from label 0 to the largest. */
function countLabels(name: string, labels: ArrayLike<number>): number[] {
  let largest = 0;
  for (let i = 0; i < labels.length; i++) {
    if (!(Number.isInteger(labels[i]) && labels[i] >= 0 && labels[i] <= LARGEST_LABEL)) {
      throw new InputError(
        `[dataset] ${name}: label ${i} is ${labels[i]}. A label is a whole number from 0 to ${LARGEST_LABEL}.`,
      );
    }
    largest = Math.max(largest, labels[i]);
  }
  const counts = new Array<number>(largest + 1).fill(0);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  return counts;
}
