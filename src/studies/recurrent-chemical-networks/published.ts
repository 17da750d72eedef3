// Numbers that others published, for comparison with ours. None is computed here.
import type { TrainConfig } from "../../meta/index.js";
import type { Label } from "./experiments.js";

/** A published number and its source. */
export interface Published {
  /** Query accuracy. */
  readonly accuracy: number;
  /** Standard deviation of the moving average over the episodes, where it is known. */
  readonly deviation?: number;
  /** Whether the source says "about". */
  readonly about?: true;
  /** Its source, and the episodes over which it was taken. */
  readonly source: string;
}

const LOGS = "the author's logs, one seed: moving average over 20 episodes, episodes 141 to 180";
const REPORT = `Recurrent Chemical Network report, ${LOGS}`;
const PAPER = "Shervani-Tabar and Rosenbaum 2023, text and figure 3: about, after 600 episodes, mean of 20 trials";

/** The published numbers by the label of the experiment. */
export const published: Readonly<Partial<Record<Label, Published>>> = {
  bio: { accuracy: 0.681, deviation: 0.015, source: `Shervani-Tabar and Rosenbaum's rule in ${LOGS}` },
  "rcn-1": { accuracy: 0.711, deviation: 0.018, source: REPORT },
  "rcn-2": { accuracy: 0.726, deviation: 0.018, source: REPORT },
  "rcn-3": { accuracy: 0.722, deviation: 0.022, source: REPORT },
  "logged-5": { accuracy: 0.738, deviation: 0.015, source: REPORT },
  "layer-2": { accuracy: 0.801, deviation: 0.01, source: REPORT },
  "synapse-5": { accuracy: 0.924, deviation: 0.007, source: REPORT },
  "momentum-10": { accuracy: 0.737, deviation: 0.017, source: REPORT },
  fa: { accuracy: 0.25, about: true, source: PAPER },
  bp: { accuracy: 0.7, about: true, source: PAPER },
  pool: {
    accuracy: 0.7,
    about: true,
    source: "Shervani-Tabar and Rosenbaum 2023, figure 4: the level of BP by episode 300",
  },
};

/**
 * Whether runs of this kind can be compared with the published ones: the same network, tasks and protocol, long enough
 * for the statistic, and images from files.
 */
export function comparable({ data, hidden, protocol, ways, shots, queries, episodes }: TrainConfig): boolean {
  const same = [protocol, ways, shots, queries, ...hidden].join() === "faithful,5,50,10,170,130,100,70";
  return same && data.source !== "glyphs" && episodes >= 180;
}

/**
 * Another implementation of the same sections in PyTorch on the same images as ours: five distinct classes, one seed,
 * mean accuracy over episodes 141 to 180 (episodes 100 to 150 for FA and BP).
 */
export const independent: Readonly<Partial<Record<Label, number>>> = {
  fa: 0.221,
  bp: 0.667,
  bio: 0.68,
  "rcn-1": 0.672,
  "rcn-2": 0.686,
  "layer-2": 0.751,
};
