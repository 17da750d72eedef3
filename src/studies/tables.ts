// Tables that several studies use.
import { type Comparison, type Estimate, signed, verdict } from "./statistics.js";

/** The columns of a comparison of two configurations, seed by seed. */
export const COMPARISON_COLUMNS: readonly { readonly head: string; readonly text?: boolean }[] = [
  { head: "difference", text: true },
  { head: "mean" },
  { head: "98 %, bootstrap" },
  { head: "98 %, Student" },
  { head: "seeds above" },
  { head: "conclusion", text: true },
];

/** An interval with signs; empty if there is none. */
export const signedInterval = ({ low, high }: Pick<Estimate, "low" | "high">): string =>
  Number.isNaN(low) ? "" : `${signed(low)} to ${signed(high)}`;

/**
 * The cells of a comparison under these columns, except the first: its numbers, and the conclusion about the two named
 * configurations.
 */
export function comparisonCells([first, second]: readonly [string, string], comparison: Comparison): string[] {
  const { difference, student, larger } = comparison;
  return [
    signed(difference.mean),
    signedInterval(difference),
    signedInterval(student),
    `${larger} of ${difference.count}`,
    verdict(first, second, comparison),
  ];
}
