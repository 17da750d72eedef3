// Reads and checks the header of a safetensors file: every tensor must be of a known type and size, and the tensors
// must fill the data from beginning to end, without holes or overlaps, as the format demands.
import { quote, showShape } from "../core/index.js";
import { STORED_TYPES, type StoredTypeName } from "./safetensors-types.js";
import { countedBytes, parseJson } from "./text.js";

/** The only name in the header that does not belong to a tensor. */
export const METADATA = "__metadata__";
/** The format's own limit: a longer header is an attack or damage. */
export const LONGEST_HEADER = 100_000_000;

/** The description of a tensor in a header. */
export interface Entry {
  readonly key: string;
  readonly dtype: StoredTypeName;
  readonly shape: readonly number[];
  /** Where its bytes begin and end, counted from the data's beginning. */
  readonly start: number;
  readonly stop: number;
}

/** A header, and where the data begin. */
export interface SafetensorsHeader {
  readonly entries: readonly Entry[];
  readonly metadata: Record<string, string>;
  readonly start: number;
}

type Fail = (fact: string, cure?: string) => never;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The number of elements of a shape; undefined if it is not a list of sizes, or too large for a whole number. */
export function sizeBelow(shape: unknown): number | undefined {
  if (!Array.isArray(shape)) return undefined;
  let size = 1;
  for (const side of shape) {
    if (!(Number.isSafeInteger(side) && side >= 0)) return undefined;
    size *= side;
    if (!Number.isSafeInteger(size)) return undefined;
  }
  return size;
}

/** The length in bytes of the header of a file that begins with these bytes and has `size` bytes in all. */
export function headerLength(bytes: Uint8Array, size: number, fail: Fail): number {
  if (size < 8) fail(`has ${countedBytes(size)}, not even the 8 that a header's length takes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > size - 8)
    fail(`says that its header has ${countedBytes(length)}, but has ${size - 8} after that number`);
  if (length > LONGEST_HEADER) fail(`has a header of ${length} bytes; the format allows ${LONGEST_HEADER}`);
  return length;
}

/** The header of a file that begins with these bytes, which hold all of it, and has `size` bytes in all. */
export function parseHeader(bytes: Uint8Array, size: number, fail: Fail): SafetensorsHeader {
  const length = headerLength(bytes, size, fail);
  const header = jsonOf(bytes.subarray(8, 8 + length), fail);
  const metadata = Object.hasOwn(header, METADATA) ? header[METADATA] : {};
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    fail("has metadata that are not all text");
  }
  const entries = Object.entries(header)
    .filter(([key]) => key !== METADATA)
    .map(([key, entry]) => entryOf(key, entry, fail));
  const there = size - 8 - length;
  let end = 0;
  for (const { key, start, stop } of [...entries].sort((a, b) => a.start - b.start || a.stop - b.stop)) {
    if (start !== end)
      fail(`has ${start < end ? "an overlap" : "a hole"} before tensor ${quote(key)}, at byte ${start}`);
    end = stop;
  }
  if (end > there) fail(`ends after ${there} bytes of data; its tensors take ${end}`);
  if (end < there) fail(`has ${countedBytes(there - end)} after its last tensor`);
  return { entries, metadata: { ...(metadata as Record<string, string>) }, start: 8 + length };
}

function jsonOf(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  const text = ((): string => {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return fail("has a header that is not JSON");
    }
  })();
  const parsed = ((): unknown => {
    try {
      return parseJson(text, "a header that");
    } catch (error) {
      return fail(`has ${(error as Error).message.replace(/\.$/, "")}`);
    }
  })();
  if (!isObject(parsed) || text[0] !== "{") return fail("has a header that is no JSON object");
  return parsed;
}

/** The description of one tensor, checked by itself. */
function entryOf(key: string, entry: unknown, fail: Fail): Entry {
  const called = `tensor ${quote(key)}`;
  if (!isObject(entry)) return fail(`says nothing about ${called}`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== "string" || !Object.hasOwn(STORED_TYPES, dtype)) {
    const types = Object.keys(STORED_TYPES).join(", ");
    return fail(`has ${called} of type ${quote(dtype)}`, `Types that can be read are ${types}: convert it.`);
  }
  const size = sizeBelow(shape);
  if (size === undefined) return fail(`has ${called} of shape ${quote(shape)}`);
  const placed = Array.isArray(offsets) && offsets.length === 2 && offsets.every((at) => Number.isSafeInteger(at));
  if (!placed || offsets[0] < 0 || offsets[1] < offsets[0]) return fail(`has ${called} at ${quote(offsets)}`);
  const [start, stop] = offsets as [number, number];
  const taken = STORED_TYPES[dtype as StoredTypeName].bytes * size;
  if (stop - start !== taken) {
    return fail(
      `has ${countedBytes(stop - start)} for ${called} of shape ${showShape(shape as number[])}, which takes ${taken}`,
    );
  }
  return { key, dtype: dtype as StoredTypeName, shape: shape as number[], start, stop };
}
