// What a kind of synapse is: one record a kind, which says what its rule consists of and how it makes a layer's synapses.
import type { Tensor } from "../core/index.js";
import { add, reshape } from "../ops/index.js";
import type { PlasticityConfig } from "./config.js";
import type { Signals } from "./motifs.js";

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
  /** What the kind calls its own. */
  readonly s: Tensor;
  readonly y: Tensor;
  readonly z: Tensor;
}

/** The parts of a rule that depend on the kind of synapse. */
export type OwnPart = "K" | "v" | "s";

/** A kind of synapse. */
export interface SynapseRecord {
  readonly name: string;
  /** Whether a synapse holds chemicals, of which there may be several. */
  readonly chemicals: boolean;
  /** Whether it has the time scales y and z, and a constant drive b. */
  readonly scales: boolean;
  /** Rows of P: how many drives there are. */
  rows(config: PlasticityConfig): number;
  /** The parts of its rule besides P, tau and b, as they are before any learning; made anew at each call. */
  initial(config: PlasticityConfig): Partial<Record<OwnPart, Tensor>>;
  /** What makes no sense with this kind, as a sentence. */
  check?(config: PlasticityConfig): string | undefined;
  synapses(rule: LayerRule): Synapses;
}

/** The constant drive and that of the named motifs; undefined if there is neither. */
export function extraDrive({ b, named }: LayerRule, w: Tensor, signals: Signals): Tensor | undefined {
  if (!named) return b;
  const drive = named(w, signals);
  return b ? add(drive, b) : drive;
}

/** A number for each chemical against (chemicals, nOut, nIn). */
export function each(x: Tensor): Tensor {
  return reshape(x, [x.size, 1, 1]);
}
