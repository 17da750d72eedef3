// Data of every form, from the command line: described, trained on, resumed, evaluated and reported.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { encode } from "fast-png";
import { describe, expect, it } from "vitest";
import { pictureOf } from "../../src/data/picture.js";
import { tensor } from "../../src/index.js";
import { encodeSafetensors, writeNpy } from "../../src/io/index.js";
import { commandLine, objects } from "./fixtures.js";

const { folder, refusal, run } = commandLine();
const SMALL = "--ways 2 --shots 1 --queries 1 --hidden 6 --episodes 2 --workers 1".split(" ");

function put(name: string, bytes: Uint8Array | string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
}

/** A PNG of 6 x 5 pixels whose ink says which class it is of. */
function png(label: number, i: number, channels: number): Uint8Array {
  const data = Uint8Array.from({ length: 30 * channels }, (_, p) =>
    p % 3 === label ? 150 + ((i * 31 + p) % 100) : (i * 7 + p) % 40,
  );
  return encode({ width: 5, height: 6, channels, depth: 8, data });
}

const CLASSES = ["ant", "bee", "cat"];
CLASSES.forEach((name, label) => {
  for (let i = 0; i < 5; i++) {
    put(`grey/${name}/${i}.png`, png(label, i, 1));
    put(`colour/train/${name}/${i}.png`, png(label, i, 3));
  }
});
const rows = Array.from({ length: 15 }, (_, i) => [
  i % 3,
  ...[0, 1, 2, 3].map((p) => (p === i % 3 ? 0.9 : (i % 5) / 10)),
]);
put("flowers.csv", `class,a,b,c,d\n${rows.map(([label, ...x]) => [CLASSES[label], ...x].join()).join("\n")}\n`);
const safetensors = encodeSafetensors({
  x: { shape: [15, 4], data: Float32Array.from(rows.flatMap(([, ...x]) => x)) },
  y: { shape: [15], data: Int32Array.from(rows, ([label]) => label) },
});
put("set.safetensors", safetensors);

// The same examples as a pair of files, and colour pictures in one array: bytes of (count, rows, columns, 3).
const [x, y] = [
  tensor(rows.map(([, ...numbers]) => numbers)),
  tensor(
    rows.map(([label]) => label),
    { dtype: "int32" },
  ),
];
put("pair/x_train.npy", writeNpy(x));
put("pair/y_train.npy", writeNpy(y));
put(
  "colours.safetensors",
  encodeSafetensors({
    images: { shape: [15, 3, 2, 3], data: Int32Array.from({ length: 270 }, (_, i) => (37 * i + 60 * (i % 3)) % 256) },
    labels: { shape: [15], data: Int32Array.from(rows, ([label]) => label) },
  }),
);

const sources: [string, string[], RegExp][] = [
  ["a folder of pictures", ["grey"], /6 x 5 \(grey\)/],
  ["pictures in colour, of another size", ["colour", "--size", "4,4"], /4 x 4 x 3 \(red, green and blue\)/],
  ["pictures in colour, as grey", ["colour", "--colour", "grey"], /6 x 5 \(grey\)/],
  ["a CSV file", ["flowers.csv"], /floats from 0 to 0\.8999/],
  ["a safetensors file", ["set.safetensors"], /floats from 0 to 0\.8999/],
  ["a pair of npy files", ["pair"], /floats from 0 to 0\.8999/],
  ["an array of colour pictures", ["colours.safetensors"], /3 x 2 x 3 \(red, green and blue\)/],
];

describe("data of one's own", () => {
  it.each(sources)("%s are described, trained on, evaluated and reported", async (_, [source, ...how], says) => {
    const described = await run("data", source, ...how, "--sheet", "sheet.png");
    expect(described.stderr).toBe("");
    expect(described.stdout).toMatch(says);
    expect(described.stdout).toMatch(/15 of 3 classes, 5 of each/);
    const sheet = await pictureOf(readFileSync(join(folder, "sheet.png")), "sheet.png");
    expect(sheet.rows).toBeGreaterThan(2);
    const out = `runs/${source.replace(/\W/g, "")}${how.length}${how.at(-1)?.replace(/\W/g, "") ?? ""}`;
    const trained = await run("train", "--data", source, ...how, ...SMALL, "--out", out, "--json");
    expect([trained.code, trained.stderr]).toEqual([0, ""]);
    const resumed = await run("train", "--resume", out, "--json");
    expect([resumed.code, resumed.stderr]).toEqual([0, ""]);
    const tested = await run("evaluate", out, "--tasks", "1", "--json");
    expect([tested.code, tested.stderr]).toEqual([0, ""]);
    const reported = await run("report", out);
    expect([reported.code, reported.stderr]).toEqual([0, ""]);
    expect(readFileSync(join(folder, out, "report.html"), "utf8")).not.toContain("No images are shown");
  });

  it("is the same however it is written: arrays and CSV have one hash", async () => {
    const hashes = await Promise.all(
      ["flowers.csv", "set.safetensors", "pair"].map(
        async (source) => objects((await run("data", source, "--json")).stdout)[0].hash,
      ),
    );
    expect(new Set(hashes).size).toBe(1);
  });

  it("is refused in one sentence that names the file, if it is damaged", async () => {
    put("bad/ant/0.png", png(0, 0, 1).subarray(0, 50));
    put("bad.csv", "label,a\n0,1\n1,?\n");
    put("bad.safetensors", safetensors.subarray(0, 60));
    put("bad-pair/images.npy", writeNpy(x).subarray(0, 90));
    put("bad-pair/labels.npy", writeNpy(y));
    put("odd-pair/images.npy", writeNpy(x));
    put("odd-pair/labels.npy", writeNpy(tensor([0, 1, 2], { dtype: "int32" })));
    put("bad-colour/ant/0.png", png(0, 0, 3));
    put("bad-colour/bee/0.jpg", Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]));
    put("below.csv", "label,a,b\n0,-1,2\n0,1,2\n1,1,2\n1,0,0\n");
    const sentence = (source: string): Promise<string> => refusal(1, "train", "--data", source, ...SMALL);
    expect(await sentence("bad")).toMatch(/bad\/ant\/0\.png cannot be decoded/);
    expect(await sentence("bad.csv")).toMatch(/bad\.csv has "\?" in line 3, column 2\./);
    expect(await sentence("bad.safetensors")).toMatch(/bad\.safetensors/);
    expect(await sentence("bad-pair")).toMatch(/bad-pair\/images\.npy/);
    expect(await sentence("odd-pair")).toMatch(/odd-pair\/labels\.npy has the shape .*, but there are 15 images\./);
    expect(await sentence("bad-colour")).toMatch(/bad-colour\/bee\/0\.jpg cannot be decoded/);
    expect(await refusal(1, "train", "--data", "below.csv", "--ways", "2", "--shots", "1", "--queries", "1")).toMatch(
      /below\.csv has numbers below 0, .* Scale them/,
    );
    expect(await sentence("colour/train/ant/0.png")).toMatch(/is no file that can be read\. Make --data a folder/);
    expect(await refusal(1, "train", "--data", "flowers.csv", "--size", "4,4", ...SMALL)).toMatch(
      /holds no pictures, which --size is for\. Leave it out\.$/,
    );
    expect(await refusal(2, "train", "--size", "4,4", ...SMALL)).toMatch(
      /--size 4,4 is about files, which contradicts --data glyphs/,
    );
    expect(await refusal(2, "data", "grey", "--size", "4")).toMatch(/--size 4 is not two numbers\./);
  });
});
