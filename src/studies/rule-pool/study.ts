// Which motifs of plasticity are needed at all? A rule begins with the pseudo-gradient alone and may use ten motifs, with a
// penalty on the sum of their coefficients; what is left at the end are those that are worth it.
//
// In the units of the paper the ten motifs cannot be learned together: they differ in size by orders of magnitude, and the
// optimizer's step is too large for F5 to F8 (see the study recurrent-chemical-networks). Here each motif is measured in a
// unit of its own, see `plasticity/motifs/units.ts`: a coefficient is the share of their size by which a step changes the
// weights.
import { type ConfigOf, field } from "../../fields/index.js";
import { trainFields } from "../../meta/internal.js";
import type { Images, Scale, Study } from "../study.js";
import { claims } from "./claims.js";
import { figuresOf } from "./figures.js";
import { type PathConfig, type PathRow, pathCell } from "./path.js";
import { labels } from "./pools.js";

const NAME = "rule-pool";

const fields = {
  episodes: trainFields.episodes,
  ways: trainFields.ways,
  shots: field({ ...trainFields.shots, default: 50 }),
  queries: trainFields.queries,
  hidden: trainFields.hidden,
};

/** Tasks on which a rule is tried without each motif. */
const TRIALS: Readonly<Record<Scale, number>> = { smoke: 1, quick: 10, full: 10 };

/** See the head of this file. */
export const rulePool: Study<ConfigOf<typeof fields>, PathConfig, PathRow> = {
  name: NAME,
  papers: [
    {
      authors: "N. Shervani-Tabar and R. Rosenbaum",
      title: "Meta-learning biologically plausible plasticity rules with random feedback pathways",
      year: 2023,
      where: "Nature Communications 14, 1805",
    },
  ],
  about:
    "Which motifs of plasticity are needed? A rule begins with the pseudo-gradient alone, under random feedback, and may use ten " +
    "motifs, each in units of its own, with a penalty on the sum of their coefficients. The paths of the coefficients are followed, " +
    "and the rule at the end is tried without each motif; likewise with seven motifs, two chemicals, and a rule for each layer.",
  basis: "full text",
  fields,
  images: (_, { shots, queries }) => ({ perClass: shots + queries, least: shots + queries }),
  effort: {
    smoke: { seeds: 2, seconds: 10, config: { episodes: 4, ways: 2, shots: 2, queries: 2, hidden: [8, 6] } },
    quick: { seeds: 3, seconds: 400, config: { episodes: 150, shots: 20, hidden: [40, 30, 20] } },
    full: { seeds: 5, seconds: 12_000 },
  },
  cells: ({ scale, config, seeds, images }) =>
    labels.flatMap((pool) =>
      seeds.map((seed) => ({
        ...{ kind: NAME, config: { pool, ...config, trials: TRIALS[scale] }, seed },
        data: (images as Images).train,
      })),
    ),
  run: pathCell,
  claims,
  figures: figuresOf,
};
