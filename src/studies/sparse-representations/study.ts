// Sparse distributed representations: how a segment of a dendrite, with a dozen active synapses, can tell apart patterns
// of thousands of cells. The chances are exact, and simulated segments are compared with them.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, CellKind, Context } from "../../runs/index.js";
import type { Study } from "../study.js";
import { claims, type Row } from "./claims.js";
import { type ExactRow, exactRow } from "./exact.js";
import { figuresOf } from "./figures.js";
import { type SimulationConfig, simulate } from "./simulated.js";

const NAME = "sparse-representations";

const fields = {
  trials: field({
    type: whole(20, { most: 100_000_000 }),
    default: 40_000,
    flag: "--trials <n>",
    help: "random patterns on which the segment of each seed is tested",
  }),
};

type Config = ConfigOf<typeof fields>;

const exactKind: CellKind<unknown, ExactRow> = { name: `${NAME}/exact`, run: exactRow };

/** See the head of this file. */
export const sparseRepresentations: Study<Config, SimulationConfig | Record<string, never>, Row> = {
  name: NAME,
  papers: [
    {
      authors: "S. Ahmad, J. Hawkins",
      title:
        "How do neurons operate on sparse distributed representations? A mathematical theory of sparsity, neurons and active dendrites",
      year: 2016,
      where: "arXiv 1601.00720, with the authors' notebook and scripts (numenta/htmresearch, projects/sdr_paper)",
    },
    {
      authors: "S. Ahmad, J. Hawkins",
      title: "Properties of sparse distributed representations and their application to hierarchical temporal memory",
      year: 2015,
      where: "arXiv 1503.07469",
    },
  ],
  about:
    "A segment of a dendrite fires if about a dozen of its few dozen synapses are active. How likely is it to fire on a " +
    "pattern that it has not learned, or to miss one that it has learned? The chances are exact fractions, and simulated segments are " +
    "compared with them. Numbers that the authors' notebook prints under wrong labels are kept as claims that do not hold.",
  basis: "authors' code",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 1, config: { trials: 1000 } },
    quick: { seeds: 5, seconds: 13 },
    full: { seeds: 10, seconds: 110, config: { trials: 200_000 } },
  },
  cells({ config: { trials }, seeds }) {
    const simulated = seeds.map((seed) => ({ kind: NAME, config: { trials }, seed }));
    return [{ kind: exactKind.name, config: {}, seed: 0 }, ...simulated];
  },
  run: (cell, context: Context) => simulate(cell as Cell<SimulationConfig>, context),
  kinds: [exactKind],
  claims,
  figures: figuresOf,
};
