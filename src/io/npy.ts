// NumPy's file of one array (numpy.lib.format, versions 1.0, 2.0 and 3.0).
//
//   6 bytes   \x93NUMPY
//   2 bytes   version, major and minor
//   2 or 4    length of the header, little-endian: 2 bytes in version 1.0, 4 after it
//   header    a Python dictionary as text, filled up with spaces and ended by a newline:
//             {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
//   data      the elements, row-major, or column-major where fortran_order is True
import { checkShape, fromNumbers, InputError, type Shape, sizeOf, type Tensor } from "../core/index.js";

type Read = (view: DataView, at: number) => number;

/** The types that are read: bytes an element, what it becomes, how it is read. */
const TYPES: Readonly<Record<string, { bytes: number; dtype: "float32" | "int32"; read: Read }>> = {
  "<f4": { bytes: 4, dtype: "float32", read: (view, at) => view.getFloat32(at, true) },
  "<f8": { bytes: 8, dtype: "float32", read: (view, at) => view.getFloat64(at, true) },
  "<i4": { bytes: 4, dtype: "int32", read: (view, at) => view.getInt32(at, true) },
  "<i8": { bytes: 8, dtype: "int32", read: (view, at) => Number(view.getBigInt64(at, true)) },
  "|u1": { bytes: 1, dtype: "int32", read: (view, at) => view.getUint8(at) },
};

const MAGIC = "\x93NUMPY";
const DAMAGED = "It is damaged or no .npy file: use a whole copy.";

/**
 * The array of a `.npy` file. Read are the little-endian types f4 (as it is), f8 (rounded to float32; beyond its range
 * it becomes infinite), i4 (int32 as it is), i8 (int32; a number that does not fit is an error) and u1 (int32), in C or
 * Fortran order, of up to six axes.
 *
 * @param name what errors call the file.
 * @throws InputError for anything else.
 */
export function readNpy(bytes: Uint8Array, name = "the file"): Tensor {
  const fail = (fact: string, cure = DAMAGED): never => {
    throw new InputError(`[npy] ${name} ${fact}. ${cure}`);
  };
  const { descr, fortran, shape, start } = headerOf(bytes, fail);
  const type = Object.hasOwn(TYPES, descr) ? TYPES[descr] : undefined;
  if (!type) {
    const cure = "Read are <f4, <f8, <i4, <i8 and |u1: convert it in NumPy with .astype('<f4').";
    return fail(`holds elements of type ${descr}`, cure);
  }
  const count = sizeOf(shape);
  const held = bytes.length - start;
  if (held !== count * type.bytes) {
    fail(`has ${held} bytes of data for shape [${shape.join(", ")}] of ${descr}, which takes ${count * type.bytes}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, held);
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i++) numbers[i] = type.read(view, i * type.bytes);
  if (descr === "<i8") {
    const large = numbers.find((x) => x !== (x | 0));
    if (large !== undefined) fail(`holds ${large}, which int32 cannot`, "Save it as floats or as smaller integers.");
  }
  return fromNumbers(fortran ? rowMajor(numbers, shape) : numbers, shape, type.dtype);
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
  const text = new TextDecoder(major === 3 ? "utf-8" : "latin1").decode(bytes.subarray(begin, begin + length)).trim();
  const field = (name: string, value: string): string =>
    new RegExp(`^\\{.*'${name}'\\s*:\\s*(${value})\\s*[,}]`, "s").exec(text)?.[1] ??
    fail(`has no ${name} in its header`);
  // A structured type is a list of fields, which no tensor is.
  const descr = field("descr", "'[^']*'|\\[.*?\\]");
  const sizes = field("shape", "\\([\\dL,\\s]*\\)").match(/\d+/g) ?? [];
  const shape = sizes.map(Number);
  if (shape.length > 6) fail(`has ${shape.length} axes`, "A tensor has at most 6: reshape it in NumPy.");
  checkShape("npy", shape);
  return {
    descr: descr.replace(/^'|'$/g, ""),
    fortran: field("fortran_order", "True|False") === "True",
    shape,
    start: begin + length,
  };
}

/** Numbers in column-major order, in row-major order. */
function rowMajor(numbers: Float64Array, shape: Shape): Float64Array {
  const out = new Float64Array(numbers.length);
  const index = shape.map(() => 0);
  for (const x of numbers) {
    out[index.reduce((at, i, axis) => at * shape[axis] + i, 0)] = x;
    for (let axis = 0; axis < shape.length && ++index[axis] === shape[axis]; axis++) index[axis] = 0;
  }
  return out;
}
