// Claims about segments on sparse patterns, tested on exact and simulated results.
import type { Result } from "../../runs/index.js";
import { falseMatch, falseMatchOfUnion, missedMatch } from "../../sparse/index.js";
import { isAtMost } from "../measure.js";
import type { Claim, Measured } from "../study.js";
import { sourceErrors, wordsOf } from "./errors.js";
import { type Compared, type ExactRow, offBy, SEGMENT } from "./exact.js";
import { type Count, NOISY, SILENT, type SimulatedRow, standardErrors, together, UNION } from "./simulated.js";

/** A row of the study: exact numbers, or the results of a seed. */
export type Row = ExactRow | SimulatedRow;
export type Results = readonly Result<Row>[];

/** The exact numbers, if they were computed. */
export const exactOf = (results: Results): ExactRow | undefined =>
  results.map(({ row }) => row).find((row): row is ExactRow => "chances" in row);

/** The results of the seeds, in order. */
export const simulatedOf = (results: Results): SimulatedRow[] =>
  [...results]
    .sort((a, b) => a.cell.seed - b.cell.seed)
    .map(({ row }) => row)
    .filter((row): row is SimulatedRow => "noise" in row);

/** An exact number, which does not depend on a seed. */
const exact =
  (pick: (row: ExactRow) => number) =>
  (results: Results): Measured | undefined => {
    const row = exactOf(results);
    return row && { value: pick(row), seeds: 1 };
  };

/** A number over the trials of all seeds together. */
const pooled =
  (pick: (rows: readonly SimulatedRow[]) => number) =>
  (results: Results): Measured | undefined => {
    const rows = simulatedOf(results);
    return rows.length === 0 ? undefined : { value: pick(rows), seeds: rows.length };
  };

const share = ({ times, of }: Count): number => times / of;
const worst = (numbers: readonly Compared[]): number => Math.max(...numbers.map(offBy));
const foundAt = (rows: readonly SimulatedRow[], i: number): Count => together(rows.map(({ found }) => found[i]));

/** The number that the notebook prints for this segment. */
const NOTEBOOK = 8.375845227e-13;
const notebook = { cells: 10_000, active: 300, synapses: 24, threshold: 12 };

/** By how many standard errors one count may differ from its chance, and by how many the worst of many counts may. */
const [OFF, OFF_OF_MANY] = [4, 4.5];

/** The exact chance to find a pattern with this many silent cells. */
const found = (silenced: number): number => 1 - missedMatch({ ...SEGMENT, silenced }).toNumber();

/** All claims. */
export const claims: readonly Claim<Row>[] = [
  {
    label: "identities",
    statement:
      "Chances add up to exactly 1, fall as the threshold rises, and grow with the synapses and active cells (random sizes that break this)",
    source: "law",
    measure: pooled((rows) => together(rows.map(({ broken }) => broken)).times),
    holds: (measured) => isAtMost(measured, 0),
  },
  {
    label: "fires-on-noise",
    statement: `A simulated segment (${wordsOf(NOISY)}) fires on noise as often as the exact chance says, to within ${OFF} standard errors`,
    source: "law",
    measure: pooled((rows) => standardErrors(together(rows.map(({ noise }) => noise)), falseMatch(NOISY).toNumber())),
    holds: (measured) => isAtMost(measured, OFF),
  },
  {
    label: "finds-what-it-learned",
    statement: `A simulated segment finds its pattern as often as the exact chance says, whatever part of it is silent, to within ${OFF_OF_MANY} standard errors`,
    source: "law",
    measure: pooled((rows) => Math.max(...SILENT.map((silent, i) => standardErrors(foundAt(rows, i), found(silent))))),
    holds: (measured) => isAtMost(measured, OFF_OF_MANY),
  },
  {
    label: "chances",
    statement:
      "35 chances agree with those computed elsewhere, to 1e-6 or to the digits given (largest error, as a multiple of the allowed one)",
    source: "reference",
    measure: exact(({ chances }) => worst(chances)),
    holds: (measured) => isAtMost(measured, 1),
  },
  {
    label: "medians",
    statement: "Eight medians over 420 cortical sizes agree too (largest error, as a multiple of the allowed one)",
    source: "reference",
    measure: exact(({ medians }) => worst(medians)),
    holds: (measured) => isAtMost(measured, 1),
  },
  {
    label: "robust",
    statement:
      "A pattern of 64 cells in 4,000, 30 % of them silent, is found with a chance of at least 0.998 by a segment that fires on noise with a chance below 1e-12",
    source: "reference",
    measure: exact(({ robust }) => (robust.falseMatch < 1e-12 ? robust.found : 0)),
    holds: ({ value }) => (value >= 0.998 ? "holds" : "does not hold"),
  },
  {
    label: "union",
    statement:
      "A segment with five patterns on a thousand cells fires on noise with the chance that its expected size gives, to within 0.02",
    source: "reference",
    published: { value: 0.9911, where: "the exact chance for a segment of the expected size" },
    measure: pooled((rows) => share(together(rows.map(({ union }) => union)))),
    holds: ({ value }) => (Math.abs(value - falseMatchOfUnion(UNION).toNumber()) <= 0.02 ? "holds" : "does not hold"),
  },
  {
    label: "false-match",
    statement: `The chance of a false match with ${wordsOf(notebook)}`,
    source: "paper",
    published: { value: NOTEBOOK, where: "the authors' notebook" },
    measure: exact(() => falseMatch(notebook).toNumber()),
    holds: ({ value }) => isAtMost({ value: Math.abs(value / NOTEBOOK - 1), seeds: 1 }, 1e-6),
  },
  {
    label: "optimal-threshold",
    statement: "The first threshold at which the median chance over cortical sizes is below 1e-9",
    source: "paper",
    published: { value: "9 to 10", where: "the figure on optimal thresholds; NMDA spikes need 8 to 20 synapses" },
    measure: exact(({ optimal }) => optimal),
    holds: ({ value }) => (value === 9 || value === 10 ? "holds" : "does not hold"),
  },
  ...sourceErrors.map(
    ({ label, match, printed, where }, i): Claim<Row> => ({
      ...{ label, statement: `The chance with ${wordsOf(match)} is the printed one`, source: "paper" },
      published: { value: printed, where },
      measure: exact(({ errors }) => errors[i]),
      holds: ({ value }) => isAtMost({ value: Math.abs(value - printed), seeds: 1 }, 1e-3 * printed),
    }),
  ),
];
