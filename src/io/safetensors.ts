// The safetensors format (Hugging Face, github.com/huggingface/safetensors): numbers that other tools read too.
//
//   8 bytes   length of the header, little-endian
//   header    JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ..., "__metadata__": {...}},
//             filled up with spaces to a multiple of 8
//   data      all tensors, row-major, little-endian, without holes; offsets count from here
import {
  builtInName,
  bytesOf,
  checkKind,
  InputError,
  indexIn,
  plain,
  quote,
  type Shape,
  showShape,
} from "../core/index.js";
import { type Entry, LONGEST_HEADER, METADATA, parseHeader, sizeBelow } from "./safetensors-header.js";
import { numbersOf, type StoredNumbers, type StoredTypeName, TYPE_OF_CLASS } from "./safetensors-types.js";

/** A tensor's numbers, row-major. */
export interface StoredTensor {
  /** Sizes of the axes; [] for a scalar. */
  readonly shape: Shape;
  /** The numbers; as many as the shape has elements. */
  readonly data: StoredNumbers;
}

/** The content of a file. */
export interface SafetensorsContent {
  /** The tensors by name, in the order of the header. */
  readonly tensors: Record<string, StoredTensor>;
  /**
   * The types that the tensors have in the file, by name. F32, F64 and I32 are read as they are; F16 and BF16 become a
   * Float32Array, which holds them exactly; BOOL (as 0 and 1) and the other integers become an Int32Array, in which all
   * of them must fit.
   */
  readonly types: Record<string, StoredTypeName>;
  /** The metadata: any other text, by name. */
  readonly metadata: Record<string, string>;
}

const isWellFormed = (text: string): boolean => !/\p{Surrogate}/u.test(text);

/**
 * The bytes of a file with these tensors, in this order. Float32Array is stored as F32, Float64Array as F64, Int32Array
 * as I32. Anything that could not be read back is refused.
 *
 * @throws RangeError or TypeError that names the tensor or the metadata that cannot be stored.
 * @example
 * const w = { shape: [1, 2], data: Float32Array.of(1, 2) };
 * decodeSafetensors(encodeSafetensors({ w })).tensors; // { w: { shape: [1, 2], data: [1, 2] } }
 */
export function encodeSafetensors(
  tensors: Readonly<Record<string, StoredTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  checkKind("safetensors", "what is stored", tensors, "an object");
  checkKind("safetensors", "the metadata", metadata, "an object");
  let end = 0;
  const entries = Object.entries(tensors).map(([name, stored]) => {
    checkKind("safetensors", plain(name), stored, "an object");
    const { shape, data } = stored;
    if (name === METADATA || !isWellFormed(name)) {
      throw new RangeError(`[safetensors] ${quote(name)} cannot be a tensor's name. Take another.`);
    }
    const dtype = ArrayBuffer.isView(data) ? TYPE_OF_CLASS[builtInName(data)] : undefined;
    if (dtype === undefined) {
      throw new TypeError(
        `[safetensors] ${quote(name)} has its numbers in ${quote(data)}. Pass a Float32Array, Float64Array or Int32Array.`,
      );
    }
    if (sizeBelow(shape) !== data.length) {
      const shown = Array.isArray(shape) ? showShape(shape) : quote(shape);
      throw new RangeError(
        `[safetensors] ${quote(name)} has ${data.length} numbers for shape ${shown}. Make them agree.`,
      );
    }
    const start = end;
    end += data.byteLength;
    return [name, { dtype, shape, data_offsets: [start, end] }] as const;
  });
  for (const [key, text] of Object.entries(metadata)) {
    if (typeof text !== "string") {
      throw new TypeError(`[safetensors] the metadata ${quote(key)} is ${quote(text)}, not text. Pass a string.`);
    }
    if (!isWellFormed(key) || !isWellFormed(text)) {
      throw new RangeError(`[safetensors] the metadata ${quote(key)} holds half of a character. Pass whole text.`);
    }
  }
  const about = Object.keys(metadata).length > 0 ? [[METADATA, metadata] as const] : [];
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries<unknown>([...about, ...entries])));
  const length = 8 * Math.ceil(json.length / 8);
  if (length > LONGEST_HEADER) {
    throw new RangeError(
      `[safetensors] the header takes ${length} bytes, at most ${LONGEST_HEADER}. Store fewer names.`,
    );
  }
  const bytes = new Uint8Array(8 + length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  bytes.fill(0x20, 8 + json.length, 8 + length);
  entries.forEach(([name, { data_offsets }]) => {
    bytes.set(bytesOf("encodeSafetensors", tensors[name].data), 8 + length + data_offsets[0]);
  });
  return bytes;
}

/** @internal Throws the error about a file of this name. */
export function failing(name: string): (fact: string, cure?: string) => never {
  return (fact, cure = "It is damaged or no safetensors file: use a whole copy.") => {
    throw new InputError(`[safetensors] ${plain(name)} ${fact}. ${cure}`);
  };
}

/** @internal The tensor of an entry, from its bytes. */
export function tensorOf(
  { key, dtype, shape }: Entry,
  bytes: Uint8Array,
  fail: ReturnType<typeof failing>,
): StoredTensor {
  const data = numbersOf(dtype, bytes, (value, at) =>
    fail(
      `holds ${value} in tensor ${quote(key)} at ${showShape(indexIn(shape, at))}, which int32 cannot hold`,
      "Save it as floats.",
    ),
  );
  return { shape, data };
}

/**
 * The content of a file's bytes, copied. `SafetensorsContent.types` says how each type is read.
 *
 * @param name what errors call the file.
 * @throws InputError for anything that is not a complete file of floats, integers and booleans.
 * @example
 * const bytes = encodeSafetensors({ w: { shape: [2], data: Float32Array.of(1, 2) } }, { note: "mine" });
 * decodeSafetensors(bytes).metadata; // { note: "mine" }
 */
export function decodeSafetensors(bytes: ArrayBuffer | ArrayBufferView, name = "the file"): SafetensorsContent {
  const whole = bytesOf("decodeSafetensors", bytes);
  const fail = failing(name);
  const { entries, metadata, start } = parseHeader(whole, whole.length, fail);
  const tensors = entries.map((entry) => {
    return [entry.key, tensorOf(entry, whole.subarray(start + entry.start, start + entry.stop), fail)] as const;
  });
  const types = entries.map(({ key, dtype }) => [key, dtype] as const);
  return { tensors: Object.fromEntries(tensors), types: Object.fromEntries(types), metadata };
}
