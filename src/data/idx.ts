// IDX, the format of MNIST and its successors (LeCun, Cortes, Burges, "The MNIST database"): two zero bytes, a type, a
// rank, one big-endian 32-bit size per dimension, then the elements. It takes bytes, so it works in a browser too.

import { bytesOf, checkKind, InputError, plain, showShape, sizeOf } from "../core/index.js";
import { isGzip } from "../io/index.js";
import { unpack } from "../io/internal.js";
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
  /** The elements: a view on the bytes that were read, or on what they unpacked to. */
  readonly data: Uint8Array;
}

/** The longest header: a rank of 255. */
const LONGEST_HEADER = 4 + 4 * 255;
/** The most content bytes that one byte of deflate can stand for. */
const DENSEST = 1032;

/**
 * Reads IDX of unsigned bytes, plain or packed by gzip. Packed data are unpacked only up to the size in the header, so
 * a small file that would unpack to gigabytes costs nothing.
 *
 * @param name what errors call the bytes.
 * @throws InputError for anything that is not one whole array of unsigned bytes.
 * @example readIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9)) // { shape: [2], data: [7, 9] }
 */
export function readIdx(bytes: ArrayBuffer | ArrayBufferView, name = "these bytes"): Idx {
  const held = bytesOf("readIdx", bytes);
  const fail: Fail = (fact, cure) => new InputError(`[readIdx] ${plain(name)}: ${fact}. ${cure}.`);
  if (!isGzip(held)) return elements(held, headerOf(held, fail), fail);
  const header = headerOf(unpack(held, LONGEST_HEADER, name).data, fail);
  if (header.expected > DENSEST * held.length) {
    throw fail(`cut short: ${shown(header)}, which ${held.length} bytes of gzip cannot hold`, "Fetch the file again");
  }
  const { data, whole } = unpack(held, header.length + header.expected, name);
  if (!whole) throw fail(`longer than its header says: ${shown(header)}`, ONE_ARRAY);
  return elements(data, header, fail);
}

type Fail = (fact: string, cure: string) => InputError;

interface Header {
  readonly shape: number[];
  /** Bytes of the header. */
  readonly length: number;
  /** Bytes of data, according to the header. */
  readonly expected: number;
}

const ONE_ARRAY = "Give a file that holds one array and nothing after it";
const shown = ({ shape, expected }: Header): string => `${showShape(shape)} needs ${expected} bytes of data`;

/** What the first bytes say about the rest. */
function headerOf(bytes: Uint8Array, fail: Fail): Header {
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
  if (type !== UNSIGNED_BYTE) {
    throw fail(`an IDX file of ${OTHER_TYPES[type]}`, "Convert it to unsigned bytes (0..255)");
  }
  const length = 4 + 4 * rank;
  if (bytes.length < length) throw fail("cut short inside its header", "Fetch the file again");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  return { shape, length, expected: sizeOf(shape) };
}

/** The elements after the header, whose number must be that in the header. */
function elements(bytes: Uint8Array, header: Header, fail: Fail): Idx {
  const { shape, length, expected } = header;
  const got = bytes.length - length;
  if (got !== expected) {
    const what = got < expected ? "cut short" : "longer than its header says";
    throw fail(
      `${what}, with ${got} bytes of data where ${shown(header).replace(" bytes of data", "")}`,
      got < expected ? "Fetch the file again" : ONE_ARRAY,
    );
  }
  return { shape, data: bytes.subarray(length) };
}

/** The names that errors of `idxDataset` use for its two files. */
export interface IdxNames {
  /** The images file. */
  readonly images: string;
  /** The labels file. */
  readonly labels: string;
}

/**
 * The dataset of an images file (rank 3) and a labels file (rank 1), each plain or packed by gzip. The pixels are used
 * as they are: EMNIST's official files are transposed and stay transposed.
 *
 * @example
 * const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255);
 * const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 0);
 * idxDataset("one", images, labels).columns; // 2
 */
export function idxDataset(
  name: string,
  images: ArrayBuffer | ArrayBufferView,
  labels: ArrayBuffer | ArrayBufferView,
  names: IdxNames = { images: `the images of ${name}`, labels: `the labels of ${name}` },
): Dataset {
  checkKind("idxDataset", "what the files are called", names, "an object");
  const pictures = ofRank(readIdx(images, names.images), 3, names.images, "images", "(count, rows, columns)");
  const marks = ofRank(readIdx(labels, names.labels), 1, names.labels, "labels", "(count)");
  const [count, rows, columns] = pictures.shape;
  if (count !== marks.shape[0]) {
    throw new InputError(
      `[idxDataset] ${plain(names.images)} holds ${count} images, but ${plain(names.labels)} holds ${marks.shape[0]} labels. ` +
        "Give two files of the same set, with one label for each image.",
    );
  }
  return dataset(name, pictures.data, marks.data, rows, columns);
}

/** `idx` itself, if it has the rank that images or labels have. */
function ofRank(idx: Idx, rank: number, name: string, role: string, layout: string): Idx {
  if (idx.shape.length === rank) return idx;
  throw new InputError(
    `[idxDataset] ${plain(name)}: rank ${idx.shape.length}, where ${role} have rank ${rank}, ${layout}. ` +
      "Check that images and labels are not exchanged.",
  );
}
