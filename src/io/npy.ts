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
  checkMade,
  type DType,
  type Elements,
  fromNumbers,
  InputError,
  indexIn,
  plain,
  quote,
  type Shape,
  showShape,
  sizeOf,
  type Tensor,
  typeNamed,
  widestFloat,
} from "../core/index.js";
import { float16 } from "./halves.js";
import { parseNpyHeader } from "./npy-header.js";
import { type ByteSource, type OpenFile, partsOf } from "./source.js";
import { countedBytes } from "./text.js";

type Read = (view: DataView, at: number, little: boolean) => number | bigint;

/** A type that can be read: its bytes per element, the resulting type, and how to read it. */
interface ElementType {
  readonly bytes: number;
  readonly dtype: DType;
  readonly read: Read;
}

/** The types that can be read, by NumPy's name without the byte order. */
const TYPES: Readonly<Record<string, ElementType>> = {
  f2: { bytes: 2, dtype: "float32", read: (view, at, little) => float16(view.getUint16(at, little)) },
  f4: { bytes: 4, dtype: "float32", read: (view, at, little) => view.getFloat32(at, little) },
  f8: {
    bytes: 8,
    get dtype() {
      return widestFloat();
    },
    read: (view, at, little) => view.getFloat64(at, little),
  },
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

/** How NumPy names the types that are written. */
const DESCRIPTIONS: Readonly<Record<DType, string>> = { float32: "<f4", float64: "<f8", int32: "<i4" };

const MAGIC = "\x93NUMPY";
const DAMAGED = "It is damaged or no .npy file: use a whole copy.";

/**
 * The array of a `.npy` file, in either byte order, in C or Fortran order, with up to six axes.
 *
 * f2 and f4 become float32. f8 becomes float64 if `synaptape/float64` is imported; without it, it is rounded to float32
 * (beyond whose range it becomes infinite). Booleans (as 0 and 1) and integers of one to eight bytes, signed or unsigned, become int32; a number that int32 cannot hold is an
 * error that says where it is.
 *
 * @param name what errors call the file.
 * @throws InputError for anything else.
 * @example readNpy(writeNpy(tensor([[1, 2], [3, 4]]))) // [[1, 2], [3, 4]]
 */
export function readNpy(bytes: ArrayBuffer | ArrayBufferView, name = "the file"): Tensor {
  const { numbers, shape, dtype } = arrayOf(bytesOf("readNpy", bytes), name);
  return fromNumbers(numbers, shape, dtype);
}

/** An array that was read, before it is a tensor. */
export interface NpyArray {
  readonly numbers: Elements;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** The array of a `.npy` file. */
export function arrayOf(bytes: Uint8Array, name: string): NpyArray {
  const fail = failing(name);
  const header = headerOf(bytes, fail);
  const type = typeOf(header, bytes.length, fail);
  return numbersOf(bytes.subarray(header.start), header, type, fail);
}

/** A `.npy` file whose header was read. */
export interface NpyFile {
  /** The sizes of the axes. */
  readonly shape: Shape;
  /** The element type of the tensors that are read. */
  readonly dtype: DType;
  /**
   * The rows from `start` up to but excluding `stop`: a tensor of shape [stop - start, ...the other axes]. The bytes of
   * other rows are not read.
   *
   * @throws RangeError for rows that do not exist.
   */
  rows(start: number, stop: number): Promise<Tensor>;
}

/** The longest header that is read in parts; NumPy's have a few hundred bytes. */
const LONGEST_HEADER = 2 ** 20;

/**
 * Opens a `.npy` file in C order, as `np.save` writes it, to read only some of its rows: a Blob or File of a page, a
 * file that `fs.promises.open` of Node opened (which the caller closes), or anything with `size` and
 * `read(start, stop)`.
 *
 * @param name what errors call the file.
 * @throws InputError for a header that is damaged or an array without rows, TypeError for a source that cannot be read in
 * parts.
 * @example
 * const file = await openNpy(new Blob([writeNpy(arange(6))]));
 * file.shape; // [6]
 */
export async function openNpy(from: Blob | OpenFile | ByteSource, name = "the file"): Promise<NpyFile> {
  const fail = failing(name);
  const { size, part } = await partsOf("npy", from, fail);
  // First enough bytes for the header's length, then for the whole header.
  const begin = startOf(await part(0, Math.min(12, size)), size, fail);
  if (begin > LONGEST_HEADER) fail(`has a header of ${countedBytes(begin)}`);
  const header = headerOf(await part(0, begin), fail);
  const type = typeOf(header, size, fail);
  const { shape, fortran, start: first } = header;
  if (shape.length === 0) fail("holds a single number, no rows", "Use readNpy.");
  if (fortran && shape.length > 1) {
    fail("is in Fortran order, where no row lies in one piece", "Use readNpy, or np.ascontiguousarray before np.save.");
  }
  const row = type.bytes * sizeOf(shape.slice(1));
  return {
    shape,
    dtype: type.dtype,
    rows: async (start, stop) => {
      if (
        !(Number.isSafeInteger(start) && Number.isSafeInteger(stop) && 0 <= start && start <= stop && stop <= shape[0])
      ) {
        throw new RangeError(
          `[npy] ${plain(name)} has no rows from ${quote(start)} to ${quote(stop)}. Ask for 0 to ${shape[0]} at the most.`,
        );
      }
      const bytes = await part(first + start * row, first + stop * row);
      const {
        numbers,
        shape: got,
        dtype,
      } = numbersOf(bytes, { ...header, shape: [stop - start, ...shape.slice(1)] }, type, fail, start);
      return fromNumbers(numbers, got, dtype);
    },
  };
}

/** The type of the elements, after checking that the file has exactly the number of bytes they take. */
function typeOf({ descr, shape, start }: Header, size: number, fail: Fail): ElementType {
  const order = descr[0];
  const type = Object.hasOwn(TYPES, descr.slice(1)) ? TYPES[descr.slice(1)] : undefined;
  if (!type || !(order === "<" || order === ">" || (order === "|" && type.bytes === 1))) {
    const cure = "Booleans, integers and floats of 2, 4 and 8 bytes are read: convert it in NumPy with .astype('<f4').";
    return fail(`holds elements of type ${plain(descr, 80)}`, cure);
  }
  const [there, taken] = [size - start, sizeOf(shape) * type.bytes];
  if (there !== taken)
    fail(`has ${countedBytes(there)} of data for ${showShape(shape)} of ${descr}, which takes ${taken}`);
  return type;
}

/** The numbers in these bytes, row-major. `firstRow` is added to places in messages. */
function numbersOf(
  bytes: Uint8Array,
  { descr, fortran, shape }: Header,
  type: ElementType,
  fail: Fail,
  firstRow = 0,
): NpyArray {
  const count = sizeOf(shape);
  const little = descr[0] !== ">";
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const { dtype } = type;
  const into = typeNamed(dtype);
  const numbers = into.array(count);
  const placeOf = fortran ? rowMajorPlaces(shape) : undefined;
  for (let i = 0; i < count; i++) {
    const value = type.read(view, i * type.bytes, little);
    const at = placeOf ? placeOf() : i;
    numbers[at] = Number(value);
    if (!into.isFloat && Number(value) !== numbers[at]) {
      const place = indexIn(shape, at);
      if (place.length > 0) place[0] += firstRow;
      fail(`holds ${value} at ${showShape(place)}, which int32 cannot`, "Save it as floats or as smaller integers.");
    }
  }
  return { numbers, shape, dtype };
}

/**
 * The bytes of a `.npy` file, version 1.0, with this tensor: `<f4`, `<f8` or `<i4`, in C order. `np.load` reads it.
 *
 * @example writeNpy(tensor([1, 2])).length // 136
 */
export function writeNpy(tensor: Tensor): Uint8Array {
  checkMade("writeNpy", "what is written", tensor, ["dtype", "data"], "Give a tensor, made with tensor().");
  const data = tensor.data();
  const sizes = tensor.shape.map((size) => `${size},`).join(" ");
  const shape = tensor.rank === 1 ? `(${sizes})` : `(${sizes.replace(/,$/, "")})`;
  const descr = DESCRIPTIONS[tensor.dtype];
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  // Everything before the data takes a multiple of 64 bytes and ends with a newline.
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

const failing =
  (name: string): Fail =>
  (fact, cure = DAMAGED) => {
    throw new InputError(`[npy] ${plain(name)} ${fact}. ${cure}`);
  };

interface Header {
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: Shape;
  /** Where the data begin. */
  readonly start: number;
}

/** Where the data begin in a file of `size` bytes that begins with these bytes, at least 12. */
function startOf(bytes: Uint8Array, size: number, fail: Fail): number {
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== MAGIC) fail("does not begin as .npy does");
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0) {
    fail(`is of version ${major}.${minor}`, "Versions 1.0, 2.0 and 3.0 are read: save it with a current NumPy.");
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const begin = major === 1 ? 10 : 12;
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > size - begin) {
    fail(`says that its header has ${countedBytes(length)}, but has ${size - begin} after that number`);
  }
  return begin + length;
}

/** The description of the data in a file whose header is in these bytes. */
function headerOf(bytes: Uint8Array, fail: Fail): Header {
  const start = startOf(bytes, bytes.length, fail);
  const text = new TextDecoder(bytes[6] === 3 ? "utf-8" : "latin1").decode(
    bytes.subarray(bytes[6] === 1 ? 10 : 12, start),
  );
  const header = parseNpyHeader(text, fail);
  const axes = header.shape.length;
  if (axes > 6) fail(`has ${axes} axes`, "A tensor has at most 6: reshape it in NumPy.");
  return { ...header, start };
}

/**
 * Makes a function that returns, call by call, where the next element of a column-major array belongs in a row-major
 * one.
 */
function rowMajorPlaces(shape: Shape): () => number {
  const index = shape.map(() => 0);
  return () => {
    const at = index.reduce((place, i, axis) => place * shape[axis] + i, 0);
    for (let axis = 0; axis < shape.length && ++index[axis] === shape[axis]; axis++) index[axis] = 0;
    return at;
  };
}
