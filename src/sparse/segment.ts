// Segments of dendrites that recognise patterns, and neurons with several segments (Hawkins and Ahmad 2016; Ahmad and
// Hawkins 2016, arXiv 1601.00720).
import { type Key, quote } from "../core/index.js";
import { BitSet } from "./bit-set.js";
import { checkThreshold } from "./overlaps.js";
import { sampleOf } from "./patterns.js";

/** How a segment learns. */
export interface LearnOptions {
  /** s: the number of synapses that it grows, at most the number of the pattern's active cells. */
  readonly synapses: number;
  /** theta: the number of active synapses at which it fires. */
  readonly threshold: number;
}

/**
 * A segment of a dendrite, which fires if enough of its synapses are active: |D and A| >= theta.
 *
 * @example
 * const segment = new Segment(BitSet.of(10, [1, 3, 5]), 2);
 * segment.fires(BitSet.of(10, [1, 3])); // true
 */
export class Segment {
  /** @internal Said once more, since bundlers give classes that name themselves other names. */
  static readonly name = "Segment";
  /**
   * @param synapses the cells on which it has synapses.
   * @param threshold the number of active synapses at which it fires, from 0 to the number of synapses.
   * @throws RangeError for a threshold that it never reaches; TypeError for synapses that are not a `BitSet`.
   */
  constructor(
    /** The cells on which it has synapses. */
    readonly synapses: BitSet,
    /** The number of active synapses at which it fires. */
    readonly threshold: number,
  ) {
    if (!(synapses instanceof BitSet)) {
      throw new TypeError(
        `[Segment] \`synapses\` is ${quote(synapses)}. Give a BitSet, such as BitSet.of(100, [3, 7]).`,
      );
    }
    checkThreshold("Segment", threshold, synapses.count);
  }

  /** A segment that has learned a pattern: its synapses are on random active cells of the pattern. */
  static learn(key: Key, pattern: BitSet, { synapses, threshold }: LearnOptions): Segment {
    return new Segment(sampleOf(key, pattern, synapses), threshold);
  }

  /** This segment after it has learned another pattern, on whose random active cells it grows this many synapses. */
  learn(key: Key, pattern: BitSet, synapses: number): Segment {
    return new Segment(this.synapses.union(sampleOf(key, pattern, synapses)), this.threshold);
  }

  /** Whether it fires. Throws a RangeError for a pattern of another number of cells. */
  fires(pattern: BitSet): boolean {
    return this.synapses.overlap(pattern) >= this.threshold;
  }
}

/**
 * A neuron with several segments, each of which can make it fire alone.
 *
 * @example
 * const neuron = new Neuron([new Segment(BitSet.of(10, [1, 3, 5]), 2)]);
 * neuron.fires(BitSet.of(10, [1, 3])); // true
 */
export class Neuron {
  constructor(
    /** Its segments. */
    readonly segments: readonly Segment[],
  ) {}

  /** Whether any of its segments fires. Throws a RangeError for a pattern of another number of cells. */
  fires(pattern: BitSet): boolean {
    return this.segments.some((segment) => segment.fires(pattern));
  }
}
