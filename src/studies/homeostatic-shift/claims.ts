// Claims about homeostatic learners, compared with the other learners.
import type { Result } from "../../runs/index.js";
import { bySeed, differenceOf, isAbove, isAtLeast, isAtMost, pairsOf, type SeedValue } from "../measure.js";
import { openForGlyphs, withOpen } from "../open.js";
import { mean } from "../statistics.js";
import type { Claim, Measured } from "../study.js";
import type { Arm, ShiftConfig, ShiftRow } from "./arms.js";

export type Results = readonly Result<ShiftRow>[];

/** The first epoch that counts, from 0: in earlier ones all learners still know little. */
const FROM = 2;

/** The mean online accuracy of a learner, by seed. */
export const accuracyOf = (results: Results, arm: Arm, every: number | null): SeedValue[] =>
  bySeed(results, ({ cell, row }) => {
    const config = cell.config as ShiftConfig;
    if (config.arm !== arm || config.learner.every !== every) return undefined;
    return mean(row.epochs.slice(Math.min(FROM, row.epochs.length - 1)).map(({ online }) => online));
  });

/** The gain of a homeostatic learner over a constant one with the same first rate. */
const gain = (every: number | null) => (results: Results) =>
  differenceOf(accuracyOf(results, "homeostatic", every), accuracyOf(results, "constant", every));

/**
 * Marks a measurement as open if it has too few samples or epochs, or other images, to compare with the other program.
 */
function comparable(results: Results, measured: Measured | undefined): Measured | undefined {
  const small = results.some(({ cell }) => {
    const { samples, epochs } = cell.config as ShiftConfig;
    return samples < 10_000 || epochs < 8;
  });
  return withOpen(measured, openForGlyphs(results) ?? (small ? "fewer samples" : undefined));
}

/** How many seeds a comparison with the reference's three needs. */
const FEWEST = 3;

const atLeast = (bound: number) => (measured: Measured) => isAtLeast(measured, bound, FEWEST);

const gainClaim = (label: string, every: number | null, bound: number, published: string): Claim<ShiftRow> => ({
  label,
  statement: `When labels are ${every === null ? "never exchanged" : `exchanged after every ${every} samples`}, the accuracy of a homeostatic learner minus that of a constant one is at least ${bound} (mean gain)`,
  source: "reference",
  published: { value: published, where: "three seeds of another program on 10,000 images like those of MNIST" },
  measure: (results) => comparable(results, gain(every)(results)),
  holds: atLeast(bound),
});

/** All claims. */
export const claims: readonly Claim<ShiftRow>[] = [
  {
    label: "sound",
    statement: "A learning rate changes by exactly one step at a time, or stops at 1e-8 (learners that break this)",
    source: "law",
    measure: (results) => ({
      value: results.filter(({ row }) => !row.sound).length,
      seeds: new Set(results.map(({ cell }) => cell.seed)).size,
    }),
    holds: (measured) => isAtMost(measured, 0),
  },
  {
    label: "constant-stays",
    statement: "Constant learners make no decisions and keep their rate (learners that break this)",
    source: "law",
    measure(results) {
      const constant = results.filter(({ cell }) => (cell.config as ShiftConfig).learner.regulation === "constant");
      const odd = constant.filter(({ cell, row }) =>
        row.epochs.some(({ rate, decisions }) => decisions > 0 || rate !== (cell.config as ShiftConfig).learner.rate),
      );
      return { value: odd.length, seeds: new Set(constant.map(({ cell }) => cell.seed)).size };
    },
    holds: (measured) => isAtMost(measured, 0),
  },
  gainClaim("gain-500", 500, 0.12, "0.21 to 0.31"),
  gainClaim("gain-2000", 2000, 0.08, "0.16 to 0.17"),
  gainClaim("gain-never", null, -0.01, "0.02 to 0.03"),
  {
    label: "gain-grows",
    statement:
      "In every seed, the gain over a constant learner is larger where labels shift most than where they never do (smallest difference of gains)",
    source: "paper",
    published: { value: "above 0", where: "the abstract: the greatest advantage under the highest rate of shift" },
    measure(results) {
      const gains = (every: number | null): SeedValue[] => {
        const [ours, theirs] = [accuracyOf(results, "homeostatic", every), accuracyOf(results, "constant", every)];
        return ours.flatMap((each) => {
          const other = theirs.find(({ seed, images }) => seed === each.seed && images === each.images);
          return other ? [{ ...each, value: each.value - other.value }] : [];
        });
      };
      const [most, never] = pairsOf(gains(500), gains(null));
      if (most.length === 0) return undefined;
      return { value: Math.min(...most.map((each, i) => each - never[i])), seeds: most.length };
    },
    holds: atLeast(Number.MIN_VALUE),
  },
  {
    label: "beats-random",
    statement: "Where labels shift most, a homeostatic learner is more accurate than one whose rate changes at random",
    source: "paper",
    published: { value: "above 0", where: "the abstract" },
    measure: (results) => differenceOf(accuracyOf(results, "homeostatic", 500), accuracyOf(results, "random", 500)),
    holds: isAbove,
  },
  {
    label: "beats-constant-as-released",
    statement:
      "Where labels shift most, a homeostatic learner with the settings of the released code is more accurate than a constant one",
    source: "paper",
    published: {
      value: "above 0",
      where: "the abstract; the released code's settings may not be those of the figures",
    },
    measure: (results) => differenceOf(accuracyOf(results, "as released", 500), accuracyOf(results, "constant", 500)),
    holds: isAbove,
  },
  {
    label: "beats-tuned",
    statement:
      "Where labels shift most, a homeostatic learner is more accurate than a constant one with a tuned rate of 0.03",
    source: "reference",
    measure: (results) => differenceOf(accuracyOf(results, "homeostatic", 500), accuracyOf(results, "tuned", 500)),
    holds: isAbove,
  },
];
