import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.js";
import { checkTasks, type Dataset, glyphNames, glyphs, splitClasses } from "../../../src/data/index.js";

const bytesOf = ({ images }: Dataset): Uint8Array => images as Uint8Array;
const image = (data: Dataset, index: number): Uint8Array => bytesOf(data).subarray(784 * index, 784 * (index + 1));

describe("glyphs", () => {
  it("has the 47 classes of EMNIST Balanced, 80 upright 28 x 28 images each", () => {
    const data = glyphs();
    expect(data).toMatchObject({ name: "glyphs", classes: 47, rows: 28, columns: 28 });
    expect(data.byClass.every((own) => own.length === 80)).toBe(true);
    expect(glyphNames.join("")).toBe("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabdefghnqrt");
    for (const protocol of ["faithful", "strict"] as const) {
      expect(() => checkTasks(data, { protocol, ways: 5, shots: 50, queries: 10 })).not.toThrow();
    }
    expect(
      splitClasses(47)
        .heldout.map((c) => glyphNames[c])
        .join(" "),
    ).toBe("2 G H I P R Y Z n");
  });

  it("is the same bytes on every engine and in every version", () => {
    // A change of these bytes changes every published number on them: it needs a new minor version, not a new hash.
    const hash = (data: Dataset) => createHash("sha256").update(data.images).digest("hex");
    expect(hash(glyphs({ perClass: 4 }))).toBe("2c6f3d76c09cf761c5d629919fa270d4aebced9f6c806657445fb00a6184d70c");
    expect(hash(glyphs({ perClass: 4, seed: 2 ** 40 + 1 }))).toBe(
      "2617ab571e32db3947fd533bb4e4b4ea02c1f77ac20148bb8869dd56063b5edc",
    );
  });

  it("keeps the first images the same if more are requested", () => {
    const few = glyphs({ perClass: 2, seed: 5 });
    const more = glyphs({ perClass: 5, seed: 5 });
    for (let c = 0; c < 47; c++) {
      for (let i = 0; i < 2; i++) {
        expect(image(more, more.byClass[c][i])).toEqual(image(few, few.byClass[c][i]));
      }
    }
  });

  it("draws a different image each time, with ink in it and a border of background", () => {
    const data = glyphs({ perClass: 30 });
    const seen = new Set<string>();
    for (let i = 0; i < 47 * 30; i++) {
      const pixels = image(data, i);
      seen.add(Buffer.from(pixels).toString("base64"));
      expect(Math.max(...pixels)).toBeGreaterThan(200);
      const border = pixels.filter((_, p) => p < 28 || p >= 756 || p % 28 === 0 || p % 28 === 27);
      expect(border.every((value) => value === 0)).toBe(true);
    }
    expect(seen.size).toBe(47 * 30);
    // EMNIST Balanced has 17.5 % ink; a lifetime's step sizes depend on it.
    const ink = bytesOf(data).reduce((sum, value) => sum + value, 0) / 255 / data.images.length;
    expect(ink).toBeGreaterThan(0.15);
    expect(ink).toBeLessThan(0.2);
  });

  it("can be told apart: the nearest class mean is right in 60 % of unseen images (chance 2 %)", () => {
    const { overall, worst } = nearestMean(glyphs(), 60);

    // Measured 0.603 and, for the worst class, 0.3. Below the bounds a class is drawn like another; above them the
    // characters have become too easy for a comparison of learning rules.
    expect(overall).toBeGreaterThan(0.55);
    expect(overall).toBeLessThan(0.7);
    expect(worst).toBeGreaterThan(0.2);
  });

  it("refuses invalid counts and seeds", () => {
    for (const options of [{ perClass: 0 }, { perClass: 1.5 }, { perClass: 1e9 }, { seed: -1 }, { seed: 0.5 }]) {
      expect(() => glyphs(options)).toThrow(InputError);
    }
  });
});

describe("the sources of synaptape/data", () => {
  const root = fileURLToPath(new URL("../../../src/data", import.meta.url));
  const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));

  it("use exact operations only, since engines differ in the others", () => {
    for (const file of sources) {
      const text = readFileSync(join(root, file), "utf8").replace(/\/\/.*|\/\*[\s\S]*?\*\//g, "");
      const used = [...text.matchAll(/Math\.(\w+)/g)].map((match) => match[1]);
      expect(
        used.filter((name) => !/^(sqrt|floor|ceil|abs|min|max|fround|imul|PI)$/.test(name)),
        file,
      ).toEqual([]);
      expect(/\bDate\b|performance\.|\*\*/.test(text), file).toBe(false);
    }
  });

  it("import Node only when asked, so that a browser can load the module", () => {
    for (const file of sources) {
      expect(/^\s*(import|export)\b.*["']node:/m.test(readFileSync(join(root, file), "utf8")), file).toBe(false);
    }
  });
});

/** How often the class mean of largest cosine is the right one, overall and in the worst class. */
function nearestMean(data: Dataset, train: number): { overall: number; worst: number } {
  const means = data.byClass.map((own) => {
    const mean = new Float64Array(784);
    for (const index of own.subarray(0, train)) {
      const pixels = image(data, index);
      const norm = Math.sqrt(pixels.reduce((sum, value) => sum + value * value, 0));
      pixels.forEach((value, p) => {
        mean[p] += value / norm;
      });
    }
    const length = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0));
    return mean.map((value) => value / length);
  });
  const rates = data.byClass.map((own, c) => {
    const unseen = [...own.subarray(train)];
    const right = unseen.filter((index) => {
      const pixels = image(data, index);
      const scores = means.map((mean) => mean.reduce((sum, value, p) => sum + value * pixels[p], 0));
      return scores.indexOf(Math.max(...scores)) === c;
    });
    return right.length / unseen.length;
  });
  return { overall: rates.reduce((a, b) => a + b) / rates.length, worst: Math.min(...rates) };
}
