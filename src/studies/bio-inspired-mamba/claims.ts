// Claims about real-time recurrent learning in selective state spaces.
import type { Result } from "../../runs/index.js";
import { boundedLaw, bySeed, differenceOf, isAbove, meanOf, type SeedValue } from "../measure.js";
import { SEEDS_FOR_CLAIM } from "../statistics.js";
import type { Claim } from "../study.js";
import type { LawsRow } from "./measure.js";
import type { TrainingConfig, TrainingRow } from "./training.js";

/** A row of the study. */
export type Row = LawsRow | TrainingRow;
export type Results = readonly Result<Row>[];

/** How networks learn, by name. */
export interface Arm extends Pick<TrainingConfig, "by" | "stdp"> {
  readonly name: string;
}

/** All that are compared. */
export const arms: readonly Arm[] = [
  { name: "through time", by: "bptt", stdp: 0 },
  { name: "in real time", by: "rtrl", stdp: 0 },
  { name: "without traces", by: "truncated", stdp: 0 },
  { name: "STDP 0.0001", by: "rtrl", stdp: 1e-4 },
  { name: "STDP 0.001", by: "rtrl", stdp: 1e-3 },
];

/** The results without a task, by seed. */
export const lawsOf = (results: Results): Result<LawsRow>[] =>
  results
    .filter((result): result is Result<LawsRow> => "exact" in result.row)
    .sort((a, b) => a.cell.seed - b.cell.seed);

/** The trainings of an arm, by seed. */
export const trainingsOf = (results: Results, arm: Arm): Result<TrainingRow>[] =>
  results
    .filter((result): result is Result<TrainingRow> => {
      const config = result.cell.config as Partial<TrainingConfig>;
      return config.by === arm.by && config.stdp === arm.stdp;
    })
    .sort((a, b) => a.cell.seed - b.cell.seed);

/** A law about results without a task. */
const law = (label: string, statement: string, bound: number, pick: (row: LawsRow) => number): Claim<Row> =>
  boundedLaw(label, statement, bound, (row) => ("exact" in row ? pick(row) : undefined));

/** The mean accuracy of the last fifth of a training. */
const lastOf = (results: Results, arm: Arm): SeedValue[] =>
  bySeed(trainingsOf(results, arm), ({ row: { accuracy } }) => {
    const end = accuracy.slice(-Math.max(1, Math.floor(accuracy.length / 5)));
    return accuracy.length === 0 ? undefined : end.reduce((total, each) => total + each, 0) / end.length;
  });
const [bptt, rtrl, truncated, ...plastic] = arms;

/** All claims. */
export const claims: readonly Claim<Row>[] = [
  law(
    "exact",
    "The credits of a sequence add up to the gradient of backpropagation through time: the largest relative error",
    1e-9,
    ({ exact }) => exact,
  ),
  law(
    "differences",
    "They are the slope of the loss by central differences: the largest relative error",
    1e-6,
    ({ differences }) => differences,
  ),
  law(
    "causal",
    "The credit of a step is the same whatever comes after it: the largest difference",
    0,
    ({ later }) => later,
  ),
  law(
    "memory",
    "It carries D N (3 + 2 D) numbers a sequence, after the first step and after the last: how far it is off",
    0,
    ({ carried }) => Math.max(...carried.map((share) => Math.abs(share - 1))),
  ),
  law("scan", "A sequence at once is one step after the other: the largest difference", 1e-12, ({ scan }) => scan),
  law(
    "decays",
    "States decay by factors between 0 and 1: seeds in which one lies outside",
    0,
    ({ decays: [least, most] }) => (least > 0 && most < 1 ? 0 : 1),
  ),
  law(
    "upper",
    "Of two layers, with errors that go back in the same step only, the upper one is exact: the relative error",
    1e-9,
    ({ upper }) => upper,
  ),
  {
    label: "lower",
    statement: "The lower one points the right way in the mean: the mean cosine, above 0",
    source: "reference",
    measure: (results) => meanOf(bySeed(lawsOf(results), ({ row }) => row.lower)),
    holds: (measured) => isAbove(measured, 0),
  },
  law(
    "window",
    "The STDP term changes a synapse by A exp(-t / tau) for a pair of spikes: the largest difference",
    1e-12,
    ({ window }) => window,
  ),
  {
    label: "same-curve",
    statement:
      "In the task, learning in real time ends where learning through time does: the difference of accuracies, at most 0.02 either way",
    source: "reference",
    measure: (results) => differenceOf(lastOf(results, rtrl), lastOf(results, bptt)),
    holds: ({ value, seeds }) =>
      seeds < SEEDS_FOR_CLAIM ? "open" : Math.abs(value) <= 0.02 ? "holds" : "does not hold",
  },
  {
    label: "long-range",
    statement: "It recalls what was marked 10 to 30 steps before: accuracy at the end, above 0.9 (a quarter is chance)",
    source: "paper",
    published: { value: "captures long-range dependencies", where: "the abstract, of other tasks" },
    measure: (results) => meanOf(lastOf(results, rtrl)),
    holds: (measured) => isAbove(measured, 0.9),
  },
  {
    label: "traces",
    statement: "Without traces it ends lower: the difference of accuracies, above 0.1",
    source: "reference",
    measure: (results) => differenceOf(lastOf(results, rtrl), lastOf(results, truncated)),
    holds: (measured) => isAbove(measured, 0.1),
  },
  ...plastic.map(
    (arm): Claim<Row> => ({
      label: `stdp-${arm.stdp === 1e-4 ? "weak" : "strong"}`,
      statement: `With STDP of the input weights (${arm.stdp}) it ends no lower: the difference of accuracies, at least -0.02`,
      source: "paper",
      published: { value: "competitive", where: "the abstract; the form of the term is ours" },
      measure: (results) => differenceOf(lastOf(results, arm), lastOf(results, rtrl)),
      holds: (measured) => isAbove(measured, -0.02),
    }),
  ),
];
