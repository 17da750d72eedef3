// Which threshold is right: the lowest that keeps false matches rare, because a lower threshold tolerates more noise (Ahmad
// and Hawkins 2016, the section on optimal thresholds; NMDA spikes need about 8 to 20 synapses).
import { checkKind, InputError, quote } from "../core/index.js";
import { checkSizes } from "./checks.js";
import { falseMatches, type Overlap } from "./overlaps.js";
import { Rational } from "./rational.js";

/**
 * The lowest threshold at which the segment fires on a random pattern with a chance of at most `falseMatch`; undefined if
 * the chance is larger even for all synapses together.
 *
 * @throws RangeError for a chance that is not a number from 0 to 1.
 * @example leastThreshold({ cells: 1000, active: 20, synapses: 10 }, 1e-6) // 5
 */
export function leastThreshold(overlap: Overlap, falseMatch: number): number | undefined {
  const bound = chanceOf("leastThreshold", falseMatch);
  return firstAtMost(falseMatches(overlap), bound);
}

/** The first threshold whose chance is at most the bound. */
function firstAtMost(chances: readonly Rational[], bound: Rational): number | undefined {
  const found = chances.findIndex((chance) => chance.compare(bound) <= 0);
  return found < 0 ? undefined : found;
}

/** Sizes of populations, patterns and segments, all of which are combined. */
export interface Grid {
  /** Numbers of cells. */
  readonly cells: readonly number[];
  /** Active cells, in thousandths of all cells. Their number is rounded. */
  readonly activePerThousand: readonly number[];
  /** Numbers of synapses of a segment. */
  readonly synapses: readonly number[];
}

/** The grid of Ahmad and Hawkins 2016: 420 combinations in the range of known cortical sizes. */
export const corticalGrid: Grid = {
  cells: Array.from({ length: 10 }, (_, i) => 10_000 + 20_000 * i),
  activePerThousand: [5, 10, 15, 20, 25, 30],
  synapses: [20, 25, 30, 35, 40, 45, 50],
};

/**
 * The median chance of a false match over a grid, for each threshold from 0 to the smallest number of synapses in it. For an
 * even number of chances, it is the mean of the two in the middle.
 *
 * @throws InputError for a grid with an empty list.
 * @example
 * medianFalseMatches({ cells: [100], activePerThousand: [50, 100], synapses: [3] }).map((chance) => chance.toNumber()); // [1, 0.2087, 0.01586, 0.000402]
 */
export function medianFalseMatches(grid: Grid): Rational[] {
  checkSizes("medianFalseMatches", grid, "cells, activePerThousand, synapses");
  const { cells, activePerThousand, synapses } = grid;
  for (const [name, list] of Object.entries({ cells, activePerThousand, synapses }))
    checkKind("medianFalseMatches", `\`${name}\``, list, "a list");
  const all = cells.flatMap((n) =>
    activePerThousand.flatMap((share) =>
      synapses.map((s) => falseMatches({ cells: n, active: Math.round((n * share) / 1000), synapses: s })),
    ),
  );
  if (all.length === 0) {
    throw new InputError(
      "[medianFalseMatches] a list of the grid is empty. Give at least one number of cells, share and number of synapses.",
    );
  }
  const thresholds = Math.min(...all.map((chances) => chances.length));
  return Array.from({ length: thresholds }, (_, threshold) => {
    const sorted = all.map((chances) => chances[threshold]).sort((a, b) => a.compare(b));
    const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
    return low === high ? low : low.plus(high).times(HALF);
  });
}

/**
 * The lowest threshold whose median chance of a false match over a grid is at most `falseMatch`; undefined if there is
 * none.
 *
 * @example optimalThreshold({ cells: [1000], activePerThousand: [20], synapses: [10] }, 1e-6) // 5
 */
export function optimalThreshold(grid: Grid, falseMatch: number): number | undefined {
  const bound = chanceOf("optimalThreshold", falseMatch);
  return firstAtMost(medianFalseMatches(grid), bound);
}

const HALF = new Rational(1n, 2n);

/** A float64 chance as an exact fraction. */
function chanceOf(where: string, chance: number): Rational {
  if (typeof chance !== "number" || !(chance >= 0 && chance <= 1)) {
    throw new RangeError(`[${where}] \`falseMatch\` is ${quote(chance)}. Make it a number from 0 to 1, such as 1e-9.`);
  }
  let [value, denominator] = [chance, 1n];
  while (!Number.isInteger(value)) {
    value *= 2;
    denominator *= 2n;
  }
  return new Rational(BigInt(value), denominator);
}
