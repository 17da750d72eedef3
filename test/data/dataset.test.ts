import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { dataset } from "../../src/data/index.js";

describe("dataset", () => {
  it("groups images by label in file order", () => {
    const data = dataset("d", new Uint8Array(6), [2, 0, 2, 0, 0, 2], 1, 1);
    expect(data.classes).toBe(3);
    expect(data.byClass.map((own) => [...own])).toEqual([[1, 3, 4], [], [0, 2, 5]]);
  });

  it.each([
    ["no image", () => dataset("d", new Uint8Array(0), [], 2, 2), /holds no image/],
    ["a side of 0", () => dataset("d", new Uint8Array(0), [1], 0, 2), /0 x 2 pixels/],
    ["too few bytes", () => dataset("d", new Uint8Array(7), [1, 2], 2, 2), /need 8 bytes, not 7/],
    ["a label below 0", () => dataset("d", new Uint8Array(2), [0, -1], 1, 1), /label 1 is -1/],
    ["a label that is no class", () => dataset("d", new Uint8Array(1), [65536], 1, 1), /0 to 65535/],
    ["half a label", () => dataset("d", new Uint8Array(1), [0.5], 1, 1), /label 0 is 0.5/],
  ])("refuses %s", (_, make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });
});
