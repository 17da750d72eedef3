// What is claimed of a grid of cells, held against what was computed.
import type { Result } from "../../runs/index.js";
import { bySeed, differenceOf, isAbove, isAtMost, largestOf, type SeedValue } from "../measure.js";
import type { Claim, Measured } from "../study.js";
import type { Arm, ReadingRow } from "./reading.js";
import { type SingleRow, TYPES } from "./single.js";
import { DISTANCES, type Wave, type WavesRow, WEIGHTS } from "./waves.js";

/** A row of the study. */
export type Row = SingleRow | WavesRow | ReadingRow;
export type Results = readonly Result<Row>[];

const find =
  <R extends Row>(key: string) =>
  (results: Results): R | undefined =>
    results.map(({ row }) => row).find((row): row is R => key in row);
export const singleOf = find<SingleRow>("membranes");
export const wavesOf = find<WavesRow>("waves");

/** The accuracies of an arm. */
export const accuracyOf = (results: Results, arm: Arm): SeedValue[] =>
  bySeed(results, ({ row }) => ("accuracy" in row ? row.accuracy[arm] : undefined));

const once =
  <R extends Row>(row: (results: Results) => R | undefined, pick: (row: R) => number) =>
  (results: Results): Measured | undefined => {
    const found = row(results);
    return found && { value: pick(found), seeds: 1 };
  };
const none = (measured: Measured) => isAtMost(measured, 0);

/** The largest difference from the counts of another program. */
const off = (found: readonly number[], which: 1 | 2): number =>
  Math.max(...found.map((count, i) => Math.abs(count - TYPES[i][which])));

const wave = ({ waves }: WavesRow, neighbourhood: Wave["neighbourhood"], weight: (typeof WEIGHTS)[number]): Wave =>
  waves.find((each) => each.neighbourhood === neighbourhood && each.weight === weight)!;

/** What was counted by another program: cells that fire, and steps of the first spikes along the axis. */
const KNOWN = {
  moore: {
    fired: [1, 1, 409, 441, 441, 441],
    axis: [
      [3, null, null, null, null, null],
      [3, null, null, null, null, null],
      [3, 29, 50, 68, 84, 100],
      [3, 20, 32, 44, 55, 65],
      [3, 14, 22, 29, 36, 43],
      [3, 9, 14, 18, 22, 26],
    ],
  },
  vonNeumann: { fired: [1, 1, 9, 169, 441, 441] },
} as const;

/** Numbers that differ from what is known. */
function unlike(row: WavesRow): number {
  let wrong = 0;
  WEIGHTS.forEach((weight, i) => {
    const [eight, four] = [wave(row, "moore", weight), wave(row, "vonNeumann", weight)];
    wrong += Number(eight.fired !== KNOWN.moore.fired[i]) + Number(four.fired !== KNOWN.vonNeumann.fired[i]);
    wrong += eight.axis.filter((step, k) => step !== KNOWN.moore.axis[i][k]).length;
  });
  return wrong;
}

/** First spikes that come no later than one nearer to the middle, or no earlier than with a smaller weight. */
function disordered({ waves }: WavesRow): number {
  const late = (step: number | null): number => step ?? Number.POSITIVE_INFINITY;
  let wrong = 0;
  waves.forEach(({ neighbourhood, axis }, i) => {
    for (let k = 1; k < DISTANCES.length; k++) {
      if (axis[k] !== null && late(axis[k]) <= late(axis[k - 1])) wrong++;
      const weaker = waves[i - 1];
      if (weaker?.neighbourhood === neighbourhood && axis[k] !== null && late(axis[k]) >= late(weaker.axis[k])) wrong++;
    }
  });
  return wrong;
}

/** The accuracy of the grid less that of another arm. */
const beats = (label: string, statement: string, arm: Arm, than: Arm): Claim<Row> => ({
  ...{ label, statement, source: "reference" as const },
  measure: (results) => differenceOf(accuracyOf(results, arm), accuracyOf(results, than)),
  holds: (measured) => isAbove(measured),
});

/** All claims. */
export const claims: readonly Claim<Row>[] = [
  {
    label: "counts",
    statement:
      "Spikes in a second at a current of 10 are those that another program counted, for five types (largest difference, at most 1)",
    source: "reference",
    published: { value: "23, 34, 77, 87, 131", where: "the same in NumPy" },
    measure: once(singleOf, ({ counts }) => off(counts.simultaneous, 1)),
    holds: (measured) => isAtMost(measured, 1),
  },
  {
    label: "counts-sequential",
    statement: "If u already gets the next v, they are those counted so (largest difference, at most 1)",
    source: "reference",
    published: { value: "23, 34, 75, 86, 125", where: "the same in NumPy" },
    measure: once(singleOf, ({ counts }) => off(counts.sequential, 2)),
    holds: (measured) => isAtMost(measured, 1),
  },
  {
    label: "types",
    statement:
      "At that current, types spike more often in the order regular, bursting, low threshold, chattering, fast (neighbours in the list that do not)",
    source: "reference",
    measure: once(
      singleOf,
      ({ counts: { simultaneous } }) => simultaneous.slice(1).filter((count, i) => count <= simultaneous[i]).length,
    ),
    holds: none,
  },
  {
    label: "causal",
    statement:
      "A spike travels at most one cell a step, and without synapses not at all (cells that spike too early, and more than one cell without synapses)",
    source: "law",
    measure: once(wavesOf, (row) => row.early + wave(row, "moore", 0).fired + wave(row, "vonNeumann", 0).fired - 2),
    holds: none,
  },
  {
    label: "known-waves",
    statement: "Waves go as far and as fast as those of another program (numbers of 48 that differ)",
    source: "reference",
    published: { value: 0, where: "the same in NumPy" },
    measure: once(wavesOf, unlike),
    holds: none,
  },
  {
    label: "order",
    statement: "First spikes come later farther out, and earlier with a larger weight (cells in which they do not)",
    source: "reference",
    measure: once(wavesOf, disordered),
    holds: none,
  },
  {
    label: "symmetry",
    statement:
      "First spikes keep the eight symmetries of the grid, to the bit (cells that differ from an image of theirs)",
    source: "law",
    measure: once(wavesOf, ({ uneven }) => uneven),
    holds: none,
  },
  {
    label: "torus",
    statement: "On a torus, moving the input moves all spikes, to the bit (spikes that differ)",
    source: "law",
    measure: once(wavesOf, ({ moved }) => moved),
    holds: none,
  },
  {
    label: "dense",
    statement:
      "The stencil equals the matrix of all synapses, with Dale's signs (largest difference of a current, float32)",
    source: "law",
    measure: once(wavesOf, ({ dense }) => dense),
    holds: (measured) => isAtMost(measured, 1e-5),
  },
  {
    label: "dale",
    statement: "After STDP, each cell still only excites or only inhibits (synapses that do otherwise)",
    source: "law",
    measure: (results) => largestOf(bySeed(results, ({ row }) => ("accuracy" in row ? row.wrongSigns : undefined))),
    holds: none,
  },
  beats(
    "reads-better",
    "A linear read-out of the grid's spikes names the class of characters more often than one of their pixels: difference of accuracies, above 0",
    "grid",
    "pixels",
  ),
  beats(
    "better-than-blur",
    "It does so more often than one of pixels averaged over 3 by 3: difference, above 0",
    "grid",
    "blurred pixels",
  ),
  beats(
    "synapses-help",
    "It does so more often than one of the same cells without synapses: difference, above 0",
    "grid",
    "cells alone",
  ),
  beats(
    "stdp-helps",
    "With Dale's signs, synapses that learned by STDP serve better than those that did not: difference, above 0",
    "grid, Dale, STDP",
    "grid, Dale",
  ),
];
