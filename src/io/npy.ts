// NumPy's file of one array (numpy.lib.format, versions 1.0, 2.0 and 3.0).
//
//   6 bytes   \x93NUMPY
//   2 bytes   version, major and minor
//   2 or 4    length of the header, little-endian: 2 bytes in version 1.0, 4 after it
//   header    a Python dictionary as text, filled up with spaces and ended by a newline:
//             {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
//   data      the elements, row-major, or column-major where fortran_order is True
import {
  bytesOf,
  fromNumbers,
  InputError,
  indexIn,
  plain,
  type Shape,
  showShape,
  sizeOf,
  type Tensor,
} from "../core/index.js";
import { float16 } from "./halves.js";
import { parseNpyHeader } from "./npy-header.js";

type Read = (view: DataView, at: number, little: boolean) => number | bigint;

/** A type that is read: bytes an element, what it becomes, and how it is read. */
interface ElementType {
  readonly bytes: number;
  readonly dtype: "float32" | "int32";
  readonly read: Read;
}

/** The types that are read, by NumPy's name without the order of bytes. */
const TYPES: Readonly<Record<string, ElementType>> = {
  f2: { bytes: 2, dtype: "float32", read: (view, at, little) => float16(view.getUint16(at, little)) },
  f4: { bytes: 4, dtype: "float32", read: (view, at, little) => view.getFloat32(at, little) },
  f8: { bytes: 8, dtype: "float32", read: (view, at, little) => view.getFloat64(at, little) },
  b1: { bytes: 1, dtype: "int32", read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
  i1: { bytes: 1, dtype: "int32", read: (view, at) => view.getInt8(at) },
  u1: { bytes: 1, dtype: "int32", read: (view, at) => view.getUint8(at) },
  i2: { bytes: 2, dtype: "int32", read: (view, at, little) => view.getInt16(at, little) },
  u2: { bytes: 2, dtype: "int32", read: (view, at, little) => view.getUint16(at, little) },
  i4: { bytes: 4, dtype: "int32", read: (view, at, little) => view.getInt32(at, little) },
  u4: { bytes: 4, dtype: "int32", read: (view, at, little) => view.getUint32(at, little) },
  i8: { bytes: 8, dtype: "int32", read: (view, at, little) => view.getBigInt64(at, little) },
  u8: { bytes: 8, dtype: "int32", read: (view, at, little) => view.getBigUint64(at, little) },
};

const MAGIC = "\x93NUMPY";
const DAMAGED = "It is damaged or no .npy file: use a whole copy.";

/**
 * The array of a `.npy` file, in either order of bytes, in C or Fortran order, of up to six axes.
 *
 * Floats become float32: f2 and f4 as they are, f8 rounded (beyond float32's range it becomes infinite). Booleans (as 0
 * and 1) and integers of one to eight bytes, with a sign or without, become int32; a number that int32 cannot hold is
 * an error that tells its place.
 *
 * @param name what errors call the file.
 * @throws InputError for anything else.
 */
export function readNpy(bytes: ArrayBuffer | ArrayBufferView, name = "the file"): Tensor {
  const held = bytesOf("readNpy", bytes);
  const fail: Fail = (fact, cure = DAMAGED) => {
    throw new InputError(`[npy] ${plain(name)} ${fact}. ${cure}`);
  };
  const { descr, fortran, shape, start } = headerOf(held, fail);
  const order = descr[0];
  const type = Object.hasOwn(TYPES, descr.slice(1)) ? TYPES[descr.slice(1)] : undefined;
  if (!type || !(order === "<" || order === ">" || (order === "|" && type.bytes === 1))) {
    const cure = "Booleans, integers and floats of 2, 4 and 8 bytes are read: convert it in NumPy with .astype('<f4').";
    return fail(`holds elements of type ${plain(descr, 80)}`, cure);
  }
  const count = sizeOf(shape);
  const there = held.length - start;
  if (there !== count * type.bytes) {
    fail(`has ${there} bytes of data for ${showShape(shape)} of ${descr}, which takes ${count * type.bytes}`);
  }
  const view = new DataView(held.buffer, held.byteOffset + start, there);
  const numbers = type.dtype === "float32" ? new Float32Array(count) : new Int32Array(count);
  const placeOf = fortran ? rowMajorPlaces(shape) : undefined;
  for (let i = 0; i < count; i++) {
    const value = type.read(view, i * type.bytes, order !== ">");
    const at = placeOf ? placeOf() : i;
    numbers[at] = Number(value);
    if (type.dtype === "int32" && Number(value) !== numbers[at]) {
      fail(
        `holds ${value} at ${showShape(indexIn(shape, at))}, which int32 cannot`,
        "Save it as floats or as smaller integers.",
      );
    }
  }
  return fromNumbers(numbers, shape, type.dtype);
}

/** The bytes of a `.npy` file, version 1.0, with this tensor: `<f4` or `<i4`, in C order. `np.load` reads it. */
export function writeNpy(tensor: Tensor): Uint8Array {
  const data = tensor.data();
  const sizes = tensor.shape.map((size) => `${size},`).join(" ");
  const shape = tensor.rank === 1 ? `(${sizes})` : `(${sizes.replace(/,$/, "")})`;
  const descr = tensor.dtype === "float32" ? "<f4" : "<i4";
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  // All before the data takes a multiple of 64 bytes; the last of them is a newline.
  const start = 64 * Math.ceil((10 + header.length + 1) / 64);
  const bytes = new Uint8Array(start + data.byteLength);
  const text = `${header.padEnd(start - 11)}\n`;
  bytes.set(Uint8Array.from(`${MAGIC}\x01\x00`, (c) => c.charCodeAt(0)));
  new DataView(bytes.buffer).setUint16(8, start - 10, true);
  bytes.set(new TextEncoder().encode(text), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start);
  return bytes;
}

type Fail = (fact: string, cure?: string) => never;

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: Shape;
  /** Where the data begin. */
  readonly start: number;
}

/** What the file says about its data. */
function headerOf(bytes: Uint8Array, fail: Fail): Header {
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== MAGIC) fail("does not begin as .npy does");
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0) {
    fail(`is of version ${major}.${minor}`, "Versions 1.0, 2.0 and 3.0 are read: save it with a current NumPy.");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const begin = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > bytes.length - begin) {
    fail(`says that its header has ${length} bytes, but has ${bytes.length - begin} after that number`);
  }
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.subarray(begin, begin + length));
  const header = parseNpyHeader(text, fail);
  const axes = header.shape.length;
  if (axes > 6) fail(`has ${axes} axes`, "A tensor has at most 6: reshape it in NumPy.");
  return { ...header, start: begin + length };
}

/** Gives, call by call, where the elements of a column-major array belong in a row-major one. */
function rowMajorPlaces(shape: Shape): () => number {
  const index = shape.map(() => 0);
  return () => {
    const at = index.reduce((place, i, axis) => place * shape[axis] + i, 0);
    for (let axis = 0; axis < shape.length && ++index[axis] === shape[axis]; axis++) index[axis] = 0;
    return at;
  };
}
