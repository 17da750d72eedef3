import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { type DataOptions, type Dataset, openData } from "../../src/data/index.js";
import { encodeSafetensors } from "../../src/io/index.js";
import { dataHash, dataOpener, dataRef } from "../../src/runs/index.js";
import { inFolder } from "./fixtures.js";

const kept = JSON.parse(readFileSync(new URL("pictures.json", import.meta.url), "utf8"));
const picture = (name: string): Uint8Array => new Uint8Array(Buffer.from(kept.pictures[name].base64, "base64"));
const array = (name: string): Uint8Array => new Uint8Array(Buffer.from(kept.arrays[name], "base64"));
const text = (content: string): Uint8Array => new TextEncoder().encode(content);
/** The images of the arrays: six of 3 x 4 bytes, with the classes 0, 1, 2, 0, 1, 2. */
const images: readonly number[] = kept.images;

/** Opens the data that these files are, in a folder of their own. */
async function opened(
  files: Readonly<Record<string, Uint8Array>>,
  options: DataOptions = {},
  source = "",
): Promise<Dataset> {
  let made: Dataset | undefined;
  await inFolder({}, async (folder) => {
    for (const [name, bytes] of Object.entries(files)) {
      await mkdir(join(folder, dirname(name)), { recursive: true });
      await writeFile(join(folder, name), bytes);
    }
    made = await openData(join(folder, source), options);
  });
  return made as Dataset;
}

const refusal = (
  files: Readonly<Record<string, Uint8Array>>,
  options: DataOptions = {},
  source = "",
): Promise<string> =>
  opened(files, options, source).then(
    () => "it was opened",
    (error: unknown) => {
      expect(error).toBeInstanceOf(InputError);
      return (error as Error).message;
    },
  );

describe("folders of pictures", () => {
  const grey = { "cat/1.png": picture("grey.png"), "dog/1.png": picture("bits.png"), "dog/2.PNG": picture("deep.png") };
  const mixed = { ...grey, "eel/photo.png": picture("rgb.png") };

  it("are a class for each folder, in alphabetical order, and grey if no picture has a colour", async () => {
    const data = await opened({ ...grey, "notes.txt": text("none"), "dog/notes.txt": text("none") });
    expect(data).toMatchObject({ classes: 3 - 1, rows: 5, columns: 7, channels: 1, classNames: ["cat", "dog"] });
    expect(data.byClass.map((own) => [...own])).toEqual([[0], [1, 2]]);
    expect([...data.images.subarray(0, 35)]).toEqual(
      kept.pictures["grey.png"].pixels.filter((_: number, i: number) => i % 3 === 0),
    );
  });

  it("are in colour if one picture is, or if that is asked for", async () => {
    const data = await opened(mixed);
    expect(data).toMatchObject({ channels: 3, classNames: ["cat", "dog", "eel"] });
    expect([...data.images.subarray(3 * 105)]).toEqual(kept.pictures["rgb.png"].pixels);
    expect(await opened(grey, { colour: "rgb" })).toMatchObject({ channels: 3 });
    expect(await opened(mixed, { colour: "grey" })).toMatchObject({ channels: 1 });
  });

  it("are brought to one size on request, and refused otherwise", async () => {
    const files = { ...grey, "dog/3.jpg": picture("colour.jpg") };
    expect(await opened(files, { size: [4, 6], colour: "grey" })).toMatchObject({ rows: 4, columns: 6, channels: 1 });
    expect(await refusal(files)).toMatch(
      /dog\/3\.jpg is 16 x 16, but \S+cat\/1\.png is 5 x 7\. Give a `size` to bring them to, such as \[5, 7\]\.$/,
    );
  });

  it("are opened again by a cell as they were read, with the same hash", async () => {
    await inFolder({}, async (folder) => {
      for (const [name, bytes] of Object.entries(mixed)) {
        await mkdir(join(folder, dirname(name)), { recursive: true });
        await writeFile(join(folder, name), bytes);
      }
      for (const reading of [{}, { size: [4, 6] }, { colour: "grey" }, { size: [3, 3], colour: "rgb" }] as const) {
        const ref = await dataRef(await openData(folder, reading), folder, "", reading);
        expect(await dataHash(await dataOpener()(ref))).toBe(ref.hash);
      }
    });
  });

  it("can hold several sets, of which a prefix chooses one", async () => {
    const both = { "train/a/1.png": picture("grey.png"), "test/a/1.png": picture("bits.png") };
    expect((await opened(both, { prefix: "test" })).name).toMatch(/\/test$/);
    expect(await refusal(both)).toMatch(/has the sets test, train\. Choose one with `prefix`, for instance "test"\.$/);
  });

  it("name the file that is damaged", async () => {
    expect(await refusal({ ...grey, "dog/4.jpg": picture("rgb.png").subarray(0, 60) })).toMatch(
      /dog\/4\.jpg cannot be/,
    );
    expect(await refusal({ ...grey, "dog/4.png": text("hello") })).toMatch(/dog\/4\.png is neither PNG nor JPEG\./);
  });
});

describe("arrays", () => {
  const npy = { "images.npy": array("images.npy"), "labels.npy": array("labels.npy") };
  const floats = { "x_train.npy": array("floats.npy"), "y_train.npy": array("labels.npy") };
  const sets: [string, Readonly<Record<string, Uint8Array>>, DataOptions?, string?][] = [
    ["two .npy files", npy],
    ["two .npy files with a word", { "x_train.npy": npy["images.npy"], "y_train.npy": npy["labels.npy"] }],
    ["a .npz file", { "set.npz": array("npz") }, { prefix: "train" }, "set.npz"],
    ["a packed .npz file in a folder", { "set.npz": array("packed.npz") }, { prefix: "train" }],
    [
      "a .safetensors file",
      {
        "set.safetensors": encodeSafetensors({
          images: { shape: [6, 3, 4], data: Int32Array.from(images) },
          labels: { shape: [6], data: Int32Array.of(0, 1, 2, 0, 1, 2) },
        }),
      },
      {},
      "set.safetensors",
    ],
  ];

  it.each(sets)("in %s are a set of bytes", async (_, files, options, source) => {
    const data = await opened(files, options, source);
    expect(data).toMatchObject({ classes: 3, rows: 3, columns: 4, channels: 1 });
    expect([...data.images]).toEqual(images);
    expect(data.byClass.map((own) => [...own])).toEqual([
      [0, 3],
      [1, 4],
      [2, 5],
    ]);
  });

  it("of floats stay as they are, and have a hash of their own", async () => {
    const data = await opened(floats);
    expect(data.images).toEqual(Float32Array.from(images, (byte) => Math.fround(byte / 255)));
    expect(await dataHash(data)).not.toBe(await dataHash({ ...data, images: Float32Array.from(images) }));
  });

  it("that do not fit together are refused in a sentence", async () => {
    const of = (shape: number[], data: Int32Array): Uint8Array =>
      encodeSafetensors({ images: { shape, data }, labels: { shape: [2], data: Int32Array.of(0, 1) } });
    const wrong = (bytes: Uint8Array): Promise<string> => refusal({ "a.safetensors": bytes }, {}, "a.safetensors");
    expect(await wrong(of([2, 1], Int32Array.of(0, 256)))).toMatch(
      /has the whole number 256\. Save bytes from 0 to 255/,
    );
    expect(await wrong(of([3, 1], new Int32Array(3)))).toMatch(/labels has the shape \[2\], but there are 3 images\./);
    expect(await wrong(of([2, 3, 5, 5], new Int32Array(150)))).toMatch(/has the shape \[2, 3, 5, 5\]\. .*come last/);
    const unnamed = encodeSafetensors({ weights: { shape: [1], data: Int32Array.of(1) } });
    expect(await wrong(unnamed)).toMatch(
      /has the arrays weights\. Give it two that are called images and labels, or x/,
    );
    expect(await refusal({ "a.npz": array("npz").subarray(0, 99) }, {}, "a.npz")).toMatch(/a\.npz/);
    expect(await refusal({ "set.npz": array("npz") }, {}, "set.npz")).toMatch(/has the sets "train", "test"/);
    expect(await refusal({ ...npy, "labels.npy": text("?") })).toMatch(/labels\.npy/);
  });
});

describe("CSV", () => {
  const read = (content: string): Promise<Dataset> => opened({ "a.csv": text(content) }, {}, "a.csv");
  const refused = (content: string): Promise<string> => refusal({ "a.csv": text(content) }, {}, "a.csv");

  it("has labels in the first column, or in the one that says so, as numbers or names", async () => {
    const plain = await read("1,0,255\n0,7,8\n");
    expect(plain).toMatchObject({ classes: 2, rows: 1, columns: 2, channels: 1 });
    expect(plain.images).toEqual(Uint8Array.of(0, 255, 7, 8));
    const flowers = await read('width,height,class\r\n1.5,-2,"iris, blue"\r\n0.5,3,aster\r\n');
    expect(flowers.images).toEqual(Float32Array.of(1.5, -2, 0.5, 3));
    expect(flowers.classNames).toEqual(["aster", "iris, blue"]);
    expect(flowers.byClass.map((own) => [...own])).toEqual([[1], [0]]);
  });

  it("gives back any numbers that were written", async () => {
    const row = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 5 }), async (rows) => {
        const data = await read(`label,a,b,c\n${rows.map((numbers) => [0, ...numbers].join()).join("\n")}`);
        expect(Array.from(data.images, Math.fround)).toEqual(rows.flat().map((x) => x + 0));
      }),
      { numRuns: 40 },
    );
  });

  it("names the line that is wrong", async () => {
    expect(await refused("1,2\n0,x\n")).toMatch(/a\.csv has "x" in line 2, column 2\. Put a finite number there/);
    expect(await refused("label,a\n1,2\n0\n")).toMatch(/has 1 cells in line 3, where others have 2\./);
    expect(await refused("")).toMatch(/is empty\./);
    expect(await refused("label,a\n")).toMatch(/names of columns only/);
    expect(await refused("1\n2\n")).toMatch(/has one column/);
    expect(await refused('1,"2\n')).toMatch(/is not CSV at/);
  });
});

describe("what is none of these", () => {
  it("is refused with what could be given", async () => {
    expect(await refusal({ "notes.txt": text("hello") })).toMatch(
      /holds no data that can be read\. Make `source` a folder with IDX files .*; with a folder of PNG or JPEG files .*\.csv file\.$/,
    );
    expect(await refusal({ "notes.txt": text("hello") }, {}, "notes.txt")).toMatch(/notes\.txt is no file that can be/);
    expect(await refusal({ "a.csv": text("1,2"), "b.csv": text("1,2") })).toMatch(
      /has 2 files of data: a\.csv, b\.csv\./,
    );
    expect(await refusal({ "a.csv": text("1,2") }, { size: [2, 2] })).toMatch(
      /holds no pictures, which `size` is for\./,
    );
    await expect(openData("x", { size: [0, 1] })).rejects.toThrow("[openData] `size` is [0,1]. Give rows and columns");
    await expect(openData("x", { colour: "red" as never })).rejects.toThrow('Give "grey" or "rgb"');
  });
});
