// Against files that NumPy itself wrote; see npy.py beside this file.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, scope, tensor } from "../../src/index.js";
import { readNpy, writeNpy } from "../../src/io/index.js";
import { runs } from "../laws/settings.js";
import { computed } from "../timing.js";

const file = (name: string): Uint8Array => readFileSync(new URL(`./npy/${name}.npy`, import.meta.url));
const grid = [1.5, -2, 3.25, Math.fround(0.1), -0, Math.fround(1e-3)];

describe("readNpy", () => {
  it.each(["f4", "f4-v2", "f4-v3", "f4-fortran"])("reads %s", (name) => {
    const x = readNpy(file(name));
    expect([x.shape, x.dtype, [...x.data()]]).toEqual([[2, 3], "float32", grid]);
  });

  it.each([
    ["f4-rank3-fortran", [2, 3, 4], "float32", Array.from({ length: 24 }, (_, i) => i)],
    ["f4-scalar", [], "float32", [7.5]],
    ["f4-empty", [0, 3], "float32", []],
    ["f4-special", [5], "float32", [Number.NaN, Infinity, -Infinity, Math.fround(1e-45), Math.fround(3.4028235e38)]],
    ["f8", [4], "float32", [Math.fround(0.1), Math.fround(1 / 3), Infinity, -0]],
    ["i4", [2, 2], "int32", [1, -2, 2147483647, -2147483648]],
    ["i8", [4], "int32", [5, -6, 2147483647, -2147483648]],
    ["u1", [3], "int32", [0, 127, 255]],
  ] as const)("reads %s", (name, shape, dtype, numbers) => {
    const x = readNpy(file(name));
    expect([x.shape, x.dtype, [...x.data()]]).toEqual([[...shape], dtype, [...numbers]]);
  });

  const bounds = { i1: [-128, 127], u1: [0, 255], i2: [-32768, 32767], u2: [0, 65535] };
  const int32 = [-2147483648, 2147483647];
  it.each(["i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8"])("reads %s in either byte order", (kind) => {
    const [least, most] = bounds[kind as "i1"] ?? (kind[0] === "u" ? [0, int32[1]] : int32);
    for (const order of ["little", "big"]) {
      const x = readNpy(file(`${kind}-${order}`));
      expect([x.dtype, ...x.data()]).toEqual(["int32", 0, 1, 100, least, most]);
    }
  });

  it("reads half floats exactly, including special values, and booleans as 0 and 1", () => {
    const halves = [0.0999755859375, -0, 65504, 2 ** -24, 2 ** -14, Infinity, -Infinity, Number.NaN, -1.5];
    for (const order of ["little", "big"]) expect([...readNpy(file(`f2-${order}`)).data()]).toEqual(halves);
    expect([...readNpy(file("f8-big")).data()]).toEqual([Math.fround(0.1), Math.fround(1 / 3), Infinity]);
    expect(readNpy(file("b1")).toArray()).toEqual([
      [1, 0],
      [0, 1],
      [1, 1],
    ]);
    expect(readNpy(file("i4-fortran-big")).toArray()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect([...readNpy(file("f4-big-endian")).data()]).toEqual(grid);
  });

  it("accepts an ArrayBuffer, and gives the cure if it gets a path", () => {
    const { buffer } = Uint8Array.from(file("f4"));
    expect([...readNpy(buffer).data()]).toEqual(grid);
    expect(() => readNpy("x.npy" as never)).toThrow(
      '[readNpy] "x.npy" is not the bytes of a file. Pass what is in the file',
    );
  });

  it("reads a file at any offset in a buffer", () => {
    const bytes = file("f8");
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(readNpy(larger.subarray(3)).data()).toEqual(readNpy(bytes).data());
  });

  it.each([
    ["i8-large", "[npy] x.npy holds 2147483648 at [1], which int32 cannot. Save it as floats or as smaller integers."],
    ["u4-large", "[npy] x.npy holds 4294967295 at [1, 1], which int32 cannot."],
    ["u8-large-fortran", "[npy] x.npy holds 9223372036854775808 at [1, 0], which int32 cannot."],
    ["c8", "holds elements of type <c8. Booleans, integers and floats of 2, 4 and 8 bytes are read: convert it"],
    ["structured", "holds elements of type [('a', '<i4'), ('b', '<f4')]"],
  ])("refuses %s", (name, message) => {
    expect(() => readNpy(file(name), "x.npy")).toThrow(message);
    expect(() => readNpy(file(name))).toThrow(InputError);
  });

  it("refuses every file that is truncated or has extra bytes, with an InputError", () => {
    const bytes = file("f4");
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readNpy(bytes.subarray(0, length))).toThrow(InputError);
    }
    expect(() => readNpy(Uint8Array.of(...bytes, 0))).toThrow("has 25 bytes of data for [2, 3] of <f4");
  });

  it("fails only with an InputError, whichever byte is wrong", () => {
    const bytes = file("f4-fortran");
    let [read, refused] = [0, 0];
    fc.assert(
      fc.property(fc.nat(127), fc.nat(255), (at, value) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = value;
        try {
          scope(() => void readNpy(changed));
          read++;
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          refused++;
        }
      }),
      runs(1000),
    );
    // The header is filled up with some 60 spaces, of which one that turns into another space changes nothing.
    expect(refused).toBeGreaterThan(900);
    expect(read).toBeGreaterThan(0);
  });

  it("says what is wrong with a version and a rank", () => {
    for (const [major, minor] of [
      [0, 0],
      [4, 0],
      [1, 1],
      [3, 1],
    ]) {
      const other = Uint8Array.from(file("f4"));
      other.set([major, minor], 6);
      const message = `is of version ${major}.${minor}. Versions 1.0, 2.0 and 3.0 are read`;
      expect(() => readNpy(other)).toThrow(message);
    }
    const deep = Buffer.from(
      Buffer.from(file("f4")).toString("latin1").replace("(2, 3), }               ", "(1, 1, 1, 1, 1, 2, 3), }"),
      "latin1",
    );
    expect(() => readNpy(deep)).toThrow("has 7 axes. A tensor has at most 6: reshape it in NumPy.");
  });
});

describe("the header of a .npy file", () => {
  /** A file of version 2 with this header and this many bytes of data. */
  const headed = (header: string, data = 24): Uint8Array => {
    const text = new TextEncoder().encode(header);
    const bytes = new Uint8Array(12 + text.length + data);
    bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 2, 0]);
    new DataView(bytes.buffer).setUint32(8, text.length, true);
    bytes.set(text, 12);
    return bytes;
  };
  const good = "'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)";

  it.each([
    `{${good}}`,
    `{${good}, }  \n`,
    `{"descr":"<f4","fortran_order":True,"shape":(2L,3L,),}`,
    `\t{ ${good},\n'more' : [('a{', 'b'), (1,)], 'word': None }`,
  ])("is read as %j", (header) => expect(readNpy(headed(header)).shape).toEqual([2, 3]));

  it.each([
    ["no dictionary", "['descr']", "has a header that is no dictionary"],
    ["no comma", "{'descr': '<f4' 'shape': ()}", "has a header that is no dictionary"],
    ["a key that is no text", "{descr: '<f4'}", "has a header that is no dictionary"],
    ["no end", `{${good}`, "has a header that is no dictionary"],
    ["a text without end", "{'descr", "has a header that is cut short"],
    ["a list without end", "{'descr': [('a', '<f4'}", "has a header that is cut short"],
    ["more than a dictionary", `{${good}} {}`, "has a header that goes on after its dictionary"],
    ["a name twice", `{${good}, 'shape': (6,)}`, "has shape twice in its header"],
    ["no type", "{'fortran_order': False, 'shape': (6,)}", "has no descr in its header"],
    ["an order that is none", "{'descr': '<f4', 'fortran_order': 0, 'shape': (6,)}", "has no fortran_order"],
    ["a shape that is a list", "{'descr': '<f4', 'fortran_order': False, 'shape': [6]}", "has no shape"],
    ["a negative size", "{'descr': '<f4', 'fortran_order': False, 'shape': (-6,)}", "has no shape"],
    ["a size beyond all", "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", "has no shape"],
    [
      "sizes beyond all",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (9999999999, 9999999999)}",
      "has 24 bytes of data",
    ],
    ["two bytes a byte", "{'descr': '|f4', 'fortran_order': False, 'shape': (6,)}", "holds elements of type |f4"],
    [
      "a type of Object's",
      "{'descr': '<constructor', 'fortran_order': False, 'shape': (6,)}",
      "holds elements of type",
    ],
  ])("refuses %s", (_, header, message) => {
    expect(() => readNpy(headed(header))).toThrow(InputError);
    expect(() => readNpy(headed(header))).toThrow(message);
  });

  it("may have any length that its number can tell: beyond 65,535 bytes too, from version 2 on", () => {
    for (const spaces of [0, 1, 65_500, 65_536, 70_000, 200_000]) {
      expect(readNpy(headed(`{${good}}${" ".repeat(spaces)}\n`)).shape).toEqual([2, 3]);
    }
  });

  it("takes time and message length in proportion, whatever is repeated", () => {
    for (const piece of ["'descr':[", "{", "'", "(", "'a':'b',", "'descr': '<f4',", " ", "L,", "9", "1,", "\u0000"]) {
      for (const start of ["{", "{'descr': '", "{'shape': ("]) {
        const bytes = headed(start + piece.repeat(1e6 / piece.length));
        const from = computed();
        let message = "";
        try {
          readNpy(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          message = (error as Error).message;
        }
        expect(message).not.toBe("");
        expect(message.length).toBeLessThan(500);
        expect(computed() - from).toBeLessThan(1000);
      }
    }
  });
});

describe("writeNpy", () => {
  it("writes the bytes that NumPy writes", () => {
    for (const name of ["f4", "f4-scalar", "f4-empty", "f4-special", "i4"]) {
      expect(writeNpy(readNpy(file(name))), name).toEqual(new Uint8Array(file(name)));
    }
  });

  it("writes any shape so that it is read back unchanged", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { maxLength: 6 }), fc.boolean(), fc.nat(), (shape, real, seed) =>
        scope(() => {
          const size = shape.reduce((a, b) => a * b, 1);
          const numbers = Int32Array.from({ length: size }, (_, i) => Math.imul(seed, i + 1));
          const x = tensor(real ? new Float32Array(numbers) : numbers, { shape, dtype: real ? "float32" : "int32" });
          const back = readNpy(writeNpy(x));
          expect([back.shape, back.dtype, back.data()]).toEqual([x.shape, x.dtype, x.data()]);
        }),
      ),
      runs(200),
    );
  });

  const python = "/usr/bin/python3";
  const numpy = (): boolean => {
    if (!existsSync(python)) return false;
    try {
      execFileSync(python, ["-c", "import numpy"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  };
  it.runIf(numpy())("is read by NumPy", () => {
    const code =
      "import sys,io,numpy as n; a=n.load(io.BytesIO(sys.stdin.buffer.read())); print(a.dtype,a.shape,a.sum())";
    const printed = execFileSync(python, ["-c", code], {
      input: writeNpy(
        tensor([
          [1, 2, 3],
          [4, 5, 6.5],
        ]),
      ),
    });
    expect(printed.toString().trim()).toBe("float32 (2, 3) 21.5");
  });
});
