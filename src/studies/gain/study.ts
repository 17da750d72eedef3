// Spiking cells on a grid instead of in layers (Hooper 2025): single cells, waves, and what a linear read-out makes of them.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, CellKind, Context } from "../../runs/index.js";
import type { Study } from "../study.js";
import { claims, type Row } from "./claims.js";
import { figuresOf } from "./figures.js";
import { type ReadingConfig, readingRow } from "./reading.js";
import { type SingleRow, singleRow } from "./single.js";
import { type WavesRow, wavesRow } from "./waves.js";

const NAME = "gain";

const fields = {
  classes: field({ type: whole(2, { most: 47 }), default: 20, flag: "--classes <n>", help: "classes of characters" }),
  train: field({
    type: whole(1, { most: 1000 }),
    default: 20,
    flag: "--train <n>",
    help: "images of each class to learn from; half as many more choose the penalty",
  }),
  test: field({
    type: whole(1, { most: 1000 }),
    default: 30,
    flag: "--test <n>",
    help: "images of each class to test with",
  }),
  seen: field({
    type: whole(1, { most: 10_000 }),
    default: 100,
    flag: "--seen <n>",
    help: "images that the grid sees while synapses learn; all at most",
  }),
};

type Config = ConfigOf<typeof fields>;

const singleKind: CellKind<unknown, SingleRow> = { name: `${NAME}/single`, run: (_, context) => singleRow(context) };
const wavesKind: CellKind<unknown, WavesRow> = { name: `${NAME}/waves`, run: (_, context) => wavesRow(context) };

/** See the head of this file. */
export const gain: Study<Config, ReadingConfig | Record<string, never>, Row> = {
  name: NAME,
  papers: [
    {
      authors: "G. K. R. Hooper",
      title:
        "The GAIN Model: A Nature-Inspired Neural Network Framework Based on an Adaptation of the Izhikevich Model",
      year: 2025,
      where: "arXiv 2506.04247, of which the abstract is known",
    },
  ],
  about:
    "Cells on a grid that excite their nearest neighbours, in place of layers, with Izhikevich's equations. Only the abstract could " +
    "be read, and it claims nothing that can be measured, so all of this is inspired by it: single cells and waves are held to " +
    "another program and to what symmetry demands, and a linear read-out of the grid's spikes is compared with the same read-out " +
    "of pixels, of blurred pixels, and of cells without synapses.",
  basis: "abstract only",
  fields,
  effort: {
    smoke: { seeds: 1, seconds: 10, config: { classes: 2, train: 3, test: 2, seen: 2 } },
    quick: { seeds: 5, seconds: 100 },
    full: { seeds: 10, seconds: 200 },
  },
  cells({ config, seeds }) {
    return [
      { kind: singleKind.name, config: {}, seed: 0 },
      { kind: wavesKind.name, config: {}, seed: 0 },
      ...seeds.map((seed) => ({ kind: NAME, config: { ...config }, seed })),
    ];
  },
  run: (cell, context: Context) => readingRow(cell as Cell<ReadingConfig>, context),
  kinds: [singleKind, wavesKind],
  claims,
  figures: figuresOf,
};
