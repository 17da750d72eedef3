// The claims: how often intervals hold the truth, whether other recordings tell a wrong rule, and whether warnings name the
// right terms.
import type { Result } from "../../runs/index.js";
import { bySeed, isAbove, isAtMost, largestOf, type SeedValue } from "../measure.js";
import { deviation, mean, SEEDS_FOR_CLAIM } from "../statistics.js";
import type { Claim, Measured, Verdict } from "../study.js";
import {
  ALIKE,
  type ExactRow,
  exactKind,
  type Interval,
  NAME,
  type RecoveryConfig,
  type RecoveryRow,
  type WarningRow,
  warningKind,
} from "./measure.js";
import { type RuleName, ruleNames, type SettingName } from "./rules.js";
import { type TwoChoiceRow, twoChoiceKind } from "./two-choice.js";

/** The row of any cell. */
export type Row = RecoveryRow | ExactRow | WarningRow | TwoChoiceRow;
/** Results of cells. */
export type Results = readonly Result<Row>[];

/** What was found of rules. */
export const recoveries = (results: Results, keep: (config: RecoveryConfig) => boolean = () => true) =>
  results.flatMap(({ cell, row }) =>
    cell.kind === NAME && keep(cell.config as RecoveryConfig)
      ? [{ seed: cell.seed, config: cell.config as RecoveryConfig, row: row as RecoveryRow }]
      : [],
  );

/** Whether each interval holds the truth. */
export const covered = (row: { readonly truth: readonly number[] }, intervals: readonly Interval[]): boolean[] =>
  row.truth.map((truth, k) => intervals[k][0] <= truth && truth <= intervals[k][1]);

/** Which intervals: Laplace's, or those of a bootstrap. */
export type Method = "intervals" | "recordings" | "model";

/** How often something is so in each data set, as a share. */
function sharesOf(
  found: ReturnType<typeof recoveries>,
  isSo: (each: (typeof found)[number]) => boolean[],
): SeedValue[] {
  const bySeed = new Map<number, boolean[]>();
  for (const each of found) bySeed.set(each.seed, [...(bySeed.get(each.seed) ?? []), ...isSo(each)]);
  const shares = [...bySeed].filter(([, all]) => all.length > 0);
  return shares
    .map(([seed, all]) => ({ seed, value: mean(all.map(Number)), images: undefined }))
    .sort((a, b) => a.seed - b.seed);
}

/** The share of intervals that hold the truth, for each data set. */
export const coverageOf = (results: Results, method: Method, keep?: (config: RecoveryConfig) => boolean): SeedValue[] =>
  sharesOf(recoveries(results, keep), ({ row }) => {
    const intervals = row[method];
    return intervals ? covered(row, intervals) : [];
  });

/** The share of intervals that hold the truth in the two-choice experiment, for each seed. */
export const twoChoiceCoverageOf = (results: Results, method: "intervals" | "recordings"): SeedValue[] =>
  bySeed(results, ({ cell, row }) => {
    if (cell.kind !== twoChoiceKind.name) return undefined;
    const found = row as TwoChoiceRow;
    return mean(found[method].flatMap((intervals) => covered(found, intervals)).map(Number));
  });

/** How many standard errors an interval of 98 % has on either side. */
const Z_98 = 2.3263478740408408;

/**
 * The mean of shares over seeds, with Wilson's interval of a binomial share (Wilson 1927), of 98 %. It counts as many independent
 * answers as would spread the mean as far as the seeds do: those of one seed hang together.
 */
function shareOf(values: readonly SeedValue[]): Measured | undefined {
  const seeds = values.length;
  if (seeds === 0) return undefined;
  const shares = values.map(({ value }) => value);
  const value = mean(shares);
  const spread = deviation(shares) ** 2;
  const count = spread > 0 ? Math.max(seeds, (seeds * value * (1 - value)) / spread) : seeds;
  const square = Z_98 ** 2 / count;
  const middle = (value + square / 2) / (1 + square);
  const half = (Math.sqrt(square) * Math.sqrt(value * (1 - value) + square / 4)) / (1 + square);
  return { value, seeds, low: middle - half, high: middle + half };
}

/** Whether the class of the true rule explains other recordings best. */
export function isTold({ config, row }: ReturnType<typeof recoveries>[number]): boolean {
  const of = (name: RuleName): number => row.heldOut[name] ?? Number.NEGATIVE_INFINITY;
  return ruleNames.every((name) => name === config.rule || of(name) < of(config.rule));
}

const [LEAST, MOST] = [0.8, 0.98];

/** Holds if the whole interval is between these bounds, and does not hold if it is outside. */
function isBetween({ low = Number.NaN, high = Number.NaN, seeds }: Measured): Verdict {
  if (seeds < SEEDS_FOR_CLAIM) return "open";
  if (low >= LEAST && high <= MOST) return "holds";
  return high < LEAST || low > MOST ? "does not hold" : "open";
}

/** Holds if it is so in every data set. */
const isEverywhere = ({ value, seeds }: Measured): Verdict => {
  if (seeds < SEEDS_FOR_CLAIM) return "open";
  return value === 1 ? "holds" : "does not hold";
};

const coverage = (label: string, what: string, measure: (results: Results) => SeedValue[]): Claim<Row> => ({
  label: `coverage-${label}`,
  statement: `Of the 90 % intervals ${what}, between ${LEAST * 100} and ${MOST * 100} % hold the true coefficient`,
  source: "reference",
  published: { value: "0.80 to 0.98", where: "what an interval of 90 % promises, with room for the approximation" },
  measure: (results) => shareOf(measure(results)),
  holds: isBetween,
});

/** Coverage of one kind of intervals, in some of the settings. */
const of =
  (method: Method, keep?: (config: RecoveryConfig) => boolean) =>
  (results: Results): SeedValue[] =>
    coverageOf(results, method, keep);

const NAMES: Readonly<Record<RuleName, string>> = {
  oja: "Oja's rule",
  bcm: "the BCM rule",
  "reward-hebb": "Hebb's rule with reward",
  covariance: "the covariance rule",
};

/** Where the claims about classes are measured: at the most data, and where that was not run, at fewer. */
const TOLD: readonly SettingName[] = ["noise 0.05, 16 recordings", "noise 0.05"];

const told = (label: string, what: string, where: readonly SettingName[], rule?: RuleName): Claim<Row> => ({
  label: `told-${label}`,
  statement: `Held-out likelihood tells ${what} from the classes of the other three rules in more than nine of ten data sets`,
  source: "reference",
  measure(results) {
    const sets = where.map((name) =>
      recoveries(results, (config) => config.name === name && (rule === undefined || config.rule === rule)),
    );
    const found = sets.find((set) => set.length > 0) ?? [];
    return shareOf(sharesOf(found, (each) => [isTold(each)]));
  },
  holds: (measured) => isAbove(measured, 0.9),
});

const isChoices = ({ setting }: RecoveryConfig): boolean => setting.observe === "bernoulli";

/** See the head of this file. */
export const claims: readonly Claim<Row>[] = [
  {
    label: "exact",
    statement:
      "Where activity and weights are seen without noise, every coefficient is found to a millionth of itself (largest error)",
    source: "law",
    measure(results) {
      const errors = results.flatMap(({ cell, row }) =>
        cell.kind === exactKind.name ? [{ seed: cell.seed, value: (row as ExactRow).error, images: undefined }] : [],
      );
      return largestOf(errors);
    },
    holds: (measured) => isAtMost(measured, 1e-6),
  },
  ...ruleNames.map((rule) =>
    coverage(
      rule,
      `for ${NAMES[rule]}`,
      of("intervals", (config) => config.rule === rule),
    ),
  ),
  coverage(
    "activity",
    "from activity with noise",
    of("intervals", (config) => !isChoices(config)),
  ),
  coverage("choices", "from choices", of("intervals", isChoices)),
  coverage(
    "missing",
    "from activity of which a part is missing",
    of("intervals", ({ setting }) => setting.missing > 0),
  ),
  coverage(
    "unseen",
    "from one neuron of three",
    of("intervals", ({ setting }) => setting.unseen > 0),
  ),
  coverage("recordings", "by fitting again to 16 drawn recordings", of("recordings")),
  coverage("model", "by fitting again to data drawn from the model", of("model")),
  coverage("two-choice", "in the two-choice experiment with 14 flies", (results) =>
    twoChoiceCoverageOf(results, "intervals"),
  ),
  coverage("two-choice-flies", "by drawing 14 flies of the two-choice experiment", (results) =>
    twoChoiceCoverageOf(results, "recordings"),
  ),
  ...ruleNames.map((rule) => told(rule, NAMES[rule], TOLD, rule)),
  told("choices", "the rules behind choices", ["choices, 16 recordings", "choices"]),
  {
    label: "warning-named",
    statement:
      "Where inputs hardly vary, the warning names the constant and the input, and no others, in every data set (share)",
    source: "reference",
    measure: (results) =>
      shareOf(
        bySeed(results, ({ cell, row }) =>
          cell.kind === warningKind.name
            ? Number((row as WarningRow).unclear.join(" and ") === ALIKE.join())
            : undefined,
        ),
      ),
    holds: isEverywhere,
  },
  {
    label: "warning-silent",
    statement: "Of Oja's, the BCM and the rewarded rule, nothing is warned of in any data set (share)",
    source: "reference",
    measure: (results) =>
      shareOf(
        sharesOf(
          recoveries(results, ({ rule, name }) => rule !== "covariance" && name === "noise 0.05"),
          ({ row }) => [row.unclear.length === 0],
        ),
      ),
    holds: isEverywhere,
  },
];
