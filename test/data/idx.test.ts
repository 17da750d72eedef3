import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { gunzip, idxDataset, isGzip, readIdx } from "../../src/data/index.js";
import { idx, smallSet } from "./fixtures.js";

describe("readIdx", () => {
  it("reads back what was written, at any rank and at any offset in its buffer", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }), fc.nat(9), (shape, before) => {
        const count = shape.reduce((product, size) => product * size, 1);
        const elements = Array.from({ length: count }, (_, i) => (i * 37) % 256);
        const written = idx(shape, elements);
        const buffer = new Uint8Array(before + written.length);
        buffer.set(written, before);
        const { shape: read, data } = readIdx(buffer.subarray(before));
        expect(read).toEqual(shape);
        expect([...data]).toEqual(elements);
      }),
    );
  });

  it("refuses every strict beginning of a file, and a file with more after it", () => {
    const whole = idx([2, 3], [1, 2, 3, 4, 5, 6]);
    for (let length = 0; length < whole.length; length++) {
      expect(() => readIdx(whole.subarray(0, length), "f")).toThrow(InputError);
    }
    expect(() => readIdx(whole.subarray(0, 15), "f")).toThrow(
      "f: cut short, with 3 bytes of data where [2, 3] needs 6",
    );
    expect(() => readIdx(Uint8Array.of(...whole, 7), "f")).toThrow(/longer than its header says/);
  });

  it.each([
    ["an empty file", new Uint8Array(0), /f: empty/],
    ["a picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2), /opens with 89 50 4e 47/],
    ["gzip that nobody decompressed", gzipSync(idx([1], [1])), /opens with 1f 8b/],
    ["an unknown type", idx([1], [1], 7), /not an IDX file/],
    ["rank 0", idx([], []), /not an IDX file/],
    ["floats", idx([1], [0, 0, 0, 0], 13), /32-bit floats.*Convert/],
    ["a size that no file has", idx([0xffffffff, 0xffffffff, 0xffffffff], []), /cut short/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readIdx(bytes, "f")).toThrow(InputError);
    expect(() => readIdx(bytes, "f")).toThrow(message);
  });
});

describe("gunzip", () => {
  it("gives back what gzip packed", async () => {
    const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) % 251);
    expect(isGzip(bytes)).toBe(false);
    expect(isGzip(gzipSync(bytes))).toBe(true);
    expect(Buffer.compare(await gunzip(gzipSync(bytes)), bytes)).toBe(0);
  });

  it("says in one sentence that a file is not gzip, cut short or damaged", async () => {
    await expect(gunzip(Uint8Array.of(80, 75, 3, 4), "a.gz")).rejects.toThrow(
      /a\.gz: not gzip, since it opens with 50 4b/,
    );
    await expect(gunzip(new Uint8Array(0), "a.gz")).rejects.toThrow(/a\.gz: 0 bytes long/);
    const packed = gzipSync(Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251));
    for (const length of [2, 9, 10, 200, packed.length - 9, packed.length - 1]) {
      const attempt = gunzip(packed.subarray(0, length), "a.gz");
      await expect(attempt).rejects.toThrow(InputError);
      await expect(attempt).rejects.toThrow(/a\.gz: the gzip data is cut short or damaged/);
    }
    const damaged = Uint8Array.from(packed);
    damaged[packed.length - 6] ^= 1; // in the checksum
    await expect(gunzip(damaged, "a.gz")).rejects.toThrow(/damaged/);
  });
});

describe("idxDataset", () => {
  it("joins images and labels", () => {
    const { images, labels } = smallSet([1, 0, 1]);
    const data = idxDataset("small", images, labels);
    expect(data).toMatchObject({ name: "small", classes: 2, rows: 2, columns: 3 });
    expect([...data.byClass[1]]).toEqual([0, 2]);
    expect(data.images[6 * 2 + 5]).toBe(17);
  });

  it.each([
    ["counts that differ", () => idxDataset("s", smallSet([1, 2]).images, smallSet([1]).labels), /2 images.*1 labels/],
    ["exchanged files", () => idxDataset("s", smallSet([1]).labels, smallSet([1]).images), /images of s: rank 1/],
    ["labels of rank 3", () => idxDataset("s", smallSet([1]).images, smallSet([1]).images), /labels of s: rank 3/],
    ["no image at all", () => idxDataset("s", smallSet([]).images, smallSet([]).labels), /s holds no image/],
  ])("refuses %s", (_, make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });
});
