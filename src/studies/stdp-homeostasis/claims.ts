// What is claimed of learning by pairs of spikes with homeostasis, held against what was computed.
import type { Result } from "../../runs/index.js";
import { isAtMost } from "../measure.js";
import type { Claim, Measured } from "../study.js";
import type { PairsRow, PublishedRow, SingleRow } from "./cells.js";
import { WEIGHT } from "./closed.js";
import { SINGLE_FACTOR } from "./published.js";

/** A row of the study. */
export type Row = SingleRow | PairsRow | PublishedRow;
export type Results = readonly Result<Row>[];

const find =
  <R extends Row>(key: string) =>
  (results: Results): R | undefined =>
    results.map(({ row }) => row).find((row): row is R => key in row);
export const singleOf = find<SingleRow>("notAlone");
export const pairsOf = find<PairsRow>("tried");
export const publishedOf = find<PublishedRow>("triples");

const of =
  <R extends Row>(row: (results: Results) => R | undefined, pick: (row: R) => number) =>
  (results: Results): Measured | undefined => {
    const found = row(results);
    return found && { value: pick(found), seeds: 1 };
  };
const none = (measured: Measured) => isAtMost(measured, 0);
const relative = ([published, ours]: readonly number[]): number => Math.abs(ours / published - 1);

/** All claims. */
export const claims: readonly Claim<Row>[] = [
  {
    label: "weights",
    statement:
      "Whichever of 1,024 words is trained, simulated weights are 1/e where it trains them and 0 elsewhere (largest error, at most 0.007)",
    source: "law",
    measure: of(singleOf, ({ off }) => off),
    holds: (measured) => isAtMost(measured, 0.007),
  },
  {
    label: "fixed-point",
    statement: "In the machine's fixed point they are 47/128 (largest difference)",
    source: "reference",
    published: { value: "0.3671875", where: "weights in the authors' data" },
    measure: of(singleOf, ({ weights }) => Math.max(...weights.map((weight) => Math.abs(weight - WEIGHT)))),
    holds: none,
  },
  {
    label: "one-word",
    statement: "After one word, the output fires for this word alone of all 1,024 (words for which it does not)",
    source: "law",
    measure: of(singleOf, ({ notAlone }) => notAlone),
    holds: none,
  },
  {
    label: "one-factor",
    statement: "The homeostatic factor of one word (ours over the published one, less 1)",
    source: "paper",
    published: { value: SINGLE_FACTOR, where: "the authors' data" },
    measure: of(singleOf, ({ factor }) => relative([SINGLE_FACTOR, factor])),
    holds: (measured) => isAtMost(measured, 3e-4),
  },
  {
    label: "neighbours",
    statement:
      "A factor 5/4 larger lets the word and its ten neighbours fire, and nothing else (words for which it does not)",
    source: "law",
    measure: of(singleOf, ({ notNeighbours }) => notNeighbours),
    holds: none,
  },
  {
    label: "two-words",
    statement:
      "After two words that differ in d bits, 1 to 9, the output fires for exactly 2^d words, both trained ones among them (pairs for which it does not)",
    source: "law",
    measure: of(pairsOf, ({ wrong }) => wrong),
    holds: none,
  },
  {
    label: "simulation",
    statement:
      "Simulation and closed form agree on which of 1,024 words fire, for all published pairs (words on which they differ)",
    source: "law",
    measure: of(publishedOf, ({ pairs }) => pairs.reduce((sum, { differ }) => sum + differ, 0)),
    holds: none,
  },
  {
    label: "published-pairs",
    statement: "All 14 published pairs have the published number of words that fire (rows that differ)",
    source: "paper",
    published: { value: 0, where: "output_metrics_2.csv" },
    measure: of(publishedOf, ({ pairs }) => pairs.filter(({ positives: [theirs, ours] }) => theirs !== ours).length),
    holds: none,
  },
  {
    label: "published-factors",
    statement: "Their homeostatic factors agree to 3e-4 (largest relative difference)",
    source: "paper",
    published: { value: "2.32647 to 20.94149", where: "output_metrics_2.csv" },
    measure: of(publishedOf, ({ pairs }) => Math.max(...pairs.map(({ factors }) => relative(factors)))),
    holds: (measured) => isAtMost(measured, 3e-4),
  },
  {
    label: "published-triples",
    statement:
      "Of 67 published triples, the number of words that fire lies between those above and those at the threshold, which fixed point decides (at least 64)",
    source: "paper",
    published: { value: 67, where: "output_metrics_3.csv" },
    measure: of(
      publishedOf,
      ({ triples }) => triples.filter(({ positives: [theirs, low, high] }) => low <= theirs && theirs <= high).length,
    ),
    holds: ({ value }) => (value >= 64 ? "holds" : "does not hold"),
  },
];
