// NumPy's file of several arrays (numpy.savez): a zip archive whose members are .npy files, stored or deflated.
//
// Zip (APPNOTE.TXT of PKWARE, section 4.3) is read from its end: the end record says where the directory is; each entry
// of the directory says where a member's local header is and how many bytes it has, packed and unpacked. The local
// headers repeat this, so only their length is needed.
import { bytesOf, fromNumbers, InputError, plain, quote, type Tensor } from "../core/index.js";
import { crc32 } from "./gzip.js";
import { inflate } from "./inflate.js";
import { arrayOf, type NpyArray } from "./npy.js";
import { countedBytes } from "./text.js";

const [LOCAL, ENTRY, END] = [0x04034b50, 0x02014b50, 0x06054b50];
/** The length of the fixed part of these records, in bytes. */
const [LOCAL_BYTES, ENTRY_BYTES, END_BYTES] = [30, 46, 22];
const [STORED, DEFLATED] = [0, 8];
/** The longest comment of an archive, which follows the end record. */
const LONGEST_COMMENT = 65_535;
/** The value of sizes and places that are given in the zip64 extension instead, for archives of 4 GiB and more. */
const BEYOND = 0xffffffff;

interface Member {
  readonly method: number;
  readonly checksum: number;
  readonly packed: number;
  readonly size: number;
  readonly at: number;
}

type Fail = (fact: string, cure?: string) => never;

/**
 * The arrays of a `.npz` file, as written by `numpy.savez` and `savez_compressed`, by their names. Each is read as
 * `readNpy` does.
 *
 * @param name what errors call the file.
 * @param only the names that are wanted; the others are not unpacked. Default all.
 * @throws InputError for a file that is damaged, encrypted, 4 GiB or larger, or lacks a name in `only`.
 * @example
 * const { x } = readNpz(await readFile("numbers.npz"));
 * x; // [[1, 2]], after numpy.savez_compressed("numbers.npz", x=numpy.float32([[1, 2]]))
 */
export function readNpz(
  bytes: ArrayBuffer | ArrayBufferView,
  name = "the file",
  only?: readonly string[],
): Record<string, Tensor> {
  // Tensors are made only after all were read, so none is made for a file that is refused.
  return Object.fromEntries(
    Object.entries(arraysOfNpz(bytes, name, only)).map(([key, { numbers, shape, dtype }]) => [
      key,
      fromNumbers(numbers, shape, dtype),
    ]),
  );
}

/** Like `readNpz`, before the arrays are tensors. */
export function arraysOfNpz(
  bytes: ArrayBuffer | ArrayBufferView,
  name: string,
  only?: readonly string[],
): Record<string, NpyArray> {
  const held = bytesOf("readNpz", bytes);
  const fail: Fail = (fact, cure = "It is damaged or no .npz file: use a whole copy.") => {
    throw new InputError(`[npz] ${plain(name)} ${fact}. ${cure}`);
  };
  const view = new DataView(held.buffer, held.byteOffset, held.length);
  const members = directoryOf(view, held, fail);
  const wanted = only ?? [...members.keys()];
  const arrays = wanted.map((key) => {
    const member = members.get(key) ?? fail(`has no array ${quote(key)}`, "Ask for one that it has.");
    return [key, arrayOf(contentOf(view, held, key, member, fail), `${plain(name)}: ${plain(key)}.npy`)] as const;
  });
  return Object.fromEntries(arrays);
}

/** The members by the names of their arrays. */
function directoryOf(view: DataView, bytes: Uint8Array, fail: Fail): Map<string, Member> {
  const end = endOf(view, fail);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (at === BEYOND || count === 0xffff) {
    fail("is a zip64 archive, of 4 GiB or of 65,535 arrays and more", "Save its arrays in several files.");
  }
  const members = new Map<string, Member>();
  for (let i = 0; i < count; i++) {
    if (at + ENTRY_BYTES > end || view.getUint32(at, true) !== ENTRY) fail(`has no entry ${i} in its directory`);
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const next = at + ENTRY_BYTES + lengths[0] + lengths[1] + lengths[2];
    if (next > end) fail(`has a directory that is cut short in entry ${i}`);
    const file = new TextDecoder().decode(bytes.subarray(at + ENTRY_BYTES, at + ENTRY_BYTES + lengths[0]));
    if (!file.endsWith(".npy"))
      fail(`holds ${quote(file)}, which is no .npy file`, "It is a zip archive of other files.");
    if (view.getUint16(at + 8, true) & 1) fail(`has ${quote(file)} encrypted`, "Save it without a password.");
    const key = file.slice(0, -4);
    if (members.has(key)) fail(`has ${quote(file)} twice`);
    members.set(key, {
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      at: view.getUint32(at + 42, true),
    });
    at = next;
  }
  return members;
}

/**
 * Where the end record begins: the last place that has its mark and is followed by a comment of the length it gives.
 */
function endOf(view: DataView, fail: Fail): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at--) {
    if (view.getUint32(at, true) === END && view.getUint16(at + 20, true) === last - at) return at;
  }
  return fail("does not end as a zip archive does");
}

/** The bytes of a member, unpacked and checked. No more is unpacked than the size in the directory. */
function contentOf(view: DataView, bytes: Uint8Array, key: string, member: Member, fail: Fail): Uint8Array {
  const called = quote(`${key}.npy`);
  const { method, checksum, packed, size, at } = member;
  if (packed === BEYOND || size === BEYOND || at === BEYOND) {
    fail(`holds ${called} with 4 GiB or more`, "Save it in a file of its own.");
  }
  if (at + LOCAL_BYTES > bytes.length || view.getUint32(at, true) !== LOCAL)
    fail(`does not have ${called} where it says`);
  const start = at + LOCAL_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  if (start + packed > bytes.length) fail(`ends within ${called}`);
  const inside = bytes.subarray(start, start + packed);
  const data = method === STORED ? inside : method === DEFLATED ? inflated(inside, size, called, fail) : undefined;
  if (data === undefined)
    return fail(`has ${called} packed by method ${method}`, "Save it with numpy.savez_compressed.");
  if (data.length !== size) fail(`has ${countedBytes(data.length)} of ${called}, which should be ${size}`);
  if (crc32(data) !== checksum) fail(`has a checksum that does not fit ${called}`);
  return data;
}

function inflated(packed: Uint8Array, size: number, called: string, fail: Fail): Uint8Array {
  try {
    const { data, whole } = inflate(packed, 0, size);
    return whole ? data : fail(`has more bytes of ${called} than the ${size} that it tells of`);
  } catch (error) {
    if (!(error instanceof InputError) || error.message.startsWith("[npz]")) throw error;
    return fail(`has ${called} damaged: ${error.message}`);
  }
}
