// Decoded pictures against Pillow: pictures.py wrote pictures.json.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { greyOf, isGrey, pictureOf, resized } from "../../src/data/picture.js";

interface Kept {
  readonly base64: string;
  readonly shape: readonly number[];
  readonly pixels: readonly number[];
  readonly box?: readonly number[];
  readonly luma?: readonly number[];
}

const kept: Readonly<Record<string, Kept>> = JSON.parse(
  readFileSync(new URL("pictures.json", import.meta.url), "utf8"),
).pictures;
const bytesOf = ({ base64 }: Kept): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));

/** The largest difference of two lists of bytes. */
const apart = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

describe("a picture", () => {
  it.each(Object.entries(kept))("%s has the pixels that Pillow reads", async (name, file) => {
    const { rows, columns, colours } = await pictureOf(bytesOf(file), name);
    expect([rows, columns, 3]).toEqual(file.shape);
    expect(colours.length).toBe(file.pixels.length);
    // Decoders of JPEG may differ by the rounding of the cosine transform and of the change of colours.
    // Colours that were stored in half the size are spread smoothly by Pillow and by copies here.
    const bound = name === "subsampled.jpg" ? 20 : name.endsWith(".jpg") ? 3 : 0;
    expect(apart(colours, file.pixels)).toBeLessThanOrEqual(bound);
    expect(isGrey({ rows, columns, colours })).toBe(/^(grey|bits|deep)/.test(name));
  });

  it("is resized to the means of areas, as Pillow's BOX does, and has Pillow's luma", async () => {
    const file = kept["smooth.png"];
    const picture = await pictureOf(bytesOf(file), "smooth.png");
    expect(apart(resized(picture, 4, 8).colours, file.box!)).toBeLessThanOrEqual(1);
    expect(apart(greyOf(picture), file.luma!)).toBeLessThanOrEqual(1);
  });

  it("keeps its mean when it is resized, and a constant stays the same", () => {
    const side = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        fc.integer({ min: 0, max: 255 }),
        (rows, columns, toRows, toColumns, value) => {
          const even = resized(
            { rows, columns, colours: new Uint8Array(3 * rows * columns).fill(value) },
            toRows,
            toColumns,
          );
          expect(new Set(even.colours)).toEqual(new Set([value]));
          const colours = Uint8Array.from({ length: 3 * rows * columns }, (_, i) => (i * 37) % 256);
          const mean = (list: Uint8Array): number => list.reduce((sum, x) => sum + x, 0) / list.length;
          const small = resized({ rows, columns, colours }, toRows, toColumns);
          expect(Math.abs(mean(small.colours) - mean(colours))).toBeLessThanOrEqual(0.5 + 1e-9);
        },
      ),
    );
  });

  it("is refused with the file's name where its bytes are damaged or of another kind", async () => {
    for (const name of ["rgb.png", "palette-16.png", "colour.jpg", "progressive.jpg"]) {
      const whole = bytesOf(kept[name]);
      for (const cut of [4, 20, whole.length >> 1]) {
        const error = await pictureOf(whole.subarray(0, cut), "cut.png").then(
          () => undefined,
          (cause: unknown) => cause,
        );
        expect(error, `${name} at ${cut}`).toBeInstanceOf(InputError);
        expect((error as Error).message).toMatch(/^\[picture\] cut\.png .*\. .+\.$/);
      }
    }
    await expect(pictureOf(new TextEncoder().encode("GIF89a"), "a.gif")).rejects.toThrow(
      "[picture] a.gif is neither PNG nor JPEG. Convert it to one of them, or take it out of the folder.",
    );
    const huge = bytesOf(kept["rgb.png"]).slice();
    new DataView(huge.buffer).setUint32(16, 100_000);
    new DataView(huge.buffer).setUint32(20, 100_000);
    await expect(pictureOf(huge, "huge.png")).rejects.toThrow("says that it has 10000000000 pixels");
  });

  it("either is read or refused with an InputError, whatever bytes of it change", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("rgba.png", "palette-4.png", "key.png", "colour.jpg", "progressive.jpg"),
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4, size: "max" }),
        async (name, changes) => {
          const bytes = bytesOf(kept[name]).slice();
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const outcome = await pictureOf(bytes, name).catch((error: unknown) => error);
          const read = typeof outcome === "object" && outcome !== null && "colours" in outcome;
          expect(read || outcome instanceof InputError).toBe(true);
          if (!read) expect((outcome as Error).message).not.toMatch(/[\s:.]\)\. /);
        },
      ),
      { numRuns: 300 },
    );
  });
});
