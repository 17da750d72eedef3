// How claims are measured: by one number per seed, in whatever order the results come. Numbers are paired only if both
// the seed and the images are the same.
import { checkEachMade, checkKind, checkMade, InputError } from "../core/index.js";
import type { Result } from "../runs/index.js";
import { bootstrap, compare, prediction, SEEDS_FOR_CLAIM } from "./statistics.js";
import type { Claim, Measured, Verdict } from "./study.js";

/** The number of one seed. */
export interface SeedValue {
  /** The cell's seed. */
  readonly seed: number;
  /** Its number. */
  readonly value: number;
  /** The hash of the images, if there are any. */
  readonly images: string | undefined;
}

const checkValues = (op: string, values: readonly SeedValue[]): void =>
  checkEachMade(op, "the list of values", values, ["seed", "value"], "Make it with bySeed().");

const checkMeasured = (op: string, measured: Measured): void =>
  checkMade(op, "what was measured", measured, ["value", "seeds"], "Give what meanOf() and its like return.");

/**
 * A number of each result, in ascending order of the seeds.
 *
 * @param pick the number of a result; undefined for results to leave out.
 * @throws InputError if two results have the same seed and images, since they cannot be of one configuration.
 * @example
 * const results = [0.8, 0.7].map((accuracy, i) => ({
 *   cell: { kind: "own", config: {}, seed: 1 - i },
 *   ...{ row: { accuracy }, numerics: NUMERICS, seconds: 1 },
 * }));
 * bySeed(results, ({ row }) => row.accuracy).map(({ value }) => value); // [0.7, 0.8]
 */
export function bySeed<Row>(
  results: readonly Result<Row>[],
  pick: (result: Result<Row>) => number | null | undefined,
): SeedValue[] {
  checkEachMade("bySeed", "the list of results", results, ["cell", "row"], "Give results of cells.");
  checkKind("bySeed", "`pick`", pick, "a function");
  const values = results.flatMap((result) => {
    const value = pick(result);
    const { seed, data } = result.cell;
    return value === undefined || value === null ? [] : [{ seed, value, images: data?.hash }];
  });
  values.sort((a, b) => a.seed - b.seed || ((a.images ?? "") < (b.images ?? "") ? -1 : 1));
  const twice = values.find(
    ({ seed, images }, i) => i > 0 && seed === values[i - 1].seed && images === values[i - 1].images,
  );
  if (twice) throw new InputError(`[studies] two results of seed ${twice.seed} are taken for one configuration.`);
  return values;
}

/**
 * The values of both sides for the seeds and images that both have.
 *
 * @example
 * const at = (seed: number, value: number) => ({ seed, value, images: undefined });
 * pairsOf([at(0, 0.7), at(1, 0.8)], [at(1, 0.6), at(2, 0.5)]); // [[0.8], [0.6]]
 */
export function pairsOf(first: readonly SeedValue[], second: readonly SeedValue[]): readonly [number[], number[]] {
  checkValues("pairsOf", first);
  checkValues("pairsOf", second);
  const pairs = first.flatMap(({ seed, images, value }) => {
    const other = second.find((each) => each.seed === seed && each.images === images);
    return other ? [[value, other.value] as const] : [];
  });
  return [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
}

/** The reason why the seeds cannot be combined if they saw different images; empty if all saw the same ones. */
const mixed = (values: readonly SeedValue[]): { readonly open?: string } =>
  new Set(values.map(({ images }) => images)).size > 1 ? { open: "the seeds saw different images" } : {};

const finite = (low: number, high: number) => (Number.isNaN(low) ? {} : { low, high });

/**
 * The mean over seeds, with the bootstrap interval of the mean.
 *
 * @example
 * const ours = [0.71, 0.74, 0.7, 0.73, 0.72].map((value, seed) => ({ seed, value, images: undefined }));
 * meanOf(ours); // { value: 0.72, seeds: 5, low: 0.706, high: 0.734 }
 */
export function meanOf(values: readonly SeedValue[]): Measured | undefined {
  checkValues("meanOf", values);
  if (values.length === 0) return undefined;
  const { mean, low, high, count } = bootstrap(values.map(({ value }) => value));
  return { value: mean, seeds: count, ...finite(low, high), ...mixed(values) };
}

/**
 * The mean over seeds, with the interval in which one more seed would lie: a single published run is compared with
 * this.
 *
 * @example
 * const ours = [0.71, 0.74, 0.7, 0.73, 0.72].map((value, seed) => ({ seed, value, images: undefined }));
 * oneMoreOf(ours); // { value: 0.72, seeds: 5, low: 0.6551, high: 0.7849 }
 */
export function oneMoreOf(values: readonly SeedValue[]): Measured | undefined {
  checkValues("oneMoreOf", values);
  if (values.length === 0) return undefined;
  const { mean, low, high, count } = prediction(values.map(({ value }) => value));
  return { value: mean, seeds: count, ...finite(low, high), ...mixed(values) };
}

/**
 * The first minus the second, seed by seed, with an interval that contains both the bootstrap interval and Student's.
 *
 * @example
 * const ours = [0.71, 0.74, 0.7, 0.73, 0.72].map((value, seed) => ({ seed, value, images: undefined }));
 * const theirs = [0.6, 0.65, 0.61, 0.6, 0.62].map((value, seed) => ({ seed, value, images: undefined }));
 * differenceOf(ours, theirs); // { value: 0.104, seeds: 5, low: 0.07596, high: 0.132 }
 */
export function differenceOf(first: readonly SeedValue[], second: readonly SeedValue[]): Measured | undefined {
  checkValues("differenceOf", first);
  checkValues("differenceOf", second);
  if (first.length === 0 || second.length === 0) return undefined;
  const [ours, theirs] = pairsOf(first, second);
  if (ours.length === 0) return { value: Number.NaN, seeds: 0, open: "no seed of both saw the same images" };
  const { difference, student } = compare(ours, theirs);
  const [low, high] = [Math.min(difference.low, student.low), Math.max(difference.high, student.high)];
  return { value: difference.mean, seeds: difference.count, ...finite(low, high) };
}

/** The number that `choose` makes of all numbers, and how many seeds they have. */
function chosen(
  op: string,
  choose: (...numbers: number[]) => number,
  values: readonly SeedValue[],
): Measured | undefined {
  checkValues(op, values);
  if (values.length === 0) return undefined;
  return { value: choose(...values.map(({ value }) => value)), seeds: new Set(values.map(({ seed }) => seed)).size };
}

/**
 * The largest of the numbers, for laws that bound them from above.
 *
 * @example
 * const errors = [1e-7, 3e-7, 2e-7].map((value, seed) => ({ seed, value, images: undefined }));
 * largestOf(errors); // { value: 3e-7, seeds: 3 }
 */
export const largestOf = (values: readonly SeedValue[]): Measured | undefined => chosen("largestOf", Math.max, values);

/**
 * The smallest of the numbers, for laws that bound them from below.
 *
 * @example
 * const angles = [0.98, 0.95, 0.97].map((value, seed) => ({ seed, value, images: undefined }));
 * smallestOf(angles); // { value: 0.95, seeds: 3 }
 */
export const smallestOf = (values: readonly SeedValue[]): Measured | undefined =>
  chosen("smallestOf", Math.min, values);

/** The verdict; "open" if there are fewer than five seeds. */
const over = (seeds: number, decide: () => Verdict): Verdict => (seeds < SEEDS_FOR_CLAIM ? "open" : decide());

/**
 * Holds if the whole interval is above the bound, and does not hold if it is entirely below.
 *
 * @example
 * isAbove({ value: 0.1, low: 0.05, high: 0.15, seeds: 5 }); // "holds"
 * isAbove({ value: 0.1, low: -0.05, high: 0.25, seeds: 5 }); // "open"
 */
export function isAbove(measured: Measured, bound = 0): Verdict {
  checkMeasured("isAbove", measured);
  const { low = Number.NaN, high = Number.NaN, seeds } = measured;
  return over(seeds, () => (low > bound ? "holds" : high < bound ? "does not hold" : "open"));
}

/**
 * Holds if the whole interval is below the bound, and does not hold if it is entirely above.
 *
 * @example
 * isBelow({ value: 0.1, low: 0.05, high: 0.15, seeds: 5 }, 0.2); // "holds"
 * isBelow({ value: 0.1, low: 0.05, high: 0.15, seeds: 3 }, 0.2); // "open"
 */
export function isBelow(measured: Measured, bound = 0): Verdict {
  checkMeasured("isBelow", measured);
  const { low = Number.NaN, high = Number.NaN, seeds } = measured;
  return over(seeds, () => (high < bound ? "holds" : low > bound ? "does not hold" : "open"));
}

/**
 * Holds if the number lies in the interval.
 *
 * @example contains({ value: 0.71, low: 0.68, high: 0.74, seeds: 5 }, 0.7) // "holds"
 */
export function contains(measured: Measured, value: number): Verdict {
  checkMeasured("contains", measured);
  const { low = Number.NaN, high = Number.NaN, seeds } = measured;
  return over(seeds, () => (low <= value && value <= high ? "holds" : "does not hold"));
}

/**
 * For laws: holds if the value is at most this bound. It does not hold for NaN.
 *
 * @param fewest the number of seeds below which the verdict is "open"; 1 by default.
 * @example isAtMost({ value: 2e-7, seeds: 1 }, 1e-6) // "holds"
 */
export function isAtMost(measured: Measured, bound: number, fewest = 1): Verdict {
  checkMeasured("isAtMost", measured);
  return measured.seeds < fewest ? "open" : measured.value <= bound ? "holds" : "does not hold";
}

/**
 * For laws: holds if the value is at least this bound. It does not hold for NaN.
 *
 * @param fewest the number of seeds below which the verdict is "open"; 1 by default.
 * @example isAtLeast({ value: 0.97, seeds: 1 }, 0.99) // "does not hold"
 */
export function isAtLeast(measured: Measured, bound: number, fewest = 1): Verdict {
  checkMeasured("isAtLeast", measured);
  return measured.seeds < fewest ? "open" : measured.value >= bound ? "holds" : "does not hold";
}

/**
 * A law: the number of every seed is at most the bound.
 *
 * @param pick the number of a row; undefined for rows to leave out.
 * @example
 * interface Row {
 *   readonly changes: number;
 * }
 * const law = boundedLaw("signs", "No weight changes its sign.", 0, ({ changes }: Row) => changes);
 * law.holds({ value: 0, seeds: 1 }); // "holds"
 * law.holds({ value: 3, seeds: 1 }); // "does not hold"
 */
export const boundedLaw = <Row>(
  label: string,
  statement: string,
  bound: number,
  pick: (row: Row) => number | undefined,
): Claim<Row> => ({
  ...{ label, statement, source: "law" },
  measure: (results) => largestOf(bySeed(results, ({ row }) => pick(row))),
  holds: (measured) => isAtMost(measured, bound),
});
