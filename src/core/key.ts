// Random keys: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy
// as 1, 2, 3"), used as in JAX: a draw depends on the key and the index and on nothing else.
import { quote } from "./quote.js";

/** The parity constant of Threefish's key schedule (Skein 1.3, section 3.3.2), its low 32 bits. */
const PARITY = 0x1bd11bda;

/** Rotations of Threefry-2x32 (Salmon et al. 2011, table 2): rounds 0-3, then 4-7, then again. */
const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;

/** One block: the counter (c0, c1) enciphered under the key (k0, k1). Unsigned 32-bit words in and out. */
export function threefry2x32(k0: number, k1: number, c0: number, c1: number): [number, number] {
  const schedule = [k0, k1, k0 ^ k1 ^ PARITY];
  let x = (c0 + k0) | 0;
  let y = (c1 + k1) | 0;
  for (let block = 0; block < 5; block++) {
    for (const r of ROTATIONS[block & 1]) {
      x = (x + y) | 0;
      y = ((y << r) | (y >>> (32 - r))) ^ x;
    }
    x = (x + schedule[(block + 1) % 3]) | 0;
    y = (y + schedule[(block + 2) % 3] + block + 1) | 0;
  }
  return [x >>> 0, y >>> 0];
}

/** As many keys as a number in the code says, so that each is known to be there; else any number of them. */
type Keys<N extends number, Made extends Key[] = []> = number extends N
  ? Key[]
  : Made["length"] extends N
    ? Made
    : Made["length"] extends 16
      ? Key[]
      : Keys<N, [...Made, Key]>;

/**
 * A random key: a value, never a state. The same key gives the same numbers on every engine. Draw once from a key;
 * for more, `split` it or `fold` an index into it.
 *
 * @example
 * const [first, second] = Key.of(7).split(2);
 * first.integer(0, 100); // 86
 * second.permutation(4); // [0, 2, 3, 1]
 */
export class Key {
  /** @internal Said once more, since bundlers give classes that name themselves other names. */
  static readonly name = "Key";
  private constructor(
    /** High word, unsigned 32 bits. */
    readonly hi: number,
    /** Low word, unsigned 32 bits. */
    readonly lo: number,
  ) {}

  /** The key of an integer seed from 0 to 2^53 - 1; 0 is a seed like any other. The words are the same as JAX's. */
  static of(seed: number): Key {
    if (!Number.isSafeInteger(seed) || seed < 0) {
      throw new RangeError(`[Key.of] a seed is a whole number from 0 to 2^53 - 1, not ${quote(seed)}.`);
    }
    return new Key(Math.floor(seed / 2 ** 32) >>> 0, seed >>> 0);
  }

  /** The key written by `toString`. */
  static parse(text: string): Key {
    const match = /^([0-9a-f]{8})([0-9a-f]{8})$/.exec(text);
    if (!match) throw new RangeError(`[Key.parse] a key is 16 hexadecimal digits, not ${quote(text)}.`);
    return new Key(Number.parseInt(match[1], 16), Number.parseInt(match[2], 16));
  }

  /** The key for item `index` (an unsigned 32-bit integer) of whatever this key stands for. */
  fold(index: number): Key {
    if (!Number.isInteger(index) || index < 0 || index > 0xffffffff) {
      throw new RangeError(`[Key.fold] an index is a whole number from 0 to 2^32 - 1, not ${quote(index)}.`);
    }
    return new Key(...threefry2x32(this.hi, this.lo, 0, index));
  }

  /** `count` independent keys (two by default), those of `fold(0)`, `fold(1)` and so on; up to 16 as a tuple. */
  split<N extends number = 2>(count: N = 2 as N): Keys<N> {
    if (!Number.isInteger(count) || count < 0 || count > 0xffffffff) {
      throw new RangeError(`[Key.split] a count is a whole number from 0 to 2^32 - 1, not ${quote(count)}.`);
    }
    return Array.from({ length: count }, (_, i) => this.fold(i)) as Keys<N>;
  }

  /** Word `index` of this key's stream: 32 random bits, unsigned. */
  bits(index: number): number {
    const [x, y] = threefry2x32(this.hi, this.lo, 0, index);
    return (x ^ y) >>> 0;
  }

  /** Draw `index` as a number from 0 (included) to 1 (excluded), a multiple of 2^-23. */
  uniform(index: number): number {
    return (this.bits(index) >>> 9) / 2 ** 23;
  }

  /** Draw `index` as a whole number from 0 to `bound` - 1, by the high word of a product (bias below bound / 2^32). */
  integer(index: number, bound: number): number {
    return Math.floor((this.bits(index) / 2 ** 32) * bound);
  }

  /** The numbers 0 .. n - 1 in random order (Fisher and Yates; Durstenfeld 1964). */
  permutation(n: number): number[] {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i, i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }

  /** 16 hexadecimal digits, readable by `Key.parse`. */
  toString(): string {
    return this.hi.toString(16).padStart(8, "0") + this.lo.toString(16).padStart(8, "0");
  }
}
