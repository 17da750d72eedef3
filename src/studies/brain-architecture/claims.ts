// Claims about reference architectures, tested on the data of a sample and on runs of it.
import type { Result } from "../../runs/index.js";
import { bySeed, isAtMost, isBelow, largestOf, meanOf } from "../measure.js";
import { withOpen } from "../open.js";
import type { Claim, Measured } from "../study.js";
import type { ReflexRow } from "./reflexes.js";
import type { SampleRow } from "./sample.js";
import type { UnionRow } from "./unions.js";

/**
 * A row of the study: checks of the sample's data, interfaces of random sets of circuits, or runs of the sample for a
 * seed.
 */
export type Row = SampleRow | UnionRow | ReflexRow;
export type Results = readonly Result<Row>[];

/** The checks of the sample's data, if they are among the results. */
export const sampleOf = (results: Results): SampleRow | undefined =>
  results.map(({ row }) => row).find((row): row is SampleRow => "interfaces" in row);

/** A number of the runs of each seed. */
const ofSeeds = (results: Results, pick: (row: ReflexRow) => number) =>
  bySeed(results, ({ row }) => ("errors" in row ? pick(row) : undefined));

/** A count from the sample's data, which does not depend on a seed. */
const counted =
  (pick: (row: SampleRow) => number) =>
  (results: Results): Measured | undefined => {
    const row = sampleOf(results);
    return row && { value: pick(row), seeds: 1 };
  };

/** The largest count over the seeds. */
const largest = (pick: (row: ReflexRow) => number) => (results: Results) => largestOf(ofSeeds(results, pick));
const none = (measured: Measured) => isAtMost(measured, 0);

/** The last error divided by the first. */
const left = ({ errors }: ReflexRow): number => errors[errors.length - 1] / errors[0];

/** All claims. */
export const claims: readonly Claim<Row>[] = [
  {
    label: "round-trips",
    statement: "The sample is unchanged after it is written to JSON and to CSV and read back (formats that change it)",
    source: "law",
    measure: counted(({ lost }) => lost.length),
    holds: none,
  },
  {
    label: "unions",
    statement:
      "The interface of the union of two sets of circuits follows from their own interfaces (exceptions among 1,000 random pairs)",
    source: "law",
    measure: (results) => {
      const row = results.map(({ row }) => row).find((row): row is UnionRow => "broken" in row);
      return row && { value: row.broken, seeds: 1 };
    },
    holds: none,
  },
  {
    label: "runs-soundly",
    statement:
      "When the sample runs, its edges, signs and widths match the data, and the order of components does not change a bit of the results (exceptions)",
    source: "law",
    measure: largest(({ findings }) => findings.length),
    holds: none,
  },
  {
    label: "silence",
    statement: "No synapse changes while climbing fibres report nothing (synapses that do)",
    source: "law",
    measure: largest(({ changed }) => changed),
    holds: none,
  },
  {
    label: "interfaces",
    statement: "The derived interfaces agree with those given with the sample (interfaces that differ)",
    source: "reference",
    measure: counted(({ interfaces }) => interfaces.filter(({ given, ours }) => given !== ours).length),
    holds: none,
  },
  {
    label: "sound",
    statement: "The sample passes every check of its circuits, functions and texts (findings)",
    source: "reference",
    measure: counted(({ findings }) => findings.length),
    holds: none,
  },
  {
    label: "newer-rule",
    statement:
      "The sample also obeys the newer rule that the circuits of a function are connected (functions that break it)",
    source: "reference",
    measure: counted(({ apart }) => apart.length),
    holds: none,
  },
  {
    label: "adapts",
    statement: "In 500 cycles, the error of the reflex falls to less than a tenth of its first value (share left)",
    source: "reference",
    published: { value: "below 0.1", where: "our own target; the sample comes without numbers" },
    measure: (results) => {
      const long = results.every(({ cell }) => ((cell.config as { cycles?: number }).cycles ?? 500) >= 500);
      return withOpen(meanOf(ofSeeds(results, left)), long ? undefined : "fewer cycles");
    },
    holds: (measured) => isBelow(measured, 0.1),
  },
  {
    label: "rejection",
    statement:
      "Hypotheses that contradict known findings are rejected when they run, and the sample is not (wrong verdicts)",
    source: "reference",
    measure: largest(({ rejected: [sample, ...rivals] }) => Number(sample) + rivals.filter((yes) => !yes).length),
    holds: none,
  },
];
