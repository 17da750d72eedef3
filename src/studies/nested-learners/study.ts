// Deep networks as nested dynamical systems: learners with states, put together, with systems inside them.

import { Key } from "../../core/index.js";
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { inParts } from "../pause.js";
import type { Study } from "../study.js";
import { claims, type LearnersRow } from "./claims.js";
import { marketRow, networkRow, streamRow } from "./experiments.js";
import { figuresOf } from "./figures.js";
import { type LawName, laws, worstOf } from "./laws.js";

const NAME = "nested-learners";

const fields = {
  cases: field({
    type: whole(1, { most: 1_000_000 }),
    default: 200,
    flag: "--cases <n>",
    help: "random cases of each law, for each seed",
  }),
  stream: field({
    type: whole(100, { most: 10_000_000 }),
    default: 1000,
    flag: "--stream <n>",
    help: "steps of the stream that a layer with a memory learns from",
  }),
};

type Config = ConfigOf<typeof fields>;

async function measure({ config, seed }: Cell<Config>, context: Context): Promise<LearnersRow> {
  const names = Object.keys(laws) as LawName[];
  const next = inParts(context, names.length + 3);
  const found: [string, number][] = [];
  for (const [i, name] of names.entries()) {
    found.push([name, await next(() => worstOf(name, Key.of(seed).fold(i), config.cases))]);
  }
  return {
    laws: Object.fromEntries(found) as LearnersRow["laws"],
    network: await next(() => networkRow(seed)),
    stream: await next(() => streamRow(seed, config.stream)),
    market: await next(() => marketRow(seed)),
  };
}

/** See the head of this file. */
export const nestedLearners: Study<Config, Config, LearnersRow> = {
  name: NAME,
  papers: [
    {
      authors: "D. I. Spivak, T. Hosgood",
      title: "Deep neural networks as nested dynamical systems",
      year: 2021,
      where:
        "arXiv 2111.01297, of which the abstract and the opening are known; its mathematics from the abstracts of 2103.01189 and 2205.03906",
    },
  ],
  about:
    "A deep network is a wiring of systems that have a state, answer to inputs, and learn from what is fed back. The paper has no " +
    "experiments, so this is an embodiment and no reproduction: learners with their laws in random cases, a network put together " +
    "from them beside the tape, a layer with a memory inside that does what no plain layer can, and a market that rewires itself.",
  basis: "abstract only",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 5, config: { cases: 10, stream: 200 } },
    quick: { seeds: 5, seconds: 50 },
    full: { seeds: 10, seconds: 100 },
  },
  cells: ({ config, seeds }) => seeds.map((seed) => ({ kind: NAME, config, seed })),
  run: measure,
  claims,
  figures: figuresOf,
};
