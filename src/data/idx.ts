// IDX, the format of MNIST and its successors (LeCun, Cortes, Burges, "The MNIST database"): two zero bytes, a type,
// a rank, one big-endian 32-bit size per dimension, then the elements. Bytes in, so it works in a browser as well.

import { InputError } from "../core/index.js";
import { type Dataset, dataset } from "./dataset.js";

/** The element types of the format; images and labels are unsigned bytes. */
const UNSIGNED_BYTE = 0x08;
const OTHER_TYPES: Readonly<Record<number, string>> = {
  9: "signed bytes",
  11: "16-bit integers",
  12: "32-bit integers",
  13: "32-bit floats",
  14: "64-bit floats",
};

/** What an IDX file of unsigned bytes holds. */
export interface Idx {
  /** The size of each dimension, slowest first. */
  readonly shape: number[];
  /** The elements, a view on the bytes that were read. */
  readonly data: Uint8Array;
}

/** Reads IDX of unsigned bytes (decompressed: see `gunzip`); `name` is what an error calls it. */
export function readIdx(bytes: Uint8Array, name = "these bytes"): Idx {
  const fail = (fact: string, cure: string) => new InputError(`[readIdx] ${name}: ${fact}. ${cure}.`);
  if (bytes.length === 0) throw fail("empty", "Fetch the file again");
  if (bytes.length < 4) throw fail(`${bytes.length} bytes cannot hold an IDX header`, "Fetch the file again");
  const [zero, zeroToo, type, rank] = bytes;
  if (zero !== 0 || zeroToo !== 0 || (type !== UNSIGNED_BYTE && !(type in OTHER_TYPES)) || rank === 0) {
    const magic = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    throw fail(
      `not an IDX file, since it opens with ${magic}`,
      "Images open with 00 00 08 03 and labels with 00 00 08 01: give a file in that format",
    );
  }
  if (type !== UNSIGNED_BYTE)
    throw fail(`an IDX file of ${OTHER_TYPES[type]}`, "Convert it to unsigned bytes (0..255)");
  const header = 4 + 4 * rank;
  if (bytes.length < header) throw fail("cut short inside its header", "Fetch the file again");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const expected = shape.reduce((product, size) => product * size, 1);
  const got = bytes.length - header;
  if (got !== expected) {
    const what = got < expected ? "cut short" : "longer than its header says";
    throw fail(
      `${what}, with ${got} bytes of data where [${shape.join(", ")}] needs ${expected}`,
      got < expected ? "Fetch the file again" : "Give a file that holds one array and nothing after it",
    );
  }
  return { shape, data: bytes.subarray(header) };
}

/** The names that errors of `idxDataset` use for its two files. */
export interface IdxNames {
  /** The images file. */
  readonly images: string;
  /** The labels file. */
  readonly labels: string;
}

/**
 * The dataset of an images file (rank 3) and a labels file (rank 1), both decompressed. The pixels are taken as they
 * stand: EMNIST's official files are transposed and stay so.
 */
export function idxDataset(
  name: string,
  images: Uint8Array,
  labels: Uint8Array,
  names: IdxNames = { images: `the images of ${name}`, labels: `the labels of ${name}` },
): Dataset {
  const pictures = ofRank(readIdx(images, names.images), 3, names.images, "images", "(count, rows, columns)");
  const marks = ofRank(readIdx(labels, names.labels), 1, names.labels, "labels", "(count)");
  const [count, rows, columns] = pictures.shape;
  if (count !== marks.shape[0]) {
    throw new InputError(
      `[idxDataset] ${names.images} holds ${count} images, but ${names.labels} holds ${marks.shape[0]} labels. ` +
        "Give two files of the same set, with one label for each image.",
    );
  }
  return dataset(name, pictures.data, marks.data, rows, columns);
}

/** `idx` itself, if it has the rank that images or labels have. */
function ofRank(idx: Idx, rank: number, name: string, role: string, layout: string): Idx {
  if (idx.shape.length === rank) return idx;
  throw new InputError(
    `[idxDataset] ${name}: rank ${idx.shape.length}, where ${role} have rank ${rank}, ${layout}. ` +
      "Check that images and labels are not exchanged.",
  );
}
