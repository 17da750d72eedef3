// The images of a study: which files are opened, and what is refused.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { dataHash } from "../../src/runs/index.js";
import { openStudyImages } from "../../src/studies/index.js";
import { idx } from "../data/fixtures.js";

const folder = mkdtempSync(join(tmpdir(), "synaptape-images-"));
const at = (name: string): string => join(folder, name);

/** Two classes of `each` images. */
function write(name: string, prefix: string, each: number, size = 3): void {
  const count = 2 * each;
  mkdirSync(at(name), { recursive: true });
  const pixels = Array.from({ length: count * size * size }, (_, i) => (i * 7) % 256);
  writeFileSync(join(at(name), `${prefix}-images-idx3-ubyte`), idx([count, size, size], pixels));
  const labels = Array.from({ length: count }, (_, i) => i % 2);
  writeFileSync(join(at(name), `${prefix}-labels-idx1-ubyte`), idx([count], labels));
}

beforeAll(() => {
  write("one", "train", 4);
  write("both", "train", 4);
  write("both", "test", 2);
  write("odd", "train", 4);
  write("odd", "t10k", 2, 5);
});
afterAll(() => rmSync(folder, { recursive: true }));

it("are identified by their hash and by where they are", async () => {
  const { images, datasets } = await openStudyImages(at("one"), { perClass: 9, least: 4 });
  expect(images).toEqual({ train: { source: at("one"), prefix: "train", hash: await dataHash(datasets[0]) } });
  const own = await openStudyImages("glyphs", { perClass: 3, test: true });
  expect(own.images.train).toMatchObject({ source: "glyphs", prefix: "3" });
  expect(own.datasets[0].byClass.every(({ length }) => length === 3)).toBe(true);
});

it("include a test set if one is needed", async () => {
  const { images, datasets } = await openStudyImages(at("both"), { perClass: 1, test: true });
  expect(images.test).toMatchObject({ prefix: "test", hash: await dataHash(datasets[1]) });
  expect(images.test?.hash).not.toBe(images.train.hash);
  expect((await openStudyImages(at("both"), { perClass: 1 })).images.test).toBeUndefined();
  expect((await openStudyImages(at("both"), { perClass: 1 }, { prefix: "test" })).images.train.hash).toBe(
    images.test?.hash,
  );
});

it("are refused if there are too few, if there is no test set, or if they have another size", async () => {
  await expect(openStudyImages(at("one"), { perClass: 1, least: 5 })).rejects.toThrow(
    /one has a class of 4 images, but tasks need 5 of each\. Lower `shots` or `queries`/,
  );
  await expect(openStudyImages(at("one"), { perClass: 1, test: true })).rejects.toThrow(
    /no set that begins with "test"/,
  );
  await expect(openStudyImages(at("odd"), { perClass: 1, test: true })).rejects.toThrow(/images of different sizes/);
});
