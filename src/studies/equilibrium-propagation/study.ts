// Equilibrium propagation: a network settles and is then nudged towards its target, and each synapse learns from the
// difference between before and after.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, CellKind } from "../../runs/index.js";
import type { Study } from "../study.js";
import { claims, type Row } from "./claims.js";
import { figuresOf } from "./figures.js";
import { measureToy, type ToyConfig } from "./toy.js";
import { type TrainingConfig, type TrainingRow, trainCell } from "./training.js";

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

const trainingKind: CellKind<TrainingConfig, TrainingRow> = { name: `${NAME}/training`, run: trainCell };

/** See the head of this file. */
export const equilibriumPropagation: Study<Config, ToyConfig | TrainingConfig, Row> = {
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
    "for parameters that move in every tick, and a small task shows that networks learn by it.",
  basis: "authors' code",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 12, config: { free: 1500, epochs: 1, examples: 40 } },
    quick: { seeds: 5, seconds: 300 },
    full: { seeds: 5, seconds: 300 },
  },
  cells({ config: { free, epochs, examples }, seeds }) {
    const toys = seeds.map((seed) => ({ kind: NAME, config: { free }, seed }));
    const trained = (["ep", "random", "bptt"] as const).flatMap((by) =>
      seeds.map((seed) => ({ kind: trainingKind.name, config: { by, epochs, examples }, seed })),
    );
    return [...toys, ...trained];
  },
  run: (cell, context) => measureToy(cell as Cell<ToyConfig>, context),
  kinds: [trainingKind],
  claims,
  figures: figuresOf,
};
