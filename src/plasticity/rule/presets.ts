// The published rules by name, each with its structure, its meta-learning rate and its initial coefficients.
//
// Sources: fa, bp, bio, pool: Shervani-Tabar and Rosenbaum 2023, methods and released code (Adam at 1e-3, P0 = 1e-3;
// pool's L1 weight of 1.5 is in the code's history). rcn, rcn-layer, rcn-momentum: the Recurrent Chemical Network
// report and its author's logs (Adam at 4e-4, or 1e-3 with P0 = 1e-2 if each layer has its own coefficients). The
// others are what those papers suggest as future work; their numbers are the best of a few that were tried on the
// built-in glyphs.
import { numberedMotifs } from "../motifs/numbered.js";
import { defaultConfig, type PlasticityConfig } from "./config.js";

/** A named rule and the settings for learning it. */
export interface Preset {
  /** One line for help texts. */
  readonly summary: string;
  /** The rule's structure. */
  readonly config: PlasticityConfig;
  /** Adam's step size in the outer loop. */
  readonly learningRate: number;
  /** Weight of |P| (the sum of absolute values) in the meta-loss. */
  readonly l1: number;
}

/** The motifs that were on in every run of the Recurrent Chemical Network report. */
export const reportMotifs: readonly number[] = [0, 1, 2, 3, 4, 8, 9];

const linear = (summary: string, config: Partial<PlasticityConfig>, l1 = 0): Preset => ({
  summary,
  config: { ...defaultConfig, ...config },
  learningRate: 1e-3,
  l1,
});

const chemical = (summary: string, learningRate: number, config: Partial<PlasticityConfig>): Preset => ({
  summary,
  config: { ...defaultConfig, synapse: "chemical", motifs: reportMotifs, chemicals: 2, ...config },
  learningRate,
  l1: 0,
});

/** Plastic feedback under the published linear rule. */
const plastic = (summary: string, config: Partial<PlasticityConfig>): Preset =>
  linear(summary, { feedback: "plastic", initialP0: 3e-3, ...config });

/** The published rules and their extensions; see the head of this file for the sources of their numbers. */
export const presets = {
  fa: linear("feedback alignment: the pseudo-gradient alone, fixed random feedback", { motifs: [0] }),
  bp: linear("backpropagation: the pseudo-gradient alone, symmetric feedback", { motifs: [0], feedback: "symmetric" }),
  bio: linear("pseudo-gradient, error-driven Hebbian and Oja's rule, fixed feedback", { motifs: [0, 2, 9] }),
  pool: linear("all ten motifs with an L1 penalty that selects among them", { motifs: numberedMotifs }, 1.5),
  rcn: chemical("Recurrent Chemical Network, one rule for all layers", 4e-4, {}),
  "rcn-layer": chemical("Recurrent Chemical Network, a rule for each layer", 1e-3, { scope: "layer", initialP0: 1e-2 }),
  "rcn-momentum": chemical("Recurrent Chemical Network whose chemicals are the weight's velocity", 4e-4, {
    synapse: "momentum",
    chemicals: 10,
  }),
  dfa: linear("direct feedback alignment: errors jump from the output to every layer", {
    motifs: [0, 2, 9],
    feedback: "direct",
  }),
  sign: linear("sign-symmetric feedback: random magnitudes with the signs of the weights", {
    motifs: [0, 2, 9],
    feedback: "sign",
  }),
  plastic: plastic("bio with feedback weights that change by a linear rule of their own", {}),
  "kolen-pollack": plastic("feedback weights that begin with the weights' own rule: Kolen and Pollack", {
    motifs: [0, 2, 3, 9],
    feedbackMotifs: [0, 2, 3, 9],
    feedbackP0: 3e-3,
  }),
  mirror: plastic("feedback weights that mirror the weights by Hebb's rule about the means", {
    feedbackMotifs: ["hebb", 3],
  }),
  "rcn-tau": chemical("Recurrent Chemical Network whose time constants are learned", 1e-3, { scales: "learned" }),
  "rcn-gated": chemical("Recurrent Chemical Network whose chemicals set their own time constants", 1e-3, {
    synapse: "gated",
  }),
  "rcn-first": chemical("Recurrent Chemical Network whose chemical 0 alone begins with the weight", 1e-3, {
    initialChemicals: "first",
  }),
  "rcn-softmax": chemical("Recurrent Chemical Network with a softmax read-out", 1e-3, { readout: "softmax" }),
  "rcn-normalised": chemical("Recurrent Chemical Network with normalised chemicals", 1e-3, {
    normalise: "columns",
  }),
  cascade: chemical("a chain of ever slower chemicals: Benna and Fusi", 1e-3, {
    ...{ synapse: "cascade", chemicals: 5, tauMin: 10, tauMax: 500, initialP0: 1e-2 },
  }),
  "pool-own": {
    ...linear("all ten motifs, each in units of its own, with an L1 penalty", {
      ...{ motifs: numberedMotifs, motifUnits: "own" },
    }),
    ...{ learningRate: 2e-4, l1: 5 },
  },
} as const satisfies Record<string, Preset>;

/** The name of a preset. */
export type PresetName = keyof typeof presets;
