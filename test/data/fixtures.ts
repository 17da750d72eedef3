// What the tests of src/data share: an IDX writer, small datasets, a temporary folder, and the real files if present.

import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { type Dataset, dataset } from "../../src/data/index.js";

/** The folder of real data: SYNAPTAPE_DATA, or ../shared/data beside the repository. Undefined where there is none. */
export const realData = [
  process.env.SYNAPTAPE_DATA,
  resolve(fileURLToPath(new URL("../../../shared/data", import.meta.url))),
].find((folder) => folder && existsSync(folder));

/** An IDX file: its magic, sizes and elements. */
export function idx(shape: readonly number[], data: ArrayLike<number>, type = 8): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 + 4 * shape.length + data.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, type, shape.length]);
  shape.forEach((size, i) => {
    view.setUint32(4 + 4 * i, size);
  });
  bytes.set(Array.from(data), 4 + 4 * shape.length);
  return bytes;
}

/** A 2 x 3 images file and its labels: pixel p of image i is 6 i + p. */
export function smallSet(labels: readonly number[]): { images: Uint8Array; labels: Uint8Array } {
  const pixels = Array.from({ length: labels.length * 6 }, (_, i) => i % 256);
  return { images: idx([labels.length, 2, 3], pixels), labels: idx([labels.length], labels) };
}

/** A dataset of `counts[c]` images of each class c, interleaved, in which image i has 4 pixels that spell i. */
export function counted(counts: readonly number[], name = "counted"): Dataset {
  const labels: number[] = [];
  for (let round = 0; round < Math.max(...counts); round++) {
    counts.forEach((count, c) => {
      if (round < count) labels.push(c);
    });
  }
  const images = Uint8Array.from({ length: labels.length * 4 }, (_, i) => (Math.floor(i / 4) >> (8 * (i % 4))) & 255);
  return dataset(name, images, labels, 2, 2);
}

/** The index of the image that starts at `offset`, spelt by `counted`. */
export function spelt(pixels: Float32Array, offset: number): number {
  return [0, 1, 2, 3].reduce((sum, p) => sum + Math.round(pixels[offset + p] * 255) * 256 ** p, 0);
}

/** Runs `body` in a temporary folder that holds these files (content, or gzipped where the name ends in .gz). */
export async function inFolder(
  files: Readonly<Record<string, Uint8Array | { raw: Uint8Array }>>,
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "synaptape-data-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      const bytes = "raw" in content ? content.raw : name.endsWith(".gz") ? gzipSync(content) : content;
      await writeFile(join(folder, name), bytes);
    }
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}
