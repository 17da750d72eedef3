// Claims that compare equilibrium propagation with backpropagation through time.
import type { Result } from "../../runs/index.js";
import {
  boundedLaw,
  bySeed,
  differenceOf,
  isAtLeast,
  isAtMost,
  isBelow,
  largestOf,
  meanOf,
  type SeedValue,
  smallestOf,
} from "../measure.js";
import { openForGlyphs, withOpen } from "../open.js";
import type { Claim, Measured } from "../study.js";
import type { DigitsConfig, DigitsRow, NetworkName } from "./digits.js";
import { BETAS, RATES, type ToyRow } from "./toy.js";
import { learners, type TrainingConfig, type TrainingRow } from "./training.js";

/** A row of the study. */
export type Row = ToyRow | TrainingRow | DigitsRow;
export type Results = readonly Result<Row>[];

/** The results on the toy network, by seed. */
export const toysOf = (results: Results): Result<ToyRow>[] =>
  results
    .filter((result): result is Result<ToyRow> => "oneSided" in result.row)
    .sort((a, b) => a.cell.seed - b.cell.seed);

/** The trainings by an algorithm, by seed. */
export const trainingsOf = (results: Results, by: TrainingConfig["by"]): Result<TrainingRow>[] =>
  results
    .filter(
      (result): result is Result<TrainingRow> =>
        "errors" in result.row && (result.cell.config as Partial<TrainingConfig>).by === by,
    )
    .sort((a, b) => a.cell.seed - b.cell.seed);

/** The trainings of a network on digits, with this many images, by seed. */
export const digitsOf = (
  results: Results,
  network: NetworkName,
  by: DigitsConfig["by"],
  fits: (config: DigitsConfig) => boolean = () => true,
): Result<DigitsRow>[] =>
  results
    .filter((result): result is Result<DigitsRow> => {
      if (!("digits" in result.row)) return false;
      const config = result.cell.config as unknown as DigitsConfig;
      return config.network === network && config.by === by && fits(config);
    })
    .sort((a, b) => a.cell.seed - b.cell.seed);

type Pick = (row: ToyRow) => number;
const largest =
  (pick: Pick) =>
  (results: Results): Measured | undefined =>
    largestOf(bySeed(toysOf(results), ({ row }) => pick(row)));
const smallest = (pick: Pick) => (results: Results) => smallestOf(bySeed(toysOf(results), ({ row }) => pick(row)));

/** A law about the toy network. */
const law = (label: string, statement: string, bound: number, pick: Pick): Claim<Row> =>
  boundedLaw(label, statement, bound, (row) => ("oneSided" in row ? pick(row) : undefined));

/** The last error of each seed. */
const lastErrors = (results: Results, by: TrainingConfig["by"]): SeedValue[] =>
  bySeed(trainingsOf(results, by), ({ row }) => row.errors.at(-1));

/** Images of the trainings that take minutes; those of the papers have more. */
export const FEW = 10_000;
const few = ({ samples }: DigitsConfig): boolean => samples <= FEW;
const many = ({ samples }: DigitsConfig): boolean => samples > FEW;

const lastDigits = (results: Results, network: NetworkName, by: DigitsConfig["by"], fits = few): SeedValue[] =>
  bySeed(digitsOf(results, network, by, fits), ({ row }) => row.digits.at(-1));

/** Marks a measurement as open if the images are not those of the papers. */
const onMnist = (results: Results, measured: Measured | undefined): Measured | undefined =>
  withOpen(measured, openForGlyphs(results));

/** That a network ends about as well by equilibrium propagation as by backpropagation through time. */
const beside = (label: string, network: NetworkName, what: string, bound: number): Claim<Row> => ({
  label,
  statement: `${what}: the test error after equilibrium propagation is at most ${bound} percentage points above that after backpropagation through time`,
  source: "paper",
  published: { value: "about the same", where: "on MNIST, with all images and more epochs" },
  measure: (results) =>
    onMnist(results, differenceOf(lastDigits(results, network, "ep"), lastDigits(results, network, "bptt"))),
  holds: (measured) => isBelow(measured, bound),
});

const at = (values: readonly number[], of: readonly number[], value: number): number => values[of.indexOf(value)];

type Learner = TrainingConfig["by"];

const named: Readonly<Record<Learner, string>> = {
  ep: "equilibrium propagation",
  random: "equilibrium propagation with a random sign of β",
  symmetric: "equilibrium propagation with both signs of β",
  bptt: "backpropagation through time",
};
/** Test errors of another program. */
const seen: Readonly<Record<Learner, string>> = {
  ep: "10.8 to 16.5",
  random: "9.1 to 14.6",
  symmetric: "not tried",
  bptt: "11.6 to 12.2",
};

/** All claims. */
export const claims: readonly Claim<Row>[] = [
  law(
    "one-sided",
    "With one-sided nudging, the error of the credit is proportional to β (distance from 1 of the slope on logarithmic axes)",
    0.1,
    ({ slopes }) => Math.abs(slopes[0] - 1),
  ),
  law(
    "symmetric",
    "With symmetric nudging, it is proportional to β² (distance of the slope from 2)",
    0.2,
    ({ slopes }) => Math.abs(slopes[1] - 2),
  ),
  law(
    "settled",
    "The first phase has settled: its last tick moves states by at most 1e-3 of the smallest β",
    1e-3 * Math.min(...BETAS),
    ({ residual }) => residual,
  ),
  law(
    "telescoping",
    "The changes of all ticks add up to the difference between the end and the start (relative error)",
    1e-12,
    ({ telescoping }) => telescoping,
  ),
  law("energy", "The energy never rises in the first phase (largest rise in a tick)", 1e-12, ({ rise }) => rise),
  {
    label: "one-sided-error",
    statement: "At β = 0.001, with one-sided nudging, the relative error is at most 0.005",
    source: "reference",
    published: { value: 1.2e-3, where: "the same experiment in NumPy, seed 0" },
    measure: largest(({ oneSided }) => at(oneSided, BETAS, 1e-3)),
    holds: (measured) => isAtMost(measured, 5e-3),
  },
  {
    label: "symmetric-error",
    statement: "At β = 0.001, with symmetric nudging, the relative error is at most 1e-5",
    source: "reference",
    published: { value: 8.2e-7, where: "the same experiment in NumPy, seed 0" },
    measure: largest(({ symmetric }) => at(symmetric, BETAS, 1e-3)),
    holds: (measured) => isAtMost(measured, 1e-5),
  },
  {
    label: "continual-error",
    statement: "At β = 0.001 and η = 1e-6, the relative error of the continual algorithm is at most 0.01",
    source: "reference",
    published: { value: 4.1e-3, where: "the same experiment in NumPy, seed 0" },
    measure: largest(({ continual }) => at(continual, RATES, 1e-6)),
    holds: (measured) => isAtMost(measured, 1e-2),
  },
  {
    label: "continual-ratio",
    statement:
      "At η = 1e-5, its error is 5 to 25 times as large in every seed (smallest ratio, or the largest if that is above 25)",
    source: "reference",
    published: { value: "10 to 17", where: "the same experiment in NumPy" },
    measure(results) {
      const ratios = toysOf(results).map(({ row }) => at(row.continual, RATES, 1e-5) / at(row.continual, RATES, 1e-6));
      if (ratios.length === 0) return undefined;
      const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
      return { value: high > 25 ? high : low, seeds: ratios.length };
    },
    holds: ({ value }) => (value >= 5 && value <= 25 ? "holds" : "does not hold"),
  },
  {
    label: "prototypical",
    statement:
      "The credit of the prototypical model has the direction of the gradient: the cosine is at least 0.99 (smallest cosine)",
    source: "reference",
    published: { value: "0.9999 to 1.0000", where: "the same experiment in NumPy" },
    measure: smallest(({ prototypical }) => prototypical.cosine),
    holds: (measured) => isAtLeast(measured, 0.99),
  },
  {
    label: "prototypical-whole",
    statement:
      "With first weights as large as the authors' code draws them, the cosine is at least 0.99 (smallest cosine)",
    source: "reference",
    published: {
      value: "0.9999 to 1.0000",
      where: "the experiment in NumPy, whose weights gave states as small as halved ones",
    },
    measure: smallest(({ whole }) => whole.cosine),
    holds: (measured) => isAtLeast(measured, 0.99),
  },
  law(
    "prototypical-loss",
    "Then it is the gradient of the loss whose errors are divided by the slope of the output: relative error at β = 1e-4",
    1e-2,
    ({ whole }) => whole.error,
  ),
  law(
    "prototypical-limit",
    "and this error is proportional to β (distance from 1 of the slope on logarithmic axes)",
    0.1,
    ({ whole }) => Math.abs(whole.slope - 1),
  ),
  ...(["ep", "random", "symmetric"] as const).map(
    (by): Claim<Row> => ({
      label: by === "ep" ? "training" : `training-${by}`,
      statement: `On four classes, the test error after ${named[by]} is at most 4 percentage points above that after backpropagation through time`,
      source: "paper",
      published: { value: "about the same", where: "on MNIST; the task here is a different one" },
      measure: (results) => differenceOf(lastErrors(results, by), lastErrors(results, "bptt")),
      holds: (measured) => isBelow(measured, 4),
    }),
  ),
  ...learners.map(
    (by): Claim<Row> => ({
      label: `error-${by}`,
      statement: `The test error after ${named[by]} is at most 20 per cent`,
      source: "reference",
      published: { value: seen[by], where: "a similar task in NumPy, three seeds, all at the full rates" },
      measure: (results) => meanOf(lastErrors(results, by)),
      holds: (measured) => isAtMost(measured, 20),
    }),
  ),
  beside("digits", "P-1h", "P-1h on 10,000 images, 5 epochs", 1),
  beside("digits-continual", "C-EP-1h", "C-EP-1h on 10,000 images, 3 epochs at its low rates", 1),
  beside("digits-convolutional", "P-conv", "P-conv with few channels on 500 images, 2 epochs", 5),
  {
    label: "digits-whole",
    statement: "P-1h on all 60,000 images, 30 epochs: the test error is 1.5 to 2.5 per cent",
    source: "paper",
    published: { value: 2.0, where: "the paper's table, as remembered; not read" },
    measure: (results) => onMnist(results, meanOf(lastDigits(results, "P-1h", "ep", many))),
    holds: ({ value }) => (value >= 1.5 && value <= 2.5 ? "holds" : "does not hold"),
  },
];
