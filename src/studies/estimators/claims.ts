// The claims: which estimators are exact, which are right in the mean, and what truncation costs.
import type { Result } from "../../runs/index.js";
import { bySeed, contains, differenceOf, isAbove, isAtMost, isBelow, meanOf, type SeedValue } from "../measure.js";
import type { Claim } from "../study.js";
import {
  type Compared,
  type EstimatorName,
  type MeasureConfig,
  type MeasureRow,
  type TaskName,
  taskNames,
  WINDOW,
} from "./measure.js";

/** Results of cells. */
export type Results = readonly Result<MeasureRow>[];

/** The longest lifetime among the results; undefined if there are none. */
const longestOf = (results: Results): number | undefined =>
  results.length === 0 ? undefined : Math.max(...results.map(({ row }) => row.steps));

/** A number of one estimator by seed, for lifetimes of so many steps. */
export function valuesOf(
  results: Results,
  { task, steps }: Pick<MeasureConfig, "task" | "steps">,
  estimator: EstimatorName,
  part: keyof Compared,
): SeedValue[] {
  return bySeed(results, ({ row }) =>
    row.task === task && row.steps === steps ? row.found[estimator][part] : undefined,
  );
}

/** A number of one estimator by seed, for the longest lifetimes. */
function atLongest(results: Results, task: TaskName, estimator: EstimatorName, part: keyof Compared): SeedValue[] {
  const steps = longestOf(results);
  return steps === undefined ? [] : valuesOf(results, { task, steps }, estimator, part);
}

/** An estimator is right in the mean along the gradient, for the longest lifetimes. */
const unbiased = (estimator: EstimatorName, task: TaskName, name: string, where: string): Claim<MeasureRow> => ({
  label: `${estimator.replace(":", "-")}-unbiased-${task}`,
  statement: `In the longest lifetimes with ${task} effects, the mean of ${name} along the gradient is the gradient`,
  source: "paper",
  published: { value: 0, where },
  measure(results) {
    const found = atLongest(results, task, estimator, "along");
    const none = found.map((each) => ({ ...each, value: 0 }));
    return differenceOf(found, none); // with Student's interval, which is wide enough for few seeds
  },
  holds: (measured) => contains(measured, 0),
});

/** A law about exact estimators: the largest bias of all results is at most this. */
const exact = (
  label: string,
  statement: string,
  bound: number,
  pick: (row: MeasureRow) => number | undefined,
): Claim<MeasureRow> => ({
  ...{ label, statement, source: "law" },
  measure(results) {
    const values = results.flatMap(({ row }) => pick(row) ?? []);
    return values.length === 0 ? undefined : { value: Math.max(...values), seeds: 1 };
  },
  holds: (measured) => isAtMost(measured, bound),
});

/** See the head of this file. */
export const claims: readonly Claim<MeasureRow>[] = [
  exact("truncated-whole", "Truncation to the whole lifetime changes no bit of the gradient", 0, ({ steps, found }) =>
    steps <= WINDOW ? found.truncated.bias : undefined,
  ),
  exact(
    "forward-exact",
    "Forward mode differs from backpropagation by less than a thousandth, in lifetimes of every length",
    1e-3,
    ({ found }) => found.forward.bias,
  ),
  {
    label: "truncated-lasting",
    statement: `In the longest lifetimes with lasting effects, truncation to ${WINDOW} steps loses more than half of the gradient`,
    source: "paper",
    published: { value: "a short horizon's bias", where: "Wu, Ren, Liao and Grosse 2018" },
    measure: (results) => meanOf(atLongest(results, "lasting", "truncated", "bias")),
    holds: (measured) => isAbove(measured, 0.5),
  },
  {
    label: "truncated-fading",
    statement: `In the longest lifetimes with fading effects, truncation to ${WINDOW} steps loses less than a quarter of it`,
    source: "reference",
    measure: (results) => meanOf(atLongest(results, "fading", "truncated", "bias")),
    holds: (measured) => isBelow(measured, 0.25),
  },
  ...taskNames.flatMap((task) => [
    unbiased("forward:1", task, "forward gradients", "Baydin, Pearlmutter, Syme, Wood and Torr 2022"),
    unbiased("es", task, "evolution strategies", "Salimans, Ho, Chen, Sidor and Sutskever 2017"),
    unbiased("pes", task, "persistent evolution strategies", "Vicol, Metz and Sohl-Dickstein 2021"),
  ]),
  ...taskNames.map(
    (task): Claim<MeasureRow> => ({
      label: `pes-spread-${task}`,
      statement: `With a rule that stays the same during the longest lifetimes with ${task} effects, persistent evolution strategies are noisier than plain ones`,
      source: "reference",
      measure: (results) =>
        differenceOf(atLongest(results, task, "pes", "spread"), atLongest(results, task, "es", "spread")),
      holds: isAbove,
    }),
  ),
];
