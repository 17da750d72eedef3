// What distinguishes one plasticity rule from another, as plain data.
import type { Feedback } from "../feedback/paths.js";

/**
 * What holds a weight: a number, chemicals, chemicals that are its velocity, chemicals that set their own time scales, or
 * a chain of them; or a kind of one's own, by its name: see `defineSynapse`.
 */
export type SynapseKind = "linear" | "chemical" | "momentum" | "gated" | "cascade" | (string & {});

/** One of the ten motifs F0 .. F9 by its number, or a further one by its name: see `defineMotif`. */
export type MotifId = number | string;

/** One set of coefficients for the whole network, or one for each layer. */
export type Scope = "shared" | "layer";

/** Where a constant drive is added: nowhere, or one number for each layer, post-synaptic neuron or synapse. */
export type BiasScope = "none" | "layer" | "neuron" | "synapse";

/**
 * What the last layer is for. "softmax": classes; the error is e_L = softmax(z_L) - t, the gradient of the cross-entropy,
 * and motifs see the probabilities. "linear": numbers; the error is e_L = z_L - t, the gradient of half the squared
 * distance, and motifs see tanh(z_L), since an output without bound would drive Oja's rule and F1 without bound too.
 */
export type Head = "softmax" | "linear";

/**
 * What an input's error is multiplied with: "softplus", 1 - exp(-beta x), as if inputs were activities (Shervani-Tabar
 * and Rosenbaum 2023, equation 24); or "one", for inputs that may be negative, where that gate explodes.
 */
export type InputGate = "softplus" | "one";

/** A plasticity rule's structure; its numbers are a `Rule`. */
export interface PlasticityConfig {
  /** What holds a weight. */
  readonly synapse: SynapseKind;
  /** Which motifs are used, in the order of P's columns. */
  readonly motifs: readonly MotifId[];
  /** Chemicals a synapse holds; 1 for the linear rule. */
  readonly chemicals: number;
  /** Scope of P, K and v. */
  readonly scope: Scope;
  /** Scope of the constant drive b. */
  readonly bias: BiasScope;
  /** How errors travel back. */
  readonly feedback: Feedback;
  /** Plastic feedback: what holds a feedback weight. */
  readonly feedbackSynapse: SynapseKind;
  /** Plastic feedback: which motifs change it, in the order of PB's columns; W in them is B. */
  readonly feedbackMotifs: readonly MotifId[];
  /** Plastic feedback: chemicals of a feedback weight. */
  readonly feedbackChemicals: number;
  /** Plastic feedback: what PB's coefficient of motif F0 begins with; all others begin at 0. */
  readonly feedbackP0: number;
  /** Momentum synapses: what g in w' = w + g(v . h') is. */
  readonly momentumOutput: "tanh" | "identity";
  /** What the last layer is for. */
  readonly head: Head;
  /** What an input's error is multiplied with. */
  readonly inputGate: InputGate;
  /** Sharpness of the hidden units' softplus; 10 in the paper. */
  readonly beta: number;
  /** Fastest time constant, in steps: tau_i = min (max / min)^(i / (chemicals - 1)). */
  readonly tauMin: number;
  /** Slowest time constant, in steps. */
  readonly tauMax: number;
  /**
   * Whether the time scales can be learned: then each chemical's logit of 1 / tau has a number of the rule added to it,
   * and that of y the same number taken off. Chemicals with y = 1 or z = 1 keep these.
   */
  readonly scales: "fixed" | "learned";
  /** Chemicals that are read out: v itself, or v = softmax of what is learned. */
  readonly readout: "free" | "softmax";
  /**
   * Chemicals that are read out: what they begin with. "all": the initial weight, each of them; "first": chemical 0 alone,
   * the others are 0; "own": each a weight that is drawn for itself, see `initialStart`.
   */
  readonly initialChemicals: "all" | "first" | "own";
  /** Chemicals that are read out: whether they are scaled after each step, and to what; see `readout.ts`. */
  readonly normalise: "none" | "frobenius" | "columns";
  /**
   * How chemicals act on each other: "plain", x = K h + ...; or "scaled", x = K (z h) + ..., in which slow chemicals act
   * weakly. The same rules, but what K's numbers are is not, and Adam moves all numbers alike.
   */
  readonly coupling: "plain" | "scaled";
  /** What the coefficient of motif F0 begins with, for every chemical; all other coefficients begin at 0. */
  readonly initialP0: number;
}

/** The structure of `bio` and the values that the papers share. */
export const defaultConfig: PlasticityConfig = {
  synapse: "linear",
  motifs: [0, 2, 9],
  chemicals: 1,
  scope: "shared",
  bias: "none",
  feedback: "fixed",
  feedbackSynapse: "linear",
  feedbackMotifs: [0, 3],
  feedbackChemicals: 1,
  feedbackP0: 0,
  momentumOutput: "tanh",
  head: "softmax",
  inputGate: "softplus",
  beta: 10,
  tauMin: 1,
  tauMax: 50,
  scales: "fixed",
  readout: "free",
  initialChemicals: "all",
  normalise: "none",
  coupling: "plain",
  initialP0: 1e-3,
};
