// What a kind of synapse is: one record a kind, in a file of its own, which says all there is to say of it. Nobody else
// compares a kind's name: what differs by kind is asked of the record.
import type { Tensor } from "../../core/index.js";
import { add, columnsOf, reshape } from "../../ops/index.js";
import type { Signals } from "../motifs/numbered.js";
import type { PlasticityConfig } from "../rule/config.js";
import type { SynapsePart } from "../rule/parts.js";

/** What a layer carries from step to step. */
export interface LayerState {
  /** Its weights, (nOut, nIn). */
  readonly w: Tensor;
  /** Its chemicals, one tensor (chemicals, nOut, nIn); none if the rule is linear. */
  readonly h: readonly Tensor[];
}

/** One layer's synapses under one rule. */
export interface Synapses {
  /** The state in which a lifetime begins, from initial weights. */
  begin(weights: Tensor): LayerState;
  /** The state after one step. */
  step(state: LayerState, signals: Signals): LayerState;
  /**
   * Of synapses that set their own time scales: Y and Z of the step from this state, each (chemicals, nOut, nIn), what a
   * chemical keeps of itself and how strongly it is driven.
   */
  gates?(state: LayerState, signals: Signals): readonly [Y: Tensor, Z: Tensor];
}

/** The drive (rows, nOut, nIn) of the motifs that have names. */
export type NamedDrive = (w: Tensor, signals: Signals) => Tensor;

/** A layer's part of a rule; a kind reads of it what its `initial` makes. */
export interface LayerRule {
  readonly config: PlasticityConfig;
  /** (rows, 10): the coefficients of F0 .. F9; 0 for motifs that are off. */
  readonly p: Tensor;
  /** Undefined if no motif has a name. */
  readonly named: NamedDrive | undefined;
  readonly k: Tensor;
  readonly v: Tensor;
  /** Of shape (chemicals, 1 or nOut, 1 or nIn), or none. */
  readonly b: Tensor | undefined;
  /** The parts that the kind begins, as the rule has them: `k` may be scaled. */
  readonly own: Readonly<Record<SynapsePart, Tensor>>;
  readonly y: Tensor;
  readonly z: Tensor;
}

/** What a feedback weight of a kind is like; see `feedback/plastic.ts`. */
export interface AsFeedback {
  /** What its configuration says, besides what all feedback weights have. */
  readonly config: Partial<PlasticityConfig>;
  /** Whether its chemicals forget: where B is read out of them it must not fade, since it is the errors' only way back. */
  readonly forgets: boolean;
}

/** A kind of synapse. */
export interface SynapseRecord {
  /** What `synapse` in a configuration calls it. */
  readonly name: string;
  /** The preset that `--rule` begins from; a kind without is chosen by presets alone. */
  readonly preset?: string;
  /** Whether a synapse holds chemicals, of which there may be several. */
  readonly chemicals: boolean;
  /** Whether it has the time scales y and z, and a constant drive b. */
  readonly scales: boolean;
  /** Whether chemical 0 never forgets, y_0 = 1, as in most kinds that have time scales. */
  readonly neverForgets: boolean;
  /** Whether a step is h' = y h + z tanh(q) with the same y and z for all synapses, so that two states tell tanh(q). */
  readonly fixedStep: boolean;
  /** What it is like where it holds a feedback weight; a kind without cannot hold one. */
  readonly asFeedback?: AsFeedback;
  /** Rows of P: how many drives there are. */
  rows(config: PlasticityConfig): number;
  /** The parts of its rule besides P, tau and b, as they are before any learning; made anew at each call. */
  initial(config: PlasticityConfig): Partial<Record<SynapsePart, Tensor>>;
  /** What makes no sense with this kind, as a sentence. */
  check?(config: PlasticityConfig): string | undefined;
  /** A layer's synapses under a rule, with all that stays the same over a lifetime computed once. */
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

/** A number for each chemical against (chemicals, nOut, nIn). */
export function byChemical(x: Tensor): Tensor {
  return reshape(x, [x.size, 1, 1]);
}
