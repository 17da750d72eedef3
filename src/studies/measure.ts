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

/** The values of both sides for the seeds and images that both have. */
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

/** The mean over seeds, with the bootstrap interval of the mean. */
export function meanOf(values: readonly SeedValue[]): Measured | undefined {
  checkValues("meanOf", values);
  if (values.length === 0) return undefined;
  const { mean, low, high, count } = bootstrap(values.map(({ value }) => value));
  return { value: mean, seeds: count, ...finite(low, high), ...mixed(values) };
}

/**
 * The mean over seeds, with the interval in which one more seed would lie: a single published run is compared with
 * this.
 */
export function oneMoreOf(values: readonly SeedValue[]): Measured | undefined {
  checkValues("oneMoreOf", values);
  if (values.length === 0) return undefined;
  const { mean, low, high, count } = prediction(values.map(({ value }) => value));
  return { value: mean, seeds: count, ...finite(low, high), ...mixed(values) };
}

/**
 * The first minus the second, seed by seed, with an interval that contains both the bootstrap interval and Student's.
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

/** The largest of the numbers, for laws that bound them from above. */
export const largestOf = (values: readonly SeedValue[]): Measured | undefined => chosen("largestOf", Math.max, values);

/** The smallest of the numbers, for laws that bound them from below. */
export const smallestOf = (values: readonly SeedValue[]): Measured | undefined =>
  chosen("smallestOf", Math.min, values);

/** The verdict; "open" if there are fewer than five seeds. */
const over = (seeds: number, decide: () => Verdict): Verdict => (seeds < SEEDS_FOR_CLAIM ? "open" : decide());

/** Holds if the whole interval is above the bound, and does not hold if it is entirely below. */
export function isAbove(measured: Measured, bound = 0): Verdict {
  checkMeasured("isAbove", measured);
  const { low = Number.NaN, high = Number.NaN, seeds } = measured;
  return over(seeds, () => (low > bound ? "holds" : high < bound ? "does not hold" : "open"));
}

/** Holds if the whole interval is below the bound, and does not hold if it is entirely above. */
export function isBelow(measured: Measured, bound = 0): Verdict {
  checkMeasured("isBelow", measured);
  const { low = Number.NaN, high = Number.NaN, seeds } = measured;
  return over(seeds, () => (high < bound ? "holds" : low > bound ? "does not hold" : "open"));
}

/** Holds if the number lies in the interval. */
export function contains(measured: Measured, value: number): Verdict {
  checkMeasured("contains", measured);
  const { low = Number.NaN, high = Number.NaN, seeds } = measured;
  return over(seeds, () => (low <= value && value <= high ? "holds" : "does not hold"));
}

/**
 * For laws: holds if the value is at most this bound. It does not hold for NaN.
 *
 * @param fewest the number of seeds below which the verdict is "open"; 1 by default.
 */
export function isAtMost(measured: Measured, bound: number, fewest = 1): Verdict {
  checkMeasured("isAtMost", measured);
  return measured.seeds < fewest ? "open" : measured.value <= bound ? "holds" : "does not hold";
}

/**
 * For laws: holds if the value is at least this bound. It does not hold for NaN.
 *
 * @param fewest the number of seeds below which the verdict is "open"; 1 by default.
 */
export function isAtLeast(measured: Measured, bound: number, fewest = 1): Verdict {
  checkMeasured("isAtLeast", measured);
  return measured.seeds < fewest ? "open" : measured.value >= bound ? "holds" : "does not hold";
}

/**
 * A law: the number of every seed is at most the bound.
 *
 * @param pick the number of a row; undefined for rows to leave out.
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
