// Words that are learned from pairs of spikes, and told apart by homeostasis (Davies, Gait, Rowley and Di Nuovo 2024).
import type { Cell, CellKind } from "../../runs/index.js";
import type { Figure } from "../figure.js";
import type { Study } from "../study.js";
import { type PairsConfig, type PublishedRow, pairsRow, publishedRow, type SingleRow, singleRow } from "./cells.js";
import { claims, pairsOf, publishedOf, type Results, type Row } from "./claims.js";

const NAME = "stdp-homeostasis";

const singleKind: CellKind<unknown, SingleRow> = { name: `${NAME}/single`, run: singleRow };
const publishedKind: CellKind<unknown, PublishedRow> = { name: `${NAME}/published`, run: publishedRow };

/** Every which first word is paired with all later ones. */
const STRIDES = { smoke: 256, quick: 16, full: 1 } as const;

const short = (x: number): string => String(Number(x.toPrecision(6)));

function figuresOf(results: Results): Figure[] {
  const [pairs, published] = [pairsOf(results), publishedOf(results)];
  const figures: Figure[] = [];
  if (pairs) {
    figures.push({
      name: "accuracy",
      title: "Two words that are far apart cannot be told from others",
      about:
        "The share of all 1,024 words that are told apart rightly after two were trained, by the number of bits in which these differ: 1 - (2^d - 2) / 1024.",
      rows: [
        [
          {
            ...{ kind: "curves", window: 1, width: 720, quantity: "accuracy", axis: "bits", domain: [0, 1] },
            at: pairs.accuracy.map((_, d) => d),
            series: [{ name: "two words", hue: "s5", curves: [pairs.accuracy] }],
          },
        ],
      ],
    });
  }
  if (published) {
    const head = ["bits", "published factor", "ours", "simulated", "published positives", "ours", "simulated"];
    figures.push({
      name: "pairs",
      title: "Published pairs",
      about: "The homeostatic factor and the number of words that fire, for each pair that the authors trained.",
      rows: [
        [
          {
            kind: "table",
            columns: head.map((each) => ({ head: each })),
            rows: published.pairs.map(({ distance, factors, positives }) => [
              String(distance),
              ...factors.map(short),
              ...positives.map(String),
            ]),
          },
        ],
      ],
    });
  }
  return figures;
}

/** See the head of this file. */
export const stdpHomeostasis: Study<Record<string, never>, PairsConfig | Record<string, never>, Row> = {
  name: NAME,
  papers: [
    {
      authors: "S. Davies, A. Gait, A. Rowley, A. Di Nuovo",
      title:
        "Supervised learning of spatial features with STDP and homeostasis using Spiking Neural Networks on SpiNNaker",
      year: 2024,
      where: "Neurocomputing 611; arXiv 2312.02659",
    },
  ],
  about:
    "A teacher makes a neuron spike between the spikes for the ones and those for the zeros of a word, so that a rule of pairs " +
    "of spikes stores it; a homeostatic factor then scales all weights until trained words make the output fire. The network " +
    "is simulated a millisecond at a time, and what it comes to is a closed form, held to the authors' published data.",
  basis: "authors' code",
  fields: {},
  effort: { smoke: { seeds: 1, seconds: 2 }, quick: { seeds: 1, seconds: 3 }, full: { seeds: 1, seconds: 20 } },
  cells: ({ scale }) => [
    { kind: singleKind.name, config: {}, seed: 0 },
    { kind: NAME, config: { stride: STRIDES[scale] }, seed: 0 },
    { kind: publishedKind.name, config: {}, seed: 0 },
  ],
  run: (cell) => pairsRow(cell as Cell<PairsConfig>),
  kinds: [singleKind, publishedKind],
  claims,
  figures: figuresOf,
};
