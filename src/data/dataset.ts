// A dataset: labelled images in one block, and for each class the images it owns.

import { builtInName, bytesOf, checkMade, checkOptions, InputError, plain, quote } from "../core/index.js";

/** The largest label a dataset can hold. Labels are output units, so a larger one is a damaged file, not a class. */
const LARGEST_LABEL = 65535;

/** Labelled images. Plain data: it can be posted to a worker as it is. */
export interface Dataset {
  /** What messages and reports call it. */
  readonly name: string;
  /** The largest label plus one. A class without images is counted here, and its list in `byClass` is empty. */
  readonly classes: number;
  /** Height of an image in pixels. */
  readonly rows: number;
  /** Width of an image in pixels. */
  readonly columns: number;
  /** Numbers of a pixel: 1 for grey images and for examples that are no images, 3 for red, green and blue. */
  readonly channels: number;
  /**
   * All images, one after the other, row by row, the numbers of a pixel together. Bytes stand for 0 (background) to 1 (ink, 255);
   * floats are taken as they are.
   */
  readonly images: Uint8Array | Float32Array;
  /** For each class, the indices of its images in the order of the file. */
  readonly byClass: readonly Uint32Array[];
  /** What the classes are called, where the source has names. */
  readonly classNames?: readonly string[] | undefined;
  /**
   * Whether an image lies on its side, rows and columns exchanged, as those of EMNIST's files do. Networks get it as it is;
   * reports show it upright.
   */
  readonly transposed?: boolean | undefined;
}

/** Options of `dataset`. */
export interface DatasetOptions {
  /** Numbers of a pixel; 1 by default. */
  readonly channels?: number;
  /** What the classes are called, from class 0 on; by default they have numbers only. */
  readonly classNames?: readonly string[] | undefined;
  /** Whether rows and columns of the images are exchanged; see `Dataset`. Not by default. */
  readonly transposed?: boolean | undefined;
}

/** Numbers of an image: its rows times its columns times its channels. */
export const pixelsOf = ({ rows, columns, channels }: Pick<Dataset, "rows" | "columns" | "channels">): number =>
  rows * columns * channels;

/** The size of a dataset's images, for messages: "28 x 28", or "32 x 32 x 3" if they are in colour. */
export const sizeText = ({ rows, columns, channels }: Pick<Dataset, "rows" | "columns" | "channels">): string =>
  `${rows} x ${columns}${channels === 1 ? "" : ` x ${channels}`}`;

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
 * The dataset of these images and labels: image `i` is `rows * columns * channels` numbers and has label `i`.
 *
 * @param images bytes (a Uint8Array, a Uint8ClampedArray or an ArrayBuffer, of any realm), of which 255 stands for 1, or a
 * Float32Array of finite numbers, which are taken as they are and ideally lie from 0 to 1. It is used, not copied.
 * @param labels whole numbers from 0 to 65535 in an array of any kind, also of bigints.
 * @throws InputError that names the first label, number or size that is invalid; TypeError for images of another kind.
 * @example
 * const images = dataset("dots", Uint8Array.of(0, 255, 255, 0), [0, 1], 1, 2);
 * images.byClass; // [[0], [1]]
 */
export function dataset(
  name: string,
  images: Uint8Array | Uint8ClampedArray | ArrayBuffer | Float32Array,
  labels: ArrayLike<number | bigint>,
  rows: number,
  columns: number,
  options: DatasetOptions = {},
): Dataset {
  checkOptions("dataset", options, ["channels", "classNames", "transposed"]);
  const { channels = 1, classNames, transposed } = options;
  const called = plain(name);
  if (![rows, columns, channels].every((side) => Number.isInteger(side) && side > 0)) {
    const sides = [rows, columns, ...(channels === 1 ? [] : [channels])].map((side) => quote(side)).join(" x ");
    throw new InputError(`[dataset] ${called}: images of ${sides} pixels. All sides are whole and above 0.`);
  }
  const size = rows * columns * channels;
  const pixels = numbersOf(called, images);
  const classes = classesOf(called, labels);
  if (classes.length === 0) throw new InputError(`[dataset] ${called} holds no image. Use data with at least one.`);
  if (pixels.length !== classes.length * size) {
    throw new InputError(
      `[dataset] ${called}: ${classes.length} labels of ${sizeText({ rows, columns, channels })} pixels need ` +
        `${classes.length * size} numbers, not ${pixels.length}. Pass one label for each image.`,
    );
  }
  const counts = countOf(classes);
  const byClass = counts.map((count) => new Uint32Array(count));
  const filled = counts.map(() => 0);
  classes.forEach((c, i) => {
    byClass[c][filled[c]++] = i;
  });
  return {
    name,
    classes: counts.length,
    rows,
    columns,
    channels,
    images: pixels,
    byClass,
    ...(classNames && { classNames }),
    ...(transposed && { transposed }),
  };
}

/** The numbers of images: bytes, or finite floats. Those of other kinds are refused, since their bytes would mean nothing. */
function numbersOf(name: string, images: unknown): Uint8Array | Float32Array {
  const kind = builtInName(images);
  if (kind === "Float32Array") {
    const floats = images as Float32Array;
    const odd = floats.findIndex((value) => !Number.isFinite(value));
    if (odd < 0) return floats;
    throw new InputError(
      `[dataset] ${name}: number ${odd} of the images is ${quote(floats[odd])}. Replace what is missing or not finite.`,
    );
  }
  if (ArrayBuffer.isView(images) && kind !== "Uint8Array" && kind !== "Uint8ClampedArray") {
    throw new TypeError(
      `[dataset] images are bytes from 0 to 255 or a Float32Array, not ${quote(images)}. Pass one of these.`,
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
