// Orthogonal first weights without a factorisation: weights that evolve to orthogonality before they learn, or while they do.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, CellKind } from "../../runs/index.js";
import type { Scale, Study } from "../study.js";
import { arms, claims, type Row } from "./claims.js";
import { figuresOf } from "./figures.js";
import { type DescentConfig, measureDescent } from "./measure.js";
import type { TaskName } from "./tasks.js";
import { type TrainingConfig, type TrainingRow, trainCell } from "./training.js";

const NAME = "orthogonal-initialisation";

const fields = {
  units: field({
    type: whole(2, { most: 2000 }),
    default: 100,
    flag: "--units <n>",
    help: "units of the recurrent networks",
  }),
  length: field({ type: whole(10, { most: 2000 }), default: 50, flag: "--length <n>", help: "steps of a sequence" }),
  iterations: field({
    type: whole(1, { most: 10_000_000 }),
    default: 4000,
    flag: "--iterations <n>",
    help: "the most iterations that a network learns for, of 20 sequences each",
  }),
  draws: field({
    type: whole(1, { most: 1000 }),
    default: 4,
    flag: "--draws <n>",
    help: "weights that are drawn for each seed to be orthogonalised without a task",
  }),
  noise: field({
    type: whole(1, { most: 1_000_000 }),
    default: 2000,
    flag: "--noise <n>",
    help: "steps of the local rule",
  }),
};

type Config = ConfigOf<typeof fields>;

/** What the penalty is multiplied by, as in the authors' code. */
const PENALTY = 0.1;
/** Tasks at each scale, with how many of the ways to begin are compared. */
const TASKS: Readonly<Record<Scale, readonly (readonly [TaskName, number])[]>> = {
  smoke: [
    ["temporal", 4],
    ["addition", 1],
    ["permutation", 1],
  ],
  quick: [["temporal", 2]],
  full: [
    ["temporal", 4],
    ["addition", 2],
    ["permutation", 2],
  ],
};

const trainingKind: CellKind<TrainingConfig, TrainingRow> = { name: `${NAME}/training`, run: trainCell };

/** See the head of this file. */
export const orthogonalInitialisation: Study<Config, DescentConfig | TrainingConfig, Row> = {
  name: NAME,
  papers: [
    {
      authors: "N. Manchev, M. Spratling",
      title:
        "On the biological plausibility of orthogonal initialisation for solving gradient instability in deep neural networks",
      year: 2022,
      where: "arXiv 2211.08408, of which the abstract is known, with the authors' code (nmanchev/OO-INIT-ANN)",
    },
  ],
  about:
    "Orthogonal first weights keep gradients from vanishing, but brains factorise no matrices. Here weights go down the distance " +
    "from orthogonality by themselves before a task is learned, or are pulled towards it while it is. The study checks when the " +
    "descent converges, what reaches the first of 12 layers, how many iterations recurrent networks need for tasks with a long " +
    "delay, and that a local rule on noise, which is our reading and not the paper's, goes to the same place.",
  basis: "authors' code",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 5, config: { units: 12, length: 12, iterations: 20, draws: 1, noise: 200 } },
    quick: { seeds: 5, seconds: 300 },
    full: { seeds: 5, seconds: 1500 },
  },
  cells({ scale, config: { noise, draws, ...rest }, seeds }) {
    return seeds.flatMap((seed) => [
      { kind: NAME, config: { noise, draws }, seed },
      ...TASKS[scale].flatMap(([task, count]) =>
        arms.slice(0, count).map(({ orthogonal, penalty }) => ({
          kind: trainingKind.name,
          config: { task, orthogonal, penalty: penalty ? PENALTY : 0, ...rest },
          seed,
        })),
      ),
    ]);
  },
  run: (cell, context) => measureDescent(cell as Cell<DescentConfig>, context),
  kinds: [trainingKind],
  claims,
  figures: figuresOf,
};
