// Against files that the safetensors library itself wrote; see safetensors-files.py beside this file.
import { readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import {
  type ByteSource,
  decodeSafetensors,
  encodeSafetensors,
  type OpenFile,
  openSafetensors,
  type StoredNumbers,
} from "../../src/io/index.js";

const path = (name: string): string => fileURLToPath(new URL(`./safetensors/${name}.safetensors`, import.meta.url));
const file = (name: string): Uint8Array => readFileSync(path(name));

const float64 = [0.5, -0, 1 / 3, 1e-7, Infinity, -Infinity, 60000, Number.NaN];
const int32 = [-2147483648, 2147483647];
const integers: Record<string, [string, number, number]> = {
  int8: ["I8", -128, 127],
  uint8: ["U8", 0, 255],
  int16: ["I16", -32768, 32767],
  uint16: ["U16", 0, 65535],
  int32: ["I32", int32[0], int32[1]],
  uint32: ["U32", 0, int32[1]],
  int64: ["I64", int32[0], int32[1]],
  uint64: ["U64", 0, int32[1]],
};

describe("decodeSafetensors", () => {
  it("reads every type in the library's file, and says which it was", () => {
    const { tensors, types, metadata } = decodeSafetensors(file("all"));
    // The nearest half floats to 1/3 and 1e-7.
    const halves = float64.map((x) => (x === 1 / 3 ? 0.333251953125 : x === 1e-7 ? 2 ** -23 : x));
    const others: [string, string, number[], StoredNumbers][] = [
      ["float64", "F64", [2, 4], Float64Array.from(float64)],
      ["float32", "F32", [2, 4], Float32Array.from(float64)],
      ["float16", "F16", [2, 4], Float32Array.from(halves)],
      ["bool", "BOOL", [2, 1], Int32Array.of(1, 0)],
      ["scalar", "I64", [], Int32Array.of(7)],
      ["empty", "F32", [0, 3], new Float32Array()],
    ];
    for (const [name, [dtype, least, most]] of Object.entries(integers)) {
      others.push([name, dtype, [4], Int32Array.of(0, 1, least, most)]);
    }
    expect(Object.keys(tensors)).toHaveLength(others.length);
    for (const [name, dtype, shape, data] of others) {
      expect([types[name], tensors[name]], name).toEqual([dtype, { shape, data }]);
    }
    expect(metadata).toEqual({ by: "safetensors", ü: "ö" });
    const bf16 = decodeSafetensors(file("bf16"));
    expect(bf16.types).toEqual({ half: "BF16" });
    expect(bf16.tensors.half).toEqual({ shape: [4], data: Float32Array.of(1.5, -2, 0.099609375, Infinity) });
  });

  it("gives the position of a number that int32 cannot hold", () => {
    expect(() => decodeSafetensors(file("large"), "x")).toThrow(InputError);
    expect(() => decodeSafetensors(file("large"), "x")).toThrow(
      '[safetensors] x holds 2147483648 in tensor "w" at [1, 1], which int32 cannot hold. Save it as floats.',
    );
  });
});

describe("openSafetensors", () => {
  /** The file as a source that notes which bytes were read. */
  const noting = (bytes: Uint8Array) => {
    const parts: [number, number][] = [];
    const read: ByteSource["read"] = async (start, stop) => {
      parts.push([start, stop]);
      return bytes.subarray(start, stop);
    };
    return { parts, source: { size: bytes.length, read } };
  };

  it("gives the same for a file, a Blob or any other source as reading all of it", async () => {
    const bytes = file("all");
    const all = decodeSafetensors(bytes);
    const handle = await open(path("all"));
    try {
      for (const from of [handle, new Blob([Uint8Array.from(bytes)]), noting(bytes).source]) {
        const opened = await openSafetensors(from);
        expect(opened.names).toEqual(Object.keys(all.tensors));
        expect(opened.metadata).toEqual(all.metadata);
        for (const name of opened.names) {
          expect(opened.about(name)).toEqual({ dtype: all.types[name], shape: all.tensors[name].shape });
          expect(await opened.read(name)).toEqual(all.tensors[name]);
        }
      }
    } finally {
      await handle.close();
    }
  });

  it("reads only the header and the requested tensor", async () => {
    const bytes = encodeSafetensors({
      a: { shape: [1000], data: new Float32Array(1000) },
      b: { shape: [2], data: Int32Array.of(3, 4) },
      c: { shape: [1000], data: new Float32Array(1000) },
    });
    const { parts, source } = noting(bytes);
    const opened = await openSafetensors(source);
    expect([...(await opened.read("b")).data]).toEqual([3, 4]);
    const header = bytes.length - 8008;
    expect(parts).toEqual([
      [0, 8],
      [0, header],
      [header + 4000, header + 4008],
    ]);
  });

  it("keeps reading if a file returns less than requested", async () => {
    const bytes = file("all");
    const piecewise: OpenFile = {
      stat: async () => ({ size: bytes.length }),
      read: async (buffer, offset, length, position) => {
        const part = bytes.subarray(position, position + Math.min(length, 7));
        buffer.set(part, offset);
        return { bytesRead: part.length };
      },
    };
    const opened = await openSafetensors(piecewise);
    expect(await opened.read("float64")).toEqual(decodeSafetensors(bytes).tensors.float64);
  });

  it("refuses a header beyond the format's limit before reading it", async () => {
    const first = new Uint8Array(8);
    new DataView(first.buffer).setUint32(0, 100_000_008, true);
    const parts: number[] = [];
    const read = async (_: number, stop: number) => {
      parts.push(stop);
      return first;
    };
    await expect(openSafetensors({ size: 2e8, read }, "x")).rejects.toThrow(
      "x has a header of 100000008 bytes; the format allows 100000000.",
    );
    expect(parts).toEqual([8]);
  });

  it("names a missing tensor, a source that ends early, and something that is not a source", async () => {
    const bytes = file("bf16");
    const opened = await openSafetensors(noting(bytes).source, "x");
    expect(() => opened.about("w")).toThrow('[safetensors] x has no tensor "w". Ask for one of `names`.');
    await expect(opened.read("toString")).rejects.toThrow(InputError);
    const short = { size: bytes.length, read: async (start: number) => bytes.subarray(start, start + 3) };
    await expect(openSafetensors(short, "x")).rejects.toThrow("x gave 3 bytes where 8 were asked for");
    await expect(openSafetensors(new Blob([]), "x")).rejects.toThrow("x has 0 bytes, not even the 8");
    await expect(openSafetensors(path("all") as never)).rejects.toThrow(TypeError);
    await expect(openSafetensors(noting(bytes.subarray(0, bytes.length - 1)).source)).rejects.toThrow(
      "ends after 7 bytes",
    );
  });
});
