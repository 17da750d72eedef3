// What a kind of synapse is: each kind is one record, in its own file, which holds everything about it. No other code
// compares the name of a kind; whatever differs between kinds is a field of the record.
import type { Tensor } from "../../core/index.js";
import { add, columnsOf, type OfType, reshape } from "../../ops/index.js";
import type { Signals } from "../motifs/numbered.js";
import type { MotifSizes } from "../motifs/units.js";
import type { PlasticityConfig } from "../rule/config.js";
import type { SynapsePart } from "../rule/parts.js";

/** The state that a layer carries from step to step. */
export interface LayerState {
  /** Its weights, (nOut, nIn). */
  readonly w: Tensor;
  /** Its chemicals, one tensor (chemicals, nOut, nIn); empty if the rule is linear. */
  readonly h: readonly Tensor[];
  /** How large its motifs have been so far, if they are in units of their own. */
  readonly sizes?: MotifSizes;
}

/** One layer's synapses under one rule. */
export interface Synapses {
  /** The state in which a lifetime begins, from initial weights. */
  begin(weights: Tensor): LayerState;
  /** The state after one step. */
  step(state: LayerState, signals: Signals): LayerState;
  /**
   * For synapses that set their own time scales: Y and Z of the step from this state, each (chemicals, nOut, nIn). Y is
   * the share of itself that a chemical keeps, and Z is how strongly it is driven.
   */
  gates?(state: LayerState, signals: Signals): readonly [Y: Tensor, Z: Tensor];
}

/** The drive (rows, nOut, nIn) of the named motifs. */
export type NamedDrive = (w: Tensor, signals: Signals) => Tensor;

/** A layer's part of a rule; a kind reads those parts that its `initial` makes. */
export interface LayerRule {
  readonly config: PlasticityConfig;
  /** (rows, 10): the coefficients of F0 .. F9; 0 for motifs that are off. */
  readonly p: Tensor;
  /** Undefined if no motif has a name. */
  readonly named: NamedDrive | undefined;
  readonly k: Tensor;
  readonly v: Tensor;
  /** The constant drive, (chemicals, 1 or nOut, 1 or nIn), if there is one. */
  readonly b: Tensor | undefined;
  /** The parts that depend on the kind, as they are in the rule: `k` may be scaled. */
  readonly own: Readonly<Record<SynapsePart, Tensor>>;
  readonly y: Tensor;
  readonly z: Tensor;
}

/** How a kind holds a feedback weight; see `feedback/plastic.ts`. */
export interface AsFeedback {
  /** Its configuration, in addition to what all feedback weights share. */
  readonly config: Partial<PlasticityConfig>;
  /** Whether its chemicals forget. If B is read out of them they must not, since B is the errors' only path back. */
  readonly forgets: boolean;
}

/** A kind of synapse. */
export interface SynapseRecord {
  /** Its name as `synapse` in a configuration. */
  readonly name: string;
  /** The preset that `--rule` starts from; a kind without one can be chosen only by a preset. */
  readonly preset?: string;
  /** Whether a synapse holds chemicals, of which there may be several. */
  readonly chemicals: boolean;
  /** Whether it has the time scales y and z, and a constant drive b. */
  readonly scales: boolean;
  /** Whether chemical 0 never forgets, y_0 = 1, as in most kinds that have time scales. */
  readonly neverForgets: boolean;
  /**
   * Whether a step is h' = y h + z tanh(q) with the same y and z for all synapses, so that tanh(q) follows from two
   * states.
   */
  readonly fixedStep: boolean;
  /**
   * Whether a step does nothing to the weights but scale them and add outer products, so that their products with some
   * inputs change by the same rule; see `dual.ts`.
   */
  readonly dual?: boolean;
  /** How it holds a feedback weight; a kind without this cannot hold one. */
  readonly asFeedback?: AsFeedback;
  /** Rows of P: how many drives there are. */
  rows(config: PlasticityConfig): number;
  /** The parts of its rule besides P, tau and b, as they are before any learning, of the type in `options`; each call makes new ones. */
  initial(config: PlasticityConfig, options: OfType): Partial<Record<SynapsePart, Tensor>>;
  /** A sentence about settings that do not fit this kind. */
  check?(config: PlasticityConfig): string | undefined;
  /** A layer's synapses under a rule. Everything that stays the same over a lifetime is computed once. */
  synapses(rule: LayerRule): Synapses;
}

/** The coefficient of motif F3, the decay, of every chemical: (rows, 1). */
export const decayOf = (p: Tensor): Tensor => columnsOf(p, [3]);

/** The constant drive and that of the named motifs; undefined if there is neither. */
export function extraDrive({ b, named }: LayerRule, w: Tensor, signals: Signals): Tensor | undefined {
  if (!named) return b;
  const drive = named(w, signals);
  return b ? add(drive, b) : drive;
}

/** A number for each chemical, in a shape that broadcasts to (chemicals, nOut, nIn). */
export function byChemical(x: Tensor): Tensor {
  return reshape(x, [x.size, 1, 1]);
}
