// The settings that distinguish one plasticity rule from another, as plain data: one row per setting. To add a setting,
// add a row here, at any place, with `since` and `before`, and use it where it matters; its type, checks, flag, help,
// hash and the reading of older files follow.
import {
  type ConfigOf,
  choice,
  defaultsOf,
  field,
  type Leaf,
  leaf,
  list,
  number,
  text,
  whole,
  wholeIn,
} from "../../fields/index.js";
import { feedbackNames } from "../feedback/paths.js";
import { motifNames } from "../motifs/named.js";
import { MOTIFS } from "../motifs/numbered.js";

/** One of the ten motifs F0 .. F9 by its number, or a further one by its name: see `defineMotif`. */
export type MotifId = number | string;

const last = MOTIFS - 1;

const motif: Leaf<MotifId> = {
  ...leaf<MotifId>({
    allowed: `0 to ${last} or a name`,
    holds: (value) =>
      (typeof value === "string" && value !== "") ||
      (Number.isInteger(value) && (value as number) >= 0 && (value as number) <= last),
    text: {
      get allowed() {
        return `a whole number from 0 to ${last}, or ${motifNames().join(", ")}`;
      },
      read: (given) => (motifNames().includes(given) ? given : wholeIn(given, 0, last)),
    },
  }),
  // Includes motifs that were defined by `defineMotif`.
  get several() {
    return `whole numbers from 0 to ${last}, or ${motifNames().join(", ")},`;
  },
};

const motifs = list(motif, { distinct: true, example: "0,2,9" });

/** The most chemicals that a flag takes: more is a typing error. */
const MOST_CHEMICALS = 64;
/** The longest time constant that a flag takes. */
const LONGEST = 1e6;

/** Every setting of a plasticity rule. */
export const plasticityFields = {
  /** The kind of synapse that holds a weight, by its name: see `synapseNames` and `defineSynapse`. */
  synapse: field({ type: text(), default: "linear" }),
  /** Which motifs are used, in the order of P's columns. */
  motifs: field({
    type: motifs,
    default: [0, 2, 9],
    flag: "--motifs <list>",
    // Includes motifs that were defined by `defineMotif`.
    get help() {
      return `terms of the rule that are on, of 0 to ${last} and ${motifNames().join(", ")}, such as 0,2,9`;
    },
  }),
  /**
   * What motifs are measured in. "plain": as they are. "own": each is divided by its running size in the layer, and
   * multiplied by that of the initial weights; see `motifs/units.ts`. Both sizes are constants to derivatives.
   */
  motifUnits: field({
    type: choice(["plain", "own"]),
    default: "plain",
    flag: "--motif-units <which>",
    help: "plain, or own: each term is divided by its running size, so that all coefficients count alike",
    since: "0.2.0",
    before: "plain",
  }),
  /** Chemicals a synapse holds; 1 for the linear rule. */
  chemicals: field({
    type: whole(1, { most: MOST_CHEMICALS }),
    default: 1,
    flag: "--chemicals <n>",
    help: "chemicals that a synapse holds",
  }),
  /** Scope of P, K and v: one set of coefficients for the whole network, or one for each layer. */
  scope: field({
    type: choice(["shared", "layer"]),
    default: "shared",
    flag: "--scope <scope>",
    help: "shared or layer: one rule for all layers, or one each",
  }),
  /** Scope of the constant drive b: nowhere, or one number for each layer, post-synaptic neuron or synapse. */
  bias: field({
    type: choice(["none", "layer", "neuron", "synapse"]),
    default: "none",
    flag: "--bias <scope>",
    help: "none, layer, neuron or synapse: where a chemical has a bias",
  }),
  /** How errors travel back; see `Feedback`. */
  feedback: field({
    type: choice(feedbackNames),
    default: "fixed",
    flag: "--feedback <kind>",
    help: "fixed (random), symmetric (as in backpropagation), direct, sign or plastic",
  }),
  /** Plastic feedback: what holds a feedback weight. */
  feedbackSynapse: field({
    type: text("linear, chemical or momentum"),
    default: "linear",
    flag: "--feedback-rule <kind>",
    help: "plastic feedback: linear, chemical or momentum",
    since: "0.1.0",
    before: "linear",
  }),
  /** Plastic feedback: which motifs change it, in the order of feedbackP's columns; W in them is B. */
  feedbackMotifs: field({
    type: motifs,
    default: [0, 3],
    flag: "--feedback-motifs <list>",
    help: "plastic feedback: terms of its rule, such as 0,3",
    since: "0.1.0",
    before: [0, 3],
  }),
  /** Plastic feedback: chemicals of a feedback weight. */
  feedbackChemicals: field({
    type: whole(1, { most: MOST_CHEMICALS }),
    default: 1,
    flag: "--feedback-chemicals <n>",
    help: "plastic feedback: chemicals that a feedback weight holds",
    since: "0.1.0",
    before: 1,
  }),
  /** Plastic feedback: the initial value of feedbackP's coefficient of motif F0; all others begin at 0. */
  feedbackP0: field({ type: number(), default: 0, since: "0.1.0", before: 0 }),
  /** Momentum synapses: the function g in w' = w + g(v . h'). */
  momentumOutput: field({ type: choice(["tanh", "identity"]), default: "tanh" }),
  /**
   * The kind of output. "softmax": classes; the error is e_L = softmax(z_L) - t, the gradient of the cross-entropy, and
   * motifs see the probabilities. "linear": numbers; the error is e_L = z_L - t, the gradient of half the squared
   * distance, and motifs see tanh(z_L), since an unbounded output would make Oja's rule and F1 unbounded too.
   */
  head: field({ type: choice(["softmax", "linear"]), default: "softmax", since: "0.1.0", before: "softmax" }),
  /**
   * The factor of an input's error: "softplus", 1 - exp(-beta x), as if inputs were activities (Shervani-Tabar and
   * Rosenbaum 2023, equation 24); or "one", for inputs that may be negative, where that gate explodes.
   */
  inputGate: field({ type: choice(["softplus", "one"]), default: "softplus", since: "0.1.0", before: "softplus" }),
  /** Sharpness of the hidden units' softplus; 10 in the paper. */
  beta: field({ type: number({ above: 0 }), default: 10 }),
  /** Fastest time constant, in steps: tau_i = min (max / min)^(i / (chemicals - 1)). */
  tauMin: field({
    type: number({ above: 0, most: LONGEST, example: "1.5" }),
    default: 1,
    flag: "--tau-min <x>",
    help: "fastest time constant of the chemicals, in steps",
  }),
  /** Slowest time constant, in steps. */
  tauMax: field({
    type: number({ above: 0, most: LONGEST, example: "50" }),
    default: 50,
    flag: "--tau-max <x>",
    help: "slowest time constant of the chemicals, in steps",
  }),
  /**
   * Whether the time scales can be learned: then a number of the rule is added to each chemical's logit of 1 / tau, and
   * subtracted from that of y. Chemicals with y = 1 or z = 1 keep these values.
   */
  scales: field({
    type: choice(["fixed", "learned"]),
    default: "fixed",
    flag: "--scales <how>",
    help: "fixed or learned: the time constants",
    since: "0.1.0",
    before: "fixed",
  }),
  /** Chemicals that are read out: how v is learned, either directly or as the softmax of learned numbers. */
  readout: field({
    type: choice(["free", "softmax"]),
    default: "free",
    flag: "--readout <how>",
    help: "free or softmax: how the weight is read out of chemicals",
    since: "0.1.0",
    before: "free",
  }),
  /**
   * Chemicals that are read out: how they begin. "all": each begins with the initial weight; "first": only chemical 0
   * does, and the others begin at 0; "own": each begins with its own random weight, see `initialStart`.
   */
  initialChemicals: field({
    type: choice(["all", "first", "own"]),
    default: "all",
    flag: "--initial-chemicals <which>",
    help: "all or first: which begin with the initial weight; or own: each with another",
    since: "0.1.0",
    before: "all",
  }),
  /** Chemicals that are read out: whether they are scaled after each step, and to what; see `synapses/readout.ts`. */
  normalise: field({
    type: choice(["none", "frobenius", "columns"]),
    default: "none",
    flag: "--normalise <how>",
    help: "none, frobenius or columns: what chemicals are scaled to",
    since: "0.1.0",
    before: "none",
  }),
  /**
   * How chemicals act on each other: "plain", x = K h + ...; or "scaled", x = K (z h) + ..., in which slow chemicals
   * act weakly. Both can express the same rules, but with different numbers in K, which matters because Adam moves all
   * numbers by the same amount.
   */
  coupling: field({
    type: choice(["plain", "scaled"]),
    default: "plain",
    flag: "--coupling <how>",
    help: "plain or scaled: whether slow chemicals act on others as fast ones do, or weakly",
    since: "0.1.0",
    before: "plain",
  }),
  /** The initial coefficient of motif F0, for every chemical; all other coefficients begin at 0. */
  initialP0: field({ type: number(), default: 1e-3 }),
};

/** A plasticity rule's structure; its numbers are a `Rule`. */
export type PlasticityConfig = ConfigOf<typeof plasticityFields>;

/** The name of a kind of synapse. */
export type SynapseKind = PlasticityConfig["synapse"];
/** One set of coefficients for the whole network, or one for each layer. */
export type Scope = PlasticityConfig["scope"];
/** Where a constant drive is added. */
export type BiasScope = PlasticityConfig["bias"];
/** The kind of output. */
export type Head = PlasticityConfig["head"];
/** The factor of an input's error. */
export type InputGate = PlasticityConfig["inputGate"];

/** The structure of `bio` and the values that the papers share. */
export const defaultConfig: PlasticityConfig = defaultsOf(plasticityFields);
