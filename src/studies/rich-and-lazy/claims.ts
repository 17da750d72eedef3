// Claims about how the rank of first weights decides between rich and lazy learning, tested on trained networks.
import type { Result } from "../../runs/index.js";
import {
  bySeed,
  differenceOf,
  isAbove,
  isAtLeast,
  isAtMost,
  isBelow,
  largestOf,
  meanOf,
  pairsOf,
  type SeedValue,
} from "../measure.js";
import { SEEDS_FOR_CLAIM } from "../statistics.js";
import type { Claim, Measured } from "../study.js";
import type { LinearConfig, LinearRow, Start } from "./linear.js";
import type { RecurrentConfig, RecurrentRow } from "./recurrent.js";

/** A row of the study: a recurrent network, or a linear one. */
export type Row = RecurrentRow | LinearRow;
export type Results = readonly Result<Row>[];

/** A number of the recurrent networks of one rank, or of "full" rank, by seed. */
export const ofRank = (results: Results, rank: number | "full", pick: (row: RecurrentRow) => number): SeedValue[] =>
  bySeed(results, ({ cell, row }) => {
    const config = cell.config as RecurrentConfig;
    return "representation" in row && config.rank === (rank === "full" ? config.units : rank) ? pick(row) : undefined;
  });

/** A number of the linear networks with these first weights, by seed. */
export const ofStart = (results: Results, start: Start, pick: (row: LinearRow) => number): SeedValue[] =>
  bySeed(results, ({ cell, row }) =>
    "moved" in row && (cell.config as LinearConfig).start === start ? pick(row) : undefined,
  );

/** The largest value of a number over all recurrent networks. */
const largest = (pick: (row: RecurrentRow) => number) => (results: Results) => {
  const rows = results.flatMap(({ cell, row }) =>
    "representation" in row ? [{ seed: cell.seed, value: pick(row), images: undefined }] : [],
  );
  return largestOf(rows);
};

/** The number at full rank minus that at rank one, seed by seed. */
const byRank = (pick: (row: RecurrentRow) => number) => (results: Results) =>
  differenceOf(ofRank(results, "full", pick), ofRank(results, 1, pick));

/**
 * The smallest difference over the seeds between full rank and rank one; open for networks of another size than the
 * reference's.
 */
const worstSeed =
  (pick: (row: RecurrentRow) => number) =>
  (results: Results): Measured | undefined => {
    const [full, one] = pairsOf(ofRank(results, "full", pick), ofRank(results, 1, pick));
    if (full.length === 0) return undefined;
    const other = results.some(({ cell: { config } }) => {
      const { units, iterations } = config as Partial<RecurrentConfig>;
      return units !== undefined && (units !== 100 || iterations !== 2000);
    });
    const value = Math.min(...full.map((each, i) => each - one[i]));
    return { value, seeds: full.length, ...(other && { open: "networks of another size" }) };
  };

/** How many seeds a comparison with the reference's three needs. */
const FEWEST = 3;

const atLeast = (bound: number) => (measured: Measured) => isAtLeast(measured, bound, FEWEST);

/** The number for one kind of first weights minus that for another, seed by seed. */
const byStart = (pick: (row: LinearRow) => number, first: Start, second: Start) => (results: Results) =>
  differenceOf(ofStart(results, first, pick), ofStart(results, second, pick));

const abstract = "the abstract and figures of Liu et al.";

/** All claims. */
export const claims: readonly Claim<Row>[] = [
  {
    label: "rank",
    statement:
      "First weights have the requested rank: the next singular value is at most 1e-6 of the largest one (largest ratio)",
    source: "law",
    measure: largest(({ beyond }) => beyond),
    holds: (measured) => isAtMost(measured, 1e-6),
  },
  {
    label: "norm",
    statement:
      "First weights of a seed have the same norm at every rank: relative differences are at most 1e-6 (largest)",
    source: "law",
    measure(results) {
      const norms = new Map<number, number[]>();
      for (const { cell, row } of results) {
        if ("representation" in row) norms.set(cell.seed, [...(norms.get(cell.seed) ?? []), row.norm]);
      }
      if (norms.size === 0) return undefined;
      return {
        value: Math.max(...[...norms.values()].map((each) => Math.max(...each) / Math.min(...each) - 1)),
        seeds: norms.size,
      };
    },
    holds: (measured) => isAtMost(measured, 1e-6),
  },
  {
    label: "self-alignment",
    statement:
      "The alignment of a kernel with a multiple of itself is 1: it differs by at most 1e-5 (largest difference)",
    source: "law",
    measure: largest(({ self }) => self),
    holds: (measured) => isAtMost(measured, 1e-5),
  },
  {
    label: "representation",
    statement: "From full rank, representations stay more aligned than from rank one (difference of alignments)",
    source: "paper",
    published: { value: "above 0", where: abstract },
    measure: byRank(({ representation }) => representation),
    holds: isAbove,
  },
  {
    label: "kernel",
    statement: "From full rank, the tangent kernel stays more aligned than from rank one (difference of alignments)",
    source: "paper",
    published: { value: "above 0", where: abstract },
    measure: byRank(({ kernel }) => kernel),
    holds: isAbove,
  },
  {
    label: "change",
    statement:
      "From full rank, recurrent weights move less than from rank one (difference between the norms of the changes)",
    source: "paper",
    published: { value: "below 0", where: abstract },
    measure: byRank(({ change }) => change),
    holds: isBelow,
  },
  {
    label: "matched-losses",
    statement: "Full rank and rank one end with the same loss, to within 0.01 (difference)",
    source: "reference",
    measure: byRank(({ loss }) => loss),
    holds({ low = Number.NaN, high = Number.NaN, seeds }) {
      if (seeds < SEEDS_FOR_CLAIM) return "open";
      return low >= -0.01 && high <= 0.01 ? "holds" : low > 0.01 || high < -0.01 ? "does not hold" : "open";
    },
  },
  {
    label: "representation-every-seed",
    statement:
      "In every seed, the alignment of representations from full rank is at least 0.15 above that from rank one (smallest difference)",
    source: "reference",
    published: { value: "0.27 to 0.40", where: "three seeds of another program, 100 units and 2,000 iterations" },
    measure: worstSeed(({ representation }) => representation),
    holds: atLeast(0.15),
  },
  {
    label: "kernel-every-seed",
    statement:
      "In every seed, the alignment of the tangent kernel from full rank is at least 0.10 above that from rank one (smallest difference)",
    source: "reference",
    published: { value: "0.19 to 0.39", where: "the same three seeds" },
    measure: worstSeed(({ kernel }) => kernel),
    holds: atLeast(0.1),
  },
  {
    label: "aligned-lazier",
    statement:
      "The exception: from rank one along the task's own direction, learning is lazier than from full weights (difference of kernel alignments)",
    source: "paper",
    published: { value: "above 0", where: "theorem on linear networks" },
    measure: byStart(({ kernel }) => kernel, "aligned", "full"),
    holds: isAbove,
  },
  {
    label: "random-richer",
    statement:
      "From rank one along a random direction, learning is richer than from full weights (difference of kernel alignments)",
    source: "paper",
    published: { value: "below 0", where: "theorem on linear networks" },
    measure: byStart(({ kernel }) => kernel, "rank one", "full"),
    holds: isBelow,
  },
  {
    label: "aligned-moves-little",
    statement: "From aligned weights, the first layer moves less than a fifth as far as from full ones (ratio)",
    source: "reference",
    published: { value: 0.066, where: "five seeds of another program (0.037 compared with 0.564)" },
    measure(results) {
      const full = ofStart(results, "full", ({ moved }) => moved);
      const ratios = ofStart(results, "aligned", ({ moved }) => moved).flatMap(({ seed, value }) => {
        const other = full.find((each) => each.seed === seed);
        return other ? [{ seed, value: value / other.value, images: undefined }] : [];
      });
      return meanOf(ratios);
    },
    holds: (measured) => isBelow(measured, 0.2),
  },
  {
    label: "random-moves-far",
    statement:
      "From rank one along a random direction, the first layer moves farther than from full weights (difference of the norms)",
    source: "reference",
    published: { value: 0.409, where: "five seeds of another program (0.973 compared with 0.564)" },
    measure: byStart(({ moved }) => moved, "rank one", "full"),
    holds: isAbove,
  },
];
