// Some rows of a .npy file, without the bytes of the others.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arange, InputError, tensor } from "../../src/index.js";
import { openNpy, readNpy, writeNpy } from "../../src/io/index.js";

/** A source that notes which bytes were asked for. */
function noted(bytes: Uint8Array) {
  const asked: [number, number][] = [];
  const read = async (start: number, stop: number) => {
    asked.push([start, stop]);
    return bytes.slice(start, stop);
  };
  return { source: { size: bytes.length, read }, asked };
}

const grid = arange(0, 24).reshape([6, 2, 2]);
const file = writeNpy(grid);
const local = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`./npy/${name}.npy`, import.meta.url)));

describe("openNpy", () => {
  it("gives any rows just as reading everything and slicing would, without reading a byte of the others", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 6 }), fc.nat({ max: 6 }), async (a, b) => {
        const [start, stop] = [Math.min(a, b), Math.max(a, b)];
        const { source, asked } = noted(file);
        const opened = await openNpy(source);
        expect([opened.shape, opened.dtype]).toEqual([[6, 2, 2], "float32"]);
        const begin = file.length - 4 * 24;
        expect(Math.max(...asked.map(([, last]) => last))).toBeLessThanOrEqual(begin);
        asked.length = 0;
        const rows = await opened.rows(start, stop);
        expect(asked).toEqual([[begin + 16 * start, begin + 16 * stop]]);
        expect(rows.shape).toEqual([stop - start, 2, 2]);
        expect(rows.toArray()).toEqual((readNpy(file).toArray() as number[][]).slice(start, stop));
      }),
      { numRuns: 30, seed: 7 },
    );
  });

  it("reads a Blob, and integers in either byte order", async () => {
    const opened = await openNpy(new Blob([writeNpy(tensor([5, 6, 7], { dtype: "int32" })) as BlobPart]));
    expect((await opened.rows(1, 3)).toArray()).toEqual([6, 7]);
    const big = await openNpy(new Blob([local("i2-big") as BlobPart]));
    expect((await big.rows(0, 3)).toArray()).toEqual([0, 1, 100]);
  });

  it.each([
    ["f4-scalar", "holds a single number, no rows. Use readNpy."],
    ["f4-fortran", "is in Fortran order, where no row lies in one piece. Use readNpy, "],
    ["c8", "holds elements of type <c8."],
  ])("refuses %s", async (name, message) => {
    await expect(openNpy(new Blob([local(name) as BlobPart]), "x")).rejects.toThrow(`[npy] x ${message}`);
  });

  it("refuses truncated files and missing rows, and names the row of a number that int32 cannot hold", async () => {
    await expect(openNpy(new Blob([file.slice(0, -1) as BlobPart]))).rejects.toThrow(InputError);
    await expect(openNpy(new Blob([file.slice(0, 9) as BlobPart]))).rejects.toThrow("does not begin as .npy does");
    const opened = await openNpy(new Blob([file as BlobPart]), "x");
    for (const [start, stop] of [
      [-1, 2],
      [3, 2],
      [0, 7],
      [0.5, 1],
    ]) {
      await expect(opened.rows(start, stop)).rejects.toThrow("Ask for 0 to 6 at the most.");
    }
    const large = await openNpy(new Blob([local("i8-large") as BlobPart]), "x");
    await expect(large.rows(1, 2)).rejects.toThrow("holds 2147483648 at [1], which int32 cannot");
  });
});
