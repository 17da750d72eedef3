// Rotated images.
import { describe, expect, it } from "vitest";
import { dataset, rotated } from "../../src/data/index.js";

const image = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9], (value) => 10 * value);
const one = dataset("one", image, [0], 3, 3);

describe("rotated", () => {
  it("turns by quarters exactly, anticlockwise, and by nothing not at all", () => {
    expect([...rotated(one, 0).images]).toEqual([...image]);
    expect([...rotated(one, 90).images]).toEqual([3, 6, 9, 2, 5, 8, 1, 4, 7].map((v) => 10 * v));
    expect([...rotated(one, 180).images]).toEqual([...image].reverse());
  });

  it("interpolates, keeps the middle and fills with background", () => {
    const turned = rotated(one, 45).images;
    expect(turned[4]).toBe(50);
    expect(turned[0]).toBeLessThan(30); // its source is half outside
    const flat = dataset("flat", new Uint8Array(25).fill(200), [0], 5, 5);
    const inner = rotated(flat, 30).images;
    for (const i of [6, 7, 8, 11, 12, 13, 16, 17, 18]) expect(inner[i]).toBe(200);
  });

  it("takes an angle for each image, and keeps classes", () => {
    const two = dataset("two", Uint8Array.from([...image, ...image]), [1, 0], 3, 3);
    const turned = rotated(two, (i) => 90 * i);
    expect([...turned.images.subarray(0, 9)]).toEqual([...image]);
    expect([...turned.images.subarray(9)]).toEqual([...rotated(one, 90).images]);
    expect(turned.byClass).toEqual(two.byClass);
  });

  it("refuses angles that are no numbers", () => {
    expect(() => rotated(one, Number.NaN)).toThrow("image 0 is to be turned by NaN degrees: give a finite number");
  });
});
