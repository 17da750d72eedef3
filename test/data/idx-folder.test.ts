import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { Key } from "../../src/core/key.js";
import { type Dataset, openData, sampleTask } from "../../src/data/index.js";
import { idx, inFolder, realData, smallSet } from "./fixtures.js";

const { images, labels } = smallSet([0, 1, 0, 1]);
const train = { "train-images-idx3-ubyte.gz": images, "train-labels-idx1-ubyte.gz": labels };
const test = { "t10k-images-idx3-ubyte": images, "t10k-labels-idx1-ubyte": labels };

/** The message of the InputError that opening must end in: one line, and naming the folder or a file in it. */
async function refusal(folder: string, prefix: string): Promise<string> {
  const error: unknown = await openData(folder, { prefix: prefix }).then(
    () => undefined,
    (cause) => cause,
  );
  expect(error).toBeInstanceOf(InputError);
  const { message } = error as InputError;
  expect(message).toContain(folder);
  expect(message).not.toContain("\n");
  return message;
}

describe("openData", () => {
  it("finds the pair of a prefix, plain or compressed, among other files", () =>
    inFolder({ ...train, ...test, "notes.txt": images }, async (folder) => {
      const zipped = await openData(folder, { prefix: "train" });
      const plain = await openData(folder, { prefix: "t10k" });
      expect(zipped.name.endsWith("/train")).toBe(true);
      expect({ ...zipped, name: "" }).toEqual({ ...plain, name: "" });
      expect([...zipped.byClass[1]]).toEqual([1, 3]);
    }));

  it("needs no prefix if there is one pair, and accepts compressed content under a plain name", () =>
    inFolder({ "x.images.idx3-ubyte": gzipSync(images), "x.labels.idx1-ubyte.gz": labels }, async (folder) => {
      expect((await openData(folder, { prefix: "" })).classes).toBe(2);
    }));

  it("says of EMNIST's images, by the names of its files, that they lie on their side", () =>
    inFolder(
      { ...train, "emnist-byclass-train-images-idx3-ubyte": images, "emnist-byclass-train-labels-idx1-ubyte": labels },
      async (folder) => {
        const lying = await openData(folder, { prefix: "emnist" });
        const { name: _, transposed, ...rest } = lying;
        const { name: __, ...standing } = await openData(folder, { prefix: "train" });
        expect(transposed).toBe(true);
        expect(rest).toEqual(standing);
      },
    ));

  it("prefers the plain file if both are there", () =>
    inFolder(
      { ...train, "train-images-idx3-ubyte": images.map((byte, i) => (i < 16 ? byte : 255 - byte)) },
      async (folder) => {
        const { images: pixels } = await openData(folder, { prefix: "train" });
        expect([...pixels]).toEqual([...images.subarray(16)].map((byte) => 255 - byte));
      },
    ));

  it("skips hidden files, folders and whatever is not a file, and follows links", () =>
    inFolder({ ...train, "._train-images-idx3-ubyte": labels, "._train-labels-idx1-ubyte": labels }, async (folder) => {
      await mkdir(join(folder, "a-images-idx3-ubyte"));
      await mkdir(join(folder, "a-labels-idx1-ubyte"));
      await symlink(folder, join(folder, "b-images-idx3-ubyte"));
      await symlink(folder, join(folder, "b-labels-idx1-ubyte"));
      expect((await openData(folder, { prefix: "" })).name.endsWith("/train")).toBe(true);
      await symlink(join(folder, "train-images-idx3-ubyte.gz"), join(folder, "c-images-idx3-ubyte"));
      await symlink(join(folder, "train-labels-idx1-ubyte.gz"), join(folder, "c-labels-idx1-ubyte"));
      expect((await openData(folder, { prefix: "c" })).images).toEqual(
        (await openData(folder, { prefix: "train" })).images,
      );
      await symlink(join(folder, "none"), join(folder, "d-images-idx3-ubyte"));
      await symlink(join(folder, "none"), join(folder, "d-labels-idx1-ubyte"));
      expect(await refusal(folder, "d")).toMatch(/d-images-idx3-ubyte cannot be read \(ENOENT\)/);
    }));

  it("says that the folder does not exist, or is a file", () =>
    inFolder(train, async (folder) => {
      expect(await refusal(join(folder, "none"), "train")).toMatch(
        /does not exist\. Make `source` a folder with IDX files/,
      );
      expect(await refusal(join(folder, "train-images-idx3-ubyte.gz"), "train")).toMatch(/is no file that can be read/);
    }));

  it("says what is there if nothing matches", async () => {
    await inFolder({ ...train, ...test }, async (folder) => {
      expect(await refusal(folder, "valid")).toMatch(
        /no set that begins with "valid"; it has t10k-images-idx3-ubyte, train-images-idx3-ubyte\.gz\. Choose one with `prefix`, for instance "/,
      );
    });
    await inFolder({ "notes.txt": images }, async (folder) => {
      expect(await refusal(folder, "train")).toMatch(
        /holds no data that can be read\. Make `source` a folder with IDX files called \*images\*idx3-ubyte/,
      );
    });
  });

  it("lists the sets if several match, and suggests a prefix that works", async () => {
    const cut = { "train12k-images-idx3-ubyte": images, "train12k-labels-idx1-ubyte": labels };
    await inFolder({ ...train, ...cut }, async (folder) => {
      const message = await refusal(folder, "train");
      expect(message).toMatch(/has 2 sets that begin with "train": train-images.*train12k-images/);
      const [, proposed] = /for instance "(.+)"\.$/.exec(message) ?? [];
      expect((await openData(folder, { prefix: proposed })).name).toMatch(/train$/);
    });
    const named = { "images-a-idx3-ubyte": images, "labels-a-idx1-ubyte": labels };
    const other = { "images-b-idx3-ubyte": images, "labels-b-idx1-ubyte": labels };
    await inFolder({ ...named, ...other }, async (folder) => {
      const [, proposed] = /for instance "(.+)"\.$/.exec(await refusal(folder, "")) ?? [];
      expect((await openData(folder, { prefix: proposed })).classes).toBe(2);
    });
  });

  it("names the missing file of a pair", async () => {
    await inFolder({ "train-images-idx3-ubyte.gz": images }, async (folder) => {
      expect(await refusal(folder, "train")).toMatch(/no train-labels-idx1-ubyte\.gz\. Put that file next to it/);
    });
    await inFolder({ "train-labels-idx1-ubyte": labels }, async (folder) => {
      expect(await refusal(folder, "train")).toMatch(/no train-images-idx3-ubyte\. Put/);
    });
    await inFolder({ "train-1-images-idx3-ubyte": images, "train-2-labels-idx1-ubyte": labels }, async (folder) => {
      expect(await refusal(folder, "train")).toMatch(/only halves of sets.*rename or add one/);
    });
  });

  it("names the file whose content is invalid", async () => {
    const cases: [string, Uint8Array, RegExp][] = [
      ["train-images-idx3-ubyte.gz", images, /images-idx3-ubyte\.gz: not gzip/],
      [
        "train-images-idx3-ubyte.gz",
        Uint8Array.of(0x1f, 0x8b, 8, 0),
        /images-idx3-ubyte\.gz: the gzip data is cut short/,
      ],
      ["train-labels-idx1-ubyte.gz", new Uint8Array(0), /labels-idx1-ubyte\.gz: 0 bytes long/],
    ];
    for (const [name, raw, message] of cases) {
      await inFolder({ ...train, [name]: { raw } }, async (folder) => {
        expect(await refusal(folder, "train")).toMatch(message);
      });
    }
    await inFolder({ ...train, "train-images-idx3-ubyte.gz": Uint8Array.of(1, 2, 3, 4, 5) }, async (folder) => {
      expect(await refusal(folder, "train")).toMatch(/images-idx3-ubyte\.gz: not an IDX file/);
    });
    await inFolder({ ...train, "train-labels-idx1-ubyte.gz": idx([3], [0, 1, 0]) }, async (folder) => {
      expect(await refusal(folder, "train")).toMatch(/holds 4 images, but \S+labels\S+ holds 3 labels/);
    });
    await inFolder({ ...train, "train-labels-idx1-ubyte.gz": { raw: images } }, async (folder) => {
      expect(await refusal(folder, "train")).toMatch(/labels-idx1-ubyte\.gz: not gzip/);
    });
  });
});

describe.skipIf(!realData)("real files (SYNAPTAPE_DATA or ../shared/data)", () => {
  const open = (set: string, prefix: string): Promise<Dataset> => openData(join(realData ?? "", set), { prefix });

  it("opens EMNIST Balanced", async () => {
    const data = await open("emnist-balanced", "train");
    expect(data).toMatchObject({ classes: 47, rows: 28, columns: 28 });
    const counts = data.byClass.map((own) => own.length);
    expect(counts.reduce((a, b) => a + b)).toBe(9120);
    expect([Math.min(...counts), Math.max(...counts)]).toEqual([174, 212]);
    expect((await open("emnist-balanced", "test")).images.length).toBe(304 * 784);
    // The published protocol's task, and one of the strict protocol on classes held out.
    const task = sampleTask(data, Key.of(1), { protocol: "faithful", ways: 5, shots: 50, queries: 10 });
    expect([task.steps, task.queries, task.pixels]).toEqual([250, 50, 784]);
    const held = { protocol: "strict", ways: 5, shots: 10, queries: 10, classes: "heldout" } as const;
    expect(sampleTask(data, Key.of(1), held).classes).toHaveLength(5);
  });

  it("opens MNIST and Fashion-MNIST", async () => {
    const mnist = await open("mnist", "t10k");
    expect(mnist).toMatchObject({ name: "mnist/t10k", classes: 10 });
    expect(mnist.byClass[1]).toHaveLength(1135);
    const fashion = await open("fashion-mnist", "train");
    expect(fashion.images.length).toBe(12_000 * 784);
  });
});
