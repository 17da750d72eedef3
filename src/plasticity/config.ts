// What distinguishes one plasticity rule from another, as plain data, and the time scales of its chemicals.

/** What holds a weight: a number, chemicals, or chemicals that are its velocity. */
export type SynapseKind = "linear" | "chemical" | "momentum";

/** One set of coefficients for the whole network, or one for each layer. */
export type Scope = "shared" | "layer";

/** Where a constant drive is added: nowhere, or one number for each layer, post-synaptic neuron or synapse. */
export type BiasScope = "none" | "layer" | "neuron" | "synapse";

/** How errors travel back: through fixed random weights (feedback alignment) or through the weights themselves. */
export type Feedback = "fixed" | "symmetric";

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
  /** Which of the motifs F0 .. F9 are used, in the order of P's columns. */
  readonly motifs: readonly number[];
  /** Chemicals a synapse holds; 1 for the linear rule. */
  readonly chemicals: number;
  /** Scope of P, K and v. */
  readonly scope: Scope;
  /** Scope of the constant drive b. */
  readonly bias: BiasScope;
  /** How errors travel back. */
  readonly feedback: Feedback;
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
  momentumOutput: "tanh",
  head: "softmax",
  inputGate: "softplus",
  beta: 10,
  tauMin: 1,
  tauMax: 50,
  initialP0: 1e-3,
};

/** Throws a RangeError that names the first field that makes no sense. */
export function checkConfig(config: PlasticityConfig): void {
  const fail = (fact: string): never => {
    throw new RangeError(`[plasticity] ${fact}`);
  };
  const { motifs, chemicals, synapse, bias, tauMin, tauMax, beta } = config;
  if (motifs.length === 0) fail("no motif is on: give at least one of 0 to 9.");
  const odd = motifs.find((motif) => !Number.isInteger(motif) || motif < 0 || motif > 9);
  if (odd !== undefined) fail(`motif ${odd} does not exist: they run from 0 to 9.`);
  if (new Set(motifs).size < motifs.length) fail(`motifs ${motifs.join(",")} name one twice.`);
  if (!Number.isInteger(chemicals) || chemicals < 1) fail(`${chemicals} chemicals: use a whole number of at least 1.`);
  if (synapse === "linear" && chemicals !== 1) fail(`the linear rule has no chemicals; ${chemicals} were asked for.`);
  if (synapse === "linear" && bias !== "none") fail(`the linear rule has no bias; "${bias}" was asked for.`);
  if (!(tauMin >= 1 && tauMax >= tauMin))
    fail(`time constants from ${tauMin} to ${tauMax}: 1 <= min <= max is needed.`);
  if (!(beta > 0)) fail(`beta is ${beta}: it must be positive.`);
}

/** The n-th root of `ratio` by Newton's method: the same bits on every engine, which `Math.pow` does not promise. */
function root(ratio: number, n: number): number {
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
 * code): z_i = 1 / tau_i and y_i = 1 - z_i. Chemical 0 of a chemical synapse never forgets, y_0 = 1; in a momentum
 * synapse every y < 1, since a velocity that never decays would integrate twice.
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
  if (synapse === "chemical") y[0] = 1;
  return { y, z };
}
