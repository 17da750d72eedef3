// Gzip (RFC 1952): one or more members, each with a header, a stream of deflate, a checksum and a size. The content is
// that of all members joined. Zeros may follow, as tapes and some tools leave them.
import { bytesOf, InputError, plain } from "../core/index.js";
import { inflate } from "./inflate.js";

/** The most bytes that `gunzip` unpacks by default, which a file of 2 MB can claim to hold. */
const MOST_BYTES = 2 ** 31 - 1;

/**
 * Whether the bytes begin like gzip.
 *
 * @example isGzip(Uint8Array.of(0x1f, 0x8b, 8)) // true
 */
export function isGzip(bytes: ArrayBuffer | ArrayBufferView): boolean {
  const [first, second] = bytesOf("isGzip", bytes);
  return first === 0x1f && second === 0x8b;
}

/** The content of gzip bytes, or its beginning. */
export interface Unpacked {
  /** The content, at most `limit` bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** Whether that is the whole content; if not, the rest was not read. */
  readonly whole: boolean;
}

/**
 * Unpacks gzip bytes up to `limit` bytes of content; nothing beyond that is unpacked, so a small file that claims to
 * hold gigabytes costs nothing.
 *
 * @param name what errors call the bytes.
 * @throws InputError for bytes that are not gzip, cut short or damaged.
 */
export function unpack(bytes: Uint8Array, limit: number, name: string): Unpacked {
  const fail = (fact: string, cure: string): never => {
    throw new InputError(`[gunzip] ${plain(name)}: ${fact}. ${cure}`);
  };
  if (bytes.length === 0) fail("0 bytes long", "Fetch the file again.");
  if (!isGzip(bytes)) {
    const start = Array.from(bytes.subarray(0, 2), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
    fail(
      `not gzip, since it opens with ${start} and not 1f 8b`,
      'Fetch the file again, or take ".gz" off its name if it is not compressed.',
    );
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  let at = 0;
  try {
    for (;;) {
      const { data, end, whole } = inflate(bytes, afterHeader(bytes, at), limit - size);
      if (data.length > 0) parts.push(data);
      size += data.length;
      if (!whole) return { data: joined(parts, size), whole: false };
      at = checkTrailer(bytes, end, data);
      if (bytes[at] !== 0x1f && afterZeros(bytes, at) === bytes.length) break;
      if (bytes[at] !== 0x1f) throw new InputError(`more bytes follow it at ${at}, which are not gzip`);
    }
  } catch (cause) {
    if (!(cause instanceof InputError)) throw cause;
    fail(
      `the gzip data is cut short or damaged (${bytes.length} bytes long): ${cause.message}`,
      "Fetch the file again.",
    );
  }
  return { data: joined(parts, size), whole: true };
}

/**
 * The content of gzip bytes, of one member or several. The same in pages and in Node.
 *
 * @param name what errors call the bytes.
 * @param limit the most bytes of content to unpack, by default 2^31 - 1.
 * @throws InputError for bytes that are not gzip, cut short or damaged, or that hold more than `limit` bytes.
 * @example
 * const packed = "H4sIAAAAAAAAA8vIBACsKpPYAgAAAA==";
 * const bytes = await gunzip(Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0)));
 * textOf(bytes); // "hi"
 */
export async function gunzip(
  bytes: ArrayBuffer | ArrayBufferView,
  name = "these bytes",
  limit = MOST_BYTES,
): Promise<Uint8Array<ArrayBuffer>> {
  const { data, whole } = unpack(bytesOf("gunzip", bytes), limit, name);
  if (whole) return data;
  throw new InputError(`[gunzip] ${plain(name)}: holds more than ${limit} bytes. Raise the limit if that is intended.`);
}

const afterZeros = (bytes: Uint8Array, from: number): number => {
  let at = from;
  while (at < bytes.length && bytes[at] === 0) at++;
  return at;
};

/** Bits of the header's flags (section 2.3.1). */
const [HEADER_CHECKSUM, EXTRA, NAME, COMMENT, RESERVED] = [2, 4, 8, 16, 224];

/** Where the deflate stream of the member at `start` begins. */
function afterHeader(bytes: Uint8Array, start: number): number {
  const cut = (): never => {
    throw new InputError("a header is cut short");
  };
  if (start + 10 > bytes.length) cut();
  const flags = bytes[start + 3];
  if (bytes[start + 1] !== 0x8b || bytes[start + 2] !== 8 || (flags & RESERVED) !== 0) {
    throw new InputError(`the header at ${start} is of no known kind`);
  }
  let at = start + 10;
  if (flags & EXTRA) {
    if (at + 2 > bytes.length) cut();
    at += 2 + (bytes[at] | (bytes[at + 1] << 8));
  }
  for (const text of [NAME, COMMENT]) {
    if ((flags & text) === 0) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) cut();
    at = end + 1;
  }
  if (flags & HEADER_CHECKSUM) at += 2;
  return at < bytes.length ? at : cut();
}

/** Checks the checksum and the size at `at`, and returns where they end. */
function checkTrailer(bytes: Uint8Array, at: number, data: Uint8Array): number {
  if (at + 8 > bytes.length) throw new InputError("the checksum is cut short");
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 8);
  if (view.getUint32(0, true) !== crc32(data)) throw new InputError("the checksum does not fit");
  if (view.getUint32(4, true) !== data.length % 2 ** 32) throw new InputError("the size does not fit");
  return at + 8;
}

/** One array of all parts. A single part is returned as it is if its buffer has exactly its size. */
function joined(parts: readonly Uint8Array<ArrayBuffer>[], size: number): Uint8Array<ArrayBuffer> {
  if (parts.length === 1 && parts[0].buffer.byteLength === size) return parts[0];
  const out = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** For each byte, the remainder of its polynomial by gzip's (section 8), lowest bit first. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
  return rest;
});

/** The checksum of gzip and zip. */
export function crc32(data: Uint8Array): number {
  let rest = 0xffffffff;
  for (let i = 0; i < data.length; i++) rest = REMAINDERS[(rest ^ data[i]) & 255] ^ (rest >>> 8);
  return ~rest >>> 0;
}
