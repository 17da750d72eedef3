// Rich and lazy learning by rank (Liu et al. 2023): networks whose first weights have low rank must find new directions, and
// so learn richly, unless the directions that they have are the ones that the task needs.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, CellKind } from "../../runs/index.js";
import type { Scale, Study } from "../study.js";
import { claims, type Row } from "./claims.js";
import { figuresOf } from "./figures.js";
import { type LinearConfig, type LinearRow, startNames, trainLinear } from "./linear.js";
import { type RecurrentConfig, trainRecurrent } from "./recurrent.js";

const NAME = "rich-and-lazy";

const fields = {
  units: field({
    type: whole(2, { most: 2000 }),
    default: 100,
    flag: "--units <n>",
    help: "units of the recurrent networks",
  }),
  iterations: field({
    type: whole(1, { most: 1_000_000 }),
    default: 2000,
    flag: "--iterations <n>",
    help: "learning steps of a recurrent network, of 32 trials each",
  }),
};

type Config = ConfigOf<typeof fields>;

/** The ranks at each scale, in addition to full rank. Ranks that a network is too small for are left out. */
const RANKS: Readonly<Record<Scale, readonly number[]>> = { smoke: [1], quick: [1, 10], full: [1, 10, 30, 100] };

const linearKind: CellKind<LinearConfig, LinearRow> = { name: `${NAME}/linear`, run: trainLinear };

/** See the head of this file. */
export const richAndLazy: Study<Config, RecurrentConfig | LinearConfig, Row> = {
  name: NAME,
  papers: [
    {
      authors: "Y. H. Liu, A. Baratin, J. Cornford, S. Mihalas, E. Shea-Brown, G. Lajoie",
      title: "How connectivity structure shapes rich and lazy learning in neural circuits",
      year: 2023,
      where: "arXiv 2310.08513, with the authors' code (Helena-Yuhan-Liu/BioRNN_RichLazy)",
    },
  ],
  about:
    "Does the rank of a network's first weights decide whether it learns richly, by changing its representations, or lazily, " +
    "by reading out the ones it has? Recurrent networks learn to say which of two noisy stimuli is stronger, from weights of the same " +
    "norm and different ranks. Linear networks show the exception: weights of rank one along the task's own direction.",
  basis: "authors' code",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 8, config: { units: 20, iterations: 50 } },
    quick: { seeds: 10, seconds: 250 },
    full: { seeds: 5, seconds: 9000, config: { units: 300, iterations: 10_000 } },
  },
  cells({ scale, config: { units, iterations }, seeds }) {
    const ranks = [...RANKS[scale].filter((rank) => rank < units), units];
    return seeds.flatMap((seed) => [
      ...startNames.map((start) => ({ kind: linearKind.name, config: { start }, seed })),
      ...ranks.map((rank) => ({ kind: NAME, config: { units, rank, iterations }, seed })),
    ]);
  },
  run: (cell, context) => trainRecurrent(cell as Cell<RecurrentConfig>, context),
  kinds: [linearKind],
  claims,
  figures: figuresOf,
};
