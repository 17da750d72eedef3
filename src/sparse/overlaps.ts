// The chances of how many synapses of a segment are active: Ahmad and Hawkins 2016, "How do neurons operate on sparse
// distributed representations? A mathematical theory of sparsity, neurons and active dendrites" (arXiv 1601.00720). The
// number of active synapses has a hypergeometric distribution. Everything here is exact.
import { checkSizes, checkWhole } from "./checks.js";
import { Rational } from "./rational.js";

/** A segment and a random pattern. */
export interface Match {
  /** n: the number of all cells. */
  readonly cells: number;
  /** a: how many of them are active in a pattern. */
  readonly active: number;
  /** s: the number of cells on which the segment has synapses. */
  readonly synapses: number;
  /** theta: the number of active synapses at which the segment fires, from 0 to `synapses`. */
  readonly threshold: number;
}

/** A segment and the pattern that it has learned, some of whose cells are silent. */
export interface Noise {
  /** a: the number of active cells of the pattern. */
  readonly active: number;
  /** s: the number of these cells on which the segment has synapses. */
  readonly synapses: number;
  /** theta: the number of active synapses at which the segment fires, from 0 to `synapses`. */
  readonly threshold: number;
  /** v: how many of the pattern's cells are silent. */
  readonly silenced: number;
}

/** A segment and a random pattern, without a threshold. */
export type Overlap = Omit<Match, "threshold">;

function checkOverlap(where: string, overlap: Overlap): void {
  checkSizes(where, overlap, "cells, active, synapses");
  const { cells, active, synapses } = overlap;
  checkWhole(where, "cells", cells, 1);
  checkWhole(where, "active", active, 0, ["`cells`", cells]);
  checkWhole(where, "synapses", synapses, 0, ["`cells`", cells]);
}

/** Throws a RangeError for a threshold that this many synapses cannot have. */
export function checkThreshold(where: string, threshold: number, synapses: number): void {
  if (Number.isSafeInteger(threshold) && threshold > synapses) {
    throw new RangeError(
      `[${where}] \`threshold\` is ${threshold}, which a segment of ${synapses} synapses never reaches. Make it at most ${synapses}, or give the segment more synapses.`,
    );
  }
  checkWhole(where, "threshold", threshold, 0, ["`synapses`", synapses]);
}

/**
 * In how many ways exactly b of the segment's synapses can be active, for b = 0, 1, ..., and the number of all ways. Active
 * cells and synapses can be exchanged, so the fewer of the two are drawn, which keeps the numbers short.
 */
function waysOf({ cells, active, synapses }: Overlap): { ways: bigint[]; all: bigint } {
  const [drawn, marked] = [Math.min(active, synapses), Math.max(active, synapses)];
  const first = Math.max(0, drawn + marked - cells); // there is no room for fewer outside of the marked cells
  // C(marked, b) C(cells - marked, drawn - b), each computed from the one before.
  let way = choose(marked, first) * choose(cells - marked, drawn - first);
  const ways = new Array<bigint>(first).fill(0n);
  for (let b = first; b <= drawn; b++) {
    ways.push(way);
    way = (way * BigInt(marked - b) * BigInt(drawn - b)) / (BigInt(b + 1) * BigInt(cells - marked - drawn + b + 1));
  }
  return { ways, all: choose(cells, drawn) };
}

/** The binomial coefficient. */
function choose(n: number, k: number): bigint {
  const few = Math.min(k, n - k);
  let result = 1n;
  for (let i = 1; i <= few; i++) result = (result * BigInt(n - few + i)) / BigInt(i);
  return result;
}

/**
 * The chance that exactly b synapses are active, C(s, b) C(n - s, a - b) / C(n, a), for b from 0 to the smaller of `active`
 * and `synapses`. The chances add up to exactly 1.
 *
 * @throws RangeError for more active cells or synapses than cells.
 * @example
 * overlapChances({ cells: 100, active: 10, synapses: 3 }).map((chance) => chance.toNumber()); // [0.7265, 0.2477, 0.02505, 0.0007421]
 */
export function overlapChances(overlap: Overlap): Rational[] {
  checkOverlap("overlapChances", overlap);
  const { ways, all } = waysOf(overlap);
  return ways.map((way) => new Rational(way, all));
}

/**
 * `falseMatch` for every threshold from 0 to `synapses`. Throws a RangeError for more active cells or synapses than
 * cells.
 *
 * @example
 * falseMatches({ cells: 100, active: 10, synapses: 3 }).map((chance) => chance.toNumber()); // [1, 0.2735, 0.02579, 0.0007421]
 */
export function falseMatches(overlap: Overlap): Rational[] {
  checkOverlap("falseMatches", overlap);
  const { ways, all } = waysOf(overlap);
  const tails: Rational[] = [];
  let sum = 0n;
  for (let threshold = overlap.synapses; threshold >= 0; threshold--) {
    sum += ways[threshold] ?? 0n;
    tails.push(new Rational(sum, all));
  }
  return tails.reverse();
}

/**
 * The chance that a segment fires on a random pattern, which means that at least `threshold` of its synapses are active: the
 * exact sum of C(s, b) C(n - s, a - b) / C(n, a) over b from theta up (Ahmad and Hawkins 2016).
 *
 * @throws RangeError for more active cells or synapses than cells, or a threshold above the number of synapses.
 * @example falseMatch({ cells: 100, active: 10, synapses: 5, threshold: 3 }).toNumber() // 0.006638
 */
export function falseMatch(match: Match): Rational {
  checkSizes("falseMatch", match, "cells, active, synapses, threshold");
  const { threshold, ...overlap } = match;
  checkOverlap("falseMatch", overlap);
  checkThreshold("falseMatch", threshold, overlap.synapses);
  return falseMatches(overlap)[threshold];
}

/**
 * The chance that a segment misses the pattern that it has learned when `silenced` random cells of the pattern are silent:
 * the exact sum of C(s, b) C(a - s, a - v - b) / C(a, v) over b below theta. All synapses are on cells of the pattern.
 *
 * @throws RangeError for more synapses or silent cells than the pattern has active ones, or a threshold above the number of
 * synapses.
 * @example missedMatch({ active: 20, synapses: 10, threshold: 6, silenced: 5 }).toNumber() // 0.01625
 */
export function missedMatch(noise: Noise): Rational {
  checkSizes("missedMatch", noise, "active, synapses, threshold, silenced");
  const { active, synapses, threshold, silenced } = noise;
  checkWhole("missedMatch", "active", active, 1);
  checkWhole("missedMatch", "synapses", synapses, 0, ["`active`", active]);
  checkWhole("missedMatch", "silenced", silenced, 0, ["`active`", active]);
  checkThreshold("missedMatch", threshold, synapses);
  const { ways, all } = waysOf({ cells: active, active: active - silenced, synapses });
  return new Rational(
    ways.slice(0, threshold).reduce((sum, way) => sum + way, 0n),
    all,
  );
}
