// Against files that NumPy itself wrote; see npy.py beside this file.

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError, scope, tensor } from "../../src/index.js";
import { readNpy, writeNpy } from "../../src/io/index.js";
import { runs } from "../laws/settings.js";

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

  it("reads a file that lies anywhere in a buffer", () => {
    const bytes = file("f8");
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(readNpy(larger.subarray(3)).data()).toEqual(readNpy(bytes).data());
  });

  it.each([
    ["i8-large", "[npy] x.npy holds 2147483648, which int32 cannot. Save it as floats or as smaller integers."],
    [
      "f4-big-endian",
      "[npy] x.npy holds elements of type >f4. Read are <f4, <f8, <i4, <i8 and |u1: convert it in NumPy",
    ],
    ["c8", "holds elements of type <c8"],
    ["structured", "holds elements of type [('a', '<i4'), ('b', '<f4')]"],
  ])("refuses %s", (name, message) => {
    expect(() => readNpy(file(name), "x.npy")).toThrow(message);
    expect(() => readNpy(file(name))).toThrow(InputError);
  });

  it("refuses every file that was cut or has bytes too many, with an InputError", () => {
    const bytes = file("f4");
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readNpy(bytes.subarray(0, length))).toThrow(InputError);
    }
    expect(() => readNpy(Uint8Array.of(...bytes, 0))).toThrow("has 25 bytes of data for shape [2, 3] of <f4");
  });

  it("never fails but with an InputError, whatever byte is wrong", () => {
    const bytes = file("f4-fortran");
    fc.assert(
      fc.property(fc.nat(127), fc.nat(255), (at, value) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = value;
        try {
          scope(() => void readNpy(changed));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      runs(1000),
    );
  });

  it("says what is wrong with a version and a rank", () => {
    const late = Uint8Array.from(file("f4"));
    late[6] = 4;
    expect(() => readNpy(late)).toThrow("is of version 4.0. Versions 1.0, 2.0 and 3.0 are read");
    const deep = Buffer.from(
      Buffer.from(file("f4")).toString("latin1").replace("(2, 3), }               ", "(1, 1, 1, 1, 1, 2, 3), }"),
      "latin1",
    );
    expect(() => readNpy(deep)).toThrow("has 7 axes. A tensor has at most 6: reshape it in NumPy.");
  });
});

describe("writeNpy", () => {
  it("writes the bytes that NumPy writes", () => {
    for (const name of ["f4", "f4-scalar", "f4-empty", "f4-special", "i4"]) {
      expect(writeNpy(readNpy(file(name))), name).toEqual(new Uint8Array(file(name)));
    }
  });

  it("gives back what was put in, any shape", () => {
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
