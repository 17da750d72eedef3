// Homeostatic networks under concept shift (Man, Damasio and Neven 2022): a learner whose learning rate is an inner state
// that samples change, compared with learners of a constant or random rate, on images whose classes exchange their labels.
import { type ConfigOf, field, whole } from "../../fields/index.js";
import type { Study } from "../study.js";
import { arms, armsOf, follow, SHIFTS, type ShiftConfig, type ShiftRow } from "./arms.js";
import { claims } from "./claims.js";
import { figuresOf } from "./figures.js";
import { BATCH } from "./learner.js";

const NAME = "homeostatic-shift";

const fields = {
  samples: field({
    type: whole(2 * BATCH, { most: 1_000_000 }),
    default: 10_000,
    flag: "--samples <n>",
    help: "images of an epoch; fewer if the data has fewer",
  }),
  epochs: field({
    type: whole(1, { most: 1000 }),
    default: 8,
    flag: "--epochs <n>",
    help: "how often every image is seen",
  }),
};

type Config = ConfigOf<typeof fields>;

/** See the head of this file. */
export const homeostaticShift: Study<Config, ShiftConfig, ShiftRow> = {
  name: NAME,
  papers: [
    {
      authors: "K. Man, A. Damasio, H. Neven",
      title: "Need is all you need: Homeostatic neural networks adapt to concept shift",
      year: 2022,
      where: "arXiv 2205.08645, with the authors' code (kingsonman/homeostatic-neural-networks)",
    },
  ],
  about:
    "Does a learner adapt better to classes that exchange their labels if its learning rate is a vulnerable inner state, which " +
    "samples of some classes raise and others lower, and if it accepts only changes that would help it? It learns online and is compared with a " +
    "learner of a constant rate, one of a rate that changes at random, and one of a tuned constant rate.",
  basis: "authors' code",
  fields,
  images: (scale) => ({ perClass: { smoke: 4, quick: 40, full: 100 }[scale] }),
  effort: {
    smoke: { seeds: 1, seconds: 8, config: { samples: 60, epochs: 3 } },
    quick: { seeds: 3, seconds: 100, config: { samples: 2000, epochs: 5 } },
    full: { seeds: 5, seconds: 2400 },
  },
  cells({ scale, config, seeds, images }) {
    return seeds.flatMap((seed) =>
      SHIFTS.flatMap((every) =>
        armsOf(every, scale === "full").map((arm) => ({
          ...{ kind: NAME, config: { ...config, arm, learner: { ...arms[arm], every } }, seed },
          data: images!.train,
        })),
      ),
    );
  },
  run: (cell, context) => follow(cell, context),
  claims,
  figures: figuresOf,
};
