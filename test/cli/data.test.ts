// Bad data ends in one sentence, exit code 1, and no run folder.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { idx, inFolder, smallSet } from "../data/fixtures.js";
import { commandLine } from "./fixtures.js";

const { folder, refusal, run } = commandLine();

type Files = Readonly<Record<string, Uint8Array | { raw: Uint8Array }>>;

const { images, labels } = smallSet([0, 1, 0, 1, 0, 1]);
const [IMAGES, LABELS] = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"];
const SMALL = "--ways 2 --shots 2 --queries 1 --hidden 4 --episodes 2".split(" ");

/** The sentence that training on a folder with these files ends in. */
async function sentenceOf(files: Files, ...flags: string[]): Promise<string> {
  let sentence = "";
  await inFolder(files, async (data) => {
    sentence = await refusal(1, "train", "--data", data, "--out", "refused", ...SMALL, ...flags);
    expect(sentence).toContain(data.split("/").at(-1));
  });
  expect(existsSync(join(folder, "refused"))).toBe(false);
  return sentence;
}

const cases: [string, Files, RegExp][] = [
  [
    "a folder without data",
    { "notes.txt": labels },
    /holds no data that can be read\. Make --data a folder with IDX files/,
  ],
  ["an images file alone", { [IMAGES]: images }, /but no train-labels-idx1-ubyte\.gz/],
  [
    "no set of the prefix",
    { "t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels },
    /no set that begins with "train"; it has t10k/,
  ],
  [
    "several sets of the prefix",
    { [IMAGES]: images, [LABELS]: labels, "train2-images-idx3-ubyte": images, "train2-labels-idx1-ubyte": labels },
    /has 2 sets that begin with "train".*Choose one with --prefix/,
  ],
  ["truncated gzip", { [IMAGES]: { raw: gzipSync(images).subarray(0, 30) }, [LABELS]: labels }, /cut short or damaged/],
  ["what is no gzip", { [IMAGES]: { raw: images }, [LABELS]: labels }, /not gzip/],
  ["an empty file", { [IMAGES]: { raw: new Uint8Array() }, [LABELS]: labels }, /0 bytes long/],
  [
    "a wrong magic",
    { [IMAGES]: new TextEncoder().encode("hello, world"), [LABELS]: labels },
    /not an IDX file, since it opens with 68 65 6c 6c/,
  ],
  ["truncated images", { [IMAGES]: images.subarray(0, 40), [LABELS]: labels }, /cut short, with 24 bytes of data/],
  ["exchanged files", { [IMAGES]: labels, [LABELS]: images }, /rank 1, where images have rank 3/],
  ["counts that differ", { [IMAGES]: images, [LABELS]: idx([2], [0, 1]) }, /6 images, but .* holds 2 labels/],
];

describe("bad data", () => {
  it.concurrent.each(cases)("refuses %s", async (_, files, says) => {
    expect(await sentenceOf(files)).toMatch(says);
  });

  it("refuses a folder that does not exist, or is a file", async () => {
    expect(await refusal(1, "train", "--data", "no-such-folder")).toMatch(
      /no-such-folder does not exist\. Make --data a folder/,
    );
    await inFolder({ plain: images }, async (data) => {
      expect(await refusal(1, "train", "--data", join(data, "plain"))).toMatch(
        /plain is no file that can be read\. Make --data a folder/,
      );
    });
  });

  it("refuses tasks that the data cannot give", async () => {
    const files = { [IMAGES]: images, [LABELS]: labels };
    expect(await sentenceOf(files, "--shots", "3")).toMatch(
      /has 3 images, but 3 shots and 1 queries need 4\. Lower --shots/,
    );
    expect(await sentenceOf(files, "--ways", "3")).toMatch(/--ways 3 is more than the 2 classes/);
    expect(await refusal(1, "train", "--shots", "9000", "--queries", "2000")).toMatch(
      /the built-in glyphs have at most 10000/,
    );
  });

  it("trains on good data, and names the run after their folder", async () => {
    await inFolder({ [IMAGES]: images, [LABELS]: labels }, async (data) => {
      const { code, stdout } = await run("train", "--data", data, "--preset", "bio", ...SMALL);
      expect(code).toBe(0);
      expect(stdout).toContain(`Run folder  runs/bio-${data.split("/").at(-1)}-seed0\n`);
    });
  });
});
