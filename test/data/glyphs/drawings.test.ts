// Characters of one's own: drawn like the built-in ones, the same bytes for the same strokes, and nothing odd is taken.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawings, rotated } from "../../../src/data/index.js";
import { InputError } from "../../../src/index.js";

const cross = {
  name: "cross",
  strokes: [
    [0, 0, 1, 1],
    [0, 1, 1, 0],
  ],
};
const bar = { name: "bar", strokes: [[0, 0, 0, 5]] };

describe("drawings", () => {
  it("are images of 28 x 28 with ink inside the margin, one class for each", () => {
    const set = drawings([cross, bar], { perClass: 30 });
    expect(set).toMatchObject({ classes: 2, rows: 28, columns: 28, channels: 1, classNames: ["cross", "bar"] });
    expect(set.byClass.map(({ length }) => length)).toEqual([30, 30]);
    for (let i = 0; i < 60; i++) {
      const image = Uint8Array.from(set.images.subarray(i * 784, (i + 1) * 784));
      const ink = image.reduce((sum, x) => sum + x, 0) / 255 / 784;
      expect(ink).toBeGreaterThan(0.03);
      expect(ink).toBeLessThan(0.4);
      const edge = image.filter((_, p) => p < 28 || p >= 756 || p % 28 === 0 || p % 28 === 27);
      expect(Math.max(...edge)).toBe(0);
    }
    expect(rotated(set, 1).images).not.toEqual(set.images);
  });

  it("depend on seed, place, strokes and number of the image alone", () => {
    const few = drawings([cross, bar], { seed: 3, perClass: 2 });
    const many = drawings([cross, bar, cross], { seed: 3, perClass: 5 });
    expect(many.images.subarray(0, 2 * 784)).toEqual(few.images.subarray(0, 2 * 784));
    expect(many.images.subarray(5 * 784, 7 * 784)).toEqual(few.images.subarray(2 * 784));
    expect(drawings([cross], { seed: 4, perClass: 2 }).images).not.toEqual(few.images.subarray(0, 2 * 784));
  });

  it("do not change when a drawing is moved or scaled by a power of two", () => {
    fc.assert(
      fc.property(fc.integer({ min: -8, max: 8 }), fc.integer({ min: -64, max: 64 }), (power, by) => {
        const strokes = cross.strokes.map((stroke) => stroke.map((x) => x * 2 ** power + by));
        expect(drawings([{ name: "other", strokes }], { perClass: 1 }).images).toEqual(
          drawings([cross], { perClass: 1 }).images,
        );
      }),
    );
  });

  it("may be a single dot", () => {
    const { images } = drawings([{ name: "dot", strokes: [[3, 4]] }], { perClass: 1 });
    expect([...images].filter((x) => x > 128).length).toBeGreaterThan(1);
  });

  it.each([
    [[], /no drawing/],
    [[{ name: "a", strokes: [] }], /a has no strokes/],
    [[{ name: "a", strokes: [[1, 2, 3]] }], /a has 3 numbers/],
    [[{ name: "a", strokes: [[1, Number.NaN]] }], /NaN/],
    [[{ name: "a", strokes: [Array.from({ length: 20_002 }, () => 1)] }], /10001 points/],
  ])("are refused in a sentence: %#", (given, sentence) => {
    expect(() => drawings(given)).toThrow(sentence);
    expect(() => drawings(given)).toThrow(InputError);
  });
});
