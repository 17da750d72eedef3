import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/core/errors.js";
import { idxDataset, readIdx } from "../../src/data/index.js";
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

  it("reads sizes of more than two bytes", () => {
    expect(readIdx(idx([1, 70_000], new Uint8Array(70_000))).shape).toEqual([1, 70_000]);
  });

  it("refuses every truncated file, and a file with something after its end", () => {
    const whole = idx([2, 3], [1, 2, 3, 4, 5, 6]);
    for (let length = 0; length < whole.length; length++) {
      expect(() => readIdx(whole.subarray(0, length), "f")).toThrow(InputError);
    }
    expect(() => readIdx(whole.subarray(0, 15), "f")).toThrow(
      "f: cut short, with 3 bytes of data where [2, 3] needs 6",
    );
    expect(() => readIdx(Uint8Array.of(...whole, 7), "f")).toThrow(/longer than its header says/);
  });

  it("says of each file that is no IDX file why: too short for a header, or what it opens with", () => {
    for (let length = 1; length < 4; length++) {
      const start = Uint8Array.of(0, 0, 8).subarray(0, length);
      expect(() => readIdx(start, "f")).toThrow(`f: ${length} bytes cannot hold an IDX header`);
    }
    const known = [8, 9, 11, 12, 13, 14];
    fc.assert(
      fc.property(fc.tuple(...[1, 1, 20, 3].map((max) => fc.nat(max))), ([zero, zeroToo, type, rank]) => {
        const whole = Uint8Array.from(idx(new Array(rank).fill(1), [5], type));
        whole.set([zero, zeroToo]);
        const opening = [zero, zeroToo, type, rank].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
        const good = zero === 0 && zeroToo === 0 && known.includes(type) && rank > 0;
        if (good && type === 8) return void expect(readIdx(whole).data).toEqual(Uint8Array.of(5));
        expect(() => readIdx(whole, "f")).toThrow(
          good ? /^\[readIdx\] f: an IDX file of .* Convert/ : `f: not an IDX file, since it opens with ${opening}.`,
        );
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["an empty file", new Uint8Array(0), /f: empty/],
    ["a picture", Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 1, 2), /opens with 89 50 4e 47/],
    ["gzip of something else", gzipSync("text"), /opens with 74 65 78 74/],
    ["an unknown type", idx([1], [1], 7), /not an IDX file/],
    ["rank 0", idx([], []), /not an IDX file/],
    ["floats", idx([1], [0, 0, 0, 0], 13), /32-bit floats.*Convert/],
    ["a size that no file has", idx([0xffffffff, 0xffffffff, 0xffffffff], []), /cut short/],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => readIdx(bytes, "f")).toThrow(InputError);
    expect(() => readIdx(bytes, "f")).toThrow(message);
  });
});

describe("readIdx of packed files", () => {
  it("reads the same from gzip as from plain bytes, with any members", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 3 }), fc.nat(400), (shape, cut) => {
        const count = shape.reduce((product, size) => product * size, 1);
        const written = idx(
          shape,
          new Uint8Array(count).map((_, i) => i),
        );
        const at = Math.min(cut, written.length);
        const packed = Buffer.concat([gzipSync(written.subarray(0, at)), gzipSync(written.subarray(at))]);
        expect(readIdx(packed)).toEqual(readIdx(written));
        const { buffer } = Uint8Array.from(packed);
        expect(readIdx(buffer)).toEqual(readIdx(written));
      }),
    );
  });

  it("unpacks no more than the header says there is", () => {
    const bomb = new Uint8Array(5e7);
    bomb.set(idx([3, 2, 2], []));
    const packed = gzipSync(bomb, { level: 1 });
    const before = process.memoryUsage().arrayBuffers;
    expect(() => readIdx(packed, "f")).toThrow(
      "f: longer than its header says: [3, 2, 2] needs 12 bytes of data. Give a file",
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5e6);
    const claim = gzipSync(idx([0xffff, 0xffff, 4], []));
    expect(() => readIdx(claim, "f")).toThrow(/f: cut short: .* which \d+ bytes of gzip cannot hold/);
    expect(() => readIdx(gzipSync(idx([3, 2, 2], [1, 2, 3])), "f")).toThrow(
      "cut short, with 3 bytes of data where [3, 2, 2] needs 12.",
    );
    expect(() => readIdx(gzipSync(idx([1], [1, 2])), "f")).toThrow("longer than its header says");
  });

  it("says what is wrong with the gzip data", () => {
    const packed = gzipSync(
      idx(
        [5000],
        new Uint8Array(5000).map((_, i) => i * i),
      ),
    );
    expect(() => readIdx(packed.subarray(0, 100), "f")).toThrow(InputError);
    packed[packed.length - 6] ^= 1;
    expect(() => readIdx(packed, "f")).toThrow("[gunzip] f: the gzip data is cut short or damaged");
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
