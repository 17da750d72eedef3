// Archives of arrays, as NumPy wrote them (npy.py), whole and damaged.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import { readNpz } from "../../src/io/index.js";

const local = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`./npy/${name}.npz`, import.meta.url)));

const grid = [
  [1.5, -2, 3.25],
  [0.1, -0, 1e-3],
].map((row) => row.map(Math.fround));

/** A copy with other bytes from the first place on where these stand; `nth` says which one, from the end if negative. */
function changed(
  bytes: Uint8Array,
  marks: readonly number[],
  offset: number,
  values: readonly number[],
  nth = 0,
): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const places = [...copy.keys()].filter((at) => marks.every((mark, i) => copy[at + i] === mark));
  copy.set(values, places.at(nth)! + offset);
  return copy;
}

const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];

const LOCAL = [0x50, 0x4b, 3, 4];
const END = [0x50, 0x4b, 5, 6];
const ENTRY = [0x50, 0x4b, 1, 2];

describe.each(["stored", "deflated"])("readNpz of a %s archive", (kind) => {
  const bytes = local(kind);

  it("gives the arrays by name", () => {
    const arrays = readNpz(bytes);
    expect(Object.keys(arrays)).toEqual(["grid", "labels"]);
    expect(arrays.grid.toArray()).toEqual(grid);
    expect(arrays.labels.dtype).toBe("int32");
    expect(arrays.labels.toArray()).toEqual([3, 1, 2]);
  });

  it("gives only the requested arrays, whatever the others hold", () => {
    const odd = changed(bytes, ENTRY, 10, [99, 0]); // a method of packing that nobody knows
    expect(readNpz(odd, "x", ["labels"]).labels.toArray()).toEqual([3, 1, 2]);
    expect(() => readNpz(odd, "x")).toThrow('[npz] x has "grid.npy" packed by method 99. Save it with ');
    expect(() => readNpz(bytes, "x", ["masks"])).toThrow('[npz] x has no array "masks". ');
  });

  it("accepts other bytes before it in a buffer, and a comment after it", () => {
    // The second holds the mark of an archive's end, with room for all that stands at one.
    for (const comment of [[...new TextEncoder().encode("a comment")], [...END, ...new Array(30).fill(0)]]) {
      const larger = Uint8Array.from([9, 9, 9, ...bytes, ...comment]);
      larger[3 + bytes.length - 2] = comment.length;
      expect(readNpz(larger.subarray(3)).labels.toArray()).toEqual([3, 1, 2]);
    }
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array, string]>([
    ["nothing", () => new Uint8Array(), "does not end as a zip archive does"],
    ["half of it", (b) => b.subarray(0, b.length / 2), "does not end as a zip archive does"],
    ["another checksum", (b) => changed(b, ENTRY, 16, [1, 2, 3, 4]), 'has a checksum that does not fit "grid.npy"'],
    ["a smaller size", (b) => changed(b, ENTRY, 24, [1, 0, 0, 0]), 'bytes of "grid.npy"'],
    ["a larger size", (b) => changed(b, ENTRY, 24, [0, 0, 9, 0]), 'bytes of "grid.npy", which should be 589824'],
    ["a place beyond", (b) => changed(b, ENTRY, 42, [0, 0, 9, 0]), 'does not have "grid.npy" where it says'],
    ["a password", (b) => changed(b, ENTRY, 8, [1, 0]), 'has "grid.npy" encrypted'],
    ["zip64", (b) => changed(b, ENTRY, 24, [255, 255, 255, 255]), "with 4 GiB or more"],
    [
      "a file that is no array",
      (b) => changed(b, ENTRY, 46, bytesOf("grid.txt")),
      'holds "grid.txt", which is no .npy file',
    ],
    [
      "a name twice",
      // The second name is two letters longer: what is left of it counts as more fields.
      (b) => changed(changed(b, ENTRY, 28, [8, 0, 2, 0], 1), ENTRY, 46, bytesOf("grid.npy"), 1),
      'has "grid.npy" twice',
    ],
    ["a directory beyond 4 GiB", (b) => changed(b, END, 16, [255, 255, 255, 255]), "is a zip64 archive"],
    ["65,535 arrays", (b) => changed(b, END, 10, [255, 255]), "is a zip64 archive"],
    ["more entries than there are", (b) => changed(b, END, 10, [3, 0]), "has no entry 2 in its directory"],
    ["no local header", (b) => changed(b, LOCAL, 0, [0]), 'does not have "grid.npy" where it says'],
  ])("says what is wrong with %s", (_, damage, message) => {
    expect(() => readNpz(damage(bytes), "x.npz")).toThrow(InputError);
    expect(() => readNpz(damage(bytes), "x.npz")).toThrow(message);
  });

  it("tells a member that goes on to the last byte from one that goes on beyond it", () => {
    const [nameLength, extraLength] = new Uint16Array(bytes.slice(26, 30).buffer);
    const rest = bytes.length - (30 + nameLength + extraLength);
    const fault = (packed: number): string => {
      try {
        readNpz(changed(bytes, ENTRY, 20, [packed & 255, packed >> 8, 0, 0]), "x");
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(fault(rest + 1)).toContain('[npz] x ends within "grid.npy"');
    expect(fault(rest)).not.toContain("ends within");
  });
});
