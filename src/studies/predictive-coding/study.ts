// Predictive coding: under which conditions a network that only predicts its own neurons assigns credit as
// backpropagation does.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Study } from "../study.js";
import { claims } from "./claims.js";
import { figuresOf } from "./figures.js";
import { measure, type TrialsConfig, type TrialsRow } from "./measure.js";

const fields = {
  networks: field({
    type: whole(1, { most: 100_000 }),
    default: 20,
    flag: "--networks <n>",
    help: "random networks for each seed and activation function",
  }),
  steps: field({
    type: whole(100, { most: 1_000_000 }),
    default: 3000,
    flag: "--steps <n>",
    help: "ticks for which inference may settle",
  }),
};

type Config = ConfigOf<typeof fields>;

/** See the head of this file. */
export const predictiveCoding: Study<Config, TrialsConfig, TrialsRow> = {
  name: "predictive-coding",
  papers: [
    {
      authors: "Y. Song, T. Lukasiewicz, Z. Xu, R. Bogacz",
      title: "Can the brain do backpropagation? Exact implementation of backpropagation in predictive coding networks",
      year: 2020,
      where: "NeurIPS 33, with the authors' code (YuhangSong/zil)",
    },
    {
      authors: "T. Salvatori, Y. Song, Z. Xu, T. Lukasiewicz, R. Bogacz",
      title: "Reverse differentiation via predictive coding",
      year: 2022,
      where: "AAAI 36; only descriptions of it in other works were read",
    },
  ],
  about:
    "Neurons predict the neurons of the next level and change to make their errors small. Under three conditions (values that begin " +
    "as predicted, each layer updated when its error arrives, and a rate of 1), the updates are those of backpropagation. Random " +
    "networks show that this is so, how much each condition matters, that a trigger can replace the schedule, and how inference " +
    "without a schedule approaches the gradient in a limit.",
  basis: "authors' code",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 8, config: { networks: 3, steps: 800 } },
    quick: { seeds: 5, seconds: 60 },
    full: { seeds: 10, seconds: 200, config: { networks: 50 } },
  },
  cells: ({ config: { networks, steps }, seeds }) =>
    seeds.map((seed) => ({ kind: "predictive-coding", config: { networks, steps }, seed })),
  run: measure,
  claims,
  figures: figuresOf,
};
