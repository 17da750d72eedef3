// Images on their way to workers: each set travels once, in chunks under the hash of the whole, and is verified on
// arrival. The built-in characters do not travel, since every worker can make them.
import { InputError } from "../../core/index.js";
import type { Dataset } from "../../data/index.js";
import { type Cell, type DataRef, dataHash, dataOpener } from "../../runs/index.js";
import { sharedImages } from "../../runs/internal.js";
import { bytesOf, type Keep, textOf } from "./keep.js";

/** The bytes of a chunk. */
const CHUNK = 1 << 20;

/** How long images stay on a server after they were last used, in seconds: 30 days. */
const STAY = 30 * 86_400;

const SPACE = "images";

/** What is known of a set besides its bytes. */
interface Head {
  readonly name: string;
  readonly classes: number;
  readonly rows: number;
  readonly columns: number;
  readonly channels: number;
  /** Whether the numbers are floats; otherwise they are bytes. */
  readonly floats: boolean;
  /** How many images each class has. */
  readonly counts: readonly number[];
  /** How many bytes of images there are; the indices of the classes follow them. */
  readonly images: number;
  readonly chunks: number;
}

const chunkName = (hash: string, i: number): string => `${hash}.${i}`;

/** The images that a cell uses. */
export const imagesOfCell = ({ data, test }: Pick<Cell, "data" | "test">): DataRef[] =>
  [data, test].filter((each) => each !== undefined);

/** Whether workers can make these images themselves. */
const isBuiltIn = ({ source }: DataRef): boolean => source === "glyphs";

/** Images are not on the server, or were damaged there. Whoever sent them sends them again. */
export class MissingImages extends InputError {
  override name = "MissingImages";
}

/** Puts the images of a cell on a server, unless it did so before; if they were lost there, `anew`. */
export type SendImages = (cell: Cell, anew?: boolean) => Promise<void>;

/** A function that puts images on a server. */
export function imageSender(keep: Keep, data: readonly Dataset[]): SendImages {
  const sent = new Map<string, Promise<void>>();
  let open = dataOpener(data);
  let known = data.length;
  const send = async (ref: DataRef): Promise<void> => {
    if (data.length !== known) [open, known] = [dataOpener(data), data.length]; // more were added
    await upload(keep, ref.hash, await open(ref));
  };
  return async (cell, anew = false) => {
    for (const ref of imagesOfCell(cell)) {
      if (isBuiltIn(ref)) continue;
      const before = anew ? undefined : sent.get(ref.hash);
      const sending = before ?? send(ref);
      sent.set(ref.hash, sending);
      if (!before) sending.catch(() => sent.delete(ref.hash));
      await sending;
    }
  };
}

async function upload(keep: Keep, hash: string, dataset: Dataset) {
  const { name, classes, rows, columns, channels, images, byClass } = dataset;
  const parts: ArrayBufferView[] = [images, ...byClass];
  const bytes = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  const chunks = Math.ceil(bytes.length / CHUNK);
  const counts = byClass.map(({ length }) => length);
  const floats = images instanceof Float32Array;
  const head: Head = { name, classes, rows, columns, channels, floats, counts, images: images.byteLength, chunks };
  for (let i = 0; i < chunks; i++) {
    await keep.putOnce(SPACE, chunkName(hash, i), bytes.subarray(i * CHUNK, (i + 1) * CHUNK), STAY);
  }
  // Last, so that who sees it finds the chunks.
  await keep.put(SPACE, hash, bytesOf(JSON.stringify(head)), STAY);
}

/** A function that gives the images of a cell by their hashes, and fetches each set once. */
export function imageFetcher(keep: Keep): (cell: Cell) => Promise<ReadonlyMap<string, Dataset>> {
  const fetched = new Map<string, Promise<Dataset>>();
  return async (cell) => {
    const found = new Map<string, Dataset>();
    for (const ref of imagesOfCell(cell)) {
      if (isBuiltIn(ref)) continue;
      const before = fetched.get(ref.hash);
      const fetching = before ?? download(keep, ref.hash);
      fetched.set(ref.hash, fetching);
      if (!before) fetching.catch(() => fetched.delete(ref.hash));
      found.set(ref.hash, await fetching);
    }
    return found;
  };
}

async function download(keep: Keep, hash: string): Promise<Dataset> {
  const missing = (fact: string) =>
    new MissingImages(`[worker] the images ${hash.slice(0, 8)} ${fact}. Run the command again: it sends them again.`);
  const [head] = await keep.get(SPACE, [hash]);
  if (!head) throw missing("are not on the server");
  const { name, classes, rows, columns, channels, floats, counts, images, chunks } = JSON.parse(textOf(head)) as Head;
  const length = images + 4 * counts.reduce((sum, count) => sum + count, 0);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < chunks; i++) {
    const [chunk] = await keep.get(SPACE, [chunkName(hash, i)]);
    if (!chunk || i * CHUNK + chunk.length > length) throw missing("are not whole on the server");
    bytes.set(chunk, i * CHUNK);
  }
  let at = images;
  const byClass = counts.map((count) => {
    const indices = new Uint32Array(bytes.slice(at, at + 4 * count).buffer);
    at += 4 * count;
    return indices;
  });
  const own = bytes.slice(0, images);
  const numbers = floats ? new Float32Array(own.buffer) : own;
  const dataset: Dataset = { name, classes, rows, columns, channels, images: numbers, byClass };
  if ((await dataHash(dataset)) !== hash) {
    for (let i = 0; i < chunks; i++) await keep.remove(SPACE, chunkName(hash, i));
    await keep.remove(SPACE, hash);
    throw missing("were damaged on the server, and have been removed");
  }
  return sharedImages(dataset);
}
