// The inverse of deflate (RFC 1951), for gzip and zip. The platform's DecompressionStream does not say where its data
// end, which a file of several members needs; it has no size limit, and engines differ in what they accept. This one
// gives the same answer everywhere, at about half the speed.
import { InputError } from "../core/index.js";

/** The result of unpacking a stream of deflate. */
export interface Inflated {
  /** The content, or its first `limit` bytes. */
  readonly data: Uint8Array<ArrayBuffer>;
  /** Where the bytes after the stream begin, or where reading stopped if the end was not reached. */
  readonly end: number;
  /** Whether the stream was read to its end: false if the content has more than `limit` bytes. */
  readonly whole: boolean;
}

/** Lengths of matches by their codes from 257 on: the shortest, and how many more bits add to it (section 3.2.5). */
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
/** The same for the 30 codes of distances. */
const DISTANCE_BITS = Array.from({ length: 30 }, (_, code) => Math.max(0, (code >> 1) - 1));
const DISTANCE_BASE = DISTANCE_BITS.map((bits, code) => (code < 2 ? code + 1 : ((2 + (code & 1)) << bits) + 1));
/** The order in which the lengths of the code-length codes are stored (section 3.2.7). */
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The longest code, in bits. */
const LONGEST = 15;

/**
 * A Huffman code as a table: for the next bits of the stream, the symbol (from bit 4 up) and its length (the low four
 * bits); 0 if no code begins with these bits.
 */
interface Code {
  readonly table: Uint16Array;
  readonly bits: number;
}

const damaged = (fact: string): InputError => new InputError(`the compressed data ${fact}`);

/** The code whose symbols have these lengths. It must be complete, or have at most one symbol. */
function codeOf(lengths: Uint8Array): Code {
  const counts = new Uint16Array(LONGEST + 1);
  for (const length of lengths) counts[length]++;
  counts[0] = 0;
  let bits = LONGEST;
  while (bits > 1 && counts[bits] === 0) bits--;
  const next = new Uint16Array(LONGEST + 2);
  let left = 1;
  for (let length = 1; length <= LONGEST; length++) {
    left = 2 * left - counts[length];
    if (left < 0) throw damaged("have a code with too many symbols");
    next[length + 1] = (next[length] + counts[length]) << 1;
  }
  const symbols = counts.reduce((sum, count) => sum + count, 0);
  if (left > 0 && !(symbols === 0 || (symbols === 1 && counts[1] === 1))) throw damaged("have a code with gaps");
  const table = new Uint16Array(1 << bits);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    // In the stream, the first bit of a code is the lowest.
    let reversed = 0;
    const code = next[length]++;
    for (let bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
    for (let entry = reversed; entry < table.length; entry += 1 << length) table[entry] = (symbol << 4) | length;
  });
  return { table, bits };
}

let fixed: readonly [Code, Code] | undefined;

/** The codes of a block that has no codes of its own (section 3.2.6). */
function fixedCodes(): readonly [Code, Code] {
  const lengths = new Uint8Array(288).fill(8).fill(9, 144, 256).fill(7, 256, 280);
  fixed ??= [codeOf(lengths), codeOf(new Uint8Array(32).fill(5))];
  return fixed;
}

/**
 * Unpacks the stream of deflate that begins at `start`, up to `limit` bytes of content.
 *
 * @throws InputError for data that are cut short or damaged; its message is meant to follow a file's name.
 */
export function inflate(bytes: Uint8Array, start: number, limit: number): Inflated {
  let at = start;
  let held = 0;
  let count = 0;
  let out = new Uint8Array(Math.min(limit, Math.max(1024, 4 * (bytes.length - start))));
  let size = 0;

  const need = (wanted: number): void => {
    while (count < wanted) {
      if (at >= bytes.length) throw damaged("are cut short");
      held |= bytes[at++] << count;
      count += 8;
    }
  };
  const take = (wanted: number): number => {
    need(wanted);
    const value = held & ((1 << wanted) - 1);
    held >>>= wanted;
    count -= wanted;
    return value;
  };
  const symbolOf = ({ table, bits }: Code): number => {
    // Near the end of the file there may be fewer bits than the longest code has.
    while (count < bits && at < bytes.length) {
      held |= bytes[at++] << count;
      count += 8;
    }
    const entry = table[held & ((1 << bits) - 1)];
    const length = entry & 15;
    if (length === 0 || length > count)
      throw damaged(count < bits ? "are cut short" : "have a code that stands for nothing");
    held >>>= length;
    count -= length;
    return entry >> 4;
  };
  /** Makes room for `more` bytes; false if the limit does not allow them. */
  const room = (more: number): boolean => {
    if (size + more <= out.length) return true;
    if (size + more > limit) return false;
    const larger = new Uint8Array(Math.min(limit, Math.max(2 * out.length, size + more)));
    larger.set(out.subarray(0, size));
    out = larger;
    return true;
  };
  const result = (whole: boolean): Inflated => {
    at -= count >> 3; // whole bytes that were taken up but not used
    return { data: out.subarray(0, size), end: at, whole };
  };

  for (let last = false; !last; ) {
    last = take(1) === 1;
    const kind = take(2);
    if (kind === 3) throw damaged("have a block of no known kind");
    if (kind === 0) {
      at -= count >> 3;
      held = 0;
      count = 0;
      if (at + 4 > bytes.length) throw damaged("are cut short");
      const length = bytes[at] | (bytes[at + 1] << 8);
      if ((length ^ 0xffff) !== (bytes[at + 2] | (bytes[at + 3] << 8))) throw damaged("have a block of two lengths");
      at += 4;
      if (at + length > bytes.length) throw damaged("are cut short");
      const fits = room(length) ? length : limit - size;
      if (fits < length) room(fits);
      out.set(bytes.subarray(at, at + fits), size);
      size += fits;
      at += fits;
      if (fits < length) return result(false);
      continue;
    }
    const [literals, distances] = kind === 1 ? fixedCodes() : codesOf(take, symbolOf);
    for (let symbol = symbolOf(literals); symbol !== 256; symbol = symbolOf(literals)) {
      if (symbol < 256) {
        if (size === out.length && !room(1)) return result(false);
        out[size++] = symbol;
        continue;
      }
      if (symbol > 285) throw damaged("have a match of no known length");
      const length = LENGTH_BASE[symbol - 257] + take(LENGTH_BITS[symbol - 257]);
      const code = symbolOf(distances);
      if (code > 29) throw damaged("have a match of no known distance");
      const distance = DISTANCE_BASE[code] + take(DISTANCE_BITS[code]);
      if (distance > size) throw damaged("have a match before their beginning");
      const fits = room(length) ? length : limit - size;
      if (fits < length) room(fits);
      for (const end = size + fits; size < end; size++) out[size] = out[size - distance];
      if (fits < length) return result(false);
    }
  }
  return result(true);
}

/** The codes that a block contains (section 3.2.7). */
function codesOf(take: (bits: number) => number, symbolOf: (code: Code) => number): readonly [Code, Code] {
  const literals = take(5) + 257;
  const distances = take(5) + 1;
  const given = take(4) + 4;
  if (literals > 286 || distances > 30) throw damaged("have codes of too many symbols");
  const first = new Uint8Array(19);
  for (let i = 0; i < given; i++) first[ORDER[i]] = take(3);
  const code = codeOf(first);
  const lengths = new Uint8Array(literals + distances);
  for (let i = 0; i < lengths.length; ) {
    const symbol = symbolOf(code);
    if (symbol < 16) {
      lengths[i++] = symbol;
      continue;
    }
    if (symbol === 16 && i === 0) throw damaged("repeat a length before the first");
    const value = symbol === 16 ? lengths[i - 1] : 0;
    const times = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7);
    if (i + times > lengths.length) throw damaged("have more lengths than symbols");
    lengths.fill(value, i, i + times);
    i += times;
  }
  if (lengths[256] === 0) throw damaged("have a block without an end");
  return [codeOf(lengths.subarray(0, literals)), codeOf(lengths.subarray(literals))];
}
