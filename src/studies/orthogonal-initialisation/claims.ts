// Claims about orthogonal first weights.
import type { Result } from "../../runs/index.js";
import { boundedLaw, bySeed, isAtMost, largestOf, type SeedValue } from "../measure.js";
import { SEEDS_FOR_CLAIM } from "../statistics.js";
import type { Claim, Measured } from "../study.js";
import type { DescentRow } from "./measure.js";
import type { TaskName } from "./tasks.js";
import type { TrainingConfig, TrainingRow } from "./training.js";

/** A row of the study. */
export type Row = DescentRow | TrainingRow;
export type Results = readonly Result<Row>[];

/** The results without a task, by seed. */
export const descentsOf = (results: Results): Result<DescentRow>[] =>
  results
    .filter((result): result is Result<DescentRow> => "flow" in result.row)
    .sort((a, b) => a.cell.seed - b.cell.seed);

/** How weights begin, and whether they are held there. */
export interface Arm {
  readonly name: string;
  readonly orthogonal: boolean;
  readonly penalty: boolean;
}

/** All that are compared, plain random weights first. */
export const arms: readonly Arm[] = [
  { name: "random", orthogonal: false, penalty: false },
  { name: "orthogonalised", orthogonal: true, penalty: false },
  { name: "random, penalty", orthogonal: false, penalty: true },
  { name: "orthogonalised, penalty", orthogonal: true, penalty: true },
];

/** The trainings of an arm on a task, by seed. */
export const trainingsOf = (results: Results, task: TaskName, arm: Arm): Result<TrainingRow>[] =>
  results
    .filter((result): result is Result<TrainingRow> => {
      const config = result.cell.config as Partial<TrainingConfig>;
      return config.task === task && config.orthogonal === arm.orthogonal && config.penalty! > 0 === arm.penalty;
    })
    .sort((a, b) => a.cell.seed - b.cell.seed);

type Pick = (row: DescentRow) => number;
const largest =
  (pick: Pick) =>
  (results: Results): Measured | undefined =>
    largestOf(bySeed(descentsOf(results), ({ row }) => pick(row)));

/** A law about descents without a task. */
const law = (label: string, statement: string, bound: number, pick: Pick): Claim<Row> =>
  boundedLaw(label, statement, bound, (row) => ("flow" in row ? pick(row) : undefined));

/** Iterations until it was solved; a network that never solved its task counts as if the last had done it. */
const iterationsOf = (results: Results, task: TaskName, arm: Arm): SeedValue[] =>
  bySeed(
    trainingsOf(results, task, arm),
    ({ row, cell }) => row.solved ?? (cell.config as unknown as TrainingConfig).iterations,
  );

const median = (values: readonly SeedValue[]): number => {
  const sorted = values.map(({ value }) => value).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/** Median iterations of an arm over those of random weights. */
const ratio =
  (task: TaskName, arm: Arm) =>
  (results: Results): Measured | undefined => {
    const [ours, theirs] = [iterationsOf(results, task, arm), iterationsOf(results, task, arms[0])];
    const seeds = Math.min(ours.length, theirs.length);
    return seeds === 0 ? undefined : { value: median(ours) / median(theirs), seeds };
  };

const faster = (label: string, statement: string, task: TaskName, arm: Arm, bound: number): Claim<Row> => ({
  ...{ label, statement, source: "paper" as const, measure: ratio(task, arm) },
  published: { value: "outperform", where: "the abstract, of both schemes" },
  holds: (measured) => isAtMost(measured, bound, SEEDS_FOR_CLAIM),
});

const [, orthogonal, penalised] = arms;

/** All claims. */
export const claims: readonly Claim<Row>[] = [
  law(
    "steps-glorot",
    "From weights by Glorot, of six shapes, the cost is below 1e-6 within 100 steps: the most steps",
    100,
    ({ steps }) => steps.glorot,
  ),
  {
    label: "steps-small",
    statement: "From normal weights of 0.001 it is within 60 steps: the most steps",
    source: "reference",
    published: { value: "up to 39", where: "the same in NumPy" },
    measure: largest(({ steps }) => steps.small),
    holds: (measured) => isAtMost(measured, 60),
  },
  law(
    "gradient",
    "The gradient of the cost is 4 (WW'W - W) for wide and for tall weights: the relative error",
    1e-12,
    ({ gradient }) => gradient,
  ),
  law(
    "polar",
    "If all singular values are below 1.8, the result is the nearest orthogonal matrix: the farthest element",
    1e-3,
    ({ polar }) => polar,
  ),
  law(
    "thresholds",
    "A number of 1.87 goes to 1, one of 1.9 to -1, one of 2.46 grows without end: numbers that do otherwise",
    0,
    ({ scalars }) => scalars,
  ),
  law(
    "rescaled",
    "Weights beyond the limit of the step become orthogonal after they are scaled down: weights that do not",
    0,
    ({ rescaled }) => rescaled,
  ),
  {
    label: "flow-small",
    statement: "In a tanh network of 12 layers of small normal weights, nothing reaches the first layer: its gradient",
    source: "reference",
    published: { value: 5e-22, where: "the same in NumPy" },
    measure: largest(({ flow }) => flow.small[0]),
    holds: (measured) => isAtMost(measured, 1e-15),
  },
  {
    label: "flow-orthogonal",
    statement:
      "After they are orthogonalised, the gradient of the first layer is 0.3 to 10 times that of the last (the largest is shown)",
    source: "reference",
    published: { value: 3.5, where: "the same in NumPy" },
    measure(results) {
      const ratios = descentsOf(results).map(({ row: { flow } }) => flow.orthogonal[0] / flow.orthogonal[1]);
      if (ratios.length === 0) return undefined;
      const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
      return { value: low < 0.3 ? low : high, seeds: ratios.length };
    },
    holds: ({ value }) => (value >= 0.3 && value <= 10 ? "holds" : "does not hold"),
  },
  {
    label: "local-rule",
    statement: "Oja's rule on noise makes weights orthogonal to 1e-6 too, within 2,000 steps: the most steps",
    source: "reference",
    published: { value: "1,000", where: "the same in NumPy" },
    measure: largest(({ settled }) => settled ?? Number.POSITIVE_INFINITY),
    holds: (measured) => isAtMost(measured, 2000),
  },
  faster(
    "temporal",
    "Temporal order is learned in at most half the iterations after orthogonalising: the ratio of medians",
    "temporal",
    orthogonal,
    0.5,
  ),
  faster("addition", "Addition is learned in fewer iterations: the ratio of medians", "addition", orthogonal, 0.99),
  faster(
    "permutation",
    "The first of many symbols is learned to be kept in fewer iterations: the ratio of medians",
    "permutation",
    orthogonal,
    0.99,
  ),
  faster(
    "penalty",
    "With the penalty alone, from random weights, temporal order is learned in fewer iterations: the ratio of medians",
    "temporal",
    penalised,
    0.99,
  ),
];
