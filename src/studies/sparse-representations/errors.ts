// Numbers that the authors' notebook and scripts print under the wrong label. They are kept in the study as claims that
// do not hold, so that nobody has to find them again.
import { falseMatch, type Match } from "../../sparse/index.js";

/** A number that the source gives for a segment. */
export interface SourceError {
  readonly label: string;
  /** The segment, as the source labels it. */
  readonly match: Match;
  /** What the source prints. */
  readonly printed: number;
  /** Where the source prints it, and what went wrong. */
  readonly where: string;
}

/** All such errors. */
export const sourceErrors: readonly SourceError[] = [
  {
    label: "notebook-zero",
    match: { cells: 10_000, active: 64, synapses: 24, threshold: 12 },
    printed: 0,
    where: "the notebook, where symbolic arithmetic is rounded to 0",
  },
  {
    label: "notebook-label-2048",
    match: { cells: 2048, active: 400, synapses: 40, threshold: 20 },
    printed: 1.0485e-15,
    where: "the notebook, whose cell computes n = 10,000, a = 300, s = 30, threshold 15 (exactly 1.04919e-15)",
  },
  {
    label: "notebook-label-16",
    match: { cells: 300, active: 64, synapses: 16, threshold: 8 },
    printed: 0.768,
    where: "the notebook's table for s = 16, which does not follow from its label",
  },
  {
    label: "script-half",
    match: { cells: 4000, active: 2000, synapses: 24, threshold: 12 },
    printed: 0.00717,
    where: "plot_effect_of_n.py, whose curve for a = n / 2 is that of a = n / 4",
  },
];

/** A segment in words. */
export const wordsOf = ({ cells, active, synapses, threshold }: Match): string =>
  `n = ${cells}, a = ${active}, s = ${synapses}, threshold ${threshold}`;

/** The exact chance for the segment on the source's label. */
export const exactly = ({ match }: SourceError): number => falseMatch(match).toNumber();
