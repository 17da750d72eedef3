// Against zlib, which packs in every way that deflate knows: stored, fixed and own codes, and any window.
import { constants, deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import { crc32, gunzip, isGzip, unpack } from "../../src/io/gzip.js";
import { inflate } from "../../src/io/inflate.js";
import { runs } from "../laws/settings.js";

/** Content with runs, repeats at a distance, and noise. */
const contents = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 300, size: "max" }),
      fc.tuple(fc.nat(255), fc.nat(2000)).map(([byte, count]) => new Uint8Array(count).fill(byte)),
      fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 40, size: "max" }), fc.nat(60)).map(([some, times]) => {
        return Uint8Array.from({ length: some.length * times }, (_, i) => some[i % some.length]);
      }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => Uint8Array.from(Buffer.concat(parts)));

const packings = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(
    constants.Z_DEFAULT_STRATEGY,
    constants.Z_FIXED,
    constants.Z_HUFFMAN_ONLY,
    constants.Z_RLE,
    constants.Z_FILTERED,
  ),
  windowBits: fc.integer({ min: 9, max: 15 }),
});

const large = Uint8Array.from({ length: 200_000 }, (_, i) => (Math.imul(i, i >> 7) >> 3) & 255);

describe("inflate", () => {
  it("unpacks whatever zlib packed, exactly to its last bit", () => {
    fc.assert(
      fc.property(contents, packings, fc.nat(5), fc.nat(5), (content, packing, before, after) => {
        const packed = deflateRawSync(content, packing);
        const held = Buffer.concat([Buffer.alloc(before, 0xff), packed, Buffer.alloc(after, 0xff)]);
        const { data, end, whole } = inflate(held, before, content.length);
        expect(Buffer.compare(data, content)).toBe(0);
        expect([whole, end]).toEqual([true, before + packed.length]);
      }),
      runs(500),
    );
    for (const level of [0, 1, 6, 9]) {
      expect(Buffer.compare(inflate(deflateRawSync(large, { level }), 0, 1e6).data, large)).toBe(0);
    }
  });

  it("stops at its limit, with as much as the limit allows", () => {
    fc.assert(
      fc.property(contents, packings, fc.double({ min: 0, max: 1, noNaN: true }), (content, packing, share) => {
        const limit = Math.floor(share * content.length);
        const { data, whole } = inflate(deflateRawSync(content, packing), 0, limit);
        expect(Buffer.compare(data, content.subarray(0, limit))).toBe(0);
        expect(whole).toBe(limit === content.length);
      }),
      runs(500),
    );
  });

  it("refuses every truncated stream", () => {
    for (const options of [{ level: 0 }, { strategy: constants.Z_FIXED }, {}]) {
      const packed = deflateRawSync(large.subarray(0, 700), options);
      for (let length = 0; length < packed.length; length++) {
        expect(() => inflate(packed.subarray(0, length), 0, 1e6)).toThrow(/^the compressed data are cut short$/);
      }
    }
  });

  it.each([
    ["a block of kind 3", [0b111], "block of no known kind"],
    ["a stored block of two lengths", [1, 2, 0, 0xfd, 0xfe, 0, 0], "block of two lengths"],
    ["a match before the beginning", [0b00000011, 0b00000010, 0, 0], "match before their beginning"],
    ["287 symbols", [0b11110101, 0, 0, 0, 0], "codes of too many symbols"],
    ["31 distances", [0b101, 0b11110, 0, 0, 0], "codes of too many symbols"],
    ["a code of lengths with gaps", [5, 0, 0b100, 0, 0, 0], "code with gaps"],
  ])("says what is wrong with %s", (_, bytes, message) => {
    expect(() => inflate(Uint8Array.from(bytes), 0, 100)).toThrow(InputError);
    expect(() => inflate(Uint8Array.from(bytes), 0, 100)).toThrow(message);
  });
});

describe("gunzip", () => {
  it("joins the content of all members, and skips zeros at the end", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(contents, { minLength: 1, maxLength: 4 }), fc.nat(600), async (members, zeros) => {
        const packed = Buffer.concat([...members.map((content) => gzipSync(content)), Buffer.alloc(zeros)]);
        expect(Buffer.compare(await gunzip(packed), Buffer.concat(members))).toBe(0);
      }),
      runs(100),
    );
  });

  it("reads headers with a name, a comment, more fields and a checksum", async () => {
    const packed = gzipSync("abc");
    const more = [3, 0, 1, 2, 3, ...new TextEncoder().encode("a name\0a comment\0"), 7, 7];
    const header = [...packed.subarray(0, 3), 2 | 4 | 8 | 16, ...packed.subarray(4, 10)];
    const whole = Uint8Array.from([...header, ...more, ...packed.subarray(10)]);
    expect(new TextDecoder().decode(await gunzip(whole))).toBe("abc");
    for (let length = 1; length < whole.length; length++) {
      await expect(gunzip(whole.subarray(0, length))).rejects.toThrow(InputError);
    }
  });

  it("owns its buffer, and takes an ArrayBuffer", async () => {
    const { buffer } = Uint8Array.from(gzipSync(large));
    const content = await gunzip(buffer);
    expect(content.buffer.byteLength).toBe(large.length);
    expect(isGzip(buffer)).toBe(true);
    expect([isGzip(large), isGzip(Uint8Array.of(0x1f)), isGzip(Uint8Array.of(0x1f, 0x8a))]).toEqual([
      false,
      false,
      false,
    ]);
  });

  it("unpacks no more than its limit", async () => {
    const bomb = gzipSync(Buffer.alloc(5e7), { level: 1 });
    expect(unpack(bomb, 1000, "x")).toEqual({ data: new Uint8Array(1000), whole: false });
    const both = Buffer.concat([gzipSync(large), gzipSync(large)]);
    const start = unpack(both, large.length + 10, "x");
    expect([start.data.length, start.whole]).toEqual([large.length + 10, false]);
    expect(start.data.subarray(large.length)).toEqual(large.subarray(0, 10));
    expect(unpack(both, 2 * large.length, "x").whole).toBe(true);
    await expect(gunzip(both, "x.gz", 2 * large.length - 1)).rejects.toThrow(
      "[gunzip] x.gz: holds more than 399999 bytes.",
    );
  });

  it("says in one sentence that a file is not gzip, is cut short, is damaged, or has something else after its end", async () => {
    const refusal = async (bytes: Uint8Array, message: string | RegExp) => {
      await expect(gunzip(bytes, "a.gz")).rejects.toThrow(InputError);
      await expect(gunzip(bytes, "a.gz")).rejects.toThrow(message);
    };
    await refusal(Uint8Array.of(80, 75, 3, 4), "a.gz: not gzip, since it opens with 50 4b");
    await refusal(new Uint8Array(0), "a.gz: 0 bytes long");
    const packed = gzipSync(large.subarray(0, 5000));
    for (const length of [2, 9, 10, 200, packed.length - 9, packed.length - 1]) {
      await refusal(packed.subarray(0, length), "a.gz: the gzip data is cut short or damaged");
    }
    const changed = (at: number, to: number) => Uint8Array.from(packed).fill(to, at, at + 1);
    await refusal(changed(packed.length - 6, packed[packed.length - 6] ^ 1), "the checksum does not fit");
    await refusal(changed(packed.length - 2, packed[packed.length - 2] ^ 1), "the size does not fit");
    await refusal(changed(2, 7), "the header at 0 is of no known kind");
    await refusal(changed(3, 32), "the header at 0 is of no known kind");
    await refusal(
      Buffer.concat([packed, Buffer.from("more")]),
      `more bytes follow it at ${packed.length}, which are not`,
    );
    await refusal(Buffer.concat([packed, Buffer.from([0, 0, 1])]), "which are not gzip");
  });

  it("computes the checksum of gzip", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
    // A gzip file ends with the checksum and the size of its content.
    const checksumIn = (packed: Buffer): number => packed.readUInt32LE(packed.length - 8);
    fc.assert(
      fc.property(contents, (content) => {
        expect(crc32(content)).toBe(checksumIn(gzipSync(content)));
      }),
      runs(100),
    );
    expect(crc32(large)).toBe(checksumIn(gzipSync(large)));
  });
});
