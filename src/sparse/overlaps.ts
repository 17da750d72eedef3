// How likely a segment of synapses meets so many active cells: Ahmad and Hawkins 2016, "How do neurons operate on sparse
// distributed representations? A mathematical theory of sparsity, neurons and active dendrites" (arXiv 1601.00720). The
// number of active cells under a segment is hypergeometric; everything here is exact.
import { checkWhole } from "./checks.js";
import { Rational } from "./rational.js";

/** A segment and a random pattern. */
export interface Match {
  /** n: the number of all cells. */
  readonly cells: number;
  /** a: how many of them are active in a pattern. */
  readonly active: number;
  /** s: cells that the segment has synapses on. */
  readonly synapses: number;
  /** theta: active synapses from which on the segment fires, from 0 to `synapses`. */
  readonly threshold: number;
}

/** A segment and the pattern that it has learned, some of whose cells are silent. */
export interface Noise {
  /** a: active cells of the pattern. */
  readonly active: number;
  /** s: those of them that the segment has synapses on. */
  readonly synapses: number;
  /** theta: active synapses from which on the segment fires, from 0 to `synapses`. */
  readonly threshold: number;
  /** v: how many of the pattern's cells are silent. */
  readonly silenced: number;
}

/** A match whose threshold is left open. */
export type Overlap = Omit<Match, "threshold">;

function checkOverlap(where: string, { cells, active, synapses }: Overlap): void {
  checkWhole(where, "cells", cells, 1);
  checkWhole(where, "active", active, 0, ["`cells`", cells]);
  checkWhole(where, "synapses", synapses, 0, ["`cells`", cells]);
}

/** Throws a RangeError for a threshold that this many synapses cannot have. */
export function checkThreshold(where: string, threshold: number, synapses: number): void {
  if (Number.isSafeInteger(threshold) && threshold > synapses) {
    throw new RangeError(
      `[${where}] \`threshold\` is ${threshold}, which a segment of ${synapses} synapses never reaches. Lower it to ${synapses} or less, or give the segment more synapses.`,
    );
  }
  checkWhole(where, "threshold", threshold, 0, ["`synapses`", synapses]);
}

/**
 * In how many ways b of the `active` cells lie under the segment, for b = 0, 1, ..., and in how many ways at all. Active
 * cells and synapses may change places, so that the fewer ones are drawn and the numbers stay short.
 */
function waysOf({ cells, active, synapses }: Overlap): { ways: bigint[]; all: bigint } {
  const [drawn, marked] = [Math.min(active, synapses), Math.max(active, synapses)];
  const first = Math.max(0, drawn + marked - cells); // fewer cannot be: there is no room beside the marked
  // C(marked, b) C(cells - marked, drawn - b), and each from the one before.
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
 * The chance that exactly b synapses are active, for b from 0 to the fewer of `active` and `synapses`:
 * C(s, b) C(n - s, a - b) / C(n, a). They add up to exactly 1.
 */
export function overlapChances(overlap: Overlap): Rational[] {
  checkOverlap("overlapChances", overlap);
  const { ways, all } = waysOf(overlap);
  return ways.map((way) => new Rational(way, all));
}

/** `falseMatch` for every threshold from 0 to `synapses`. */
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
 * The chance that a segment fires on a random pattern: that at least `threshold` of its synapses are active. The exact
 * tail, sum over b from theta up of C(s, b) C(n - s, a - b) / C(n, a) (Ahmad and Hawkins 2016).
 *
 * @throws RangeError for more active cells or synapses than cells, or a threshold above the number of synapses.
 */
export function falseMatch({ threshold, ...overlap }: Match): Rational {
  checkOverlap("falseMatch", overlap);
  checkThreshold("falseMatch", threshold, overlap.synapses);
  return falseMatches(overlap)[threshold];
}

/**
 * The chance that a segment misses the pattern it has learned, all its synapses being on cells of it, when `silenced` of
 * the pattern's cells, chosen at random, are silent: sum over b below theta of C(s, b) C(a - s, a - v - b) / C(a, v).
 *
 * @throws RangeError for more synapses or silent cells than the pattern has active ones, or a threshold above the number of
 * synapses.
 */
export function missedMatch({ active, synapses, threshold, silenced }: Noise): Rational {
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
