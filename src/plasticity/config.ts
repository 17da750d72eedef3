// What distinguishes one plasticity rule from another, as plain data, and the time scales of its chemicals.

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
 * How errors travel back. See `feedback.ts` for the equations.
 * - "fixed": layer by layer through fixed random weights (feedback alignment);
 * - "symmetric": through the weights themselves (backpropagation);
 * - "direct": from the output to every layer through fixed random weights (direct feedback alignment);
 * - "sign": through random magnitudes with the signs of the weights (sign-symmetric feedback);
 * - "plastic": through weights that begin random and change by a rule of their own.
 */
export type Feedback = "fixed" | "symmetric" | "direct" | "sign" | "plastic";

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

/** The n-th root of `ratio` (at least 1) by Newton's method: the same bits on every engine, which `Math.pow` does not promise. */
export function root(ratio: number, n: number): number {
  let x = 1 + (ratio - 1) / n;
  // From above, Newton's steps fall monotonically; they have converged when they stop falling.
  for (;;) {
    let power = 1;
    for (let i = 1; i < n; i++) power *= x;
    const next = x - (power * x - ratio) / (n * power);
    if (!(next < x)) return x;
    x = next;
  }
}

/**
 * The chemicals' time scales (Recurrent Chemical Networks, equation 8, with the exponent i / (L - 1) of the author's
 * code): z_i = 1 / tau_i and y_i = 1 - z_i. Chemical 0 never forgets, y_0 = 1, but that in a momentum synapse
 * every y < 1, since a velocity that never decays would integrate twice.
 */
export function timeScales({ synapse, chemicals, tauMin, tauMax }: PlasticityConfig): { y: number[]; z: number[] } {
  const ratio = chemicals > 1 ? root(tauMax / tauMin, chemicals - 1) : 1;
  let tau = tauMin;
  const z: number[] = [];
  for (let i = 0; i < chemicals; i++) {
    z.push(1 / (i > 0 && i === chemicals - 1 ? tauMax : tau));
    tau *= ratio;
  }
  const y = z.map((rate) => 1 - rate);
  if (synapse !== "momentum") y[0] = 1;
  return { y, z };
}
