// Claims that compare the credit assigned by waves of activities and errors with the gradient.
import type { Result } from "../../runs/index.js";
import { log10Of } from "../logarithms.js";
import { boundedLaw, bySeed, isAtLeast, isAtMost, isBelow, meanOf, smallestOf } from "../measure.js";
import { mean } from "../statistics.js";
import type { Claim, Measured } from "../study.js";
import { DEPTHS, HOLDS, LEARNERS, OMEGAS, type WavesRow } from "./measure.js";

type Results = readonly Result<WavesRow>[];

const law = boundedLaw<WavesRow>;

/** Measures a number from the mean errors over all seeds, by depth and frequency. */
const ofMeans =
  (pick: (means: readonly (readonly number[])[]) => number) =>
  (results: Results): Measured | undefined => {
    const rows = [...results].sort((a, b) => a.cell.seed - b.cell.seed).map(({ row }) => row);
    if (rows.length === 0) return undefined;
    const means = DEPTHS.map((_, i) => OMEGAS.map((_, j) => mean(rows.map(({ moving }) => moving[i][j]))));
    return { value: pick(means), seeds: rows.length };
  };

/** The frequencies at which the input is slow. */
const SLOW = [1, 2, 3] as const;

/** By how many decades the error falls from each frequency to the next. */
const slopes = (means: readonly (readonly number[])[]): number[] =>
  means.flatMap((row) => {
    const logs = log10Of(row);
    return SLOW.slice(1).map((j) => logs[j - 1] - logs[j]);
  });

/** The loss after learning by waves, divided by that after learning by the gradient, for samples held this many ticks. */
const lossRatio =
  (hold: number, by: "gradient" | "late" = "gradient") =>
  (results: Results): Measured | undefined => {
    const i = HOLDS.indexOf(hold);
    return meanOf(bySeed(results, ({ row: { held } }) => held.waves[i] / held[by][i]));
  };

/** All claims. */
export const claims: readonly Claim<WavesRow>[] = [
  law(
    "constant",
    "With constant input, the credit equals the gradient from tick 2L - 1 on, for L from 1 to 10 (largest error)",
    1e-12,
    ({ constant }) => constant.late,
  ),
  {
    label: "before",
    statement: "One tick earlier, for L of 2 or more, it does not: the error is at least 0.001 (smallest error)",
    source: "law",
    published: { value: 2.7e-3, where: "the same experiment in NumPy, smallest error" },
    measure: (results) => smallestOf(bySeed(results, ({ row }) => row.constant.early)),
    holds: (measured) => isAtLeast(measured, 1e-3),
  },
  law(
    "fronts",
    "The gradient of layer l arrives in tick 2L - l after the onset (layers where it arrives in another tick)",
    0,
    ({ arrivals }) => arrivals,
  ),
  law(
    "speed",
    "A change of the input travels one layer per tick forward and, where slopes are constant, one layer per tick back (vertices that it reaches in another tick)",
    0,
    ({ speed }) => speed,
  ),
  law(
    "cycles",
    "In a graph with a cycle that settles, the credit equals the derivative of the steady state (error)",
    1e-9,
    ({ cycles }) => cycles,
  ),
  {
    label: "slow-inputs",
    statement:
      "For inputs that are slow compared with the depth (L = 4, ω = 0.001), the credit is close to the gradient: the mean error is at most 0.02",
    source: "paper",
    published: { value: "very well approximates", where: "the abstract" },
    measure: (results) => meanOf(bySeed(results, ({ row }) => row.moving[1][2])),
    holds: (measured) => isAtMost(measured, 0.02),
  },
  {
    label: "bound",
    statement: "With moving inputs, the mean error is at most 4 L ω (largest share of this bound)",
    source: "reference",
    published: { value: "0.17 to 0.78", where: "the same experiment in NumPy" },
    measure: ofMeans((means) =>
      Math.max(...means.flatMap((row, i) => SLOW.map((j) => row[j] / (4 * DEPTHS[i] * OMEGAS[j])))),
    ),
    holds: (measured) => isAtMost(measured, 1),
  },
  {
    label: "proportional",
    statement: "This error is about proportional to ω (largest difference from 1 of a slope on logarithmic axes)",
    source: "reference",
    published: { value: "0.82 to 1.28", where: "slopes of the same experiment in NumPy" },
    measure: ofMeans((means) => Math.max(...slopes(means).map((slope) => Math.abs(slope - 1)))),
    holds: (measured) => isAtMost(measured, 0.35),
  },
  {
    label: "depth",
    statement: "At ω = 0.01, this error grows with the depth (depths at which it does not)",
    source: "reference",
    measure: ofMeans((means) => means.filter((row, i) => i > 0 && row[1] <= means[i - 1][1]).length),
    holds: (measured) => isAtMost(measured, 0),
  },
  {
    label: "held",
    statement: `Online learning with samples held for ${4 * LEARNERS} ticks (4 L) ends with a loss less than a tenth above that of the gradient (ratio)`,
    source: "reference",
    measure: lossRatio(4 * LEARNERS),
    holds: (measured) => isBelow(measured, 1.1),
  },
  {
    label: "held-longer",
    statement: `Held for ${8 * LEARNERS} ticks (8 L), they end with a loss less than a tenth above that of the gradient (ratio)`,
    source: "reference",
    measure: lossRatio(8 * LEARNERS),
    holds: (measured) => isBelow(measured, 1.1),
  },
  {
    label: "held-late",
    statement: `Held for ${4 * LEARNERS} ticks (4 L), they end with no larger loss than the gradient that learns only once waves have met, in the last 2 L + 1 of them (ratio)`,
    source: "reference",
    measure: lossRatio(4 * LEARNERS, "late"),
    holds: (measured) => isBelow(measured, 1),
  },
  {
    label: "not-held",
    statement: "With a new sample every tick, it ends with a loss at least a tenth above that of the gradient (ratio)",
    source: "reference",
    measure: lossRatio(1),
    holds: ({ value }) => (value >= 1.1 ? "holds" : "does not hold"),
  },
];
