// Random patterns. A draw depends only on its key and the sizes.
import { checkKey, type Key, quote } from "../core/index.js";
import { BitSet } from "./bit-set.js";
import { checkWhole } from "./checks.js";

/** `count` different numbers from 0 to `of` - 1, all sets of which are equally likely (Floyd 1987). */
function sample(key: Key, of: number, count: number): Set<number> {
  const chosen = new Set<number>();
  for (let i = of - count; i < of; i++) {
    const drawn = key.integer(i, i + 1);
    chosen.add(chosen.has(drawn) ? i : drawn);
  }
  return chosen;
}

/**
 * A random pattern of `active` cells out of `cells`; all are equally likely. Throws a RangeError for more active cells
 * than cells.
 *
 * @example randomPattern(Key.of(0), 100, 5).count // 5
 */
export function randomPattern(key: Key, cells: number, active: number): BitSet {
  checkKey("randomPattern", key);
  checkWhole("randomPattern", "cells", cells, 1);
  checkWhole("randomPattern", "active", active, 0, ["`cells`", cells]);
  return BitSet.of(cells, sample(key, cells, active));
}

/**
 * `count` random cells of a pattern, for example for the synapses of a segment. Throws a RangeError if it has fewer.
 *
 * @example sampleOf(Key.of(0), BitSet.of(10, [1, 3, 5]), 2).count // 2
 */
export function sampleOf(key: Key, pattern: BitSet, count: number): BitSet {
  checkKey("sampleOf", key);
  checkPattern("sampleOf", pattern);
  const cells = pattern.cells();
  checkWhole("sampleOf", "count", count, 0, ["the cells of the pattern", cells.length]);
  return BitSet.of(
    pattern.size,
    Array.from(sample(key, cells.length, count), (i) => cells[i]),
  );
}

/**
 * The pattern without `count` random cells. Throws a RangeError if it has fewer.
 *
 * @example silenced(Key.of(0), BitSet.of(10, [1, 3, 5]), 1).count // 2
 */
export function silenced(key: Key, pattern: BitSet, count: number): BitSet {
  checkKey("silenced", key);
  checkPattern("silenced", pattern);
  return pattern.without(sampleOf(key, pattern, count));
}

function checkPattern(op: string, pattern: BitSet): void {
  if (pattern instanceof BitSet) return;
  throw new TypeError(`[${op}] the pattern is ${quote(pattern)}. Make one with BitSet.of() or randomPattern().`);
}
