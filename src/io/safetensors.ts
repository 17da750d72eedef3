// The safetensors format (Hugging Face, github.com/huggingface/safetensors): numbers that other tools read too.
//
//   8 bytes   length of the header, little-endian
//   header    JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ..., "__metadata__": {...}},
//             filled up with spaces to a multiple of 8
//   data      all tensors, row-major, little-endian, without holes; offsets count from here
import { InputError, type Shape } from "../core/index.js";

/** A tensor's numbers, row-major. */
export interface StoredTensor {
  /** Sizes of the axes; [] for a scalar. */
  readonly shape: Shape;
  /** As many numbers as the shape has places. */
  readonly data: Float32Array | Int32Array;
}

/** What a file holds. */
export interface SafetensorsContent {
  /** The tensors by name, in the order of the header. */
  readonly tensors: Record<string, StoredTensor>;
  /** Any text besides, by name. */
  readonly metadata: Record<string, string>;
}

const METADATA = "__metadata__";
/** The format's own limit: a longer header is an attack or damage. */
const LONGEST_HEADER = 100_000_000;

const bytesOf = (data: Float32Array | Int32Array): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

const product = (shape: Shape): number => shape.reduce((size, side) => size * side, 1);

/** The bytes of a file with these tensors, in this order. Float32Array is stored as F32, Int32Array as I32. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, StoredTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    if (name === METADATA) throw new RangeError(`[safetensors] "${METADATA}" cannot be a tensor's name. Take another.`);
    if (!shape.every((side) => Number.isSafeInteger(side) && side >= 0) || product(shape) !== data.length) {
      throw new RangeError(`[safetensors] "${name}" has ${data.length} numbers for shape [${shape}]. Make them agree.`);
    }
    const start = end;
    end += data.byteLength;
    return [name, { dtype: data instanceof Float32Array ? "F32" : "I32", shape, data_offsets: [start, end] }] as const;
  });
  const about = Object.keys(metadata).length > 0 ? [[METADATA, metadata] as const] : [];
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries<unknown>([...about, ...entries])));
  const length = 8 * Math.ceil(json.length / 8);
  const bytes = new Uint8Array(8 + length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  bytes.fill(0x20, 8 + json.length, 8 + length);
  entries.forEach(([name, { data_offsets }]) => {
    bytes.set(bytesOf(tensors[name].data), 8 + length + data_offsets[0]);
  });
  return bytes;
}

/**
 * The content of a file's bytes, copied.
 *
 * @param name what errors call the file.
 * @throws InputError for anything that is not a whole file of F32 and I32 tensors.
 */
export function decodeSafetensors(bytes: Uint8Array, name = "the file"): SafetensorsContent {
  const fail = (fact: string, cure = "It is damaged or no safetensors file: use a whole copy."): never => {
    throw new InputError(`[safetensors] ${name} ${fact}. ${cure}`);
  };
  const { header, data } = split(bytes, fail);
  const metadata = Object.hasOwn(header, METADATA) ? header[METADATA] : {};
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === "string")) {
    fail("has metadata that are not all text");
  }
  const tensors = Object.entries(header)
    .filter(([key]) => key !== METADATA)
    .map(([key, entry]) => ({ key, ...describe(key, entry, fail) }));
  let end = 0;
  for (const { key, start, stop } of [...tensors].sort((a, b) => a.start - b.start || a.stop - b.stop)) {
    if (start !== end) fail(`has ${start < end ? "an overlap" : "a hole"} before tensor "${key}", at byte ${start}`);
    end = stop;
  }
  if (end > data.length) fail(`ends after ${data.length} bytes of data; its tensors take ${end}`);
  if (end < data.length) fail(`has ${data.length - end} bytes after its last tensor`);
  const read = ({ dtype, shape, start, stop }: Described): StoredTensor => {
    const { buffer } = new Uint8Array(data.subarray(start, stop)); // slice() of a Node Buffer would not copy
    return { shape, data: dtype === "F32" ? new Float32Array(buffer) : new Int32Array(buffer) };
  };
  return {
    tensors: Object.fromEntries(tensors.map((tensor) => [tensor.key, read(tensor)])),
    metadata: Object.fromEntries(Object.entries(metadata as Record<string, string>)),
  };
}

type Fail = (fact: string, cure?: string) => never;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The parsed header, and the data after it. */
function split(bytes: Uint8Array, fail: Fail): { header: Record<string, unknown>; data: Uint8Array } {
  if (bytes.length < 8) fail(`has ${bytes.length} bytes, not even the 8 that a header's length takes`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > Math.min(LONGEST_HEADER, bytes.length - 8)) {
    fail(`says that its header has ${length} bytes, but has ${bytes.length - 8} after that number`);
  }
  const parse = (): unknown => {
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, 8 + length));
      return JSON.parse(text);
    } catch {
      return fail("has a header that is not JSON");
    }
  };
  const header = parse();
  if (!isObject(header)) return fail("has a header that is no JSON object");
  return { header, data: bytes.subarray(8 + length) };
}

interface Described {
  readonly dtype: "F32" | "I32";
  readonly shape: number[];
  readonly start: number;
  readonly stop: number;
}

/** What the header says about one tensor, checked by itself. */
function describe(key: string, entry: unknown, fail: Fail): Described {
  if (!isObject(entry)) return fail(`says nothing about tensor "${key}"`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const naturals = (value: unknown): value is number[] =>
    Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
  if (dtype !== "F32" && dtype !== "I32") {
    return fail(`has tensor "${key}" of type ${JSON.stringify(dtype)}`, "Only F32 and I32 can be read: convert it.");
  }
  if (!naturals(shape)) return fail(`has tensor "${key}" of shape ${JSON.stringify(shape)}`);
  if (!naturals(offsets) || offsets.length !== 2 || offsets[1] < offsets[0]) {
    return fail(`has tensor "${key}" at ${JSON.stringify(offsets)}`);
  }
  const [start, stop] = offsets;
  if (stop - start !== 4 * product(shape)) {
    return fail(`has ${stop - start} bytes for tensor "${key}" of shape [${shape}], which takes ${4 * product(shape)}`);
  }
  return { dtype, shape, start, stop };
}
