import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../../src/io/index.js";

const sample = {
  w: { shape: [2, 3], data: Float32Array.of(1, -2, 0.5, Number.NaN, Number.POSITIVE_INFINITY, -0) },
  "rule.P.0": { shape: [], data: Int32Array.of(-7) },
  none: { shape: [0, 4], data: new Float32Array(0) },
};

/** A file with this header, as text or as a value, and this many bytes of data. */
function file(header: unknown, dataBytes = 0): Uint8Array {
  const json = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + dataBytes);
  new DataView(bytes.buffer).setUint32(0, json.length, true);
  bytes.set(json, 8);
  return bytes;
}

/** Bytes of a decoded content, so that NaNs compare too. */
const bits = (tensors: Record<string, StoredTensor>): unknown =>
  Object.entries(tensors).map(([name, { shape, data }]) => [
    name,
    shape,
    data.constructor.name,
    [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
  ]);

describe("safetensors", () => {
  it("lays a file out as the format says", () => {
    const bytes = encodeSafetensors(sample, { step: "12" });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
    expect(header).toMatch(/^\{.*\} *$/);
    expect(JSON.parse(header)).toEqual({
      __metadata__: { step: "12" },
      w: { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
      "rule.P.0": { dtype: "I32", shape: [], data_offsets: [24, 28] },
      none: { dtype: "F32", shape: [0, 4], data_offsets: [28, 28] },
    });
    expect(bytes.length).toBe(8 + length + 28);
    expect([...bytes.subarray(8 + length, 12 + length)]).toEqual([0, 0, 0x80, 0x3f]); // 1 in float32, little-endian
  });

  it("takes no more space than the header, padded to a multiple of 8, and the numbers", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 }), fc.nat(5), (name, count) => {
        if (name === "__metadata__") return;
        const bytes = encodeSafetensors({ [name]: { shape: [count], data: new Float32Array(count) } });
        const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
        const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
        expect(length % 8).toBe(0);
        expect(/ *$/.exec(text)?.[0].length).toBeLessThan(8);
        expect(bytes.length).toBe(8 + length + 4 * count);
      }),
      { numRuns: 60 },
    );
  });

  it("reads back what was written: names, order, shapes, types, bits, metadata", () => {
    const names = fc.string({ unit: "grapheme" }).filter((name) => name !== "__metadata__");
    const tensors = fc
      .tuple(fc.array(fc.nat(3), { maxLength: 3 }), fc.boolean(), fc.nat())
      .map(([shape, real, word]) => {
        const words = Int32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.imul(word, i + 1));
        return { shape, data: real ? new Float32Array(words.buffer) : words };
      });
    const own = <T>(value: fc.Arbitrary<T>) =>
      fc.array(fc.tuple(names, value), { maxLength: 5 }).map((list) => Object.fromEntries(list));
    fc.assert(
      fc.property(own(tensors), own(fc.string({ unit: "grapheme" })), (stored, metadata) => {
        const back = decodeSafetensors(encodeSafetensors(stored, metadata));
        expect(bits(back.tensors)).toEqual(bits(stored));
        expect(Object.entries(back.metadata)).toEqual(Object.entries(metadata));
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it("keeps float64, and numbers of another realm", () => {
    const stored = {
      double: { shape: [2], data: Float64Array.of(0.1, 1e300) },
      elsewhere: { shape: [2], data: runInNewContext("new Float32Array([1, 2])") },
    };
    const { tensors, types } = decodeSafetensors(encodeSafetensors(stored));
    expect(types).toEqual({ double: "F64", elsewhere: "F32" });
    expect(tensors.double).toEqual(stored.double);
    expect(tensors.elsewhere).toEqual({ shape: [2], data: Float32Array.of(1, 2) });
    const named = JSON.parse('{"__proto__": 0}');
    Object.defineProperty(named, "__proto__", { value: { shape: [1], data: Int32Array.of(5) } });
    const { buffer } = Uint8Array.from(encodeSafetensors(named));
    expect(Object.entries(decodeSafetensors(buffer).tensors)).toEqual([
      ["__proto__", { shape: [1], data: Int32Array.of(5) }],
    ]);
  });

  it("reads a file at any offset in a buffer, and shares nothing with it", () => {
    const bytes = encodeSafetensors(sample);
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    const plain = decodeSafetensors(larger.subarray(3)).tensors;
    const fromBuffer = decodeSafetensors(Buffer.from(larger.buffer, 3)).tensors;
    larger.fill(0);
    expect(bits(plain)).toEqual(bits(sample));
    expect(bits(fromBuffer)).toEqual(bits(sample));
  });

  it("refuses every truncated file with an InputError", () => {
    const bytes = encodeSafetensors(sample, { step: "12" });
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeSafetensors(bytes.subarray(0, length))).toThrow(InputError);
    }
  });

  it("gives an InputError or complete content if any byte was changed", () => {
    const bytes = encodeSafetensors(sample, { step: "12" });
    for (let at = 0; at < bytes.length; at++) {
      for (const change of [1, 2, 16, 128, 255]) {
        const damaged = bytes.slice();
        damaged[at] ^= change;
        try {
          const { tensors } = decodeSafetensors(damaged);
          for (const { shape, data } of Object.values(tensors))
            expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }
    }
  });

  const f32 = (shape: unknown, data_offsets: unknown, dtype = "F32") => ({ dtype, shape, data_offsets });
  it.each<[string, Uint8Array, string]>([
    ["less than a length", new Uint8Array(5), "has 5 bytes, not even the 8"],
    ["a header beyond the end", file("{}").subarray(0, 9), "says that its header has 2 bytes, but has 1 after"],
    [
      "a length beyond all numbers",
      new Uint8Array(16).fill(255),
      "says that its header has 18446744073709552000 bytes",
    ],
    ["no JSON", file("{'a': 1}"), "has a header that is not JSON"],
    ["no UTF-8", file("{}").map((byte, i) => (i === 8 ? 0xff : byte)), "has a header that is not JSON"],
    ["a list", file([]), "has a header that is no JSON object"],
    ["bad metadata", file({ __metadata__: { a: 1 } }), "has metadata that are not all text"],
    ["no description", file({ a: 3 }), 'says nothing about tensor "a"'],
    [
      "an unknown type",
      file({ a: f32([1], [0, 1], "F8_E4M3") }, 1),
      'has tensor "a" of type "F8_E4M3". Types that can be read are F64, F32,',
    ],
    ["a type of Object's", file({ a: f32([1], [0, 1], "toString") }, 1), 'has tensor "a" of type "toString". Types'],
    [
      "a name twice",
      file('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"\\u0061":{}}'),
      'has a header that has "a" twice',
    ],
    [
      "__proto__ twice",
      file('{"__proto__":{},"__proto__":{}}'),
      'has a header that has "__proto__" twice in one object',
    ],
    [
      "a header that nests",
      file(`{"a":${"[".repeat(1e5)}${"]".repeat(1e5)}}`),
      "has a header that nests more than 100",
    ],
    ["space before the header", file(" {}"), "has a header that is no JSON object"],
    ["a byte-order mark", file("\ufeff{}"), "has a header that is not JSON"],
    ["a negative side", file({ a: f32([-1], [0, 4]) }, 4), 'has tensor "a" of shape [-1]'],
    ["a shape that is no list", file({ a: f32(null, [0, 4]) }, 4), 'has tensor "a" of shape null'],
    ["offsets before the data", file({ a: f32([1], [-4, 0]) }, 4), 'has tensor "a" at [-4,0]'],
    [
      "unsigned numbers beyond int32",
      file({ a: f32([1], [0, 8], "U64") }, 8).map((byte, i, all) => (i < all.length - 8 ? byte : 255)),
      'holds 18446744073709551615 in tensor "a" at [0]',
    ],
    ["backward offsets", file({ a: f32([1], [4, 0]) }, 4), 'has tensor "a" at [4,0]'],
    ["one offset", file({ a: f32([1], [0]) }, 4), 'has tensor "a" at [0]'],
    ["a wrong size", file({ a: f32([3], [0, 8]) }, 8), 'has 8 bytes for tensor "a" of shape [3], which takes 12'],
    ["a huge shape", file({ a: f32([2 ** 40, 2 ** 40], [0, 8]) }, 8), 'has tensor "a" of shape [1099'],
    [
      "a shape of many axes",
      file({ a: f32(new Array(1e5).fill(1), [0, 8]) }, 8),
      'has 8 bytes for tensor "a" of shape [1, 1,',
    ],
    [
      "an overlap",
      file({ a: f32([2], [0, 8]), b: f32([1], [4, 8]) }, 8),
      'has an overlap before tensor "b", at byte 4',
    ],
    ["a hole", file({ a: f32([1], [4, 8]) }, 8), 'has a hole before tensor "a", at byte 4'],
    ["offsets outside", file({ a: f32([2], [0, 8]) }, 4), "ends after 4 bytes of data; its tensors take 8"],
    ["a byte to spare", file({ a: f32([1], [0, 4]) }, 5), "has 1 byte after its last tensor"],
    ["bytes to spare", file({ a: f32([1], [0, 4]) }, 7), "has 3 bytes after its last tensor"],
  ])("names %s", (_, bytes, message) => {
    expect(() => decodeSafetensors(bytes, "x.safetensors")).toThrow(InputError);
    expect(() => decodeSafetensors(bytes, "x.safetensors")).toThrow(`[safetensors] x.safetensors ${message}`);
  });

  it("refuses to write what could not be read back", () => {
    const one = { shape: [2], data: new Float32Array(3) };
    expect(() => encodeSafetensors({ "a\ud800": { ...one, shape: [3] } })).toThrow('"a\\ud800" cannot be a tensor');
    expect(() => encodeSafetensors({ one: { shape: [2], data: [1, 2] as never } })).toThrow(
      '"one" has its numbers in [1,2]. Pass a Float32Array, Float64Array or Int32Array.',
    );
    expect(() => encodeSafetensors({ one: { shape: [2], data: new Uint8Array(2) as never } })).toThrow(
      "in a Uint8Array",
    );
    expect(() => encodeSafetensors({ one: { shape: [0.5, 6], data: new Float32Array(3) } })).toThrow(
      "for shape [0.5, 6]",
    );
    expect(() => encodeSafetensors({}, { step: 3 as never })).toThrow(
      'the metadata "step" is 3, not text. Pass a string.',
    );
    expect(() => encodeSafetensors({}, { step: "\udc00" })).toThrow('the metadata "step" holds half of a character');
    expect(() => encodeSafetensors({ one })).toThrow('"one" has 3 numbers for shape [2]');
    expect(() => encodeSafetensors({ __metadata__: { ...one, shape: [3] } })).toThrow("cannot be a tensor's name");
  });
});
