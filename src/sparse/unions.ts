// Several patterns at once: on one segment, whose synapses are then those of all of them, or each on a segment of its own
// (Ahmad and Hawkins 2016, arXiv 1601.00720; for sets, Ahmad and Hawkins 2015, arXiv 1503.07469).
import { checkWhole } from "./checks.js";
import { falseMatch, type Match } from "./overlaps.js";
import { Rational } from "./rational.js";

/** A segment that has learned several patterns; `synapses` is what it has for each of them. */
export interface UnionMatch extends Match {
  /** M: patterns, from 1 up. */
  readonly patterns: number;
}

/**
 * About how many synapses a segment has that learned `patterns` patterns with `synapses` on each: the expected number of
 * different cells, n (1 - (1 - s / n)^M), to the nearest whole number.
 */
export function unionSize({ cells, synapses, patterns }: Pick<UnionMatch, "cells" | "synapses" | "patterns">): number {
  checkWhole("unionSize", "cells", cells, 1);
  checkWhole("unionSize", "synapses", synapses, 0, ["`cells`", cells]);
  checkPatterns("unionSize", patterns);
  const [n, left, m] = [BigInt(cells), BigInt(cells - synapses), BigInt(patterns)];
  const unit = n ** (m - 1n);
  return Number((2n * (n ** m - left ** m) + unit) / (2n * unit));
}

/** The chance that a segment with the union of several patterns fires on a random one. */
export function falseMatchOfUnion({ patterns, ...match }: UnionMatch): Rational {
  const synapses = unionSize({ ...match, patterns });
  return falseMatch({ ...match, synapses });
}

/**
 * A bound on the chance that any of several segments, one for each pattern, fires on a random one: M times that of one, and
 * at most 1.
 */
export function falseMatchOfAny({ patterns, ...match }: UnionMatch): Rational {
  checkPatterns("falseMatchOfAny", patterns);
  const bound = falseMatch(match).times(new Rational(BigInt(patterns)));
  return bound.compare(CERTAIN) > 0 ? CERTAIN : bound;
}

const CERTAIN = new Rational(1n);

/** So many patterns on one segment leave no cell without a synapse; the numbers would only grow long. */
const MOST_PATTERNS = 10_000;

function checkPatterns(where: string, patterns: number): void {
  checkWhole(where, "patterns", patterns, 1, [String(MOST_PATTERNS), MOST_PATTERNS]);
}
