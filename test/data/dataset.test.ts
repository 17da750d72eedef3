import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { dataset } from "../../src/data/index.js";

describe("dataset", () => {
  it("groups images by label in file order", () => {
    const data = dataset("d", new Uint8Array(6), [2, 0, 2, 0, 0, 2], 1, 1);
    expect(data.classes).toBe(3);
    expect(data.byClass.map((own) => [...own])).toEqual([[1, 3, 4], [], [0, 2, 5]]);
  });

  it("takes images and labels in any kind of array, from any realm", () => {
    const expected = dataset("d", Uint8Array.of(1, 2, 3), [2, 0, 2], 1, 1);
    const elsewhere = (code: string) => runInNewContext(code);
    expect(dataset("d", Uint8Array.of(1, 2, 3).buffer, [2n, 0n, 2n], 1, 1)).toEqual(expected);
    expect(dataset("d", Uint8ClampedArray.of(1, 2, 3), BigInt64Array.of(2n, 0n, 2n), 1, 1)).toEqual(expected);
    const [images, labels] = [elsewhere("new Uint8Array([1, 2, 3])"), elsewhere("new Int32Array([2, 0, 2])")];
    expect(dataset("d", images, labels, 1, 1)).toEqual(expected);
  });

  it("shares the images' memory", () => {
    const images = Uint8Array.of(1, 2);
    const data = dataset("d", images, [0, 1], 1, 1);
    images[1] = 9;
    expect(data.images[1]).toBe(9);
  });

  it.each([
    [
      "other numbers",
      new Float64Array(2),
      [0, 1],
      "images are bytes from 0 to 255 or a Float32Array, not a Float64Array. Pass one of these.",
    ],
    ["numbers in an array", [0, 1], [0, 1], "[0,1] is not the bytes of a file. Pass `Uint8Array.from(numbers)`."],
    ["no labels", new Uint8Array(2), undefined, "undefined is no list of labels"],
    ["null for labels", new Uint8Array(2), null, "null is no list of labels"],
    ["a set of labels", new Uint8Array(2), new Set([1]), "a Set is no list of labels"],
  ])("names %s", (_, images, labels, message) => {
    expect(() => dataset("d", images as never, labels as never, 1, 1)).toThrow(TypeError);
    expect(() => dataset("d", images as never, labels as never, 1, 1)).toThrow(message);
  });

  it("takes the largest label, 65535", () => {
    const data = dataset("d", new Uint8Array(2), [65535, 0], 1, 1);
    expect([data.classes, ...data.byClass[65535]]).toEqual([65536, 0]);
  });

  it.each([
    ["no image", () => dataset("d", new Uint8Array(0), [], 2, 2), /holds no image/],
    ["a side of 0", () => dataset("d", new Uint8Array(0), [1], 0, 2), /0 x 2 pixels/],
    ["too few bytes", () => dataset("d", new Uint8Array(7), [1, 2], 2, 2), /need 8 numbers, not 7/],
    ["a label below 0", () => dataset("d", new Uint8Array(2), [0, -1], 1, 1), /label 1 is -1/],
    ["a label that is no class", () => dataset("d", new Uint8Array(1), [65536], 1, 1), /0 to 65535/],
    [
      "a label that int32 cannot hold",
      () => dataset("d", new Uint8Array(2), [0n, 2n ** 31n], 1, 1),
      /label 1 is 2147483648n/,
    ],
    ["a label that is a digit's text", () => dataset("d", new Uint8Array(1), ["1"] as never, 1, 1), /label 0 is "1"/],
    ["a width of 0", () => dataset("d", new Uint8Array(0), [1], 2, 0), /2 x 0 pixels/],
    ["half a side", () => dataset("d", new Uint8Array(3), [1], 2, 1.5), /2 x 1.5 pixels/],
    ["too many bytes", () => dataset("d", new Uint8Array(9), [1, 2], 2, 2), /need 8 numbers, not 9/],
    [
      "a float that is missing",
      () => dataset("d", Float32Array.of(0, Number.NaN), [0, 1], 1, 1),
      /number 1 of the images is NaN/,
    ],
    ["half a label", () => dataset("d", new Uint8Array(1), [0.5], 1, 1), /label 0 is 0.5/],
  ])("refuses %s", (_, make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });
});
