// Sets of cells as bits, 32 in a word: a pattern, or the cells on which a segment has synapses.
import { quote } from "../core/index.js";
import { checkWhole } from "./checks.js";

/**
 * An immutable set of cells out of cells 0 to `size` - 1.
 *
 * @example
 * const [a, b] = [BitSet.of(10, [1, 3, 5]), BitSet.of(10, [3, 5, 7])];
 * a.overlap(b); // 2
 * a.union(b).cells(); // [1, 3, 5, 7]
 */
export class BitSet {
  /** @internal Said once more, since bundlers give classes that name themselves other names. */
  static readonly name = "BitSet";
  private constructor(
    /** How many cells there are. */
    readonly size: number,
    /** Word k holds cells 32 k to 32 k + 31, the first in its lowest bit. Bits from `size` on are 0. */
    readonly words: Uint32Array,
  ) {}

  /**
   * The set of these cells, in any order.
   *
   * @param size how many cells there are, from 1 to 2^32 - 1.
   * @throws RangeError for a cell that does not exist.
   */
  static of(size: number, cells: Iterable<number>): BitSet {
    checkSize(size);
    const words = new Uint32Array(Math.ceil(size / 32));
    for (const cell of cells) {
      if (!Number.isInteger(cell) || cell < 0 || cell >= size) {
        throw new RangeError(`[BitSet.of] there is no cell ${quote(cell)}. Give whole numbers from 0 to ${size - 1}.`);
      }
      words[cell >>> 5] |= 1 << (cell & 31);
    }
    return new BitSet(size, words);
  }

  /**
   * The set of the cells i for which entry i of the mask is true, or a number other than 0.
   *
   * @throws RangeError unless the mask has `size` entries.
   */
  static fromMask(size: number, mask: ArrayLike<number | boolean>): BitSet {
    checkSize(size);
    if (mask.length !== size) {
      throw new RangeError(
        `[BitSet.fromMask] the mask has ${quote(mask.length)} entries, but there are ${size} cells. Give one entry for each cell.`,
      );
    }
    return BitSet.of(
      size,
      Array.from({ length: size }, (_, i) => i).filter((i) => Boolean(mask[i])),
    );
  }

  /** The number of cells in the set. */
  get count(): number {
    let count = 0;
    for (const word of this.words) count += ones(word);
    return count;
  }

  /** Whether a cell is in the set; false for a cell that does not exist. */
  has(cell: number): boolean {
    return ((this.words[cell >>> 5] ?? 0) & (1 << (cell & 31))) !== 0 && cell >= 0 && cell < this.size;
  }

  /** The cells in the set, in ascending order. */
  cells(): number[] {
    const cells: number[] = [];
    this.words.forEach((word, k) => {
      for (let left = word; left !== 0; left &= left - 1) cells.push(32 * k + 31 - Math.clz32(left & -left));
    });
    return cells;
  }

  /** The number of cells in both sets. Throws a RangeError for sets of different sizes. */
  overlap(other: BitSet): number {
    this.checkSame("overlap", other);
    let count = 0;
    for (let k = 0; k < this.words.length; k++) count += ones(this.words[k] & other.words[k]);
    return count;
  }

  /** The cells in either set. Throws a RangeError for sets of different sizes. */
  union(other: BitSet): BitSet {
    this.checkSame("union", other);
    return new BitSet(
      this.size,
      this.words.map((word, k) => word | other.words[k]),
    );
  }

  /** The cells in this set that are not in the other. Throws a RangeError for sets of different sizes. */
  without(other: BitSet): BitSet {
    this.checkSame("without", other);
    return new BitSet(
      this.size,
      this.words.map((word, k) => word & ~other.words[k]),
    );
  }

  private checkSame(what: string, other: BitSet): void {
    if (!(other instanceof BitSet)) {
      throw new TypeError(
        `[BitSet.${what}] ${quote(other)} is not a set of cells. Make one with BitSet.of(size, cells).`,
      );
    }
    if (other.size === this.size) return;
    throw new RangeError(
      `[BitSet.${what}] one set has a size of ${this.size} cells and the other of ${other.size}. Make both with the same \`size\`.`,
    );
  }
}

function checkSize(size: number): void {
  checkWhole("BitSet", "size", size, 1, ["2^32 - 1", 2 ** 32 - 1]);
}

/**
 * The number of bits of a word that are 1, counted in pairs, then in fours, then in bytes, which one product adds up.
 */
export function ones(word: number): number {
  let x = word - ((word >>> 1) & 0x55555555);
  x = (x & 0x33333333) + ((x >>> 2) & 0x33333333);
  return Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
