// Several patterns at once, either on one segment, which then has the synapses for all of them, or each on its own segment
// (Ahmad and Hawkins 2016, arXiv 1601.00720; for sets, Ahmad and Hawkins 2015, arXiv 1503.07469).
import { checkSizes, checkWhole } from "./checks.js";
import { falseMatch, type Match } from "./overlaps.js";
import { Rational } from "./rational.js";

/** A segment that has learned several patterns, and a random pattern. `synapses` is the number for each pattern. */
export interface UnionMatch extends Match {
  /** M: the number of patterns, from 1 to 10,000. */
  readonly patterns: number;
}

/**
 * The expected number of synapses of a segment that has learned `patterns` patterns with `synapses` for each, which is the
 * expected number of different cells, n (1 - (1 - s / n)^M), rounded to a whole number.
 *
 * @throws RangeError for numbers out of their range.
 * @example unionSize({ cells: 1000, synapses: 20, patterns: 10 }) // 183
 */
export function unionSize(union: Pick<UnionMatch, "cells" | "synapses" | "patterns">): number {
  checkSizes("unionSize", union, "cells, synapses, patterns");
  const { cells, synapses, patterns } = union;
  checkWhole("unionSize", "cells", cells, 1);
  checkWhole("unionSize", "synapses", synapses, 0, ["`cells`", cells]);
  checkPatterns("unionSize", patterns);
  const [n, left, m] = [BigInt(cells), BigInt(cells - synapses), BigInt(patterns)];
  const unit = n ** (m - 1n);
  return Number((2n * (n ** m - left ** m) + unit) / (2n * unit));
}

/**
 * The chance that a segment fires on a random pattern if it has the expected number of synapses; see `unionSize`.
 *
 * @example falseMatchOfUnion({ cells: 100, active: 10, synapses: 5, threshold: 3, patterns: 4 }).toNumber() // 0.2874
 */
export function falseMatchOfUnion(union: UnionMatch): Rational {
  checkSizes("falseMatchOfUnion", union, "cells, active, synapses, threshold, patterns");
  const { patterns: _, ...match } = union;
  return falseMatch({ ...match, synapses: unionSize(union) });
}

/**
 * An upper bound on the chance that any of several segments, one for each pattern, fires on a random pattern: M times the
 * chance of one segment, and at most 1.
 *
 * @example falseMatchOfAny({ cells: 100, active: 10, synapses: 5, threshold: 3, patterns: 4 }).toNumber() // 0.02655
 */
export function falseMatchOfAny(union: UnionMatch): Rational {
  checkSizes("falseMatchOfAny", union, "cells, active, synapses, threshold, patterns");
  const { patterns, ...match } = union;
  checkPatterns("falseMatchOfAny", patterns);
  const bound = falseMatch(match).times(new Rational(BigInt(patterns)));
  return bound.compare(CERTAIN) > 0 ? CERTAIN : bound;
}

const CERTAIN = new Rational(1n);

/**
 * With this many patterns, a segment has a synapse on practically every cell, and computing with more would take long.
 */
const MOST_PATTERNS = 10_000;

function checkPatterns(where: string, patterns: number): void {
  checkWhole(where, "patterns", patterns, 1, [String(MOST_PATTERNS), MOST_PATTERNS]);
}
