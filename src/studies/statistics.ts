// Statistics over a few seeds: means, bootstrap intervals, moving averages as published, and paired comparisons. The
// unit is the seed: the episodes of one run share a rule, so they are not independent samples.
//
// Intervals are percentile bootstrap intervals (Efron 1979) of the mean, 98 %, as in Shervani-Tabar and Rosenbaum 2023,
// figures 3 to 7 (500 resamples there). They are too narrow for few values: with five normal values of mean zero, one
// interval in eight lies entirely on one side of zero. A claim therefore also needs Student's interval, which is exact
// for normal differences.
import { checkKind, checkMade, InputError, Key, quote } from "../core/index.js";
import type { Span } from "./figure.js";

/** The intended coverage of an interval, as in the paper. */
export const COVERAGE = 0.98;
/** The resamples from which an interval is computed. The paper has 500; more make its ends more stable. */
export const RESAMPLES = 2000;
/** The fewest seeds with which a difference is claimed. */
export const SEEDS_FOR_CLAIM = 5;
/**
 * The 99th percentile of Student's distribution with 1, 2, ... degrees of freedom: the half width, in standard errors,
 * of a 98 % interval. With more degrees of freedom the last one is used, which is a little too large.
 */
export const STUDENT_99: readonly number[] = [
  31.821, 6.965, 4.541, 3.747, 3.365, 3.143, 2.998, 2.896, 2.821, 2.764, 2.7181, 2.681, 2.65, 2.624, 2.602, 2.583,
  2.567, 2.552, 2.539, 2.528, 2.518, 2.508, 2.5, 2.492, 2.485, 2.479, 2.473, 2.467, 2.462, 2.457,
];
/** Episodes in a moving average: the report's figure 1, and the paper's figures. */
export const WINDOWS = { report: 20, paper: 10 } as const;

/** A mean and the interval around it; both ends are NaN if there is only one value. */
export interface Estimate {
  /** Mean over the values. */
  readonly mean: number;
  /** Lower end of the interval. */
  readonly low: number;
  /** Upper end of the interval. */
  readonly high: number;
  /** How many values there were. */
  readonly count: number;
}

const checkNumbers = (op: string, values: ArrayLike<number>): void =>
  checkKind(op, "what it is given", values, "a list of numbers");

/**
 * Arithmetic mean; NaN of no values.
 *
 * @example mean([1, 2, 6]) // 3
 */
export function mean(values: ArrayLike<number>): number {
  checkNumbers("mean", values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/**
 * Standard deviation of a sample (divided by n - 1); NaN of fewer than two values.
 *
 * @example deviation([1, 2, 6]) // 2.646
 */
export function deviation(values: ArrayLike<number>): number {
  checkNumbers("deviation", values);
  if (values.length < 2) return Number.NaN;
  const middle = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - middle) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/**
 * For each value, the mean of the last `window` values up to it, or of fewer at the beginning.
 *
 * @example movingAverage([1, 2, 3, 4], 2) // [1, 1.5, 2.5, 3.5]
 */
export function movingAverage(values: readonly number[], window: number): number[] {
  checkNumbers("movingAverage", values);
  return values.map((_, i) => mean(values.slice(Math.max(0, i + 1 - window), i + 1)));
}

/**
 * The quantile `q` of sorted values, linear between them (Hyndman and Fan 1996, definition 7).
 *
 * @example quantile([1, 2, 3, 4], 0.25) // 1.75
 */
export function quantile(sorted: ArrayLike<number>, q: number): number {
  checkNumbers("quantile", sorted);
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}

/**
 * Which of `count` values each resample takes: row by row, `count` indices per resample. The result depends only on the
 * arguments.
 *
 * @example const draws = resample(3, 2) // [0, 2, 0, 2, 2, 1]
 */
export function resample(count: number, resamples = RESAMPLES): Uint32Array {
  const name = `${count} of ${resamples}`;
  const known = drawn.get(name);
  if (known) return known;
  const key = Key.of(98).fold(count);
  const draws = Uint32Array.from({ length: resamples * count }, (_, i) => key.integer(i, count));
  drawn.set(name, draws);
  return draws;
}

/** Draws that were made before: a report asks for the same ones thousands of times. */
const drawn = new Map<string, Uint32Array>();

/**
 * Mean and percentile bootstrap interval of the mean.
 *
 * @param given draws from `resample(values.length)`; pass it if many estimates have the same number of values.
 * @example bootstrap([0.71, 0.74, 0.7, 0.73, 0.72]) // { mean: 0.72, low: 0.706, high: 0.734, count: 5 }
 */
export function bootstrap(values: readonly number[], given?: Uint32Array): Estimate {
  checkNumbers("bootstrap", values);
  if (given !== undefined) checkKind("bootstrap", "`draws`", given, "a list of numbers");
  const count = values.length;
  const draws = given ?? resample(count);
  if (count < 2) return { mean: mean(values), low: Number.NaN, high: Number.NaN, count };
  const means = new Float64Array(draws.length / count);
  for (let r = 0; r < means.length; r++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[draws[r * count + i]];
    means[r] = sum / count;
  }
  means.sort();
  const tail = (1 - COVERAGE) / 2;
  return { mean: mean(values), low: quantile(means, tail), high: quantile(means, 1 - tail), count };
}

/**
 * The estimate at each position of equally long curves, one curve per seed. The same seeds are drawn at every position.
 *
 * @example
 * const curves = [[0.2, 0.5], [0.3, 0.6], [0.25, 0.7]]; // three seeds, two episodes
 * bootstrapCurves(curves).map(({ mean }) => mean); // [0.25, 0.6]
 */
export function bootstrapCurves(curves: readonly (readonly number[])[]): Estimate[] {
  checkKind("bootstrapCurves", "what it is given", curves, "a list");
  if (curves.length === 0) return [];
  for (const curve of curves) checkKind("bootstrapCurves", "a curve", curve, "a list");
  const draws = resample(curves.length, 500);
  return curves[0].map((_, i) =>
    bootstrap(
      curves.map((curve) => curve[i]),
      draws,
    ),
  );
}

/**
 * The span of episodes for the published statistic; for shorter runs, their last quarter.
 *
 * @example
 * statisticSpan(200); // { from: 141, to: 180 }
 * statisticSpan(40); // { from: 31, to: 40 }
 */
export function statisticSpan(episodes: number): Span {
  if (episodes >= 180) return { from: 141, to: 180 };
  return { from: Math.floor((episodes * 3) / 4) + 1, to: episodes };
}

/**
 * The statistic of the Recurrent Chemical Network report's figure 1, as its author's code computes it: the mean of
 * those averages over 20 episodes that lie entirely within the span (or over the whole span, if it is shorter).
 *
 * @example
 * const accuracy = Array.from({ length: 200 }, (_, episode) => episode / 200);
 * statistic(accuracy); // 0.7975
 */
export function statistic(values: readonly number[]): number {
  checkNumbers("statistic", values);
  const { from, to } = statisticSpan(values.length);
  const within = values.slice(from - 1, to);
  const window = Math.min(WINDOWS.report, within.length);
  return mean(movingAverage(within, window).slice(window - 1));
}

/**
 * Mean and Student's 98 % interval of the mean (Student 1908).
 *
 * @example student([0.71, 0.74, 0.7, 0.73, 0.72]) // { mean: 0.72, low: 0.6935, high: 0.7465, count: 5 }
 */
export const student = (values: readonly number[]): Estimate => normal("student", values, 0);

/**
 * Mean and Student's 98 % interval of one further value, here a run with another seed. Compare the number of a single
 * run with this: the interval of a mean shrinks with more seeds, but that of a single run does not.
 *
 * @example prediction([0.71, 0.74, 0.7, 0.73, 0.72]) // { mean: 0.72, low: 0.6551, high: 0.7849, count: 5 }
 */
export const prediction = (values: readonly number[]): Estimate => normal("prediction", values, 1);

/** An interval for normal values: of their mean, or, with `more`, of one further value. */
function normal(op: string, values: readonly number[], more: 0 | 1): Estimate {
  checkNumbers(op, values);
  const count = values.length;
  const share = more + 1 / count;
  const quantile = STUDENT_99[Math.min(count - 1, STUDENT_99.length) - 1] ?? Number.NaN;
  const [middle, half] = [mean(values), quantile * deviation(values) * Math.sqrt(share)];
  return { mean: middle, low: middle - half, high: middle + half, count };
}

/** A comparison of two configurations, seed by seed. */
export interface Comparison {
  /** The differences, first minus second, with the bootstrap interval. */
  readonly difference: Estimate;
  /** The same with Student's interval. */
  readonly student: Estimate;
  /** Seeds in which the first is larger. */
  readonly larger: number;
  /** Whether the first is larger (1), smaller (-1), or neither can be claimed (0). */
  readonly claim: -1 | 0 | 1;
}

/**
 * Compares values of two configurations that have the same tasks and initial weights for each seed. Nothing is claimed
 * if either interval of the differences touches zero, or with fewer than `SEEDS_FOR_CLAIM` seeds.
 *
 * @throws InputError unless both have the same number of values, at least one.
 * @example
 * const comparison = compare([0.71, 0.74, 0.7, 0.73, 0.72], [0.6, 0.65, 0.61, 0.6, 0.62]);
 * comparison.claim; // 1
 * comparison.student.low; // 0.07596
 */
export function compare(first: readonly number[], second: readonly number[]): Comparison {
  checkKind("compare", "the first side", first, "a list");
  checkKind("compare", "the second side", second, "a list");
  if (first.length !== second.length || first.length === 0) {
    throw new InputError(
      `[compare] ${quote(first.length)} and ${quote(second.length)} values cannot be paired. Give both sides the same seeds.`,
    );
  }
  const differences = first.map((value, i) => value - second[i]);
  const [difference, normal] = [bootstrap(differences), student(differences)];
  const above = difference.low > 0 && normal.low > 0;
  const below = difference.high < 0 && normal.high < 0;
  const sign = above ? 1 : below ? -1 : 0;
  return {
    difference,
    student: normal,
    larger: differences.filter((d) => d > 0).length,
    claim: differences.length >= SEEDS_FOR_CLAIM ? sign : 0,
  };
}

/**
 * What a comparison allows one to say, in words: a claim, or why there is none.
 *
 * @example
 * const comparison = compare([0.71, 0.74, 0.7, 0.73, 0.72], [0.6, 0.65, 0.61, 0.6, 0.62]);
 * verdict("ours", "theirs", comparison); // "ours is above theirs by 0.104"
 */
export function verdict(first: string, second: string, comparison: Comparison): string {
  checkMade("verdict", "the comparison", comparison, ["difference", "claim"], "Make one with compare().");
  const { difference, claim } = comparison;
  const { count } = difference;
  const by = Math.abs(difference.mean).toFixed(3);
  if (claim > 0) return `${first} is above ${second} by ${by}`;
  if (claim < 0) return `${first} is below ${second} by ${by}`;
  if (count < SEEDS_FOR_CLAIM) return `no claim: ${count === 1 ? "one seed is" : `${count} seeds are`} too few`;
  return "no claim: an interval contains zero";
}

/**
 * A difference with its sign.
 *
 * @example
 * signed(0.02); // "+0.020"
 * signed(-0.02); // "−0.020"
 */
export function signed(value: number, digits = 3): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : `+${text}`;
}
