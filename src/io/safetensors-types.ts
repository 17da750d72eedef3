// The element types of safetensors files, and the type as which each is read.
import { bfloat16, float16 } from "./halves.js";

/** Numbers of a tensor: what `encodeSafetensors` takes and `decodeSafetensors` returns. */
export type StoredNumbers = Float32Array | Float64Array | Int32Array;

/** An element type: its bytes per element, and how to read elements from bytes that need not be aligned. */
interface StoredType {
  readonly bytes: number;
  /** The type as which it is read. float32 and float64 hold it exactly; for int32 each number must fit. */
  readonly into: "float32" | "float64" | "int32";
  readonly read: (view: DataView, at: number) => number | bigint;
}

/** The types that can be read, by their names in the format. */
export const STORED_TYPES = {
  F64: { bytes: 8, into: "float64", read: (view, at) => view.getFloat64(at, true) },
  F32: { bytes: 4, into: "float32", read: (view, at) => view.getFloat32(at, true) },
  F16: { bytes: 2, into: "float32", read: (view, at) => float16(view.getUint16(at, true)) },
  BF16: { bytes: 2, into: "float32", read: (view, at) => bfloat16(view.getUint16(at, true)) },
  I64: { bytes: 8, into: "int32", read: (view, at) => view.getBigInt64(at, true) },
  I32: { bytes: 4, into: "int32", read: (view, at) => view.getInt32(at, true) },
  I16: { bytes: 2, into: "int32", read: (view, at) => view.getInt16(at, true) },
  I8: { bytes: 1, into: "int32", read: (view, at) => view.getInt8(at) },
  U64: { bytes: 8, into: "int32", read: (view, at) => view.getBigUint64(at, true) },
  U32: { bytes: 4, into: "int32", read: (view, at) => view.getUint32(at, true) },
  U16: { bytes: 2, into: "int32", read: (view, at) => view.getUint16(at, true) },
  U8: { bytes: 1, into: "int32", read: (view, at) => view.getUint8(at) },
  BOOL: { bytes: 1, into: "int32", read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
} as const satisfies Record<string, StoredType>;

/** The name of an element type that can be read. */
export type StoredTypeName = keyof typeof STORED_TYPES;

/** The type as which numbers are stored, by the name of their class. */
export const TYPE_OF_CLASS: Readonly<Record<string, StoredTypeName>> = {
  Float32Array: "F32",
  Float64Array: "F64",
  Int32Array: "I32",
};

/**
 * The numbers of a tensor of this type, from its bytes, copied.
 *
 * @param refuse throws an error about a number that int32 cannot hold and the place of its element.
 */
export function numbersOf(
  dtype: StoredTypeName,
  bytes: Uint8Array,
  refuse: (value: number | bigint, at: number) => never,
): StoredNumbers {
  const type: StoredType = STORED_TYPES[dtype];
  if (dtype === "F32" || dtype === "F64" || dtype === "I32") {
    const { buffer } = new Uint8Array(bytes); // slice() of a Node Buffer would not copy
    return dtype === "F32"
      ? new Float32Array(buffer)
      : dtype === "F64"
        ? new Float64Array(buffer)
        : new Int32Array(buffer);
  }
  const count = bytes.length / type.bytes;
  const numbers = type.into === "float32" ? new Float32Array(count) : new Int32Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < count; i++) {
    const value = type.read(view, type.bytes * i);
    numbers[i] = Number(value);
    if (type.into === "int32" && numbers[i] !== Number(value)) refuse(value, i);
  }
  return numbers;
}
