// Inspired by Bio-Inspired Mamba: real-time recurrent learning in a selective state space, with a term of STDP.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, CellKind } from "../../runs/index.js";
import type { Study } from "../study.js";
import { arms, claims, type Row } from "./claims.js";
import { figuresOf } from "./figures.js";
import { type LawsConfig, measureLaws } from "./measure.js";
import { type TrainingConfig, type TrainingRow, trainCell } from "./training.js";

const NAME = "bio-inspired-mamba";

const fields = {
  sequences: field({
    type: whole(0, { most: 100_000_000 }),
    default: 2000,
    flag: "--sequences <n>",
    help: "sequences that a network learns from",
  }),
  length: field({ type: whole(3, { most: 10_000 }), default: 30, flag: "--length <n>", help: "steps of a sequence" }),
};

type Config = ConfigOf<typeof fields>;

/** Steps of the sequences that laws are checked on. */
const STEPS = 20;

const trainingKind: CellKind<TrainingConfig, TrainingRow> = { name: `${NAME}/training`, run: trainCell };

/** See the head of this file. */
export const bioInspiredMamba: Study<Config, LawsConfig | TrainingConfig, Row> = {
  name: NAME,
  papers: [
    {
      authors: "J. Qin",
      title: "Bio-Inspired Mamba: temporal locality and bioplausible learning in selective state space models",
      year: 2024,
      where: "arXiv 2409.11263, of which the abstract is known",
    },
  ],
  about:
    "Inspired by the abstract, not a reproduction: the paper's rule, its tasks and its numbers are not known. A selective state space " +
    "learns in real time: its recurrence is diagonal, so each synapse can carry what it needs, exactly and without a way back " +
    "through time. The study checks this against the tape, shows what is lost over several layers, and lets networks recall a marked " +
    "symbol by backpropagation through time, in real time, without traces, and with a term of STDP.",
  basis: "abstract only",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 5, config: { sequences: 100, length: 6 } },
    quick: { seeds: 5, seconds: 60 },
    full: { seeds: 10, seconds: 120 },
  },
  cells({ config, seeds }) {
    return seeds.flatMap((seed) => [
      { kind: NAME, config: { steps: STEPS }, seed },
      ...arms.map(({ by, stdp }) => ({ kind: trainingKind.name, config: { by, stdp, ...config }, seed })),
    ]);
  },
  run: (cell, context) => measureLaws(cell as Cell<LawsConfig>, context),
  kinds: [trainingKind],
  claims,
  figures: figuresOf,
};
