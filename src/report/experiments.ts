// The published experiments by label, each as what it changes in a preset, and the figures that are made of them.
//
// Sources: Shervani-Tabar and Rosenbaum 2023 (baselines, figures 3 to 7) and the Recurrent Chemical Network report with
// its author's logs (figures 1 to 4).
import { defaultTrainConfig, type TrainConfig } from "../meta/config.js";
import type { BiasScope, PlasticityConfig, PresetName } from "../plasticity/index.js";

/** One configuration of an experiment; a run is this and a seed. */
export interface Experiment {
  /** What figures call it. */
  readonly name: string;
  /** The preset that it begins from. */
  readonly preset: PresetName;
  /** What it changes in the rule's structure. */
  readonly rule?: Partial<PlasticityConfig>;
  /** Adam's step size, if it is not the preset's. */
  readonly learningRate?: number;
  /**
   * Whether its meta-gradients are guarded, as is usual otherwise. The published runs were not, so others are not; these
   * are those of which some seeds end early without a guard (bench/science).
   */
  readonly guarded?: boolean;
}

/** The seven motifs that every run of the Recurrent Chemical Network report had on. */
const SEVEN = [0, 1, 2, 3, 4, 8, 9];

const shared = (chemicals: number): Experiment => ({
  name: `L = ${chemicals}`,
  preset: "rcn",
  rule: { chemicals },
});
const layered = (chemicals: number): Experiment => ({
  name: `L = ${chemicals}, by layer`,
  preset: "rcn-layer",
  // Begun at the preset's 1e-2, one chemical's first steps are too large, since it is read out whole: two seeds of five never
  // learn. 2e-3 is the best of 1e-2, 5e-3, 2e-3, 1e-3 over 60 episodes of seeds 0 and 4.
  rule: chemicals === 1 ? { chemicals, initialP0: 2e-3 } : { chemicals },
  guarded: chemicals !== 2,
});
/** As in the logged run with biases, whose chemicals began apart and near 0, and whose K acted on z h. */
const biased = (bias: BiasScope): Experiment => ({
  name: bias === "none" ? "no bias, begun apart" : `bias by ${bias}`,
  preset: "rcn",
  rule: { chemicals: 5, bias, initialChemicals: "own", coupling: "scaled" },
  learningRate: 5e-4,
  guarded: bias !== "none",
});
const momentum = (chemicals: number): Experiment => ({
  name: `momentum, L = ${chemicals}`,
  preset: "rcn-momentum",
  rule: { chemicals },
});

/** Every experiment by its label, which names the folders of its runs. */
export const experiments = {
  bio: { name: "F0, F2, F9", preset: "bio" },
  "linear-7": { name: "linear, 7 motifs", preset: "bio", rule: { motifs: SEVEN }, guarded: true },
  "rcn-1": shared(1),
  "rcn-2": shared(2),
  "rcn-3": shared(3),
  "rcn-5": shared(5),
  "logged-5": {
    // As the coefficients in the published run's log move: by 3e-3 at first, and as where chemicals begin apart, near 0.
    name: "L = 5, as logged",
    preset: "rcn",
    rule: { chemicals: 5, initialChemicals: "own" },
    learningRate: 3e-3,
  },
  "layer-1": layered(1),
  "layer-2": layered(2),
  "layer-3": layered(3),
  "layer-5": layered(5),
  "apart-5": biased("none"),
  "neuron-5": biased("neuron"),
  "synapse-5": biased("synapse"),
  "momentum-5": momentum(5),
  "momentum-10": momentum(10),
  fa: { name: "FA", preset: "fa" },
  bp: { name: "BP", preset: "bp" },
  ehebb: { name: "eHebb (F0, F2)", preset: "bio", rule: { motifs: [0, 2] } },
  oja: { name: "Oja (F0, F9)", preset: "bio", rule: { motifs: [0, 9] }, guarded: true },
  pool: { name: "pool (ten motifs)", preset: "pool", guarded: true },
} as const satisfies Record<string, Experiment>;

/** The label of an experiment. */
export type Label = keyof typeof experiments;

/** What is drawn together. */
export interface Figure {
  readonly title: string;
  /** What it asks, in a sentence or two. */
  readonly about: string;
  /** Experiments side by side, a panel each. */
  readonly panels: readonly { readonly title: string; readonly labels: readonly Label[] }[];
  /** Experiments whose learned coefficients are shown as heat maps. */
  readonly heat?: readonly Label[];
  /** Experiments in whose networks the angles of the errors are measured (Shervani-Tabar and Rosenbaum 2023, figure 4). */
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
      "Networks whose synapses hold L chemicals, against the three-term rule of Shervani-Tabar and Rosenbaum and, as a " +
      "fair baseline, against a linear rule with the same seven motifs (report, figure 1).",
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
      "Those with a bias began near 0, each chemical with weights of its own, and so does one without, to tell what the " +
      "bias adds.",
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
    panels: [{ title: "Fixed random feedback, but for BP", labels: ["fa", "bp", "ehebb", "oja", "bio", "pool"] }],
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
} as const satisfies Record<string, Figure>;

/** The name of a figure. */
export type FigureName = keyof typeof figures;

/** The experiments that these figures need, each once. */
export function labelsOf(names: readonly FigureName[]): Label[] {
  return [
    ...new Set(
      names.flatMap((name) => {
        const { panels, heat = [] }: Figure = figures[name];
        return [...panels.flatMap(({ labels }) => labels), ...heat];
      }),
    ),
  ];
}

/** A run's networks are measured every so many episodes, for figures of angles; a measurement costs a lifetime more. */
const MEASURED_EVERY = 2;

/** Every how many episodes the networks of this experiment are measured; undefined for never. */
export function measuredEvery(label: Label): number | undefined {
  const all: readonly Figure[] = Object.values(figures);
  return all.some(({ angles }) => angles?.includes(label)) ? MEASURED_EVERY : undefined;
}

/** What all runs of a reproduction share. */
export type Setting = Pick<TrainConfig, "data" | "hidden" | "ways" | "shots" | "queries" | "episodes">;

/** The run of an experiment with this seed: the published protocol with its quirks. */
export function configOf(label: Label, setting: Setting, seed: number): TrainConfig {
  const { preset, rule, learningRate, guarded = false }: Experiment = experiments[label];
  const base = defaultTrainConfig(preset);
  return {
    ...base,
    ...setting,
    plasticity: { ...base.plasticity, ...rule },
    learningRate: learningRate ?? base.learningRate,
    clip: guarded ? base.clip : "off",
    seed,
  };
}
