// Segments of dendrites that recognise patterns, and neurons that have several of them (Hawkins and Ahmad 2016; Ahmad and
// Hawkins 2016, arXiv 1601.00720).
import { type Key, quote } from "../core/index.js";
import { BitSet } from "./bit-set.js";
import { checkThreshold } from "./overlaps.js";
import { sampleOf } from "./patterns.js";

/** How a segment learns. */
export interface LearnOptions {
  /** s: synapses that it grows, at most as many as the pattern has active cells. */
  readonly synapses: number;
  /** theta: active synapses from which on it fires. */
  readonly threshold: number;
}

/** A stretch of dendrite that fires if enough of its synapses are active: |D and A| >= theta. */
export class Segment {
  /**
   * @param synapses the cells that it has synapses on.
   * @param threshold active synapses from which on it fires, from 0 to the number of synapses.
   * @throws RangeError for a threshold that it never reaches.
   */
  constructor(
    /** The cells that it has synapses on. */
    readonly synapses: BitSet,
    /** Active synapses from which on it fires. */
    readonly threshold: number,
  ) {
    if (!(synapses instanceof BitSet)) {
      throw new TypeError(
        `[Segment] \`synapses\` is ${quote(synapses)}. Give a BitSet, such as BitSet.of(100, [3, 7]).`,
      );
    }
    checkThreshold("Segment", threshold, synapses.count);
  }

  /** A segment that has learned a pattern: its synapses are on cells that are active in it, chosen at random. */
  static learn(key: Key, pattern: BitSet, { synapses, threshold }: LearnOptions): Segment {
    return new Segment(sampleOf(key, pattern, synapses), threshold);
  }

  /** This segment after it has learned one more pattern: with the synapses that it had, and as many new ones as asked for. */
  learn(key: Key, pattern: BitSet, synapses: number): Segment {
    return new Segment(this.synapses.union(sampleOf(key, pattern, synapses)), this.threshold);
  }

  /** Whether it fires. Throws a RangeError for a pattern of another number of cells. */
  fires(pattern: BitSet): boolean {
    return this.synapses.overlap(pattern) >= this.threshold;
  }
}

/** A neuron with several segments, each enough to make it fire. */
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
