// Which estimator of a meta-gradient should be used for lifetimes of which length? Each is compared with backpropagation
// through the whole lifetime, which these lifetimes are small enough for.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Scale, Study } from "../study.js";
import { claims } from "./claims.js";
import { figuresOf } from "./figures.js";
import { type MeasureConfig, type MeasureRow, measureCell, taskNames } from "./measure.js";

const fields = {
  draws: field({
    type: whole(2, { most: 100_000 }),
    default: 16,
    flag: "--draws <n>",
    help: "draws of each estimator that has noise, at each episode",
  }),
};

/** Steps of lifetimes at each scale. */
const LENGTHS: Readonly<Record<Scale, readonly number[]>> = {
  smoke: [50, 100],
  quick: [50, 150, 500],
  full: [50, 500, 5000],
};

/** See the head of this file. */
export const estimators: Study<ConfigOf<typeof fields>, MeasureConfig, MeasureRow> = {
  name: "estimators",
  papers: [
    {
      authors: "P. Vicol, L. Metz, J. Sohl-Dickstein",
      title: "Unbiased gradient estimation in unrolled computation graphs with persistent evolution strategies",
      year: 2021,
      where: "ICML 2021, arXiv 2112.13835",
    },
    {
      authors: "Y. Wu, M. Ren, R. Liao, R. Grosse",
      title: "Understanding short-horizon bias in stochastic meta-optimization",
      year: 2018,
      where: "ICLR 2018, arXiv 1803.02021",
    },
    {
      authors: "A. G. Baydin, B. A. Pearlmutter, D. Syme, F. Wood, P. Torr",
      title: "Gradients without backpropagation",
      year: 2022,
      where: "arXiv 2202.08587",
    },
  ],
  about:
    "Which estimator of a meta-gradient should be used for lifetimes of which length? One plastic layer learns a linear teacher by " +
    "a rule of two numbers, the gradient and decay. Truncation, forward mode, and plain and persistent evolution strategies are " +
    "compared with backpropagation through the whole lifetime, where the effects of a step fade and where they last.",
  basis: "abstract only",
  fields,
  effort: {
    smoke: { seeds: 2, seconds: 5, config: { draws: 3 } },
    quick: { seeds: 5, seconds: 60, config: { draws: 8 } },
    full: { seeds: 10, seconds: 2000, config: { draws: 128 } },
  },
  cells: ({ scale, config: { draws }, seeds }) =>
    seeds.flatMap((seed) =>
      taskNames.flatMap((task) =>
        LENGTHS[scale].map((steps) => ({ kind: "estimators", config: { task, steps, draws }, seed })),
      ),
    ),
  run: measureCell,
  claims,
  figures: figuresOf,
};
