// Neural circuit architectural priors (Bhattasali, Zador and Engel 2022): a swimmer that is controlled by the circuit of a worm
// swims before it has learned anything, and learns four numbers where a perceptron learns thousands.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, CellKind } from "../../runs/index.js";
import type { Study } from "../study.js";
import { claims, type Row } from "./claims.js";
import { figuresOf } from "./figures.js";
import { type FilmConfig, type FilmRow, film } from "./film.js";
import { compareLearning, type GradientConfig, type GradientRow } from "./gradient.js";
import { policyNames } from "./policies.js";
import { STEPS } from "./reference.js";
import { type TrainedConfig, train } from "./trained.js";
import { type UntrainedConfig, type UntrainedRow, untrained } from "./untrained.js";

const NAME = "neural-circuit-priors";

const fields = {
  steps: field({
    type: whole(1, { most: 100_000 }),
    default: STEPS,
    flag: "--steps <n>",
    help: "steps of control in an episode; 1000 are 30 seconds",
  }),
  generations: field({
    type: whole(1, { most: 100_000 }),
    default: 20,
    flag: "--generations <n>",
    help: "updates of the evolution strategy",
  }),
  pairs: field({
    type: whole(1, { most: 10_000 }),
    default: 8,
    flag: "--pairs <n>",
    help: "pairs of rollouts for each update",
  }),
  windows: field({
    type: whole(1, { most: 100_000 }),
    default: 96,
    flag: "--windows <n>",
    help: "updates by the gradient, each through 50 steps of control",
  }),
};

type Config = ConfigOf<typeof fields>;

const untrainedKind: CellKind<UntrainedConfig, UntrainedRow> = { name: `${NAME}/untrained`, run: untrained };
const gradientKind: CellKind<GradientConfig, GradientRow> = { name: `${NAME}/gradient`, run: compareLearning };
const filmKind: CellKind<FilmConfig, FilmRow> = { name: `${NAME}/film`, run: film };

/** See the head of this file. */
export const neuralCircuitPriors: Study<Config, TrainedConfig | UntrainedConfig | GradientConfig | FilmConfig, Row> = {
  name: NAME,
  papers: [
    {
      authors: "N. X. Bhattasali, A. M. Zador, T. A. Engel",
      title: "Neural Circuit Architectural Priors for Embodied Control",
      year: 2022,
      where: "NeurIPS 2022, arXiv 2201.05242, with the authors' code (nikhilxb/ncap)",
    },
  ],
  about:
    "Does the architecture of a worm's swimming circuit help a controller? A swimmer of six links is controlled by the circuit, " +
    "with and without the signs of its connections, and by a perceptron; before learning, after learning by an evolution " +
    "strategy, and on other bodies. Its physics are MuJoCo's. They can be differentiated here, so the circuit also learns by " +
    "the gradient through them.",
  basis: "authors' code",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 8, config: { steps: 60, generations: 1, pairs: 1, windows: 1 } },
    quick: { seeds: 5, seconds: 150, config: { generations: 10, pairs: 4, windows: 32 } },
    full: { seeds: 5, seconds: 600 },
  },
  cells: ({ config: { steps, generations, pairs, windows }, seeds }) => [
    ...seeds.flatMap((seed): Cell<TrainedConfig | UntrainedConfig | GradientConfig>[] => [
      { kind: untrainedKind.name, config: { steps }, seed },
      ...policyNames.map((policy) => ({ kind: NAME, config: { policy, steps, generations, pairs }, seed })),
      { kind: gradientKind.name, config: { steps, windows }, seed },
    ]),
    ...seeds.slice(0, 1).map((seed) => ({ kind: filmKind.name, config: { film: Math.min(300, steps) }, seed })),
  ],
  run: (cell, context) => train(cell as Cell<TrainedConfig>, context),
  kinds: [untrainedKind, gradientKind, filmKind],
  claims,
  figures: figuresOf,
};
