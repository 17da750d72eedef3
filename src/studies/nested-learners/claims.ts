// Claims about learners and wirings.
import type { Result } from "../../runs/index.js";
import { boundedLaw, bySeed, isAtLeast, isAtMost, largestOf, smallestOf } from "../measure.js";
import { SEEDS_FOR_CLAIM } from "../statistics.js";
import type { Claim, Measured } from "../study.js";
import type { MarketRow, NetworkRow, StreamRow } from "./experiments.js";
import { type LawName, laws } from "./laws.js";

/** The results of a seed. */
export interface LearnersRow {
  /** How far the worst case is from each law. */
  readonly laws: Readonly<Record<LawName, number>>;
  readonly network: NetworkRow;
  readonly stream: StreamRow;
  readonly market: MarketRow;
}

export type Results = readonly Result<LearnersRow>[];
type Pick = (row: LearnersRow) => number;
const numbersOf = (results: Results, pick: Pick): number[] =>
  bySeed(results, ({ row }) => pick(row)).map(({ value }) => value);
const largest =
  (pick: Pick) =>
  (results: Results): Measured | undefined =>
    largestOf(bySeed(results, ({ row }) => pick(row)));
const smallest = (pick: Pick) => (results: Results) => smallestOf(bySeed(results, ({ row }) => pick(row)));
const last = (values: readonly number[]): number => values[values.length - 1];

/** All claims. */
export const claims: readonly Claim<LearnersRow>[] = [
  ...Object.entries(laws).map(
    ([name, { bound, says }]): Claim<LearnersRow> =>
      boundedLaw(name, `${says}: the largest difference`, bound, (row) => row.laws[name as LawName]),
  ),
  {
    label: "network",
    statement:
      "A network put together from learners has the losses of the same one on the tape for 200 steps: the largest difference",
    source: "law",
    measure: largest(({ network: { learners, tape } }) => Math.max(...learners.map((x, i) => Math.abs(x - tape[i])))),
    holds: (measured) => isAtMost(measured, 1e-10),
  },
  {
    label: "box",
    statement:
      "With a leaky integrator inside a layer, a network tells whether a bit differs from the one before: accuracy in the last stretch, at least 0.95 (the lowest)",
    source: "reference",
    measure: smallest(({ stream }) => last(stream.box)),
    holds: (measured) => isAtLeast(measured, 0.95, SEEDS_FOR_CLAIM),
  },
  {
    label: "memoryless",
    statement: "Without it no network can: accuracy in the last stretch, at most 0.6 (the highest; half is chance)",
    source: "reference",
    measure: largest(({ stream }) => last(stream.memoryless)),
    holds: (measured) => isAtMost(measured, 0.6, SEEDS_FOR_CLAIM),
  },
  {
    label: "keep",
    statement:
      "The integrator, which keeps 0.9 of its state at first, learns to keep less than 0.3: what it keeps (the most)",
    source: "reference",
    measure: largest(({ stream }) => stream.keep[1]),
    holds: (measured) => isAtMost(measured, 0.3, SEEDS_FOR_CLAIM),
  },
  {
    label: "truth",
    statement:
      "In a market of three experts the one who tells the truth owns more than 0.99 after 200 outcomes, in nine seeds of ten: the share of seeds",
    source: "reference",
    measure(results) {
      const owned = numbersOf(results, ({ market }) => last(market.wealth[0]));
      if (owned.length === 0) return undefined;
      return { value: owned.filter((wealth) => wealth > 0.99).length / owned.length, seeds: owned.length };
    },
    holds: (measured) => isAtLeast(measured, 0.9, SEEDS_FOR_CLAIM),
  },
];
