// Everything that is computed exactly: the numbers of the reference and the curves of the figures.
import {
  corticalGrid,
  falseMatch,
  falseMatchOfUnion,
  medianFalseMatches,
  missedMatch,
  type Rational,
} from "../../sparse/index.js";
import { exactly, sourceErrors, wordsOf } from "./errors.js";
import { allowance, falseMatchNumbers, medianNumbers, missedNumbers, unionNumbers } from "./reference.js";

/** The segment that most claims are about: it has 24 synapses, 12 of which make it fire, on patterns of 64 cells. */
export const SEGMENT = { active: 64, synapses: 24, threshold: 12 } as const;
/** The numbers of cells of the first figure. */
export const CELLS: readonly number[] = [500, 1000, 1500, 2000, 3000, 4000, 6000, 8000, 10_000];
/** Its numbers of active cells. */
export const ACTIVE: readonly number[] = [64, 128, 256];
/** The thresholds of the second figure: those of the smallest segments of the grid. */
const THRESHOLDS: readonly number[] = Array.from({ length: 20 }, (_, i) => i + 1);
/** The second figure's numbers of silent cells: 30, 40 and 50 %. */
export const SILENCED: readonly number[] = [19, 25, 32];
/** Numbers of patterns on one segment. */
export const PATTERNS: readonly number[] = Array.from({ length: 20 }, (_, i) => i + 1);
/** Numbers of cells that the patterns are drawn from. */
export const UNION_CELLS: readonly number[] = [1000, 10_000, 20_000];

/** A number that was computed elsewhere (`given`), and the same number computed here (`ours`). */
export interface Compared {
  readonly name: string;
  readonly given: number;
  readonly ours: number;
}

/** The difference of both, as a multiple of the allowed error. */
export const offBy = ({ given, ours }: Compared): number => Math.abs(ours - given) / allowance(given);

/** The row of the cell of exact numbers; chances in figures are logarithms to base 10. */
export interface ExactRow {
  readonly chances: readonly Compared[];
  readonly medians: readonly Compared[];
  /** The exact chances for the segments of `sourceErrors`, in their order. */
  readonly errors: readonly number[];
  /** The least threshold with a median of at most 1e-9. */
  readonly optimal: number;
  /** The chances to find a pattern among 4,000 cells with 30 % of it silent, and to fire on noise. */
  readonly robust: { readonly found: number; readonly falseMatch: number };
  readonly byCells: readonly (readonly number[])[];
  readonly medianByThreshold: readonly number[];
  readonly missedByThreshold: readonly (readonly number[])[];
  readonly foundBySilenced: readonly number[];
  readonly byPatterns: readonly (readonly number[])[];
}

/** The largest median chance at which a threshold counts as good, as a logarithm to base 10. */
const GOOD = -9;

/** Computes all exact numbers. */
export function exactRow(): ExactRow {
  const medians = medianFalseMatches(corticalGrid);
  const compared = (name: string, given: number, ours: Rational): Compared => ({ name, given, ours: ours.toNumber() });
  const missed = (silenced: number, threshold: number = SEGMENT.threshold): number =>
    missedMatch({ ...SEGMENT, threshold, silenced }).toNumber();
  return {
    chances: [
      ...falseMatchNumbers.map(([cells, active, synapses, threshold, given]) => {
        const match = { cells, active, synapses, threshold };
        return compared(wordsOf(match), given, falseMatch(match));
      }),
      ...unionNumbers.map(([cells, active, synapses, threshold, given, patterns]) => {
        const match = { cells, active, synapses, threshold };
        return compared(`${patterns} patterns, ${wordsOf(match)}`, given, falseMatchOfUnion({ ...match, patterns }));
      }),
      ...missedNumbers.map(([silenced, given]) =>
        compared(`missed with ${silenced} of 64 cells silent`, given, missedMatch({ ...SEGMENT, silenced })),
      ),
    ],
    medians: medianNumbers.map(([threshold, given]) => compared(`threshold ${threshold}`, given, medians[threshold])),
    errors: sourceErrors.map(exactly),
    optimal: medians.findIndex((median) => median.log10() <= GOOD),
    robust: {
      found: 1 - missed(SILENCED[0]),
      falseMatch: falseMatch({ ...SEGMENT, cells: 4000 }).toNumber(),
    },
    byCells: ACTIVE.map((active) => CELLS.map((cells) => falseMatch({ ...SEGMENT, cells, active }).log10())),
    medianByThreshold: THRESHOLDS.map((threshold) => medians[threshold].log10()),
    missedByThreshold: SILENCED.map((silenced) => THRESHOLDS.map((threshold) => missed(silenced, threshold))),
    foundBySilenced: Array.from({ length: SEGMENT.active + 1 }, (_, silenced) => 1 - missed(silenced)),
    byPatterns: UNION_CELLS.map((cells) =>
      PATTERNS.map((patterns) =>
        falseMatchOfUnion({ cells, active: 200, synapses: 25, threshold: 15, patterns }).log10(),
      ),
    ),
  };
}
