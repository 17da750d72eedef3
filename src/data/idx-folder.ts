// Folders of IDX files, the format of MNIST and its successors.
import { InputError, listed, plain, quote } from "../core/index.js";
import { isGzip } from "../io/index.js";
import { unpack } from "../io/internal.js";
import { idxDataset } from "./idx.js";
import { type FolderFormat, lastOf, readWhole } from "./source.js";

const IMAGES = /^(.*)images(.*)idx3-ubyte(\.gz)?$/;
const LABELS = /^(.*)labels(.*)idx1-ubyte(\.gz)?$/;

/** The files whose images lie on their side, by the beginning of their names: those of EMNIST (Cohen and others 2017). */
const TRANSPOSED = /^emnist\b/i;

/** A pair of an images file and a labels file, of which the folder may have only one. */
interface Pair {
  /** What the two names have in common before "images" or "labels": "train-" of "train-images-idx3-ubyte.gz". */
  readonly stem: string;
  /** All that the two names have in common, with a star for the word. */
  readonly key: string;
  images?: string;
  labels?: string;
}

/** Folders with the images in one IDX file and the labels in another. */
export const idxFolder: FolderFormat = {
  about: "IDX files called *images*idx3-ubyte and *labels*idx1-ubyte, or the same with .gz",
  find({ folder, files }) {
    const all = pairs(files);
    if (all.length === 0) return undefined;
    return async ({ prefix = "" }) => {
      const pair = choose(all, folder, prefix);
      const [images, labels] = [`${folder}/${pair.images}`, `${folder}/${pair.labels}`];
      const name = `${lastOf(folder)}/${pair.stem.replace(/[-_. ]+$/, "")}`;
      const data = idxDataset(name, await load(images), await load(labels), { images, labels });
      return TRANSPOSED.test(pair.stem) ? { ...data, transposed: true } : data;
    };
  },
};

/** The bytes of a file, which must be packed if its name says so. */
async function load(file: string): Promise<Uint8Array> {
  const bytes = await readWhole(file);
  if (file.endsWith(".gz") && !isGzip(bytes)) unpack(bytes, 0, file); // this throws an error that says what is wrong
  return bytes;
}

/** The pairs among these names, sorted. If a file exists both plain and as `.gz`, the plain one is used. */
function pairs(names: readonly string[]): Pair[] {
  const found = new Map<string, Pair>();
  for (const name of [...names].sort()) {
    for (const [role, pattern] of [["images", IMAGES] as const, ["labels", LABELS] as const]) {
      const match = pattern.exec(name);
      if (!match) continue;
      const key = `${match[1]}*${match[2]}`;
      const pair = found.get(key) ?? { stem: match[1], key };
      pair[role] ??= name; // sorted, so "x" comes before "x.gz"
      found.set(key, pair);
    }
  }
  return [...found.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The one complete pair that begins with `prefix`. */
function choose(all: readonly Pair[], folder: string, prefix: string): Required<Pair> {
  const fail = (text: string) => new InputError(`[openData] ${plain(folder)} ${text}`);
  const matching = all.filter((pair) => label(pair).startsWith(prefix));
  const whole = matching.filter((pair): pair is Required<Pair> => Boolean(pair.images && pair.labels));
  if (whole.length === 1) return whole[0];
  if (whole.length > 1) {
    throw fail(
      `has ${whole.length} sets that begin with ${quote(prefix)}: ${listed(whole.map(label))}. ` +
        `Choose one with \`prefix\`, for instance ${quote(distinct(whole[0], all))}.`,
    );
  }
  if (matching.length === 1) {
    const [{ images, labels = "" }] = matching;
    const missing = images
      ? images.replace(IMAGES, "$1labels$2idx1-ubyte$3")
      : labels.replace(LABELS, "$1images$2idx3-ubyte$3");
    throw fail(`has ${plain(label(matching[0]))} but no ${plain(missing)}. Put that file next to it.`);
  }
  if (matching.length > 1) {
    throw fail(
      `has only halves of sets that begin with ${quote(prefix)}: ${listed(matching.map(label))}. ` +
        `The two files of a set differ in the words "images-idx3" and "labels-idx1" only: rename or add one.`,
    );
  }
  throw fail(
    `has no set that begins with ${quote(prefix)}; it has ${listed(all.map(label))}. ` +
      `Choose one with \`prefix\`, for instance ${quote(distinct(all[0], all))}.`,
  );
}

/** The name of a pair in a list: its images file, or the file that exists. */
const label = (pair: Pair): string => pair.images ?? pair.labels ?? "";

/** A prefix that only this pair has: its stem, if that is enough. */
function distinct(pair: Pair, all: readonly Pair[]): string {
  const alone = all.filter((other) => label(other).startsWith(pair.stem)).length === 1;
  return alone && pair.stem !== "" ? pair.stem : label(pair);
}
