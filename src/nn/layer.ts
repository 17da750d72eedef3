// What a layer is: plain data that describes it, and for each kind of layer one record of functions. A network is a
// list of descriptions; a kind of one's own is one more record.

import type { Key, Shape, Tensor } from "../core/index.js";
import { quote } from "../core/index.js";
import type { OfType } from "../ops/index.js";
import type { Fans, Initialiser } from "./initialisers.js";

/** A layer as plain data: its kind and its options. `dense(...)` and its like make them; JSON keeps them. */
export interface LayerDescription {
  /** Which record of functions it is for. */
  readonly kind: string;
  /** Its options, of JSON's types. */
  readonly [option: string]: unknown;
}

/** The parameters of one layer by name; none for a layer that has nothing to learn. */
export type LayerParams = Readonly<Record<string, Tensor>>;

/** What a layer carries from batch to batch and no optimizer changes, by name; nothing for most layers. */
export type LayerState = Readonly<Record<string, Tensor>>;

/** What a layer with a state gives: its result, and the state for the next batch. */
export interface Applied {
  /** The result for the batch. */
  readonly y: Tensor;
  /** The next state, a record like the first one. */
  readonly state: LayerState;
}

/** The synapses of a layer: which parameter they are, and what its axes stand for. */
export interface Synapses extends Fans {
  /** The name of the parameter among those of the layer. */
  readonly parameter: string;
  /** Its shape. */
  readonly shape: Shape;
  /** The axis along which the presynaptic units lie: inputs, or input channels. */
  readonly presynaptic: number;
  /** The axis along which the postsynaptic units lie: outputs, or output channels. */
  readonly postsynaptic: number;
  /** What the weights were drawn from; see `initialise`. */
  readonly initialiser: Initialiser;
}

/** What a layer is told when it is applied. */
export interface LayerContext {
  /** Whether the network is being trained: dropout drops only then. */
  readonly training: boolean;
  /** A key of this layer's own for whatever it draws; missing if `apply` was given none. */
  readonly key?: Key;
  /** The layer's state; for a layer without one, an empty record. */
  readonly state: LayerState;
}

/**
 * A kind of layer. Shapes are those of one item, without the leading axis of the batch: [784], [28, 28, 1].
 *
 * ```ts
 * const scale: LayerKind<{ kind: "scale"; by: number }> = {
 *   options: ["by"],
 *   shape: (_, input) => input,
 *   apply: ({ by }, _, x) => x.mul(by),
 * };
 * network({ input: [784], layers: [dense(10), { kind: "scale", by: 2 }] }, { scale });
 * ```
 */
export interface LayerKind<D extends LayerDescription = LayerDescription> {
  /** The names of the options that a description may have besides its kind. */
  readonly options: readonly string[];
  /** The shape of a result for an item of shape `input`. Throws a RangeError for options and shapes that do not fit. */
  shape(layer: D, input: Shape): Shape;
  /** The first parameters, of the network's type, `options.dtype`; without it the layer has none. */
  init?(layer: D, input: Shape, key: Key, options: OfType): LayerParams;
  /** The first state, of the network's type; without it the layer has none. */
  state?(layer: D, input: Shape, options: OfType): LayerState;
  /**
   * The result for a batch x: [n, ...input] to [n, ...shape]. A layer whose state this batch changes returns
   * `{ y, state }`; the gradient takes the new state as a constant.
   */
  apply(layer: D, params: LayerParams, x: Tensor, context: LayerContext): Tensor | Applied;
  /** What its synapses are; without it the layer has none, whatever parameters it has. */
  synapses?(layer: D, input: Shape): Synapses;
}

/** Throws unless `value` is a whole number of at least 1. */
export function checkCount(op: string, what: string, value: unknown): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1) {
    throw new RangeError(`[${op}] ${what} is ${quote(value)}: give a whole number of at least 1.`);
  }
}
