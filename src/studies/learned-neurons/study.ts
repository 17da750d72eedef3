// Spiking neurons whose internals are learned with the weights, and trains told apart by their complexity (Rudnicka,
// Szczepanski and Pregowska 2025).
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, CellKind, Context } from "../../runs/index.js";
import type { Study } from "../study.js";
import { claims, compared, type Row } from "./claims.js";
import { type ComplexityConfig, type ComplexityRow, complexityRow, type FactsRow, factsRow } from "./facts.js";
import { figuresOf } from "./figures.js";
import { pairs, type TaskName } from "./tasks.js";
import { type TrainingConfig, trainingRow } from "./training.js";

const NAME = "learned-neurons";

const fields = {
  units: field({
    type: whole(1, { most: 1000 }),
    default: 16,
    flag: "--units <n>",
    help: "spiking neurons of a network",
  }),
  updates: field({
    type: whole(1, { most: 100_000 }),
    default: 400,
    flag: "--updates <n>",
    help: "updates in which a network learns, of 64 examples each",
  }),
  tests: field({
    type: whole(2, { most: 100_000 }),
    default: 1000,
    flag: "--tests <n>",
    help: "examples to test a network with",
  }),
  images: field({
    type: whole(1, { most: 100_000 }),
    default: 1000,
    flag: "--images <n>",
    help: "images of a class to learn from, and as many more to test with; fewer if the data has fewer",
  }),
  trains: field({
    type: whole(2, { most: 100_000 }),
    default: 200,
    flag: "--trains <n>",
    help: "trains of each source that are told apart by complexity, and as many more to test",
  }),
  long: field({
    type: whole(1, { most: 10_000 }),
    default: 20,
    flag: "--long <n>",
    help: "trains of 4,096 steps whose complexity is compared with the entropy",
  }),
};

type Config = ConfigOf<typeof fields>;

const factsKind: CellKind<unknown, FactsRow> = { name: `${NAME}/facts`, run: factsRow };
const complexityKind: CellKind<ComplexityConfig, ComplexityRow> = { name: `${NAME}/complexity`, run: complexityRow };

/** See the head of this file. */
export const learnedNeurons: Study<Config, TrainingConfig | ComplexityConfig | Record<string, never>, Row> = {
  name: NAME,
  papers: [
    {
      authors: "Z. Rudnicka, J. Szczepanski, A. Pregowska",
      title:
        "Learning Internal Biological Neuron Parameters and Complexity-Based Encoding for Improved Spiking Neural Networks Performance",
      year: 2025,
      where: "arXiv 2508.11674, of which the abstract is known",
    },
    {
      authors: "W. Fang, Z. Yu, Y. Chen, T. Masquelier, T. Huang, Y. Tian",
      title: "Incorporating Learnable Membrane Time Constant to Enhance Learning of Spiking Neural Networks",
      year: 2021,
      where: "ICCV 2021; arXiv 2007.05785",
    },
  ],
  about:
    "Is a spiking network right more often if the numbers inside its neurons are learned with its weights? Small networks tell two " +
    "classes of trains apart with fixed and with learned internals, beside a count of spikes that often does better, and trains are " +
    "classified by their Lempel-Ziv complexity. Only the abstract could be read, so tasks and sizes are our own.",
  basis: "abstract only",
  fields,
  effort: {
    smoke: { seeds: 1, seconds: 10, config: { units: 3, updates: 2, tests: 10, trains: 10, long: 1 } },
    quick: { seeds: 10, seconds: 500, config: { updates: 150, tests: 500, long: 5 } },
    full: { seeds: 10, seconds: 1500 },
  },
  images: (scale) => ({ perClass: { smoke: 8, quick: 80, full: 80 }[scale] }),
  cells({ config: { units, updates, tests, images: most, trains, long }, seeds, images }) {
    return [
      { kind: factsKind.name, config: {}, seed: 0 },
      ...seeds.map((seed) => ({ kind: complexityKind.name, config: { trains, long }, seed })),
      ...seeds.flatMap((seed) =>
        (Object.keys(compared) as TaskName[]).flatMap((task) =>
          compared[task].flatMap((neuron) =>
            [false, true].map((learn) => ({
              kind: NAME,
              config: { task, neuron, learn, units, updates, tests, ...(pairs.includes(task) && { images: most }) },
              seed,
              ...(pairs.includes(task) && { data: images!.train }),
            })),
          ),
        ),
      ),
    ];
  },
  run: (cell, context: Context) => trainingRow(cell as Cell<TrainingConfig>, context),
  kinds: [factsKind, complexityKind],
  claims,
  figures: figuresOf,
};
