// The claims: how fast a pool learns, how far it comes, and which motifs it ends with.
import type { Result } from "../../runs/index.js";
import {
  bySeed,
  contains,
  differenceOf,
  isAbove,
  isAtMost,
  oneMoreOf,
  type SeedValue,
  smallestOf,
} from "../measure.js";
import { withOpen } from "../open.js";
import { mean } from "../statistics.js";
import type { Claim, Measured } from "../study.js";
import { type PathConfig, type PathRow, runOf } from "./path.js";
import { type Label, labels, pools } from "./pools.js";

/** Results of cells. */
export type Results = readonly Result<PathRow>[];

/** The results of a pool, one per seed. */
export const resultsOf = (results: Results, pool: Label): Results =>
  results.filter(({ cell }) => (cell.config as PathConfig).pool === pool).sort((a, b) => a.cell.seed - b.cell.seed);

/** What a cell's run is, and its motifs. */
export const motifsOf = ({ cell }: Result<PathRow>): readonly number[] =>
  runOf(cell as never).plasticity.motifs as readonly number[];

/** The motifs that the paper's pool ends with. */
export const SURVIVORS: readonly number[] = [0, 2, 9];

const PAPER = "Shervani-Tabar and Rosenbaum 2023, figure 4";

/** The mean accuracy of episodes `from` to `to`, counted from 1, of each seed; none if a run is shorter. */
const accuracies = (results: Results, pool: Label, from: number, to: number): SeedValue[] =>
  bySeed(resultsOf(results, pool), ({ row: { accuracy } }) =>
    accuracy.length >= to ? mean(accuracy.slice(from - 1, to)) : undefined,
  );

/** The mean accuracy of a run's last 50 episodes, or of its last third if that is less. */
const atEnd = (results: Results, pool: Label): SeedValue[] =>
  bySeed(resultsOf(results, pool), ({ row: { accuracy } }) =>
    mean(accuracy.slice(-Math.min(50, Math.ceil(accuracy.length / 3)))),
  );

/** Why results cannot be compared with what is published; undefined if they can. */
function otherSetting(results: Results): string | undefined {
  const other = results.some(({ cell }) => {
    const { episodes, ways, shots, queries, hidden, data } = runOf(cell as never);
    const same = [episodes, ways, shots, queries, ...hidden].join() === "600,5,50,10,170,130,100,70";
    return !same || data.source === "glyphs" || cell.data?.source === "glyphs";
  });
  return other ? "not the published setting" : undefined;
}

/** The size of each motif's coefficients at the end: the mean of their absolute values over all entries. */
export function sizesOf(result: Result<PathRow>, coefficients = result.row.path.at(-1) ?? []): number[] {
  const motifs = motifsOf(result).length;
  const rows = coefficients.length / motifs;
  return Array.from({ length: motifs }, (_, motif) =>
    coefficients.reduce((sum, x, at) => (at % motifs === motif ? sum + Math.abs(x) / rows : sum), 0),
  );
}

/** How many of the surviving motifs are among the three of the largest numbers. */
const survivorsAmong = (result: Result<PathRow>, numbers: readonly number[]): number => {
  const motifs = motifsOf(result);
  const first = motifs
    .map((motif, column) => [motif, numbers[column]] as const)
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, SURVIVORS.length);
  return first.filter(([motif]) => SURVIVORS.includes(motif)).length;
};

/** A claim about a number of survivors, which holds if all seeds have all of them. */
const survive = (
  pool: Label,
  label: string,
  what: string,
  numbers: (result: Result<PathRow>) => readonly number[],
): Claim<PathRow> => ({
  label: `${pool}-${label}`,
  statement: `${pools[pool].name}: the three motifs ${what} are F0, F2 and F9 in every seed (fewest of them in a seed)`,
  source: "paper",
  published: { value: SURVIVORS.length, where: PAPER },
  measure: (results) =>
    smallestOf(
      bySeed(resultsOf(results, pool), (result) =>
        result.row.path.length > 0 ? survivorsAmong(result, numbers(result)) : undefined,
      ),
    ),
  holds: ({ value, seeds }) => (seeds < 5 ? "open" : value >= SURVIVORS.length ? "holds" : "does not hold"),
});

/** The difference of two pools at the end. */
const ends = (results: Results, first: Label, second: Label): Measured | undefined =>
  differenceOf(atEnd(results, first), atEnd(results, second));

/** The claims about one pool, which selects. */
const claimsOf = (pool: Label): readonly Claim<PathRow>[] => [
  {
    label: `${pool}-leaves`,
    statement: `${pools[pool].name}: in episodes 31 to 60 it learns better than feedback alignment does`,
    source: "paper",
    published: { value: "above 0", where: `${PAPER}: after about ten episodes` },
    measure: (results) => differenceOf(accuracies(results, pool, 31, 60), accuracies(results, "fa", 31, 60)),
    holds: (measured) => isAbove(measured),
  },
  {
    label: `${pool}-reaches`,
    statement: `${pools[pool].name}: at the end it is at most 0.02 below backpropagation`,
    source: "paper",
    published: { value: "the level of backpropagation", where: PAPER },
    measure: (results) => ends(results, pool, "bp"),
    holds: (measured) => isAbove(measured, -0.02),
  },
  survive(pool, "largest", "with the largest coefficients", (result) => sizesOf(result)),
  survive(pool, "needed", "that the rule misses most", ({ row: { whole, without } }) =>
    without.map((accuracy) => whole - accuracy),
  ),
];

/** A published accuracy of a rule without a pool. */
const publishedClaim = (pool: Label, accuracy: number): Claim<PathRow> => ({
  label: `accuracy-${pool}`,
  statement: `${pools[pool].name} after 600 episodes: the published run could be one of ours`,
  source: "paper",
  published: { value: accuracy, where: "text and figure 3: about" },
  measure: (results) => withOpen(oneMoreOf(atEnd(results, pool)), otherSetting(resultsOf(results, pool))),
  holds: (measured) => contains(measured, accuracy),
});

/** Pools whose rule begins as that of the first: with F0 alone, in the same unit. */
const ALIKE: readonly Label[] = ["pool", "seven", "layer"];

/** See the head of this file. */
export const claims: readonly Claim<PathRow>[] = [
  {
    label: "first-episode",
    statement: "Pools that begin with F0 alone have the same accuracy in the first episode",
    source: "law",
    measure(results) {
      const firsts = ALIKE.map((pool) => bySeed(resultsOf(results, pool), ({ row }) => row.accuracy[0]));
      const [base = [], ...others] = firsts.filter((values) => values.length > 0);
      const off = others.flatMap((values) =>
        values.flatMap(({ seed, value }) => {
          const same = base.find((each) => each.seed === seed);
          return same ? [Math.abs(value - same.value)] : [];
        }),
      );
      return off.length === 0 ? undefined : { value: Math.max(...off), seeds: base.length };
    },
    holds: (measured) => isAtMost(measured, 0),
  },
  publishedClaim("fa", 0.25),
  publishedClaim("bp", 0.7),
  publishedClaim("bio", 0.7),
  ...labels.filter((label) => pools[label].selects).flatMap(claimsOf),
  {
    label: "bio-enough",
    statement: "F0, F2 and F9 alone end at most 0.02 below the pool of ten",
    source: "paper",
    published: { value: "as well as the pool", where: "the paper's text" },
    measure: (results) => ends(results, "bio", "pool"),
    holds: (measured) => isAbove(measured, -0.02),
  },
];
