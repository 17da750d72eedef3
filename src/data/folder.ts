// A dataset from a folder of IDX files. Node only; the module itself loads anywhere, since Node is imported when asked.

import { InputError, listed, plain, quote } from "../core/index.js";
import { isGzip } from "../io/index.js";
import { unpack } from "../io/internal.js";
import type { Dataset } from "./dataset.js";
import { idxDataset } from "./idx.js";

const IMAGES = /^(.*)images(.*)idx3-ubyte(\.gz)?$/;
const LABELS = /^(.*)labels(.*)idx1-ubyte(\.gz)?$/;

/** A pair of an images file and a labels file, of which the folder may have only one. */
interface Pair {
  /** What the two names have in common before "images" or "labels": "train-" of "train-images-idx3-ubyte.gz". */
  readonly stem: string;
  /** All that the two names have in common, with a star for the word. */
  readonly key: string;
  images?: string;
  labels?: string;
}

/**
 * The dataset of the one pair of IDX files in the folder `source` whose names begin with `prefix`:
 * `<prefix>*images*idx3-ubyte` and `<prefix>*labels*idx1-ubyte`, each plain or `.gz`, with names that differ only in
 * those two words. If none or several match, the error lists what the folder has.
 */
export async function openFolder(source: string, prefix: string): Promise<Dataset> {
  const { readFile } = await import("node:fs/promises");
  const { basename, join, resolve } = await import("node:path");
  const pair = choose(pairs(await list(source)), source, prefix);
  const [images, labels] = [join(source, pair.images), join(source, pair.labels)];
  const load = async (file: string): Promise<Uint8Array> => {
    const bytes = await readFile(file).catch((cause: Error) => {
      throw new InputError(`[openFolder] ${plain(file)} cannot be read (${code(cause)}). Make it readable.`, { cause });
    });
    if (file.endsWith(".gz") && !isGzip(bytes)) unpack(bytes, 0, file); // this throws an error that says what is wrong
    return bytes;
  };
  const name = `${basename(resolve(source))}/${pair.stem.replace(/[-_. ]+$/, "")}`;
  return idxDataset(name, await load(images), await load(labels), { images, labels });
}

/**
 * The names of the files in a folder, including those that links point to. Hidden files, such as macOS leaves, are
 * skipped.
 */
async function list(folder: string): Promise<string[]> {
  const { readdir, stat } = await import("node:fs/promises");
  const { join } = await import("node:path");
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: Error) => {
    const facts: Record<string, string> = {
      ENOENT: "does not exist",
      ENOTDIR: "is a file, not a folder",
    };
    const fact = facts[code(cause)] ?? `cannot be read (${code(cause)})`;
    throw new InputError(
      `[openFolder] ${plain(folder)} ${fact}. Make \`source\` a folder with IDX files, or use the built-in glyphs.`,
      { cause },
    );
  });
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    if (entry.isFile()) names.push(entry.name);
    else if (entry.isSymbolicLink() && (IMAGES.test(entry.name) || LABELS.test(entry.name))) {
      // A broken link is kept, so that reading it reports the error.
      const leadsToFile = await stat(join(folder, entry.name)).then(
        (target) => target.isFile(),
        () => true,
      );
      if (leadsToFile) names.push(entry.name);
    }
  }
  return names;
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
  const fail = (text: string) => new InputError(`[openFolder] ${plain(folder)} ${text}`);
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
  if (all.length > 0) {
    throw fail(
      `has no set that begins with ${quote(prefix)}; it has ${listed(all.map(label))}. ` +
        `Choose one with \`prefix\`, for instance ${quote(distinct(all[0], all))}.`,
    );
  }
  throw fail(
    "has no file called *images*idx3-ubyte or *images*idx3-ubyte.gz. Make `source` a folder with IDX files, " +
      "or use the built-in glyphs.",
  );
}

/** The name of a pair in a list: its images file, or the file that exists. */
const label = (pair: Pair): string => pair.images ?? pair.labels ?? "";

/** A prefix that only this pair has: its stem, if that is enough. */
function distinct(pair: Pair, all: readonly Pair[]): string {
  const alone = all.filter((other) => label(other).startsWith(pair.stem)).length === 1;
  return alone && pair.stem !== "" ? pair.stem : label(pair);
}

/** The system's code of an error, such as EACCES. */
const code = (error: Error): string => (error as NodeJS.ErrnoException).code ?? error.message;
