// The parts of the study: the published figures, and further experiments. Each part lists the experiments that it
// shows.
import type { Part } from "../study.js";
import type { Label } from "./experiments.js";

/** A published figure, or a part that is drawn like one. */
export interface FigurePart extends Part {
  /** Panels side by side, each with its experiments. */
  readonly panels: readonly { readonly title: string; readonly labels: readonly Label[] }[];
  /** Experiments whose learned coefficients are shown as heat maps. */
  readonly heat?: readonly Label[];
  /**
   * Experiments in whose networks the angles of the errors are measured (Shervani-Tabar and Rosenbaum 2023, figure 4).
   */
  readonly angles?: readonly Label[];
  /** Pairs that the text compares: the first with the second. */
  readonly pairs: readonly (readonly [Label, Label])[];
}

const SHARED: readonly Label[] = ["rcn-1", "rcn-2", "rcn-3", "rcn-5"];
const LAYERED: readonly Label[] = ["layer-1", "layer-2", "layer-3", "layer-5"];

/** The figures by name. */
export const figures = {
  fig1: {
    title: "Chemicals in a synapse",
    about:
      "Networks whose synapses hold L chemicals, compared with the three-term rule of Shervani-Tabar and Rosenbaum and, as a " +
      "fair baseline, with a linear rule that has the same seven motifs (report, figure 1).",
    panels: [
      { title: "One rule for all layers", labels: ["bio", "linear-7", ...SHARED, "logged-5"] },
      { title: "A rule for each layer", labels: ["bio", ...LAYERED] },
    ],
    pairs: [
      ["linear-7", "bio"],
      ...SHARED.map((label) => [label, "bio"] as const),
      ...SHARED.map((label) => [label, "linear-7"] as const),
      ["rcn-2", "rcn-1"],
      ["rcn-5", "rcn-1"],
      ["logged-5", "rcn-5"],
      ["logged-5", "bio"],
      ...LAYERED.map((label) => [label, "bio"] as const),
      ["layer-2", "rcn-2"],
      ["layer-2", "layer-1"],
      ["layer-5", "layer-1"],
    ],
  },
  fig2: {
    title: "What was learned",
    about: "The coefficients P and K at the end of learning, layer by layer (report, figure 2).",
    panels: [],
    heat: ["rcn-2", "layer-2"],
    pairs: [],
  },
  fig3: {
    title: "Biases",
    about:
      "A learned constant drive for each post-synaptic neuron or for each synapse, five chemicals (report, figure 3). " +
      "The runs with a bias began with separate random values near 0 for each chemical. One run without a bias begins in the " +
      "same way, to show what the bias adds.",
    panels: [{ title: "Five chemicals", labels: ["bio", "rcn-5", "apart-5", "neuron-5", "synapse-5"] }],
    pairs: [
      ["apart-5", "rcn-5"],
      ["neuron-5", "apart-5"],
      ["synapse-5", "apart-5"],
      ["synapse-5", "neuron-5"],
    ],
  },
  fig4: {
    title: "Momentum",
    about: "Chemicals that are the velocity of the weight instead of the weight (report, figure 4).",
    panels: [{ title: "Chemicals as velocity", labels: ["bio", "rcn-5", "momentum-5", "momentum-10"] }],
    pairs: [
      ["momentum-5", "rcn-5"],
      ["momentum-10", "rcn-5"],
      ["momentum-10", "momentum-5"],
    ],
  },
  baselines: {
    title: "Baselines",
    about:
      "Feedback alignment, backpropagation and the terms that make random feedback work (Shervani-Tabar and Rosenbaum " +
      "2023, figures 3 to 7).",
    panels: [{ title: "Fixed random feedback, except BP", labels: ["fa", "bp", "ehebb", "oja", "bio", "pool"] }],
    angles: ["fa", "ehebb", "oja", "bio", "pool"],
    pairs: [
      ["ehebb", "fa"],
      ["oja", "fa"],
      ["bio", "ehebb"],
      ["bio", "oja"],
      ["bio", "bp"],
      ["pool", "bio"],
    ],
  },
} as const satisfies Record<string, FigurePart>;

/** The name of a figure. */
export type FigureName = keyof typeof figures;

/** Parts that are not published figures. */
export const others = {
  transfer: {
    title: "What was learned: a rule or an initialisation",
    about:
      "Frozen rules on tasks as in training, on the same images with other outputs, and on images of the same classes that " +
      "no episode showed.",
  },
  draws: {
    title: "The images",
    about:
      "A frozen rule on the same tasks with other draws of the images. The published protocol shows the same images to all " +
      "seeds, so intervals over seeds do not include their effect.",
  },
  long: {
    title: "A thousand episodes",
    about: "Whether rules stay accurate in long runs, with the guard that is the default elsewhere.",
  },
} as const satisfies Record<string, Part>;

/** All parts by name. */
export const parts: Readonly<Record<string, Part>> = { ...figures, ...others };

/** The experiments that these parts need, each once; all of them if no parts are named. */
export function labelsOf(names: readonly string[] = Object.keys(figures)): Label[] {
  const chosen = names.flatMap((name): FigurePart[] =>
    Object.hasOwn(figures, name) ? [figures[name as FigureName]] : [],
  );
  return [...new Set(chosen.flatMap(({ panels, heat = [] }) => [...panels.flatMap(({ labels }) => labels), ...heat]))];
}

/**
 * How often, in episodes, a run's networks are measured for the figures of angles; each measurement costs another
 * lifetime.
 */
const MEASURED_EVERY = 2;

/** How often, in episodes, the networks of this experiment are measured; undefined if never. */
export function measuredEvery(label: Label): number | undefined {
  const all: readonly FigurePart[] = Object.values(figures);
  return all.some(({ angles }) => angles?.includes(label)) ? MEASURED_EVERY : undefined;
}
