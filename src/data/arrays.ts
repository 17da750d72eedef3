// Images and labels as arrays: NumPy's .npy and .npz, and safetensors. An array called "images" or "x" goes with the one whose
// name has "labels" or "y" in that place: x_train and y_train, test-images and test-labels.
import { InputError, listed, plain, quote, showShape } from "../core/index.js";
import { decodeSafetensors } from "../io/index.js";
import { arrayOf, arraysOfNpz } from "../io/internal.js";
import { type Dataset, dataset } from "./dataset.js";
import { type DataOptions, type FolderFormat, lastOf, readWhole } from "./source.js";

/** An array, before anything is known about it. */
interface Plain {
  readonly shape: readonly number[];
  readonly numbers: ArrayLike<number>;
}

const ROLE = /^(|.*[-_. ])(images|x|labels|y)([-_. ].*|)$/i;

interface Pair {
  /** What its two names have besides the word: "train" of x_train and y_train. */
  readonly stem: string;
  readonly images: string;
  readonly labels: string;
}

/** The complete pairs among these names. */
function pairsAmong(names: readonly string[]): Pair[] {
  const found = new Map<string, { stem: string; images?: string; labels?: string }>();
  for (const name of names) {
    const match = ROLE.exec(name);
    if (!match) continue;
    const [, before, word, after] = match;
    const pair = found.get(`${before}*${after}`) ?? { stem: `${before}${after}`.replace(/^[-_. ]+|[-_. ]+$/g, "") };
    pair[/^(images|x)$/i.test(word) ? "images" : "labels"] = name;
    found.set(`${before}*${after}`, pair);
  }
  return [...found.values()].filter((pair): pair is Pair => Boolean(pair.images && pair.labels));
}

/** The one pair whose stem begins with `prefix`; the only one needs no prefix. */
function chosen(names: readonly string[], prefix: string, where: string): Pair {
  const pairs = pairsAmong(names);
  const fail = (text: string): InputError => new InputError(`[openData] ${plain(where)} ${text}`);
  if (pairs.length === 0) {
    const has = names.length > 0 ? `has the arrays ${listed(names)}` : "has no array";
    throw fail(
      `${has}. Give it two that are called images and labels, or x and y, alone or with a word such as x_train.`,
    );
  }
  const matching = pairs.length === 1 ? pairs : pairs.filter(({ stem }) => stem.startsWith(prefix));
  if (matching.length === 1) return matching[0];
  const stems = listed(pairs.map(({ stem }) => quote(stem)));
  throw fail(`has the sets ${stems}. Choose one with \`prefix\`, for instance ${quote(pairs[0].stem)}.`);
}

/** Numbers as images: whole numbers from 0 to 255 of an integer type are bytes, and floats stay as they are. */
function pixelsFrom({ numbers, shape }: Plain, name: string): Uint8Array | Float32Array {
  if (numbers instanceof Float32Array) return numbers;
  if (numbers instanceof Float64Array) return Float32Array.from(numbers);
  const bytes = Uint8Array.from(numbers);
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] === numbers[i]) continue;
    throw new InputError(
      `[openData] ${plain(name)} of shape ${showShape(shape)} has the whole number ${numbers[i]}. ` +
        "Save bytes from 0 to 255, or floats, ideally from 0 to 1.",
    );
  }
  return bytes;
}

/** The dataset of two arrays. */
function datasetOf(name: string, images: Plain, labels: Plain, names: { images: string; labels: string }): Dataset {
  const [count, ...image] = images.shape;
  const [rows, columns, channels] = image.length === 1 ? [1, image[0], 1] : [image[0], image[1], image[2] ?? 1];
  if (image.length < 1 || image.length > 3 || (image.length === 3 && channels !== 1 && channels !== 3)) {
    throw new InputError(
      `[openData] ${plain(names.images)} has the shape ${showShape(images.shape)}. Give it (count, numbers), (count, rows, ` +
        "columns) or (count, rows, columns, channels) with 1 or 3 channels, which come last.",
    );
  }
  if (labels.shape.length !== 1 || labels.shape[0] !== count) {
    throw new InputError(
      `[openData] ${plain(names.labels)} has the shape ${showShape(labels.shape)}, but there are ${count} images. ` +
        "Give it one label for each image.",
    );
  }
  return dataset(name, pixelsFrom(images, names.images), labels.numbers, rows, columns, { channels });
}

/** What a pair in a file or a folder is called. */
const nameOf = (where: string, { stem }: Pair): string => (stem === "" ? lastOf(where) : `${lastOf(where)}/${stem}`);

/** Opens a set of the arrays in a file, which `read` gives by their names. */
function openFile(file: string, { prefix = "" }: DataOptions, names: readonly string[], read: (name: string) => Plain) {
  const pair = chosen(names, prefix, file);
  const about = { images: `${file}: ${pair.images}`, labels: `${file}: ${pair.labels}` };
  return datasetOf(nameOf(file, pair), read(pair.images), read(pair.labels), about);
}

/** The set in a .npz file. */
export async function openNpz(file: string, options: DataOptions): Promise<Dataset> {
  const arrays = arraysOfNpz(await readWhole(file), file);
  return openFile(file, options, Object.keys(arrays), (name) => arrays[name]);
}

/** The set in a .safetensors file. */
export async function openSafetensorsSet(file: string, options: DataOptions): Promise<Dataset> {
  const { tensors } = decodeSafetensors(await readWhole(file), file);
  return openFile(file, options, Object.keys(tensors), (name) => ({
    shape: tensors[name].shape,
    numbers: tensors[name].data,
  }));
}

const NPY = ".npy";
const arrayNames = (files: readonly string[]): string[] =>
  files.filter((file) => file.endsWith(NPY)).map((file) => file.slice(0, -NPY.length));

/** Folders with images and labels in a .npy file each. */
export const npyFolder: FolderFormat = {
  about: "images.npy and labels.npy, or x_train.npy and y_train.npy",
  find({ folder, files }) {
    const found = arrayNames(files);
    if (found.length === 0) return undefined;
    return async ({ prefix = "" }) => {
      const pair = chosen(found, prefix, folder);
      const names = { images: `${folder}/${pair.images}${NPY}`, labels: `${folder}/${pair.labels}${NPY}` };
      const read = async (file: string): Promise<Plain> => arrayOf(await readWhole(file), file);
      return datasetOf(nameOf(folder, pair), await read(names.images), await read(names.labels), names);
    };
  },
};
