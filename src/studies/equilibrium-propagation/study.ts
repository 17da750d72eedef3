// Equilibrium propagation: a network settles and is then nudged towards its target, and each synapse learns from the
// difference between before and after.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, CellKind } from "../../runs/index.js";
import type { Scale, Study } from "../study.js";
import { claims, type Row } from "./claims.js";
import { type DigitsConfig, type DigitsRow, type NetworkName, trainOnDigits } from "./digits.js";
import { figuresOf } from "./figures.js";
import { measureToy, type ToyConfig } from "./toy.js";
import { learners, type TrainingConfig, type TrainingRow, trainCell } from "./training.js";

const NAME = "equilibrium-propagation";

const fields = {
  free: field({
    type: whole(100, { most: 1_000_000 }),
    default: 5000,
    flag: "--free <n>",
    help: "ticks for which the toy network settles",
  }),
  epochs: field({ type: whole(1, { most: 100_000 }), default: 40, flag: "--epochs <n>", help: "epochs of training" }),
  examples: field({
    type: whole(40, { most: 1_000_000 }),
    default: 2000,
    flag: "--examples <n>",
    help: "examples to train on; half as many are used for testing",
  }),
};

type Config = ConfigOf<typeof fields>;

/** What a network learns from digits, and in how many of the seeds. */
interface Digits extends Omit<DigitsConfig, "by"> {
  readonly network: NetworkName;
  readonly most: number;
}

const tiny = { samples: 40, tests: 20, epochs: 1, most: 1 };
/** Trainings that take minutes, the slower two in so many seeds. */
const short = (most: number): readonly Digits[] => [
  { network: "P-1h", widths: [512], samples: 10_000, tests: 10_000, epochs: 5, most: 5 },
  { network: "C-EP-1h", widths: [512], samples: 10_000, tests: 10_000, epochs: 3, most },
  { network: "P-conv", widths: [4, 8], samples: 500, tests: 200, epochs: 2, most },
];
/** What is trained at each scale. At "full", the networks of the papers: the large ones for as long as a night allows. */
const DIGITS: Readonly<Record<Scale, readonly Digits[]>> = {
  smoke: [
    { network: "P-1h", widths: [8], ...tiny },
    { network: "C-EP-1h", widths: [8], ...tiny },
    { network: "P-conv", widths: [2, 2], ...tiny },
  ],
  quick: short(1),
  full: [
    ...short(5),
    { network: "P-1h", widths: [512], samples: 60_000, tests: 10_000, epochs: 30, most: 5 },
    { network: "C-EP-1h", widths: [512], samples: 60_000, tests: 10_000, epochs: 30, most: 1 },
    { network: "P-conv", widths: [32, 64], samples: 10_000, tests: 1000, epochs: 2, most: 1 },
  ],
};

const trainingKind: CellKind<TrainingConfig, TrainingRow> = { name: `${NAME}/training`, run: trainCell };
const digitsKind: CellKind<DigitsConfig, DigitsRow> = { name: `${NAME}/digits`, run: trainOnDigits };

/** See the head of this file. */
export const equilibriumPropagation: Study<Config, ToyConfig | TrainingConfig | DigitsConfig, Row> = {
  name: NAME,
  papers: [
    {
      authors: "M. Ernoult, J. Grollier, D. Querlioz, Y. Bengio, B. Scellier",
      title: "Continual weight updates and convolutional architectures for equilibrium propagation",
      year: 2020,
      where:
        "arXiv 2005.04169, of which only the abstract was read, with the authors' code (updatesEPgradientsBPTT, continualEP)",
    },
  ],
  about:
    "A network settles and is then nudged towards its target. In the limit of weak nudging, the change that each synapse sees is the " +
    "gradient that backpropagation through time would give. The slopes of the error show this limit for one-sided and symmetric nudging and " +
    "for parameters that move in every tick, and networks learn by it, on a small task and on digits (MNIST if its folder is given).",
  basis: "authors' code",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 15, config: { free: 1500, epochs: 1, examples: 40 } },
    quick: { seeds: 5, seconds: 450 },
    full: { seeds: 20, seconds: 40_000 },
  },
  images: (scale) => ({ perClass: { smoke: 4, quick: 40, full: 100 }[scale], test: true }),
  cells({ scale, config: { free, epochs, examples }, seeds, images }) {
    const toys = seeds.map((seed) => ({ kind: NAME, config: { free }, seed }));
    const trained = learners.flatMap((by) =>
      seeds.map((seed) => ({ kind: trainingKind.name, config: { by, epochs, examples }, seed })),
    );
    const { train, test } = images!;
    const digits = DIGITS[scale].flatMap(({ most, ...config }) =>
      (["ep", "bptt"] as const).flatMap((by) =>
        seeds.slice(0, most).map((seed) => ({
          ...{ kind: digitsKind.name, config: { ...config, by }, seed, data: train },
          ...(test && { test }),
        })),
      ),
    );
    return [...toys, ...trained, ...digits];
  },
  run: (cell, context) => measureToy(cell as Cell<ToyConfig>, context),
  kinds: [trainingKind, digitsKind],
  claims,
  figures: figuresOf,
};
