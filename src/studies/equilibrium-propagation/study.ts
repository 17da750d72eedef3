// Equilibrium propagation: a network settles, is nudged towards its target, and each synapse compares before and after.
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
    help: "examples to train on; half as many are tested on",
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
        "arXiv 2005.04169, of which the abstract is known, with the authors' code (updatesEPgradientsBPTT, continualEP)",
    },
  ],
  about:
    "A network settles, and is then nudged towards its target. What each synapse sees change is the gradient that backpropagation " +
    "through time would give, in the limit of weak nudging. Slopes of the error show the limit, for nudging one way and both ways and " +
    "for parameters that move all the time; a small task shows that networks learn by it.",
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
