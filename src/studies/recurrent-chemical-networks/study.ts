// Recurrent Chemical Networks: rules for synapses that hold several chemicals, learned over many lifetimes, and the
// rules and baselines that they are compared with.
import { type ConfigOf, field } from "../../fields/index.js";
import {
  defaultTrainConfig,
  type TrainCellConfig,
  trainCell,
  trainKind,
  trialCell,
  trialKind,
} from "../../meta/index.js";
import { dataAt, trainFields } from "../../meta/internal.js";
import type { Cell } from "../../runs/index.js";
import type { Images, Plan, Scale, Study } from "../study.js";
import { claims } from "./claims.js";
import { drawCell, drawKind } from "./draws.js";
import { configOf, type Label, labels, type Setting } from "./experiments.js";
import { figuresOf } from "./figures.js";
import { olderRuns } from "./older.js";
import { labelsOf, measuredEvery, parts } from "./parts.js";
import { keptRow, LONG, type Row } from "./rows.js";

const NAME = "recurrent-chemical-networks";

const { ways, queries } = trainFields;

/** The published protocol: 50 images of each class, and the number of episodes that the report's statistic needs. */
const fields = {
  episodes: field({ ...trainFields.episodes, default: 180 }),
  ways,
  shots: field({ ...trainFields.shots, default: 50 }),
  queries,
  hidden: trainFields.hidden,
};

type Config = ConfigOf<typeof fields>;

/** What is run at each scale, besides the settings. */
const SIZES: Readonly<
  Record<
    Scale,
    { readonly labels: readonly Label[]; readonly draws: number; readonly tasks: number; readonly trials: number }
  >
> = {
  smoke: { labels, draws: 2, tasks: 2, trials: 2 },
  quick: { labels: ["bio", "linear-7", "rcn-1", "rcn-2", "layer-2", "fa", "ehebb"], draws: 4, tasks: 10, trials: 10 },
  full: { labels, draws: 24, tasks: 60, trials: 40 },
};

/** The rule that is tested with other images, and the seed that it was learned with. */
const DRAWN: readonly [Label, number] = ["rcn-2", 0];

/** The rules that are tested on other tasks. */
const TRANSFERRED: readonly Label[] = ["rcn-5", "synapse-5"];

/** How many times as many episodes a long run has: a thousand instead of 180. */
const LONGER = 1000 / 180;

/** The cells of a plan. */
function cells({ scale, config, seeds, images, parts: chosen }: Plan<Config>): Cell[] {
  const { train } = images as Images;
  const size = SIZES[scale];
  const setting: Setting = { ...config, data: dataAt(train.source, train.prefix, train) };
  const run = (label: Label, seed: number): Cell<TrainCellConfig> =>
    trainCell(configOf(label, setting, seed), train, measuredEvery(label));
  const wanted = (part: string): boolean => chosen === undefined || chosen.includes(part);
  const has = (label: Label): boolean => size.labels.includes(label);
  const runs = seeds.flatMap((seed) =>
    labelsOf(chosen)
      .filter(has)
      .map((label) => run(label, seed)),
  );
  const transfer = seeds.flatMap((seed) =>
    TRANSFERRED.filter(has).flatMap((label) =>
      (["trained", "permuted", "new images"] as const).map((condition) => {
        const trial = { condition, shots: config.shots, first: 1, tasks: size.trials };
        return trialCell(run(label, seed), trial, { data: train });
      }),
    ),
  );
  const draws = Array.from({ length: size.draws + 1 }, (_, draw) =>
    drawCell(run(...DRAWN), { draw, tasks: size.tasks }),
  );
  const long = LONG.filter(([label]) => has(label)).map(([label, seed]) => {
    const { clip } = defaultTrainConfig("rcn");
    const episodes = Math.round(config.episodes * LONGER);
    return trainCell({ ...configOf(label, { ...setting, episodes }, seed), clip }, train);
  });
  return [
    ...runs,
    ...(wanted("transfer") ? transfer : []),
    ...(wanted("draws") && has(DRAWN[0]) ? draws : []),
    ...(wanted("long") ? long : []),
  ];
}

/** See the head of this file. */
export const recurrentChemicalNetworks: Study<Config, unknown, Row> = {
  name: NAME,
  papers: [
    {
      authors: "K. McMillan",
      title: "Efficient learning in biological neural networks",
      year: 2024,
      where:
        "technical milestone report, University of Cambridge, undated (it cites works up to June 2024), with its author's logs",
    },
    {
      authors: "N. Shervani-Tabar and R. Rosenbaum",
      title: "Meta-learning biologically plausible plasticity rules with random feedback pathways",
      year: 2023,
      where: "Nature Communications 14, 1805",
    },
  ],
  about:
    "Does a synapse that holds several chemicals learn better than one that holds a weight? Rules of plasticity are learned " +
    "over many lifetimes, on tasks of five classes, with one to ten chemicals, a rule for each layer, biases and momentum, and " +
    "compared with linear rules, feedback alignment and backpropagation.",
  basis: "authors' code",
  fields,
  // The built-in set has twice as many images as a run sees, so that half of them are new to its rule.
  images: (_, { shots, queries }) => ({ perClass: 2 * (shots + queries), least: shots + queries }),
  effort: {
    smoke: { seeds: 2, seconds: 10, config: { episodes: 4, ways: 2, shots: 2, queries: 2, hidden: [8, 6] } },
    quick: { seeds: 3, seconds: 300, config: { episodes: 60, shots: 10 } },
    full: { seeds: 5, seconds: 30_000 },
  },
  parts,
  cells,
  kinds: [trainKind, trialKind, drawKind],
  kept: keptRow,
  older: olderRuns,
  claims,
  figures: figuresOf,
};
