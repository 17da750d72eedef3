// Backprop diffusion: neurons with a delay, whose waves of activities and errors meet as the gradient.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Study } from "../study.js";
import { claims } from "./claims.js";
import { figuresOf } from "./figures.js";
import { measure, type WavesConfig, type WavesRow } from "./measure.js";

const fields = {
  ticks: field({
    type: whole(220, { most: 10_000_000 }),
    default: 2000,
    flag: "--ticks <n>",
    help: "ticks with moving inputs; the first 200 do not count",
  }),
  learning: field({
    type: whole(10, { most: 10_000_000 }),
    default: 12_000,
    flag: "--learning <n>",
    help: "ticks of online learning",
  }),
};

type Config = ConfigOf<typeof fields>;

/** See the head of this file. */
export const backpropDiffusion: Study<Config, WavesConfig, WavesRow> = {
  name: "backprop-diffusion",
  papers: [
    {
      authors: "A. Betti, M. Gori",
      title: "Backprop diffusion is biologically plausible",
      year: 2019,
      where: "arXiv 1912.04635, of which only the abstract was read, and PARTIME, a program of the same group",
    },
  ],
  about:
    "If neurons respond after a delay, activities travel forward and errors backward as waves, one layer per tick. Where the two " +
    "meet, each synapse finds its gradient by itself, unless the input moves too fast for the depth. Inspired by the " +
    "abstract, the study tests constant and moving inputs, the speed of the waves, graphs with cycles, and learning from samples that are held.",
  basis: "abstract only",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 10, config: { ticks: 300, learning: 300 } },
    quick: { seeds: 5, seconds: 100 },
    full: { seeds: 15, seconds: 400 },
  },
  cells: ({ config: { ticks, learning }, seeds }) =>
    seeds.map((seed) => ({ kind: "backprop-diffusion", config: { ticks, learning }, seed })),
  run: measure,
  claims,
  figures: figuresOf,
};
