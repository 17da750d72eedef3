// Random patterns. A draw depends on its key and on nothing else.
import type { Key } from "../core/index.js";
import { BitSet } from "./bit-set.js";
import { checkWhole } from "./checks.js";

/** `count` different numbers from 0 to `of` - 1, each set of them as likely as any other (Floyd 1987). */
function sample(key: Key, of: number, count: number): Set<number> {
  const chosen = new Set<number>();
  for (let i = of - count; i < of; i++) {
    const drawn = key.integer(i, i + 1);
    chosen.add(chosen.has(drawn) ? i : drawn);
  }
  return chosen;
}

/** A pattern of `active` cells out of `cells`, each such pattern as likely as any other. */
export function randomPattern(key: Key, cells: number, active: number): BitSet {
  checkWhole("randomPattern", "cells", cells, 1);
  checkWhole("randomPattern", "active", active, 0, ["`cells`", cells]);
  return BitSet.of(cells, sample(key, cells, active));
}

/** `count` cells of a pattern, chosen at random: what a segment has synapses on when it has learned the pattern. */
export function sampleOf(key: Key, pattern: BitSet, count: number): BitSet {
  const cells = pattern.cells();
  checkWhole("sampleOf", "count", count, 0, ["what the pattern has", cells.length]);
  return BitSet.of(
    pattern.size,
    Array.from(sample(key, cells.length, count), (i) => cells[i]),
  );
}

/** The pattern with `count` of its active cells, chosen at random, silent. */
export const silenced = (key: Key, pattern: BitSet, count: number): BitSet =>
  pattern.without(sampleOf(key, pattern, count));
