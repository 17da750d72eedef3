// Brain reference architectures (Yamakawa 2021): data about circuits and their functions that can be checked, and
// hypotheses about what the circuits do that can be run and rejected.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, CellKind, Context } from "../../runs/index.js";
import type { Study } from "../study.js";
import { claims, type Row } from "./claims.js";
import { figuresOf } from "./figures.js";
import { type ReflexConfig, reflexes } from "./reflexes.js";
import { type SampleRow, sampleRow } from "./sample.js";
import { type UnionRow, unionRow } from "./unions.js";

const NAME = "brain-architecture";

const fields = {
  cycles: field({
    type: whole(20, { most: 100_000 }),
    default: 500,
    flag: "--cycles <n>",
    help: "cycles of the head's movement from which the reflex is learned",
  }),
};

type Config = ConfigOf<typeof fields>;

const sampleKind: CellKind<unknown, SampleRow> = { name: `${NAME}/sample`, run: sampleRow };
const unionKind: CellKind<unknown, UnionRow> = { name: `${NAME}/unions`, run: unionRow };

/** See the head of this file. */
export const brainArchitecture: Study<Config, ReflexConfig | Record<string, never>, Row> = {
  name: NAME,
  papers: [
    {
      authors: "H. Yamakawa",
      title:
        "The whole brain architecture approach: Accelerating the development of artificial general intelligence by referring to the brain",
      year: 2021,
      where: "arXiv 2103.06123",
    },
    {
      authors: "M. Ito",
      title: "Cerebellar control of the vestibulo-ocular reflex: around the flocculus hypothesis",
      year: 1982,
      where: "Annual Review of Neuroscience 5, 275-296",
    },
  ],
  about:
    "A brain reference architecture is data: circuits, their connections, and what they are for. The interfaces follow from " +
    "the connections, and checks find contradictions. With a component for each circuit it becomes a hypothesis that runs, and " +
    "is rejected if it contradicts known findings. The sample, a cerebellum, was written for the format and makes no claim about tissue.",
  basis: "abstract only",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 4, config: { cycles: 40 } },
    quick: { seeds: 5, seconds: 30 },
    full: { seeds: 10, seconds: 60 },
  },
  cells({ config: { cycles }, seeds }) {
    const running = seeds.map((seed) => ({ kind: NAME, config: { cycles }, seed }));
    const once = [sampleKind, unionKind].map(({ name: kind }) => ({ kind, config: {}, seed: 0 }));
    return [...once, ...running];
  },
  run: (cell, context: Context) => reflexes(cell as Cell<ReflexConfig>, context),
  kinds: [sampleKind, unionKind],
  claims,
  figures: figuresOf,
};
