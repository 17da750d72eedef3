// The published experiments by label, each given by what it changes in a preset, and the runs that belong to them.
//
// Sources: Shervani-Tabar and Rosenbaum 2023 (baselines, figures 3 to 7) and the Recurrent Chemical Network report with
// its author's logs (figures 1 to 4).
import {
  configOfCell,
  defaultTrainConfig,
  type TrainCellConfig,
  type TrainConfig,
  trainCell,
} from "../../meta/index.js";
import type { BiasScope, PlasticityConfig, PresetName } from "../../plasticity/index.js";
import { reportMotifs } from "../../plasticity/internal.js";
import { type Cell, canonical } from "../../runs/index.js";

/** The configuration of an experiment; each of its runs adds a seed. */
export interface Experiment {
  /** Its name in figures. */
  readonly name: string;
  /** The preset that it is based on. */
  readonly preset: PresetName;
  /** What it changes in the rule's structure. */
  readonly rule?: Partial<PlasticityConfig>;
  /** Adam's step size, if it is not the preset's. */
  readonly learningRate?: number;
  /**
   * Whether its meta-gradients are guarded, which is the default elsewhere. The published runs were not guarded, so
   * most experiments are not either; those that are have seeds that end early without a guard
   * (docs/studies/recurrent-chemical-networks).
   */
  readonly guarded?: boolean;
}

const shared = (chemicals: number): Experiment => ({
  name: `L = ${chemicals}`,
  preset: "rcn",
  rule: { chemicals },
});
const layered = (chemicals: number): Experiment => ({
  name: `L = ${chemicals}, by layer`,
  preset: "rcn-layer",
  // With the preset's initial P0 of 1e-2, the first steps of a single chemical are too large, since it alone is the
  // weight: two seeds of five never learn. 2e-3 is the best of 1e-2, 5e-3, 2e-3, 1e-3 over 60 episodes of seeds 0 and
  // 4.
  rule: chemicals === 1 ? { chemicals, initialP0: 2e-3 } : { chemicals },
  guarded: chemicals !== 2,
});
/**
 * As in the logged run with biases, whose chemicals began with separate random values near 0, and whose K acted on z h.
 */
const biased = (bias: BiasScope): Experiment => ({
  name: bias === "none" ? "no bias, separate starts" : `bias by ${bias}`,
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

/** Every experiment by its label, from which the folders of its runs are named. */
export const experiments = {
  bio: { name: "F0, F2, F9", preset: "bio" },
  "linear-7": { name: "linear, 7 motifs", preset: "bio", rule: { motifs: reportMotifs }, guarded: true },
  "rcn-1": shared(1),
  "rcn-2": shared(2),
  "rcn-3": shared(3),
  "rcn-5": shared(5),
  "logged-5": {
    // This matches how the coefficients move in the published run's log: by 3e-3 at first, and as if the chemicals
    // began with separate random values near 0.
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

/** The part of a run's configuration that all runs of the study share. */
export type Setting = Pick<TrainConfig, "data" | "hidden" | "ways" | "shots" | "queries" | "episodes">;

/** The run of an experiment with this seed, under the published protocol with its quirks. */
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

/** Every label, in the order in which they are shown. */
export const labels = Object.keys(experiments) as Label[];

/** A run's settings without its seed, as text that is the same for the same settings. */
const settingsOf = (config: TrainConfig): string => canonical(trainCell({ ...config, seed: 0 }).config.run);

const known = new Map<string, Label | undefined>();

/**
 * The experiment that a cell's run belongs to; undefined if there is none. Long runs, which are guarded, have their own
 * names.
 */
export function labelOf({ config, seed, data }: Cell<TrainCellConfig>): Label | undefined {
  const text = canonical(config.run);
  if (!known.has(text)) {
    const run = configOfCell({ kind: "", config, seed, ...(data && { data }) });
    const own = settingsOf(run);
    known.set(
      text,
      labels.find((label) => settingsOf(configOf(label, settingOf(run), 0)) === own),
    );
  }
  return known.get(text);
}

/** Picks the settings that all runs of the study share. */
export function settingOf({ data, hidden, ways, shots, queries, episodes }: TrainConfig): Setting {
  return { data, hidden, ways, shots, queries, episodes };
}
