// Perforated backpropagation (Brenner and Itti 2025): neurons with dendrites that learn on the remaining error.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Result } from "../../runs/index.js";
import type { Figure } from "../figure.js";
import { bySeed, differenceOf, isAbove, isAtMost, isBelow, largestOf, meanOf, type SeedValue } from "../measure.js";
import { openForGlyphs, withOpen } from "../open.js";
import { mean } from "../statistics.js";
import type { Claim, Measured, Study } from "../study.js";
import { type Arm, arms, type Outcome, type PerforatedConfig, type PerforatedRow, perforate } from "./networks.js";

const NAME = "perforated-backprop";

const fields = {
  samples: field({
    type: whole(10, { most: 1_000_000 }),
    default: 8000,
    flag: "--samples <n>",
    help: "images to learn from; fewer if the data has fewer",
  }),
  epochs: field({
    type: whole(1, { most: 10_000 }),
    default: 15,
    flag: "--epochs <n>",
    help: "epochs before the first dendrites",
  }),
  growth: field({
    type: whole(1, { most: 10_000 }),
    default: 5,
    flag: "--growth <n>",
    help: "epochs in which dendrites learn",
  }),
  after: field({
    type: whole(1, { most: 10_000 }),
    default: 10,
    flag: "--after <n>",
    help: "epochs after each set of dendrites",
  }),
  cycles: field({
    type: whole(1, { most: 100 }),
    default: 3,
    flag: "--cycles <n>",
    help: "sets of dendrites",
  }),
};

type Config = ConfigOf<typeof fields>;
type Results = readonly Result<PerforatedRow>[];

const of = (results: Results, arm: Arm, pick: (outcome: Outcome) => number): SeedValue[] =>
  bySeed(results, ({ row }) => pick(row.arms[arm]));
const lossOf = (results: Results, arm: Arm): SeedValue[] => of(results, arm, ({ loss }) => loss);
const accuracyOf = (results: Results, arm: Arm): SeedValue[] => of(results, arm, ({ accuracy }) => accuracy);

/** Marks a measurement as open where it cannot be compared with the other program, which had the default settings. */
function comparable(results: Results, measured: Measured | undefined): Measured | undefined {
  const other = results.some(({ cell: { config } }) =>
    Object.entries(fields).some(([name, field]) => (config as Config)[name as keyof Config] !== field.default),
  );
  return withOpen(measured, openForGlyphs(results) ?? (other ? "fewer samples or epochs" : undefined));
}

const claims: readonly Claim<PerforatedRow>[] = [
  {
    label: "function-preserving",
    statement: "Accepted dendrites change no logit by more than 1e-6: largest change",
    source: "law",
    measure: (results) => largestOf(bySeed(results, ({ row }) => row.accepted)),
    holds: (measured) => isAtMost(measured, 1e-6),
  },
  {
    label: "beats-same",
    statement: "Dendrites are more accurate than the same network trained as long (paired difference)",
    source: "paper",
    published: { value: "above 0", where: "the abstract" },
    measure: (results) => differenceOf(accuracyOf(results, "dendrites"), accuracyOf(results, "same network")),
    holds: isAbove,
  },
  {
    label: "lower-loss",
    statement: "Their loss is at most 0.95 of that of the same network: ratio",
    source: "reference",
    published: { value: 0.85, where: "two seeds of another program, a tenth of MNIST" },
    measure: (results) => {
      const others = lossOf(results, "same network");
      const ratios = lossOf(results, "dendrites").map((each, i) => ({ ...each, value: each.value / others[i].value }));
      return comparable(results, meanOf(ratios));
    },
    holds: (measured) => isBelow(measured, 0.95),
  },
  {
    label: "learning-matters",
    statement: "Their loss is lower than with dendrites that never learned (difference)",
    source: "reference",
    published: { value: -0.042, where: "the same program" },
    measure: (results) => differenceOf(lossOf(results, "dendrites"), lossOf(results, "random dendrites")),
    holds: isBelow,
  },
  {
    label: "beats-wider",
    statement: "Dendrites are more accurate than a wider network with as many parameters (difference)",
    source: "paper",
    published: { value: "above 0", where: "what claims of fewer parameters amount to; the other program found -0.015" },
    measure: (results) => differenceOf(accuracyOf(results, "dendrites"), accuracyOf(results, "wider network")),
    holds: isAbove,
  },
];

function figuresOf(results: Results): Figure[] {
  if (results.length === 0) return [];
  const average = (arm: Arm, pick: (outcome: Outcome) => number): number =>
    mean(of(results, arm, pick).map(({ value }) => value));
  const before = (pick: (row: PerforatedRow) => number): string => mean(results.map(({ row }) => pick(row))).toFixed(4);
  const cycles = results[0].row.correlation
    .map((_, cycle) => mean(results.map(({ row }) => row.correlation[cycle])).toFixed(2))
    .join(", ");
  return [
    {
      name: "networks",
      title: "Dendrites, and as many parameters elsewhere",
      about: `A network with 8 hidden units on digits. The mean absolute correlation of dendrites with the remaining error was ${cycles}, cycle by cycle.`,
      rows: [
        [
          {
            kind: "points",
            quantity: "accuracy on test images",
            rows: arms.map((name) => ({
              ...{ name, hue: name === "dendrites" ? "s5" : name === "same network" ? "base" : "s1" },
              values: accuracyOf(results, name).map(({ value }) => value),
            })),
          },
        ],
        [
          {
            kind: "table",
            columns: ["network", "parameters", "test loss", "test accuracy", "accuracy on its own images"].map(
              (head) => ({
                head,
              }),
            ),
            rows: [
              ["before dendrites", "", before((row) => row.before.loss), before((row) => row.before.accuracy), ""],
              ...arms.map((name) => [
                name,
                String(Math.round(average(name, ({ parameters }) => parameters))),
                average(name, ({ loss }) => loss).toFixed(4),
                average(name, ({ accuracy }) => accuracy).toFixed(4),
                average(name, ({ learned }) => learned).toFixed(4),
              ]),
            ],
          },
        ],
      ],
    },
  ];
}

/** See the head of this file. */
export const perforatedBackprop: Study<Config, PerforatedConfig, PerforatedRow> = {
  name: NAME,
  papers: [
    {
      authors: "R. Brenner, L. Itti",
      title: "Perforated Backpropagation: A Neuroscience Inspired Extension to Artificial Neural Networks",
      year: 2025,
      where: "arXiv 2501.18018; only the abstract was read. The rule is from Fahlman and Lebiere 1990",
    },
  ],
  about:
    "Do dendrites help a network? Each neuron of a small network gets dendrites that learn to go with its remaining error and " +
    "pass no gradient. Beside it are the same network trained as long, dendrites that never learned, and a wider network with " +
    "as many parameters. The name is a trademark, and the method may be patented.",
  basis: "abstract only",
  fields,
  images: (scale) => ({ perClass: { smoke: 4, quick: 40, full: 100 }[scale] }),
  effort: {
    smoke: { seeds: 2, seconds: 8, config: { samples: 60, epochs: 1, growth: 1, after: 1, cycles: 2 } },
    quick: { seeds: 5, seconds: 120, config: { samples: 2000, epochs: 10, growth: 4, after: 6 } },
    full: { seeds: 5, seconds: 400 },
  },
  cells: ({ config, seeds, images }) => seeds.map((seed) => ({ kind: NAME, config, seed, data: images!.train })),
  run: (cell, context) => perforate(cell, context),
  claims,
  figures: figuresOf,
};
